import type { Instant } from '../../domain/time.ts'

/** What is done to keep the register and its files sound. */
export type UpkeepTask = 'backup' | 'check' | 'retention' | 'export'

/** One run of a task: whether it went well, and its figures. */
export interface UpkeepRun {
  readonly task: UpkeepTask
  readonly at: Instant
  readonly ok: boolean
  readonly facts: Readonly<Record<string, unknown>>
}

/** A blob that was taken out of the file store because its time was over. */
export interface RemovedBlob {
  readonly sha256: string
  readonly sizeBytes: number
  readonly removedAt: Instant
  readonly reason: string
}

/** What a blob is to the register. */
export type BlobUse = 'file' | 'staged' | 'rejected-refs' | 'plan' | 'receipt' | 'exchanges' | 'ledger'

/** A blob that the register names, and the file it belongs to; null where only the ledger names it. */
export interface NamedBlob {
  readonly sha256: string
  readonly use: BlobUse
  readonly fileId: string | null
}

export interface UpkeepRows {
  /** Every blob that the register names; one may come several times. The documents of a receipt are named in its own blob. */
  namedBlobs(): readonly NamedBlob[]
  /** Files stored before this time that have come to their end and of which nothing waits: no receipt, delta or hold. */
  finishedBefore(at: Instant): readonly string[]
  /** Lifts the counters of institution numbers, by letter, and of positions to at least these. */
  raiseCounters(floor: { readonly numbers: Readonly<Record<string, number>>; readonly position: number }): void
  addRun(run: UpkeepRun): void
  /** The newest run of a task; null when there was none. */
  lastRun(task: UpkeepTask): UpkeepRun | null
  addRemoved(blobs: readonly RemovedBlob[]): void
  findRemoved(sha256: string): RemovedBlob | null
}
