import { describe, expect, it } from 'vitest'
import { type Alert, type Cause, followAlerts, type NoticeKind } from '../../../src/domain/alert.ts'
import { quietUntil } from '../../../src/domain/quiet-hours.ts'
import { fromWallTime } from '../../../src/domain/time.ts'

const minute = 60_000
const pace = { settleMs: 2 * minute, remindEveryMs: 60 * minute }

function aCause(subject: string, parts: Partial<Cause> = {}): Cause {
  return { kind: 'job', subject, who: 'operator', what: `noget om ${subject}`, latestAt: null, ...parts }
}

/** Looks minute by minute at what there is then; gives what was said, with its minute. */
function watch(looks: (minuteNow: number) => readonly Cause[], minutes: number, settings = pace): [number, NoticeKind][] {
  let open: Alert[] = []
  const said: [number, NoticeKind][] = []
  for (let now = 0; now <= minutes; now += 1) {
    const steps = followAlerts(open, looks(now), now * minute, settings)
    const changed = new Map(steps.map(({ alert }) => [alert.alertId, alert]))
    open = [...new Map([...open.map((alert) => [alert.alertId, alert] as const), ...changed]).values()].filter(
      ({ endedAt }) => endedAt === null,
    )
    for (const { says } of steps) if (says !== null) said.push([now, says])
  }
  return said
}

describe('an alert', () => {
  it('is told once the cause has lasted, reminded at its pace, and over once', () => {
    const said = watch((now) => (now >= 10 && now < 150 ? [aCause('a')] : []), 200)

    expect(said).toEqual([
      [12, 'begyndt'],
      [72, 'paamindet'],
      [132, 'paamindet'],
      [152, 'loest'],
    ])
  })

  it('is one for each cause, however many are seen', () => {
    const said = watch(() => [aCause('a'), aCause('b'), aCause('a')], 3)

    expect(said).toEqual([
      [2, 'begyndt'],
      [2, 'begyndt'],
    ])
  })

  it('is not told when the cause comes and goes, and not over when it is gone for a moment', () => {
    expect(watch((now) => (now % 3 === 0 ? [aCause('a')] : []), 60, { ...pace, settleMs: 5 * minute })).toEqual([[6, 'begyndt']])
    expect(watch((now) => (now === 5 ? [aCause('a')] : []), 60)).toEqual([])
  })

  it('is another one when the cause comes back after it was over', () => {
    const said = watch((now) => (now < 5 || (now > 20 && now < 25) ? [aCause('a')] : []), 40)

    expect(said.map(([, says]) => says)).toEqual(['begyndt', 'loest', 'begyndt', 'loest'])
  })

  it('is past, and not put right, when its time is over before its cause', () => {
    const late = aCause('a', { latestAt: 10 * minute })

    expect(watch((now) => (now < 10 ? [late] : []), 20).at(-1)).toEqual([12, 'passeret'])
    expect(watch((now) => (now < 9 ? [late] : []), 20).at(-1)).toEqual([11, 'loest'])
  })

  it('is told at once where nothing is waited for', () => {
    expect(watch((now) => (now < 1 ? [aCause('a')] : []), 3, { ...pace, settleMs: 0 })).toEqual([
      [0, 'begyndt'],
      [1, 'loest'],
    ])
  })
})

describe('quiet hours', () => {
  const night = { from: '22:00', until: '06:00' }
  const noon = { from: '11:30', until: '13:00' }

  it.each([
    ['over midnight, before it', night, '2026-11-24', '23:10', ['2026-11-25', '06:00']],
    ['over midnight, after it', night, '2026-11-24', '05:59', ['2026-11-24', '06:00']],
    ['when they are just over', night, '2026-11-24', '06:00', null],
    ['when they just begin', night, '2026-11-24', '22:00', ['2026-11-25', '06:00']],
    ['in the night the clock goes back', night, '2026-10-25', '01:00', ['2026-10-25', '06:00']],
    ['within a day', noon, '2026-11-24', '12:00', ['2026-11-24', '13:00']],
    ['outside of a day’s', noon, '2026-11-24', '13:30', null],
  ] as const)('%s', (_when, quiet, date, time, until) => {
    expect(quietUntil(quiet, fromWallTime(date, time))).toBe(until === null ? null : fromWallTime(until[0], until[1]))
  })
})
