import { canonicalJson, sha256Hex } from './ids.ts'
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
  'load',
  'link',
  'upkeep',
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
