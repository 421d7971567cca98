import type { NightState } from '../domain/flow.ts'
import type { LedgerEntry, LedgerType, NewLedgerEntry, Step } from '../domain/ledger.ts'
import type { BusinessDate, Instant } from '../domain/time.ts'
import type { JobName, QueueName } from './jobs.ts'
import type { AgreementRows } from './register/agreements.ts'
import type { AlertRows } from './register/alerts.ts'
import type { CutoffRows } from './register/cutoffs.ts'
import type { DriftRows } from './register/drift.ts'
import type { FileRows } from './register/files.ts'
import type { NightRows } from './register/nights.ts'
import type { OutageRows } from './register/outages.ts'
import type { OutboxRows } from './register/outbox.ts'
import type { UnitRows } from './register/units.ts'
import type { NamedBlob, UpkeepRows } from './register/upkeep.ts'

/** A job that ended as failed: what it was about, why, and whether a person has dealt with it. */
export interface JobFailure {
  readonly jobId: string
  readonly queue: QueueName
  readonly job: JobName
  /** The job's payload as JSON: ids and hashes. */
  readonly payload: string
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly dataState: string
  readonly failedAt: Instant
  readonly resolvedAt: Instant | null
  readonly resolvedBy: string | null
  readonly reason: string | null
}

export interface FailureRows {
  /** Inserts, or opens again the failure of the same job. */
  put(failure: JobFailure): void
  find(jobId: string): JobFailure | null
  /** Those that wait for a person, oldest first. */
  open(): readonly JobFailure[]
  /** Those that a person has dealt with, newest first, at most `limit`. */
  resolved(limit: number): readonly JobFailure[]
  resolve(jobId: string, by: string, reason: string, at: Instant): void
}

export interface LedgerFilter {
  readonly types: readonly LedgerType[]
  readonly subject?: string
  /** A part of the name of whoever did it. */
  readonly by?: string
}

export interface LedgerRows {
  append(entry: NewLedgerEntry): LedgerEntry
  first(): LedgerEntry | null
  last(): LedgerEntry | null
  /** Entries of a subject, in order. */
  of(subject: string): readonly LedgerEntry[]
  /** Entries that fit and stand before `seq`, newest first, at most `limit`. */
  page(filter: LedgerFilter, before: number, limit: number): readonly LedgerEntry[]
  /** Entries after `seq`, in order, one at a time. */
  after(seq: number): IterableIterator<LedgerEntry>
}

/** A copy of the register as it was at one moment, and what it holds. */
export interface RegisterCopy {
  readonly sha256: string
  readonly sizeBytes: number
  /** The last migration it has had. */
  readonly schema: string
  /** Its last ledger entry; seq 0 when there is none. */
  readonly ledger: { readonly seq: number; readonly hash: string }
  /** Position of the last state told. */
  readonly position: number
  /** The next institution number by letter. */
  readonly numbers: Readonly<Record<string, number>>
  /** Its latest night. */
  readonly night: { readonly date: BusinessDate; readonly state: NightState } | null
  /** Blobs that it says were removed when their time was over. */
  readonly removed: ReadonlySet<string>
  /** Every blob it names; one may come several times. */
  readonly blobs: readonly NamedBlob[]
  /** Findings of SQLite's integrity check; empty when the copy is sound. */
  readonly problems: readonly string[]
}

/** Everything the register holds, inside one transaction. */
export interface RegisterTx {
  readonly nights: NightRows
  readonly files: FileRows
  readonly units: UnitRows
  readonly outbox: OutboxRows
  readonly agreements: AgreementRows
  readonly outages: OutageRows
  readonly drift: DriftRows
  readonly cutoffs: CutoffRows
  readonly failures: FailureRows
  readonly ledger: LedgerRows
  readonly upkeep: UpkeepRows
  readonly alerts: AlertRows
}

/** The units and the ledger as they were at one moment: what is written meanwhile is not seen, and no writer waits. */
export interface RegisterSnapshot extends Pick<RegisterTx, 'units' | 'ledger'> {
  /** Lets go of the moment; safe to repeat. The register's file grows while a moment is held, so not for long. */
  close(): void
}

/**
 * The truth: every state of every file, plan, delta and delivery, and the register's history.
 * `write` takes the write lock before its first read (BEGIN IMMEDIATE), so what it reads is what it changes; the function
 * is synchronous and rolls back as a whole when it throws. A transaction that changed something ends with a ledger entry
 * that says which step it was and seals the rows of every table it touched.
 */
export interface Register {
  write<T>(work: (tx: RegisterTx) => T, step?: Step): T
  read<T>(work: (tx: RegisterTx) => T): T
  /** For a reader that takes its time, as one that sends the register to somebody. */
  snapshot(): RegisterSnapshot
  /** Version of the SQLite library and findings of its integrity check (empty when sound). */
  check(): { readonly sqliteVersion: string; readonly problems: readonly string[] }
  /** Copies the register to a file that is not there yet, while others read and write it. */
  copyTo(path: string): Promise<RegisterCopy>
  /** Bytes of the database file, without what is not checkpointed. */
  sizeBytes(): number
  /** When `anchor` last wrote; null when it never did. */
  anchoredAt(): Instant | null
  /** Writes the newest entry of the ledger to a file beside the register, so that a register put back to an earlier state shows. */
  anchor(): void
  close(): void
}
