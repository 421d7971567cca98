import type { ErrorCode } from './error-codes.ts'

/** What every error of ours carries beside its message. */
export interface ErrorDetails {
  /** What happens to the data now: kept, untouched, tried again when. */
  readonly dataState: string
  /** What the operator should do. */
  readonly hint: string
  /** Ids, sizes, counts. Never personal data, never file content. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>
  readonly cause?: unknown
}

/** The only errors we throw on purpose. The subclass says what should happen next. */
export class SyncError extends Error {
  readonly code: ErrorCode
  readonly dataState: string
  readonly hint: string
  readonly facts: Readonly<Record<string, string | number | boolean | null>>

  /** @param message What was tried, on what, and what was seen. */
  constructor(code: ErrorCode, message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = new.target.name
    this.code = code
    this.dataState = details.dataState
    this.hint = details.hint
    this.facts = details.facts ?? {}
  }
}

/** The same call may work later: a lost connection, a busy server. The job is tried again with back-off. */
export class RetryableError extends SyncError {}

/**
 * The machine under the job cannot go on now, whatever the job: a full disk, a locked register, a full Redis. It is tried again until
 * it can, which costs the job none of its tries.
 */
export class StandstillError extends RetryableError {}

/** Trying again cannot help: the job ends as failed and waits for a person. */
export class FatalError extends SyncError {}

/** A setting is wrong: the program does not start, or the job ends as failed and names the setting. */
export class ConfigError extends SyncError {}
