import { describe, expect, it } from 'vitest'
import { type CutoffRule, nextCutoff } from '../../../src/domain/next-cutoff.ts'

const daily = { navn: 'morgen', time: '06:00', days: [1, 2, 3, 4, 5, 6, 7] }
const weekdays = { ...daily, navn: 'hverdag', days: [1, 2, 3, 4, 5] }
const sundays = { ...daily, navn: 'søndag', days: [7] }
const nightly = { ...daily, navn: 'nat', time: '02:30' }
const first = { navn: 'første', date: '2020-02-16', time: '12:00' }

describe('the next cutoff', () => {
  // 2026-11-24 is a Tuesday.
  it.each<[string, CutoffRule[], string, string | null]>([
    ['is later today', [daily], '2026-11-24T01:00:00Z', 'morgen 2026-11-24T05:00:00.000Z'],
    ['is tomorrow once today has passed', [daily], '2026-11-24T05:00:01Z', 'morgen 2026-11-25T05:00:00.000Z'],
    ['is strictly later: at the cutoff itself it is missed', [daily], '2026-11-24T05:00:00Z', 'morgen 2026-11-25T05:00:00.000Z'],
    ['is still made a millisecond before', [daily], '2026-11-24T04:59:59.999Z', 'morgen 2026-11-24T05:00:00.000Z'],
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
  ])('%s', (_case, rules, after, expected) => {
    const next = nextCutoff(rules, Date.parse(after))

    expect(next && `${next.navn} ${new Date(next.at).toISOString()}`).toBe(expected)
  })
})
