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

export interface UpkeepRows {
  addRun(run: UpkeepRun): void
  /** The newest run of a task; null when there was none. */
  lastRun(task: UpkeepTask): UpkeepRun | null
  addRemoved(blobs: readonly RemovedBlob[]): void
  findRemoved(sha256: string): RemovedBlob | null
}
