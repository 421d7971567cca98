import type { Instant } from './time.ts'

/** How many attempts of a kind may fail within a time before further ones are refused unheard. */
export interface AttemptLimit {
  /** True when a further attempt may be made. */
  allows(key: string, now: Instant): boolean
  failed(key: string, now: Instant): void
  /** Takes back the attempt that was counted at this time; what failed before it still counts. */
  succeeded(key: string, at: Instant): void
}

/** Keys remembered at most; the oldest are forgotten first. */
const mostKeys = 10_000

/** Counts in memory: a restart forgets, which an attacker cannot bring about. */
export function createAttemptLimit(most: number, windowMs: number): AttemptLimit {
  const failures = new Map<string, Instant[]>()
  const recent = (key: string, now: Instant) => (failures.get(key) ?? []).filter((at) => at > now - windowMs)
  return {
    allows: (key, now) => recent(key, now).length < most,
    failed: (key, now) => {
      const kept = [...recent(key, now), now]
      failures.delete(key)
      failures.set(key, kept)
      const [oldest] = failures.keys()
      if (failures.size > mostKeys && oldest !== undefined) failures.delete(oldest)
    },
    succeeded: (key, at) => {
      const kept = failures.get(key) ?? []
      const index = kept.lastIndexOf(at)
      if (index >= 0) failures.set(key, kept.toSpliced(index, 1))
    },
  }
}
