import { type Instant, toWallTime } from './time.ts'

/** What we know of the times used for one (institution number, source). All are Copenhagen wall times without offset. */
export interface SourceClock {
  readonly lastAllocated: string | null
  readonly lastAccepted: string | null
  /** Latest time the target has told us it holds. */
  readonly remoteSeen: string | null
}

/**
 * The next sourceDateTime: the wall clock, or one second after the latest time used, whichever is later, so it strictly
 * grows through clock steps and the October fold. Never lands in the hour that is skipped in March.
 * Source: wsaIMPORT asks for a time newer than the last loaded; local time without offset is our reading of its example.
 */
export function nextSourceTime(clock: SourceClock, now: Instant): string {
  const used = [clock.lastAllocated, clock.lastAccepted, clock.remoteSeen].filter((time) => time !== null)
  const candidates = [toWallTime(now), ...used.map(oneSecondLater)]
  const latest = candidates.reduce((a, b) => (a > b ? a : b))
  return leaveMarchGap(latest)
}

/** Milliseconds a wall time lies ahead of the wall clock; negative when behind. */
export function clockAheadMs(sourceDateTime: string, now: Instant): number {
  return Date.parse(`${sourceDateTime}Z`) - Date.parse(`${toWallTime(now)}Z`)
}

function oneSecondLater(naive: string): string {
  return new Date(Date.parse(`${naive}Z`) + 1000).toISOString().slice(0, 19)
}

function leaveMarchGap(naive: string): string {
  const asUtc = Date.parse(`${naive}Z`)
  for (const offsetHours of [2, 1]) {
    if (toWallTime(asUtc - offsetHours * 3_600_000) === naive) return naive
  }
  return new Date(asUtc + 3_600_000).toISOString().slice(0, 19)
}
