import { type Instant, toMinute } from '../domain/time.ts'

/** A time as the console shows it, to the minute. */
export function clock(at: Instant | null): string {
  return at === null ? '–' : toMinute(at)
}
