import { type Instant, toMinute } from '../domain/time.ts'

/** A time as the console shows it, to the minute. */
export function clock(at: Instant | null): string {
  return at === null ? '–' : toMinute(at)
}

/** A count with its noun. */
export function many(count: number, one: string, more: string): string {
  return `${count} ${count === 1 ? one : more}`
}
