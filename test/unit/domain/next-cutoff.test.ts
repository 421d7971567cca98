import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { Cutoff } from '../../../config/cutoffs.ts'
import { holidaysOf } from '../../../src/domain/holidays.ts'
import { type CutoffRule, cutoffsBetween, nextCutoff } from '../../../src/domain/next-cutoff.ts'

const rule = (parts: Partial<z.input<typeof Cutoff>> & { readonly navn: string }): CutoffRule =>
  Cutoff.parse({ time: '06:00', leadMs: 0, ...parts })
const utc = (text: string) => Date.parse(text)

const daily = rule({ navn: 'morgen' })
const weekdays = rule({ navn: 'hverdag', days: [1, 2, 3, 4, 5] })
const workdays = rule({ navn: 'arbejdsdag', days: [1, 2, 3, 4, 5], helligdage: 'springes-over' })
const mondays = rule({ navn: 'mandag', days: [1], helligdage: 'springes-over' })
const sundays = rule({ navn: 'søndag', days: [7] })
const nightly = rule({ navn: 'nat', time: '02:30' })
const first = rule({ navn: 'første', date: '2020-02-16', time: '12:00' })
const unhurried = rule({ navn: 'rolig', leadMs: 60_000 })
const closings = rule({ navn: 'nedlæggelser', time: '03:30', operationer: ['nedlaeg'] })
const newYork = rule({ navn: 'New York', zone: 'America/New_York' })

const text = (cutoff: { navn: string; at: number } | null) => cutoff && `${cutoff.navn} ${new Date(cutoff.at).toISOString()}`

describe('the next cutoff', () => {
  // 2026-11-24 is a Tuesday.
  it.each<[string, CutoffRule[], string, string | null]>([
    ['is later today', [daily], '2026-11-24T01:00:00Z', 'morgen 2026-11-24T05:00:00.000Z'],
    ['is tomorrow once today has passed', [daily], '2026-11-24T05:00:01Z', 'morgen 2026-11-25T05:00:00.000Z'],
    ['is strictly later: at the cutoff itself it is missed', [daily], '2026-11-24T05:00:00Z', 'morgen 2026-11-25T05:00:00.000Z'],
    ['is still made a millisecond before', [daily], '2026-11-24T04:59:59.999Z', 'morgen 2026-11-24T05:00:00.000Z'],
    ['is made with just its lead left', [unhurried], '2026-11-24T04:59:00Z', 'rolig 2026-11-24T05:00:00.000Z'],
    ['is the following one within its lead', [unhurried], '2026-11-24T04:59:00.001Z', 'rolig 2026-11-25T05:00:00.000Z'],
    ['counts days by the Copenhagen calendar', [daily], '2026-11-24T23:30:00Z', 'morgen 2026-11-25T05:00:00.000Z'],
    ['goes from Friday to Monday', [weekdays], '2026-11-27T06:00:00Z', 'hverdag 2026-11-30T05:00:00.000Z'],
    ['goes a whole week when there is one day', [sundays], '2026-11-29T05:00:00Z', 'søndag 2026-12-06T05:00:00.000Z'],
    ['is the earliest of several rules', [sundays, weekdays, first], '2026-11-28T06:00:00Z', 'søndag 2026-11-29T05:00:00.000Z'],
    ['is a one-off that lies ahead', [first], '2020-02-15T00:00:00Z', 'første 2020-02-16T11:00:00.000Z'],
    ['is none when the one-off has passed', [first], '2020-02-16T11:00:00Z', null],
    ['is none without rules', [], '2026-11-24T01:00:00Z', null],
    ['is the jump itself when its hour is skipped in March', [nightly], '2027-03-28T00:00:00Z', 'nat 2027-03-28T01:00:00.000Z'],
    ['is not repeated after the jump', [nightly], '2027-03-28T01:00:00Z', 'nat 2027-03-29T00:30:00.000Z'],
    ['is the first of two in October', [nightly], '2027-10-31T00:00:00Z', 'nat 2027-10-31T00:30:00.000Z'],
    ['is not the second of two in October', [nightly], '2027-10-31T00:30:00Z', 'nat 2027-11-01T01:30:00.000Z'],
    ['keeps its face from winter to summer', [daily], '2027-03-27T06:00:00Z', 'morgen 2027-03-28T04:00:00.000Z'],
    ['keeps its face from summer to winter', [daily], '2027-10-30T06:00:00Z', 'morgen 2027-10-31T05:00:00.000Z'],
    ['goes over the end of the year', [weekdays], '2026-12-31T06:00:00Z', 'hverdag 2027-01-01T05:00:00.000Z'],
    ['skips a holiday when told to', [workdays], '2026-12-31T06:00:00Z', 'arbejdsdag 2027-01-04T05:00:00.000Z'],
    ['skips Easter from Wednesday to Tuesday', [workdays], '2027-03-24T06:00:00Z', 'arbejdsdag 2027-03-30T04:00:00.000Z'],
    ['waits for a Monday over Christmas and New Year', [mondays], '2034-12-18T06:00:00Z', 'mandag 2035-01-08T05:00:00.000Z'],
    ['has the wall time of its own zone', [newYork], '2026-11-24T01:00:00Z', 'New York 2026-11-24T11:00:00.000Z'],
    ['has the weekdays of its own zone', [newYork, daily], '2026-11-24T05:00:00Z', 'New York 2026-11-24T11:00:00.000Z'],
  ])('%s', (_case, rules, decidedAt, expected) => {
    expect(text(nextCutoff(rules, utc(decidedAt)))).toBe(expected)
  })

  it('is only for the kinds of change it names', () => {
    const at = utc('2026-11-24T01:00:00Z')

    expect(text(nextCutoff([daily, closings], at, 'nedlaeg'))).toBe('nedlæggelser 2026-11-24T02:30:00.000Z')
    expect(text(nextCutoff([daily, closings], at, 'opret'))).toBe('morgen 2026-11-24T05:00:00.000Z')
    expect(nextCutoff([closings], at, 'opret')).toBeNull()
  })
})

describe('the cutoffs of 2026, 2027 and 2028', () => {
  // By hand from the calendar, not from holidays.ts. Sundays of Easter and Pentecost are weekend anyway.
  const holidays = new Set([
    ...['2026-01-01', '2026-04-02', '2026-04-03', '2026-04-05', '2026-04-06', '2026-05-14', '2026-05-24', '2026-05-25'],
    ...['2027-01-01', '2027-03-25', '2027-03-26', '2027-03-28', '2027-03-29', '2027-05-06', '2027-05-16', '2027-05-17'],
    ...['2028-01-01', '2028-04-13', '2028-04-14', '2028-04-16', '2028-04-17', '2028-05-25', '2028-06-04', '2028-06-05'],
    ...[2026, 2027, 2028].flatMap((year) => [`${year}-12-25`, `${year}-12-26`]),
  ])
  const changes = { '2026-03-29': 23, '2026-10-25': 25, '2027-03-28': 23, '2027-10-31': 25, '2028-03-26': 23, '2028-10-29': 25 }
  const start = utc('2025-12-31T23:00:00Z')
  const end = utc('2028-12-31T23:00:00Z')
  const days = walkTheClock(start, end)

  it('lie where the clock on the wall says, day by day, through holidays and both clock changes', () => {
    const rules = [daily, workdays, nightly]

    const expected = days.flatMap(({ date, weekday, firstShown }) => [
      ...(firstShown.has('02:30') ? [] : [['nat', firstShown.get('03:00')]]),
      ...(firstShown.has('02:30') ? [['nat', firstShown.get('02:30')]] : []),
      ['morgen', firstShown.get('06:00')],
      ...(weekday === 'Sat' || weekday === 'Sun' || holidays.has(date) ? [] : [['arbejdsdag', firstShown.get('06:00')]]),
    ])

    expect(days).toHaveLength(365 + 365 + 366)
    expect(cutoffsBetween(rules, start, end).map(({ navn, at }) => [navn, at])).toEqual(expected)
  })

  it.each([daily, workdays, nightly])('come one after another, each from the one before: $navn', (one) => {
    const walked = []
    for (let next = nextCutoff([one], start); next !== null && next.at <= end; next = nextCutoff([one], next.at))
      walked.push(next)

    expect(walked).toEqual(cutoffsBetween([one], start, end))
  })

  it('have clock changes where they should be, so that the two tests above see them', () => {
    const odd = days.filter(({ hours }) => hours !== 24).map(({ date, hours }) => [date, hours])

    expect(Object.fromEntries(odd)).toEqual(changes)
  })

  it('know every holiday and no other day', () => {
    const known = [2026, 2027, 2028].flatMap((year) => [...holidaysOf(year).keys()])

    expect(known).toEqual([...holidays].sort())
  })
})

interface Day {
  readonly date: string
  readonly weekday: string
  readonly hours: number
  /** The first instant at which the wall shows a time. */
  readonly firstShown: ReadonlyMap<string, number>
}

/** What a clock on a wall in Copenhagen shows, read every half hour: nothing of ours in it. */
function walkTheClock(start: number, end: number): Day[] {
  const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Copenhagen', dateStyle: 'short', timeStyle: 'short' })
  const weekday = new Intl.DateTimeFormat('en', { timeZone: 'Europe/Copenhagen', weekday: 'short' })
  const days = new Map<string, { weekday: string; halfHours: number; firstShown: Map<string, number> }>()
  for (let at = start; at < end; at += 1_800_000) {
    const [date = '', time = ''] = wall.format(at).split(' ')
    const day = days.get(date) ?? { weekday: weekday.format(at), halfHours: 0, firstShown: new Map<string, number>() }
    day.halfHours += 1
    if (!day.firstShown.has(time)) day.firstShown.set(time, at)
    days.set(date, day)
  }
  return [...days].map(([date, { weekday, halfHours, firstShown }]) => ({ date, weekday, hours: halfHours / 2, firstShown }))
}
