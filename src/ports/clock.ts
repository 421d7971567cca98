import type { Instant } from '../domain/time.ts'

/** Where the program gets the time from; tests turn it by hand. */
export interface Clock {
  now(): Instant
}
