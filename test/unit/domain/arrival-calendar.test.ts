import { describe, expect, it } from 'vitest'
import { arrivalsOf, learnFiles, type PastFile, usualArrival } from '../../../src/domain/arrival-calendar.ts'
import { createDraws } from '../../../src/domain/draws.ts'
import { addDays, fromWallTime, toIso } from '../../../src/domain/time.ts'

const minuteMs = 60_000

/** A file that came on so many nights in a row, at these wall times in turn. */
function nightsOf(times: readonly string[], parts: Partial<PastFile> = {}): PastFile[] {
  return times.map((time, i) => {
    const date = addDays('2026-11-01', i)
    return { date, supplierId: 's', kommuneKode: '101', seenAt: fromWallTime(date, time), deltas: 10, ...parts }
  })
}

const dates = Array.from({ length: 10 }, (_, i) => addDays('2026-11-01', i))

describe('the calendar of a file', () => {
  it('knows the median and how far nights lie from it, not a single bad night', () => {
    const usual = learnFiles(nightsOf(['02:00', '02:10', '01:50', '02:20', '04:55']), dates.slice(0, 5)).get('s/101')

    expect(usual).toMatchObject({ minute: 130, nights: 5, meanDeltas: 10 })
    expect(usual?.spreadMinutes).toBeCloseTo(14.826)
  })

  it('never takes a file for punctual to the minute', () => {
    expect(learnFiles(nightsOf(['02:00', '02:00', '02:00']), dates).get('s/101')?.spreadMinutes).toBe(5)
  })

  it('knows how often it comes, from the night it first came', () => {
    const other = nightsOf(
      Array.from({ length: 10 }, () => '02:00'),
      { kommuneKode: '147' },
    )
    const half = nightsOf(Array.from({ length: 10 }, () => '02:00')).filter((_, i) => i % 2 === 1)
    const learned = learnFiles([...other, ...half], dates)

    expect(learned.get('s/101')?.share).toBeLessThan(learned.get('s/147')?.share ?? 0)
    expect(learned.get('s/147')?.share).toBeLessThan(1)
  })

  it('takes a first load for what it is: more changes than any other night', () => {
    const files = nightsOf(Array.from({ length: 6 }, () => '02:00')).map((file, i) => ({ ...file, deltas: i === 0 ? 900 : 10 }))

    expect(learnFiles(files, dates).get('s/101')?.meanDeltas).toBe(10)
  })

  it.each([
    ['2026-11-24', '2026-11-24T01:30:00.000Z'],
    ['2027-07-01', '2027-07-01T00:30:00.000Z'],
    ['2027-03-28', '2027-03-28T01:00:00.000Z'],
  ])('keeps the wall time on %s', (date, expected) => {
    const [usual] = learnFiles(nightsOf(['02:30', '02:30']), dates).values()

    expect(usual && toIso(usualArrival(usual, date))).toBe(expected)
  })
})

describe('the arrival of a file that is not here yet', () => {
  const medianAt = Date.parse('2026-11-24T01:00:00Z')
  const guess = { medianAt, spreadMs: 10 * minuteMs, share: 0.95 }
  /** What became of many draws for these files, seen so long after the median. */
  const drawn = (guesses: (typeof guess)[], afterMinutes: number) => {
    const now = medianAt + afterMinutes * minuteMs
    const draw = arrivalsOf(guesses, now)
    const draws = createDraws(7)
    return { now, nights: Array.from({ length: 4_000 }, () => draw(draws)) }
  }
  const shareOf = (nights: (number | null)[][], is: (night: (number | null)[]) => boolean) =>
    nights.filter(is).length / nights.length

  it('is always later than now', () => {
    const { now, nights } = drawn([guess], 25)

    expect(nights.every(([at]) => at === null || (at as number) >= now)).toBe(true)
  })

  it('is around the median before it, and the file comes as often as it mostly does', () => {
    const { nights } = drawn([guess], -120)

    expect(shareOf(nights, ([at]) => at === null)).toBeCloseTo(0.05, 1)
    expect(shareOf(nights, ([at]) => at !== null && (at as number) < medianAt)).toBeCloseTo(0.475, 1)
  })

  it('is the less likely the longer the file is overdue', () => {
    const absent = [0, 30, 60, 240].map((after) => shareOf(drawn([guess], after).nights, ([at]) => at === null))

    expect(absent).toEqual([...absent].sort((a, b) => a - b))
    expect(absent[3]).toBeGreaterThan(0.5)
  })

  it('is taken for late rather than for never when all files of the supplier are overdue', () => {
    const alone = shareOf(drawn([guess], 45).nights, ([at]) => at === null)
    const together = shareOf(drawn([guess, guess, guess, guess], 45).nights, ([at]) => at === null)

    expect(together).toBeLessThan(alone)
  })

  it('does not come when nobody looks for it any more', () => {
    expect(shareOf(drawn([{ ...guess, share: 0 }], 0).nights, ([at]) => at === null)).toBe(1)
  })
})
