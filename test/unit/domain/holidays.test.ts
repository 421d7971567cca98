import { describe, expect, it } from 'vitest'
import { easterSunday, holidaysOf, isHoliday } from '../../../src/domain/holidays.ts'

describe('Easter Sunday', () => {
  // From published almanacs; the earliest and the latest that can be are among them.
  it.each([
    [1818, '1818-03-22'],
    [1943, '1943-04-25'],
    [1954, '1954-04-18'],
    [1981, '1981-04-19'],
    [2000, '2000-04-23'],
    [2008, '2008-03-23'],
    [2011, '2011-04-24'],
    [2024, '2024-03-31'],
    [2025, '2025-04-20'],
    [2026, '2026-04-05'],
    [2027, '2027-03-28'],
    [2028, '2028-04-16'],
    [2038, '2038-04-25'],
    [2049, '2049-04-18'],
    [2076, '2076-04-19'],
  ])('of %i', (year, date) => {
    expect(easterSunday(year)).toBe(date)
  })

  it('is a Sunday between 22 March and 25 April in every year', () => {
    for (let year = 1900; year <= 2200; year += 1) {
      const date = easterSunday(year)
      expect(new Date(`${date}T00:00:00Z`).getUTCDay(), date).toBe(0)
      expect(date >= `${year}-03-22` && date <= `${year}-04-25`, date).toBe(true)
    }
  })
})

describe('public holidays', () => {
  it('of a year, in order', () => {
    expect([...holidaysOf(2026)]).toEqual([
      ['2026-01-01', 'nytårsdag'],
      ['2026-04-02', 'skærtorsdag'],
      ['2026-04-03', 'langfredag'],
      ['2026-04-05', 'påskedag'],
      ['2026-04-06', '2. påskedag'],
      ['2026-05-14', 'Kristi himmelfartsdag'],
      ['2026-05-24', 'pinsedag'],
      ['2026-05-25', '2. pinsedag'],
      ['2026-12-25', 'juledag'],
      ['2026-12-26', '2. juledag'],
    ])
  })

  it.each([
    ['2023-05-05', true],
    ['2024-04-26', false],
    ['2026-05-01', false],
    ['2026-06-05', false],
    ['2026-12-24', false],
    ['2026-12-31', false],
    ['2026-04-06', true],
  ])('%s: %s', (date, holiday) => {
    expect(isHoliday(date)).toBe(holiday)
  })
})
