import { canonicalJson, sha256Hex } from './ids.ts'
import type { RowDigest } from './row-digest.ts'
import type { Instant } from './time.ts'

/** What the ledger records; each kind has its own facts. */
export const ledgerTypes = [
  'file',
  'plan',
  'decision',
  'apply',
  'delivery',
  'confirmation',
  'receipt',
  'requeue',
  'dismissal',
  'load',
  'link',
  'upkeep',
  'cutoff',
  'outage',
  'drift',
  'user',
  'step',
] as const
export type LedgerType = (typeof ledgerTypes)[number]

/** An entry before it is chained. */
export interface NewLedgerEntry {
  readonly at: Instant
  readonly type: LedgerType
  /** Id of the thing: file, plan hash, hold, batch. */
  readonly subject: string
  /** Hashes, counts, codes, who and why. */
  readonly facts: Readonly<Record<string, unknown>>
}

/** A link of the hash chain: `hash` covers everything before it. */
export interface LedgerEntry extends NewLedgerEntry {
  readonly seq: number
  readonly previousHash: string
  readonly hash: string
}

/** Hash that the first entry is chained to. */
export const ledgerStart = '0'.repeat(64)

/** Chains an entry to the one before it. */
export function chainEntry(entry: NewLedgerEntry, previous: LedgerEntry | null): LedgerEntry {
  const seq = (previous?.seq ?? 0) + 1
  const previousHash = previous?.hash ?? ledgerStart
  const hash = sha256Hex(canonicalJson([seq, previousHash, entry.at, entry.type, entry.subject, entry.facts]))
  return { ...entry, seq, previousHash, hash }
}

/**
 * What changes the register: a job or a command, what it was given, and when. With the settings it ran under that is all a
 * step depends on, so it can be run again on an empty register; `dagtilbud verify` does.
 */
export interface Step {
  readonly name: string
  /** A job's payload or a command's arguments: ids, hashes, who and why. */
  readonly input: unknown
  readonly at: Instant
  /** Version of the program that ran it. */
  readonly program: string
  /** Blob with the settings it ran under. */
  readonly settingsSha256: string | null
}

/** Name of a step that did not say what it was: its rows are sealed, but it cannot be run again. */
export const unnamedStep = 'unnamed'
/** Name of the step that seals rows anew after a migration has given them other columns. */
export const resealStep = 'reseal'

/** The entry that ends every transaction: the step, and the digest of all rows of each table it has touched. */
export function stepEntry({ name, at, ...facts }: Step, sealed: Readonly<Record<string, RowDigest>>): NewLedgerEntry {
  return { at, type: 'step', subject: name, facts: { ...facts, sealed } }
}
