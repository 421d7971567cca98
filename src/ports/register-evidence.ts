import type { RowDigest } from '../domain/row-digest.ts'
import type { StoredEntry } from '../domain/verify-ledger.ts'
import type { NamedBlob, RemovedBlob } from './register/upkeep.ts'

/** The seal of a table as the table `seal` has it. */
export interface StoredSeal {
  readonly columns: string
  readonly digest: RowDigest
}

/** A place where two registers differ. Null as a value also where there is no such row. */
export interface RowDifference {
  readonly table: string
  readonly kind: 'changed' | 'missing' | 'extra'
  /** Values of the primary key. */
  readonly key: string
  /** The first column that differs; null where a whole row does. */
  readonly column: string | null
  readonly expected: unknown
  readonly seen: unknown
}

/**
 * A register to be examined: opened for reading only, at one moment, and as it is stored. Nothing is migrated, mended or
 * believed.
 */
export interface RegisterEvidence {
  /** Every entry by its number, as it is stored. */
  ledger(): IterableIterator<StoredEntry>
  /** Lines that nights have added to the file beside the register; null when there is none. */
  anchors(): readonly string[] | null
  /** What SQLite itself finds wrong with the file; empty when it is sound. */
  problems(): readonly string[]
  /** Every table that is sealed, with its columns. */
  tables(): ReadonlyMap<string, { readonly columns: string; readonly rows: number }>
  /** Digest of the rows that a table holds now; null when they cannot be read. */
  digestOf(table: string): RowDigest | null
  seals(): ReadonlyMap<string, StoredSeal>
  /** Every blob that a row or the ledger names; one may come several times. */
  namedBlobs(): readonly NamedBlob[]
  removedBlobs(): ReadonlyMap<string, RemovedBlob>
  /** Where the register differs from the one at a path, row by row; that one is what is expected. May be asked once. */
  differencesFrom(path: string, tables: 'all' | 'schema'): IterableIterator<RowDifference>
  close(): void
}
