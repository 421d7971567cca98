/** The zone of business dates and cutoffs. */
export const businessZone = 'Europe/Copenhagen'

/** An instant, milliseconds since the epoch, UTC. Stored and compared as such. */
export type Instant = number

/** A calendar date in Copenhagen, 'YYYY-MM-DD'. */
export type BusinessDate = string

/** A day of 24 hours. */
export const dayMs = 86_400_000

const wallFormats = new Map<string, Intl.DateTimeFormat>()

function wallFormat(zone: string): Intl.DateTimeFormat {
  const known = wallFormats.get(zone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  wallFormats.set(zone, format)
  return format
}

/** The wall clock of a zone at an instant, whole seconds, without offset: '2026-11-24T02:15:00'. */
export function toWallTime(at: Instant, zone: string = businessZone): string {
  const part = Object.fromEntries(
    wallFormat(zone)
      .formatToParts(at)
      .map((p) => [p.type, p.value]),
  )
  return `${part['year']}-${part['month']}-${part['day']}T${part['hour']}:${part['minute']}:${part['second']}`
}

/** An instant as people read it, on the wall in Copenhagen: '2026-11-24 02:15:03'. */
export function toSecond(at: Instant): string {
  return toWallTime(at).replace('T', ' ')
}

/** To the minute: '2026-11-24 02:15'. */
export function toMinute(at: Instant): string {
  return toSecond(at).slice(0, 16)
}

/** The time of day alone: '02:15'. */
export function toClock(at: Instant): string {
  return toSecond(at).slice(11, 16)
}

/** True when a time of day lies from `from` until before `until`, all HH:MM; over midnight when `until` is the earlier. */
export function isBetween(time: string, from: string, until: string): boolean {
  return from < until ? time >= from && time < until : time >= from || time < until
}

/** The business date at an instant: the calendar date in Copenhagen. */
export function toBusinessDate(at: Instant): BusinessDate {
  return toWallTime(at).slice(0, 10)
}

/**
 * The first instant at which the wall clock of a zone shows the given time. A time that is skipped when the clock goes
 * forward gives the instant it jumps; a time shown twice when it goes back gives the first of the two.
 */
export function fromWallTime(date: BusinessDate, time: string, zone: string = businessZone): Instant {
  const candidates = candidatesOf(date, time, zone)
  return candidates.find(({ shown }) => shown)?.at ?? clockJump(candidates[0].at, candidates[1].at, zone)
}

/** Every instant at which the Copenhagen wall clock shows a time: none in the March gap, two in the October hour, else one. */
export function instantsOfWallTime(date: BusinessDate, time: string): readonly Instant[] {
  const shown = candidatesOf(date, time, businessZone).flatMap((candidate) => (candidate.shown ? [candidate.at] : []))
  return [...new Set(shown)]
}

/** A wall time read by the offset of the day before and of the day after, earlier first, and whether the clock shows it then. */
function candidatesOf(date: BusinessDate, time: string, zone: string) {
  const naive = Date.parse(`${date}T${time}Z`)
  const wanted = new Date(naive).toISOString().slice(0, 19)
  const read = (offset: number) => ({ at: naive - offset, shown: toWallTime(naive - offset, zone) === wanted })
  const [before, after] = [offsetAt(naive - dayMs, zone), offsetAt(naive + dayMs, zone)]
  return [read(Math.max(before, after)), read(Math.min(before, after))] as const
}

/** How far the wall clock of a zone is ahead of UTC, in ms. */
function offsetAt(at: Instant, zone: string): number {
  return Date.parse(`${toWallTime(at, zone)}Z`) - Math.floor(at / 1000) * 1000
}

/** The second between two instants at which the zone's offset changes. */
function clockJump(before: Instant, after: Instant, zone: string): Instant {
  if (after - before <= 1000) return after
  const middle = before + Math.floor((after - before) / 2000) * 1000
  return offsetAt(middle, zone) === offsetAt(after, zone) ? clockJump(before, middle, zone) : clockJump(middle, after, zone)
}

/** The date a number of days later, by the calendar. */
export function addDays(date: BusinessDate, days: number): BusinessDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)
}

/** Days from one date to another by the calendar; negative when the other is earlier. */
export function daysBetween(from: BusinessDate, to: BusinessDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs)
}

/** True for a real calendar date written 'YYYY-MM-DD'. */
export function isBusinessDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text
}

/** A date as Danes write it: '2027-01-31' is 31/1-2027. */
export function toDanishDate(date: BusinessDate): string {
  const [year, month, day] = date.split('-').map(Number)
  return `${day}/${month}-${year}`
}

/** An instant as ISO text in UTC, for documents and logs. */
export function toIso(at: Instant): string {
  return new Date(at).toISOString()
}
