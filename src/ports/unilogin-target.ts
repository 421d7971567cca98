import type { DeltaOperation } from '../domain/delta.ts'
import type { InstitutionRecord } from '../domain/institution-record.ts'

/** One change of one institution number, as it goes on the wire. */
export interface InstitutionDelta {
  /** Fixed per outbox row, a UUID. */
  readonly deltaId: string
  readonly operation: DeltaOperation
  /** The name of the sending system; the target keeps one clock per (number, source). */
  readonly source: string
  /** Copenhagen wall time without offset, whole seconds; strictly growing per number and source. */
  readonly sourceDateTime: string
  readonly record: InstitutionRecord
}

/** What a call came to. Callers decide on this, never on an HTTP status. */
export type CallOutcome =
  | { readonly kind: 'accepted'; readonly code: string; readonly text: string }
  /** A business refusal: the target says that nothing was changed. */
  | { readonly kind: 'refused'; readonly code: string; readonly text: string; readonly lastSourceDateTime: string | null }
  /** Our system or certificate is not let in. `type` is one of the documented authentificationError types. */
  | { readonly kind: 'authFault'; readonly type: string; readonly text: string }
  /** No byte of the body left us. */
  | { readonly kind: 'notSent'; readonly reason: string }
  /** The target may or may not have committed: time-out, reset, unreadable answer, server fault. */
  | { readonly kind: 'ambiguous'; readonly reason: string }

/** One call with the exact bytes that went out and came back, for the proof. Times in ms since the epoch. */
export interface Exchange {
  readonly messageId: string
  readonly sentAt: number
  readonly answeredAt: number
  readonly request: string
  /** Empty when nothing came back. */
  readonly reply: string
  readonly httpStatus: number | null
  readonly outcome: CallOutcome
}

/** What a read-back gave: a record for each number the target knows, null for one it does not. */
export type ReadBack = ReadonlyMap<string, InstitutionRecord | null>

/** An endpoint's answer to a greeting. */
export interface Greeting {
  /** The endpoint's own words. */
  readonly text: string
  /** How far our clock is ahead of the endpoint's, in ms, by the time stamp of its answer; null when it bears none. */
  readonly clockAheadMs: number | null
}

/** The receiving side of the register's changes. */
export interface UniloginTarget {
  /** Sends one delta with a fresh message id; never retries and never throws for what the wire or the target does. */
  push(delta: InstitutionDelta, signal?: AbortSignal): Promise<Exchange>
  /** Reads institutions as the target holds them now. @throws UNILOGIN_UNREACHABLE, UNILOGIN_ANSWER_UNREADABLE, UNILOGIN_ACCESS_REFUSED, UNILOGIN_SIGNATURE_MISSING, UNILOGIN_SIGNATURE_INVALID */
  readBack(numbers: readonly string[], signal?: AbortSignal): Promise<ReadBack>
  /** Numbers for which our system has an approved data agreement, sorted. @throws as `readBack` */
  agreements(signal?: AbortSignal): Promise<readonly string[]>
  /** Says whether the endpoint answers and lets our system in. @throws as `readBack` */
  hello(signal?: AbortSignal): Promise<Greeting>
  close(): Promise<void>
}
