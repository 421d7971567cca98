import { describe, expect, it } from 'vitest'
import { lowOf } from '../../../src/domain/draws.ts'
import { blendPace, busySlices, paceOf, sliceMs } from '../../../src/domain/pace.ts'

const start = Date.parse('2026-11-24T01:00:00Z')
const at = (slice: number) => start + slice * sliceMs + 1
const mean = ({ shape, rate }: { shape: number; rate: number }) => shape / rate
/** So many slices in which this was finished. */
const slices = (count: number, done: number) => Array.from({ length: count }, () => done)

describe('busy slices', () => {
  it.each([
    ['nothing', [], []],
    ['one piece, done at once', [[0, 0]], [1]],
    ['a slice in which nothing was finished, though something was open', [[0, 2]], [0, 0, 1]],
    [
      'no slice while nothing was open',
      [
        [0, 0],
        [5, 5],
      ],
      [1, 1],
    ],
    [
      'several pieces side by side',
      [
        [0, 1],
        [0, 1],
        [1, 2],
      ],
      [0, 2, 1],
    ],
    [
      'what is not finished, up to the slice that runs',
      [
        [0, 1],
        [2, null],
      ],
      [0, 1, 0, 0],
    ],
  ] as const)('are counted for %s', (_case, work, expected) => {
    const worked = work.map(([from, until]) => ({ from: at(from), until: until === null ? null : at(until) }))

    expect(busySlices(worked, at(work.some(([, until]) => until === null) ? 4 : 10))).toEqual(expected)
  })

  it('make the pace of a night, of its busy time only', () => {
    expect(paceOf([0, 6, 6, 0])).toEqual({ done: 12, minutes: 1 })
    expect(paceOf([0, 0])).toBeNull()
  })
})

describe('the pace of a step', () => {
  it('is the usual one, hardly sure, when it was never seen', () => {
    const pace = blendPace([], [], 60)

    expect(mean(pace)).toBe(60)
    expect(pace.shape).toBe(1)
  })

  it('is that of past nights, the surer the more alike they were', () => {
    const alike = blendPace(
      Array.from({ length: 10 }, () => ({ done: 300, minutes: 10 })),
      [],
      60,
    )
    const unlike = blendPace(
      [10, 50, 20, 40, 30].map((done) => ({ done: done * 10, minutes: 10 })),
      [],
      60,
    )

    expect(mean(alike)).toBeCloseTo(30)
    expect(mean(unlike)).toBeCloseTo(30)
    expect(alike.shape).toBeGreaterThan(unlike.shape)
  })

  it('comes to tonight when there is enough of it', () => {
    const past = [{ done: 300, minutes: 10 }]

    expect(mean(blendPace(past, slices(4, 2), 60))).toBeGreaterThan(10)
    expect(mean(blendPace(past, slices(80, 2), 60))).toBeLessThan(8.5)
  })

  it('sees a slow-down while it lasts', () => {
    const fast = mean(blendPace([], slices(120, 10), 60))
    const slowed = mean(blendPace([], [...slices(120, 10), ...slices(60, 1)], 60))

    expect(fast).toBeCloseTo(40, 0)
    expect(slowed).toBeLessThan(22)
  })

  it('believes work that comes in batches less than work that comes evenly', () => {
    const even = blendPace([], slices(8, 1), 4)
    const batches = blendPace([], [4, 0, 0, 0, 4, 0, 0, 0], 4)

    expect(even.shape).toBeGreaterThan(batches.shape)
  })

  it('is never taken for sure', () => {
    const pace = blendPace([], slices(400, 100), 60)

    expect(lowOf(pace) / mean(pace)).toBeLessThan(0.8)
  })
})
