/** The zone of business dates and cutoffs. */
export const businessZone = 'Europe/Copenhagen'

/** An instant, milliseconds since the epoch, UTC. Stored and compared as such. */
export type Instant = number

/** A calendar date in Copenhagen, 'YYYY-MM-DD'. */
export type BusinessDate = string

const wallFormat = new Intl.DateTimeFormat('en-CA', {
  timeZone: businessZone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

/** The Copenhagen wall clock at an instant, whole seconds, without offset: '2026-11-24T02:15:00'. */
export function toWallTime(at: Instant): string {
  const part = Object.fromEntries(wallFormat.formatToParts(at).map((p) => [p.type, p.value]))
  return `${part['year']}-${part['month']}-${part['day']}T${part['hour']}:${part['minute']}:${part['second']}`
}

/** The business date at an instant: the calendar date in Copenhagen. */
export function toBusinessDate(at: Instant): BusinessDate {
  return toWallTime(at).slice(0, 10)
}

/**
 * The first instant whose Copenhagen wall clock shows the given time. A time skipped in March gives the instant
 * the clock jumps; a time shown twice in October gives the first of the two.
 */
export function fromWallTime(date: BusinessDate, time: string): Instant {
  const naive = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}Z`)
  const wanted = new Date(naive).toISOString().slice(0, 19)
  for (const offsetHours of [2, 1]) {
    const candidate = naive - offsetHours * 3_600_000
    if (toWallTime(candidate) === wanted) return candidate
  }
  // The wall time does not exist (the March gap): the clock jumps from 02:00 to 03:00 at 01:00 UTC.
  return Date.parse(`${date}T01:00:00Z`)
}

/** Every instant at which the Copenhagen wall clock shows a time: none in the March gap, two in the October hour, else one. */
export function instantsOfWallTime(date: BusinessDate, time: string): readonly Instant[] {
  const naive = Date.parse(`${date}T${time}Z`)
  const wanted = new Date(naive).toISOString().slice(0, 19)
  return [2, 1].map((offsetHours) => naive - offsetHours * 3_600_000).filter((candidate) => toWallTime(candidate) === wanted)
}

/** The date a number of days later, by the calendar. */
export function addDays(date: BusinessDate, days: number): BusinessDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** True for a real calendar date written 'YYYY-MM-DD'. */
export function isBusinessDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text
}

/** An instant as ISO text in UTC, for documents and logs. */
export function toIso(at: Instant): string {
  return new Date(at).toISOString()
}
