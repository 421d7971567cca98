import { addDays, fromWallTime, type Instant, isBetween, toBusinessDate, toClock } from './time.ts'

/** Hours of the Copenhagen day, 'HH:MM', in which what can wait is not sent; over midnight when `from` is later than `until`, none when they are equal. */
export interface QuietHours {
  readonly from: string
  readonly until: string
}

/** When the quiet hours end that an instant lies in; null outside of them. */
export function quietUntil({ from, until }: QuietHours, at: Instant): Instant | null {
  const time = toClock(at)
  if (from === until || !isBetween(time, from, until)) return null
  const today = toBusinessDate(at)
  return fromWallTime(time < until ? today : addDays(today, 1), until)
}
