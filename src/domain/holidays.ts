import { addDays, type BusinessDate } from './time.ts'

/** Days of the church year after or before Easter Sunday. */
const movable: readonly (readonly [number, string])[] = [
  [-3, 'skærtorsdag'],
  [-2, 'langfredag'],
  [0, 'påskedag'],
  [1, '2. påskedag'],
  [39, 'Kristi himmelfartsdag'],
  [49, 'pinsedag'],
  [50, '2. pinsedag'],
]
const fixed: readonly (readonly [string, string])[] = [
  ['01-01', 'nytårsdag'],
  ['12-25', 'juledag'],
  ['12-26', '2. juledag'],
]
/** Store bededag, the 26th day after Easter, is a holiday up to and with 2023. Source: lov nr. 214 af 6. marts 2023. */
const lastStoreBededag = 2023

/**
 * The public holidays of Denmark (helligdage) in a year, by date. Grundlovsdag, Christmas Eve and New Year's Eve are none,
 * though many places are closed. Source: the holidays of folkekirken.
 */
export function holidaysOf(year: number): ReadonlyMap<BusinessDate, string> {
  const easter = easterSunday(year)
  const days = movable.map(([after, navn]): [BusinessDate, string] => [addDays(easter, after), navn])
  if (year <= lastStoreBededag) days.push([addDays(easter, 26), 'store bededag'])
  return new Map([...days, ...fixed.map(([day, navn]): [BusinessDate, string] => [`${year}-${day}`, navn])].sort())
}

export function isHoliday(date: BusinessDate): boolean {
  return holidaysOf(Number(date.slice(0, 4))).has(date)
}

/** Easter Sunday in the Gregorian calendar. Source: the "anonymous" algorithm (Meeus, Astronomical Algorithms, chapter 8). */
export function easterSunday(year: number): BusinessDate {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = Math.floor(b / 4)
  const e = b % 4
  const f = Math.floor((b + 8) / 25)
  const g = Math.floor((b - f + 1) / 3)
  const h = (19 * a + b - d - g + 15) % 30
  const i = Math.floor(c / 4)
  const k = c % 4
  const l = (32 + 2 * e + 2 * i - h - k) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const dayOfMarch = h + l - 7 * m + 22
  return addDays(`${year}-03-01`, dayOfMarch - 1)
}
