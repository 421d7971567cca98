import type { BilingualText } from './bilingual-text.ts'
import type { DeltaOperation } from './delta.ts'
import { type BusinessDate, type Instant, toMinute } from './time.ts'

/** Whether the data agreement of a number stands. A number without one is not listed at all. */
export interface Agreement {
  readonly nummer: string
  /** `bortfaldet`: it was in the list, and is not any more. */
  readonly state: 'godkendt' | 'bortfaldet'
  /** When we saw it approved, the last time it was new. */
  readonly approvedAt: Instant
  readonly changedAt: Instant
}

/** An agreement as it was known at a moment; null when it was not known then. Of one that lapsed and came again, only the last time is remembered. */
export function agreementAt(agreement: Agreement, knownAt: Instant): Agreement | null {
  const { nummer, approvedAt, changedAt } = agreement
  if (knownAt >= changedAt) return agreement
  return knownAt < approvedAt ? null : { nummer, state: 'godkendt', approvedAt, changedAt: approvedAt }
}

/** How it stands with the agreement of a number, in words. @param listedAt When the list was last fetched; null when it never was. */
export function agreementText(agreement: Agreement | null, listedAt: Instant | null): BilingualText {
  if (agreement !== null) {
    const at = toMinute(agreement.changedAt)
    const en = agreement.state === 'godkendt' ? 'approved' : 'lapsed'
    return { da: `${agreement.state} ${at}`, en: `${en} ${at}` }
  }
  if (listedAt === null)
    return {
      da: 'ukendt: listen over dataaftaler er aldrig hentet',
      en: 'unknown: the list of data agreements was never fetched',
    }
  return { da: `ingen på listen, sidst hentet ${toMinute(listedAt)}`, en: `none in the list, last fetched ${toMinute(listedAt)}` }
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
