import type { DeltaOperation } from '../../domain/delta.ts'
import type { DeltaState } from '../../domain/flow.ts'
import type { InstitutionRecord } from '../../domain/institution-record.ts'
import type { NewDelta } from '../../domain/link-deltas.ts'
import type { MissedWhy } from '../../domain/missed-cutoff.ts'
import type { SourceClock } from '../../domain/source-clock.ts'
import type { BusinessDate, Instant } from '../../domain/time.ts'

/** One change on its way to Unilogin. */
export interface OutboxDelta {
  readonly deltaId: string
  readonly nummer: string
  readonly operation: DeltaOperation
  readonly record: InstitutionRecord
  readonly rank: number
  readonly state: DeltaState
  readonly fileId: string
  readonly planHash: string
  readonly date: BusinessDate
  readonly cutoffNavn: string | null
  readonly cutoffAt: Instant | null
  /** The first cutoff it missed, and how it stood then. */
  readonly missedCutoffNavn: string | null
  readonly missedCutoffAt: Instant | null
  readonly missedWhy: MissedWhy | null
  /** Allocated at the first attempt and kept through all retries. */
  readonly sourceDateTime: string | null
  readonly attempts: number
  /** Not tried again before this time. */
  readonly notBeforeAt: Instant | null
  readonly batchId: string | null
  readonly replyCode: string | null
  readonly replyText: string | null
  readonly createdAt: Instant
  readonly sentAt: Instant | null
  readonly acknowledgedAt: Instant | null
  readonly confirmedAt: Instant | null
}

/** One try of one delta, with the blob that holds the exact request and reply. */
export interface DeliveryAttempt {
  readonly deltaId: string
  readonly attempt: number
  readonly messageId: string
  readonly sentAt: Instant
  readonly answeredAt: Instant
  readonly outcome: string
  readonly code: string | null
  readonly exchangesSha256: string
}

export interface OutboxRows {
  /** @param dueAt Cutoff of all of them; null when no cutoff is ahead. */
  insert(
    deltas: readonly NewDelta[],
    common: Pick<OutboxDelta, 'fileId' | 'planHash' | 'date' | 'cutoffNavn' | 'cutoffAt' | 'createdAt'>,
  ): void
  find(deltaId: string): OutboxDelta | null
  /** Deltas of these numbers that are not acknowledged, oldest first. */
  pendingOf(numbers: readonly string[]): ReadonlyMap<string, readonly string[]>
  /** Deltas, not acknowledged, that close a unit which stood under one of these numbers, or move it away; by that number, oldest first. */
  pendingDepartures(parents: readonly string[]): ReadonlyMap<string, readonly string[]>
  /** Refused deltas of these numbers. */
  refusedOf(numbers: readonly string[]): readonly OutboxDelta[]
  /** Whatever waited for `oldId` waits for `newId`, and the old delta leaves the outbox's work. */
  supersede(oldId: string, newId: string): void
  /**
   * Deltas that may be sent now and have tries left: earliest cutoff, then rank, then oldest. One that would wait for longer than
   * `longestWaitMs` was put off by a clock that was set back since, and waits no more.
   */
  sendable(
    now: Instant,
    limits: { readonly attempts: number; readonly longestWaitMs: number; readonly limit: number },
  ): readonly OutboxDelta[]
  ofBatch(batchId: string): readonly OutboxDelta[]
  inState(state: DeltaState): readonly OutboxDelta[]
  update(deltaId: string, patch: Partial<Omit<OutboxDelta, 'deltaId'>>): void
  /** Lifts what waited for these deltas; those that wait for nothing more become `ready`. */
  release(acknowledged: readonly string[]): void
  addAttempts(attempts: readonly DeliveryAttempt[]): void
  attempts(deltaId: string): readonly DeliveryAttempt[]
  /** How many deltas of all nights are in an unfinished state; cheap however long the history. */
  countInState(state: DeltaState): number
  /** How many deltas will be sent tonight without a person: due now or later, with tries left; `in time`: and a cutoff that they can still make. */
  countDue(maxAttempts: number, which?: 'all' | 'in time'): number
  /** The earliest time at which a delta that is not due yet may be sent; null when there is none. */
  nextDueAt(now: Instant, maxAttempts: number): Instant | null
  /** Gives deltas that used up their tries new ones; returns how many. */
  renewAttempts(): number
  countsByState(filter?: {
    readonly fileId?: string
    readonly date?: BusinessDate
  }): Readonly<Partial<Record<DeltaState, number>>>
  /** How many acknowledged deltas can be read back: with a later one of the number under way or unclear, what is read may be of that. */
  countUnconfirmed(): number
  /**
   * Ids of those that are in no read-back batch yet and were acknowledged `lagMs` ago, or later than now, by a clock that was set
   * back since; oldest first.
   */
  confirmable(now: Instant, lagMs: number, limit: number): readonly string[]
  /** Deltas of a batch whose number has a later delta that the target may have taken too, and that is not confirmed. */
  overtakenIn(batchId: string): readonly string[]
  /** The newest acknowledged or confirmed delta of each number: what the target should hold. */
  latestAcknowledged(numbers: readonly string[]): ReadonlyMap<string, OutboxDelta>
  ofNight(date: BusinessDate): readonly OutboxDelta[]
  ofFile(fileId: string): readonly OutboxDelta[]
  /** Every delta of a number, oldest first. */
  ofNummer(nummer: string): readonly OutboxDelta[]

  clock(nummer: string, source: string): SourceClock
  setClock(nummer: string, source: string, clock: SourceClock): void
}
