import { z } from 'zod'
import { deltaOperations } from '../src/domain/delta.ts'
import { businessZone } from '../src/domain/time.ts'

/** A time of day, 'HH:MM'. */
export const wallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day, HH:MM')

const common = {
  /** What people call it. */
  navn: z.string().min(1),
  /** Wall time in `zone`. A time the clock skips in March is the jump itself; one it shows twice in October is the first. */
  time: wallTime,
  zone: z.string().refine(isZone, 'an IANA time zone, such as Europe/Copenhagen').default(businessZone),
  /** The kinds of change it is for; all when not set. */
  operationer: z.array(z.enum(deltaOperations)).min(1).optional(),
  /** A change decided less than this before the cutoff gets the next one. Ours. */
  leadMs: z.number().int().min(0).default(60_000),
}

const RecurringCutoff = z.strictObject({
  ...common,
  /** Weekdays on which it passes, Monday = 1 .. Sunday = 7. */
  days: z.array(z.number().int().min(1).max(7)).min(1).default([1, 2, 3, 4, 5, 6, 7]),
  /** Whether it passes on Danish public holidays. */
  helligdage: z.enum(['gaelder', 'springes-over']).default('gaelder'),
})
const OneOffCutoff = z.strictObject({ ...common, date: z.iso.date() })

/** A moment by which changes must be in Unilogin: recurring or once. Ours, no daily cutoff is published. */
export const Cutoff = z.union([RecurringCutoff, OneOffCutoff])

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
