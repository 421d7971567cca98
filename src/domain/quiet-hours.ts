import { addDays, fromWallTime, type Instant, toBusinessDate, toWallTime } from './time.ts'

/** Hours of the Copenhagen day, 'HH:MM', in which what can wait is not sent; `from` may be later than `until`. */
export interface QuietHours {
  readonly from: string
  readonly until: string
}

/** When the quiet hours end that an instant lies in; null outside of them. */
export function quietUntil({ from, until }: QuietHours, at: Instant): Instant | null {
  const time = toWallTime(at).slice(11, 16)
  const isOverMidnight = from > until
  const isQuiet = isOverMidnight ? time >= from || time < until : time >= from && time < until
  if (!isQuiet) return null
  const today = toBusinessDate(at)
  return fromWallTime(isOverMidnight && time >= from ? addDays(today, 1) : today, until)
}
