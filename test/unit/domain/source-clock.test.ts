import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clockAheadMs, nextSourceTime, type SourceClock } from '../../../src/domain/source-clock.ts'
import { toWallTime } from '../../../src/domain/time.ts'

const fresh: SourceClock = { lastAllocated: null, lastAccepted: null, remoteSeen: null }
const at = (text: string) => Date.parse(text)

describe('the next sourceDateTime', () => {
  it.each<[string, Partial<SourceClock>, string, string]>([
    ['is the wall clock at first', {}, '2026-11-24T01:15:00.700Z', '2026-11-24T02:15:00'],
    [
      'is the wall clock when that is later',
      { lastAllocated: '2026-11-23T02:15:00' },
      '2026-11-24T01:15:00Z',
      '2026-11-24T02:15:00',
    ],
    [
      'is a second later within the same second',
      { lastAllocated: '2026-11-24T02:15:00' },
      '2026-11-24T01:15:00Z',
      '2026-11-24T02:15:01',
    ],
    ['goes on from what was accepted', { lastAccepted: '2026-11-24T03:00:00' }, '2026-11-24T01:15:00Z', '2026-11-24T03:00:01'],
    ['goes on from what the target told', { remoteSeen: '2026-11-24T03:00:59' }, '2026-11-24T01:15:00Z', '2026-11-24T03:01:00'],
    [
      'goes on when the clock is set back',
      { lastAllocated: '2026-11-24T02:15:00' },
      '2026-11-24T01:05:00Z',
      '2026-11-24T02:15:01',
    ],
    [
      'goes on in the hour that comes again in October',
      { lastAllocated: '2027-10-31T02:59:59' },
      '2027-10-31T01:00:00Z',
      '2027-10-31T03:00:00',
    ],
    ['never lands in the gap in March', { lastAllocated: '2027-03-28T01:59:59' }, '2027-03-28T00:59:59Z', '2027-03-28T03:00:00'],
    [
      'leaves the gap when the target is in it',
      { remoteSeen: '2027-03-28T02:30:00' },
      '2027-03-28T00:59:59Z',
      '2027-03-28T03:30:01',
    ],
    ['goes over the end of the year', { lastAllocated: '2026-12-31T23:59:59' }, '2026-12-31T22:59:59Z', '2027-01-01T00:00:00'],
  ])('%s', (_case, known, now, expected) => {
    expect(nextSourceTime({ ...fresh, ...known }, at(now))).toBe(expected)
  })

  it('strictly grows and is a time that Copenhagen knows, through random clock steps around both clock changes', () => {
    const start = fc.constantFrom(at('2027-03-28T00:58:00Z'), at('2027-10-31T00:58:00Z'), at('2026-12-31T22:58:00Z'))
    const steps = fc.array(
      fc.record({
        ms: fc.oneof(fc.integer({ min: 0, max: 90_000 }), fc.integer({ min: -600_000, max: 600_000 }), fc.constant(86_400_000)),
        outcome: fc.constantFrom('lost', 'accepted', 'refused as not newer'),
      }),
      { minLength: 1, maxLength: 40 },
    )
    fc.assert(
      fc.property(start, steps, (begin, taken) => {
        let now = begin
        let clock = fresh
        let previous = ''
        for (const { ms, outcome } of taken) {
          now += ms
          const stamp = nextSourceTime(clock, now)

          expect(stamp > previous).toBe(true)
          expect(isShownInCopenhagen(stamp)).toBe(true)
          previous = stamp
          clock = { ...clock, lastAllocated: stamp }
          if (outcome === 'accepted') clock = { ...clock, lastAccepted: stamp }
          if (outcome === 'refused as not newer') clock = { ...clock, remoteSeen: stamp }
        }
      }),
    )
  })
})

describe('how far a sourceDateTime lies ahead', () => {
  it.each([
    ['nothing at the wall clock', '2026-11-24T02:15:00', 0],
    ['behind it', '2026-11-24T02:14:59', -1000],
    ['ahead of it', '2026-11-24T05:15:01', 3 * 3_600_000 + 1000],
  ])('%s', (_case, stamp, ms) => {
    expect(clockAheadMs(stamp, at('2026-11-24T01:15:00Z'))).toBe(ms)
  })

  it('is an hour at most through the October fold', () => {
    expect(clockAheadMs('2027-10-31T03:00:00', at('2027-10-31T01:00:00Z'))).toBe(3_600_000)
  })
})

/** True when some instant shows this wall time: its face comes back from one of the two offsets. */
function isShownInCopenhagen(stamp: string): boolean {
  return [1, 2].some((hours) => toWallTime(Date.parse(`${stamp}Z`) - hours * 3_600_000) === stamp)
}
