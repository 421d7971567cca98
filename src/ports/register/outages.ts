import type { Outage } from '../../domain/outage.ts'
import type { Instant } from '../../domain/time.ts'

/** An outage that was found, as it went on or ended. */
export interface FoundOutage extends Outage {
  readonly foundAt: Instant
  readonly endedAt: Instant | null
}

/** Times in which the target gave no clear answer. */
export interface OutageRows {
  /** The one there is now, or the suspicion of one. */
  current(): Outage | null
  /** The one there is now, if the target counts as down. */
  found(): FoundOutage | null
  /** Puts what there is now, or null when the target answers; a mere suspicion is then forgotten. */
  put(outage: Outage | null, at: Instant): void
  /** Those found that had not ended by one instant and began before another, oldest first. */
  between(from: Instant, until: Instant): readonly FoundOutage[]
}
