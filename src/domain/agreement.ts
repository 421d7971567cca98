import type { DeltaOperation } from './delta.ts'
import type { BusinessDate, Instant } from './time.ts'

/** Whether the data agreement of a number stands. A number without one is not listed at all. */
export interface Agreement {
  readonly nummer: string
  /** `bortfaldet`: it was in the list, and is not any more. */
  readonly state: 'godkendt' | 'bortfaldet'
  /** When we saw it approved, the last time it was new. */
  readonly approvedAt: Instant
  readonly changedAt: Instant
}

/** One look at the list of agreements. */
export interface AgreementCheck {
  readonly at: Instant
  readonly listed: number
  readonly approved: number
  readonly lapsed: number
  /** Too many were gone at once: nothing was changed, a person must look. */
  readonly suspect: boolean
  readonly listSha256: string
}

/** Refusal code that a change bears while it waits for an agreement. Ours. */
export const agreementMissing = 'AFTALE_MANGLER'

/**
 * Whether a change of this kind waits for an agreement. Ours. An `opret` never does: agreements are made for numbers that
 * Unilogin knows, so waiting would be for ever. Nor does a `nedlaeg`: nobody approves one for a unit that is closing.
 */
export function needsAgreement(operation: DeltaOperation): boolean {
  return operation === 'opdater' || operation === 'flyt'
}

export interface AgreementDiff {
  readonly approved: readonly string[]
  readonly lapsed: readonly string[]
  readonly suspect: boolean
}

/**
 * What a new list changes. A list that is empty, or lacks more than `lostRatio` of the known agreements, is more likely a fault
 * than a decision of many municipalities in one night, and changes nothing. Ours.
 * @param lostRatio 0-1.
 */
export function diffAgreements(known: readonly string[], listed: readonly string[], lostRatio: number): AgreementDiff {
  const [before, now] = [new Set(known), new Set(listed)]
  const lapsed = known.filter((nummer) => !now.has(nummer))
  const suspect = known.length > 0 && (listed.length === 0 || lapsed.length / known.length > lostRatio)
  return suspect
    ? { approved: [], lapsed: [], suspect }
    : { approved: listed.filter((nummer) => !before.has(nummer)), lapsed, suspect }
}

/** A municipality's numbers whose changes wait for an agreement. */
export interface MissingAgreements {
  /** The municipality that administers the units; empty when the change does not say. */
  readonly kommuneKode: string
  readonly numbers: readonly string[]
  /** Date of the oldest night with a waiting change. */
  readonly since: BusinessDate
}
