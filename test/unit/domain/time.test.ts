import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, fromWallTime, isBusinessDate, toBusinessDate, toIso, toWallTime } from '../../../src/domain/time.ts'

const utc = (text: string) => Date.parse(text)
/** Every instant, to the second, between 2020 and 2040. */
const anInstant = fc
  .integer({ min: utc('2020-01-01T00:00:00Z') / 1000, max: utc('2040-01-01T00:00:00Z') / 1000 })
  .map((s) => s * 1000)

describe('the Copenhagen wall clock', () => {
  it.each([
    ['in winter', '2026-11-24T01:15:00Z', '2026-11-24T02:15:00'],
    ['in summer', '2026-07-01T22:30:00Z', '2026-07-02T00:30:00'],
    ['at the last second before the jump in March', '2027-03-28T00:59:59Z', '2027-03-28T01:59:59'],
    ['at the jump in March', '2027-03-28T01:00:00Z', '2027-03-28T03:00:00'],
    ['at the last second of summer time', '2027-10-31T00:59:59Z', '2027-10-31T02:59:59'],
    ['at the first second of the hour that comes again', '2027-10-31T01:00:00Z', '2027-10-31T02:00:00'],
    ['at New Year', '2026-12-31T23:00:00Z', '2027-01-01T00:00:00'],
    ['without parts of a second', '2026-11-24T01:15:00.999Z', '2026-11-24T02:15:00'],
  ])('%s', (_case, at, wall) => {
    expect(toWallTime(utc(at))).toBe(wall)
    expect(toBusinessDate(utc(at))).toBe(wall.slice(0, 10))
  })

  it.each([
    ['a winter time', '2026-11-24', '06:00', '2026-11-24T05:00:00Z'],
    ['a summer time', '2026-07-01', '06:00', '2026-07-01T04:00:00Z'],
    ['a time with seconds', '2026-07-01', '06:00:30', '2026-07-01T04:00:30Z'],
    ['a time that is skipped in March is the jump itself', '2027-03-28', '02:00', '2027-03-28T01:00:00Z'],
    ['so is the last minute of the gap', '2027-03-28', '02:59', '2027-03-28T01:00:00Z'],
    ['the first minute after the gap', '2027-03-28', '03:00', '2027-03-28T01:00:00Z'],
    ['a time shown twice in October is the first of the two', '2027-10-31', '02:30', '2027-10-31T00:30:00Z'],
    ['the first minute after the fold', '2027-10-31', '03:00', '2027-10-31T02:00:00Z'],
  ])('%s', (_case, date, time, at) => {
    expect(toIso(fromWallTime(date, time))).toBe(new Date(at).toISOString())
  })

  it('gives back the instant it was read from, or in October the first with that face', () => {
    fc.assert(
      fc.property(anInstant, (at) => {
        const wall = toWallTime(at)

        const back = fromWallTime(wall.slice(0, 10), wall.slice(11))

        expect([0, 3_600_000]).toContain(at - back)
        expect(toWallTime(back)).toBe(wall)
      }),
    )
  })

  it('goes through both clock-change nights minute by minute and comes back', () => {
    for (const night of ['2027-03-28T00:00:00Z', '2027-10-31T00:00:00Z']) {
      let folded = 0
      for (let at = utc(night); at < utc(night) + 4 * 3_600_000; at += 60_000) {
        const wall = toWallTime(at)
        const back = fromWallTime(wall.slice(0, 10), wall.slice(11))
        if (back !== at) folded += 1
      }
      expect(folded).toBe(night.startsWith('2027-10') ? 60 : 0)
    }
  })
})

describe('a business date', () => {
  it.each([
    ['2026-12-31', 1, '2027-01-01'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2027-03-27', 2, '2027-03-29'],
    ['2027-11-01', -1, '2027-10-31'],
  ])('%s and %i days is %s', (date, days, later) => {
    expect(addDays(date, days)).toBe(later)
  })

  it.each(['2026-02-30', '2026-13-01', '2026-1-1', '20260101', '2026-01-01T00:00', ''])('is not %j', (text) => {
    expect(isBusinessDate(text)).toBe(false)
  })

  it.each(['2026-11-24', '2028-02-29'])('is %j', (text) => {
    expect(isBusinessDate(text)).toBe(true)
  })
})
