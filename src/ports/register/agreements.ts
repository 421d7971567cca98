import type { Agreement, AgreementCheck } from '../../domain/agreement.ts'
import type { Instant } from '../../domain/time.ts'
import type { OutboxDelta } from './outbox.ts'

/** Data agreements as Unilogin last listed them, and the changes that wait for one. */
export interface AgreementRows {
  isApproved(nummer: string): boolean
  /** Numbers with an agreement, sorted. */
  approved(): readonly string[]
  find(nummer: string): Agreement | null
  /** Notes numbers as approved, or known ones as lapsed. */
  note(numbers: readonly string[], state: Agreement['state'], at: Instant): void
  addCheck(check: AgreementCheck): void
  lastCheck(): AgreementCheck | null
  /** Lets a delta that could be sent wait until its number has an agreement; releasing `needsOf` its number undoes it. */
  park(deltaId: string, nummer: string, at: Instant): void
  /** Numbers that some delta waits for, and since when. */
  awaited(): readonly { readonly nummer: string; readonly since: Instant }[]
  /** What these numbers' deltas wait for, to be given to `outbox.release`. */
  needsOf(numbers: readonly string[]): readonly string[]
  /** Deltas that wait for an agreement, or for a delta that does; oldest first. */
  waiting(): readonly OutboxDelta[]
}
