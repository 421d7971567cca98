import { chainEntry, type LedgerEntry, type NewLedgerEntry } from './ledger.ts'
import { noRows, type RowDigest } from './row-digest.ts'
import { type Break, shown } from './verify-break.ts'

/** An entry as it is stored, before anything of it is believed. */
export interface StoredEntry {
  readonly seq: unknown
  readonly at: unknown
  readonly type: unknown
  readonly subject: unknown
  /** JSON text. */
  readonly facts: unknown
  readonly previousHash: unknown
  readonly hash: unknown
}

/** Follows the chain from its start: gives each entry that holds, and ends with the first break. */
export function* followChain(stored: Iterable<StoredEntry>): Generator<LedgerEntry, Break | null> {
  let previous: LedgerEntry | null = null
  for (const row of stored) {
    const seq = (previous?.seq ?? 0) + 1
    if (row.seq !== seq) return brokenAt(seq, 'seq', seq, row.seq)
    const facts = parseFacts(row.facts)
    if (facts === null) return brokenAt(seq, 'facts', 'JSON, as it was written', row.facts)
    const entry: LedgerEntry = chainEntry({ at: row.at, type: row.type, subject: row.subject, facts } as NewLedgerEntry, previous)
    if (row.previousHash !== entry.previousHash) return brokenAt(seq, 'previous_hash', entry.previousHash, row.previousHash)
    if (row.hash !== entry.hash) return brokenAt(seq, 'hash', entry.hash, row.hash)
    yield entry
    previous = entry
  }
  return null
}

/** An anchor: where the ledger stood at the end of a night. */
const anchorPattern = /^(\d+) (\S+) ([0-9a-f]{64})$/

/** Where a backup was put in the register's place: the entries it has replaced have marks that no longer fit. */
export interface Restore {
  readonly backup: string
  /** The last entry that the backup and the register it replaced had in common, at the most. */
  readonly from: number
  /** The last entry of the replaced register; null when it could not be read. */
  readonly to: number | null
}

/** The restore that an entry tells of; null when it tells of something else. */
export function restoreOf({ type, subject, facts }: LedgerEntry): Restore | null {
  if (type !== 'upkeep' || subject !== 'restore') return null
  const { backup, backupLedger, replacedLedger } = facts as {
    readonly backup: string
    readonly backupLedger: { readonly seq: number }
    readonly replacedLedger: { readonly seq: number } | null
  }
  return { backup, from: backupLedger.seq, to: replacedLedger?.seq ?? null }
}

/**
 * Compares the lines that nights have put beside the register with the ledger's own entries, given by their numbers. A mark of
 * entries that a restore replaced fits no more, and the ledger says why.
 */
export function checkAnchors(
  lines: readonly string[],
  hashes: ReadonlyMap<number, string>,
  restores: readonly Restore[] = [],
): Break[] {
  const isReplaced = (seq: number) => restores.some(({ from, to }) => seq > from && (to === null || seq <= to))
  return lines.flatMap((line, i): Break[] => {
    const [, number = '', , hash = ''] = anchorPattern.exec(line) ?? []
    const seq = Number(number)
    if (hash === '') return [{ ...anchorAt(i), expected: 'nummer, tid og hash', seen: shown(line) }]
    const own = hashes.get(seq) ?? null
    return own === hash || isReplaced(seq) ? [] : [{ ...anchorAt(i), key: `nr. ${seq}`, expected: hash, seen: own }]
  })
}

/** The numbers of the entries that anchors name. */
export function anchoredSeqs(lines: readonly string[]): ReadonlySet<number> {
  return new Set(lines.map((line) => Number(anchorPattern.exec(line)?.[1])))
}

/** What the ledger last said of each table's rows. */
export function lastSeals(steps: Iterable<LedgerEntry>): Map<string, RowDigest> {
  const last = new Map<string, RowDigest>()
  for (const { type, facts } of steps) {
    if (type !== 'step') continue
    for (const [table, digest] of Object.entries(facts['sealed'] as Record<string, RowDigest>)) last.set(table, digest)
  }
  return last
}

/** What a table is, beside what the ledger and the table `seal` say of it. */
export interface TableNow {
  readonly columns: string
  /** Null when its rows cannot be read. */
  readonly digest: RowDigest | null
}

/** Holds every table against its last seal. */
export function checkSeals(
  tables: ReadonlyMap<string, TableNow>,
  sealed: ReadonlyMap<string, RowDigest>,
  stored: ReadonlyMap<string, { readonly columns: string; readonly digest: string }>,
): Break[] {
  const breaks: Break[] = []
  for (const table of new Set([...tables.keys(), ...sealed.keys(), ...stored.keys()])) {
    const now = tables.get(table)
    const expected = sealed.get(table) ?? noRows
    const seen = now === undefined ? noRows : now.digest
    if (seen !== expected) breaks.push(sealAt(table, 'rows', expected, seen))
    const noted = stored.get(table)
    if ((noted?.digest ?? noRows) !== expected) breaks.push(sealAt('seal', table, expected, noted?.digest ?? null, 'digest'))
    if (noted !== undefined && noted.columns !== now?.columns)
      breaks.push(sealAt('seal', table, now?.columns ?? null, noted.columns, 'columns'))
  }
  return breaks
}

function parseFacts(text: unknown): LedgerEntry['facts'] | null {
  if (typeof text !== 'string') return null
  try {
    const facts = JSON.parse(text) as LedgerEntry['facts']
    return JSON.stringify(facts) === text ? facts : null
  } catch {
    return null
  }
}

function brokenAt(seq: number, column: string, expected: unknown, seen: unknown): Break {
  return { part: 'ledger', place: `nr. ${seq}`, key: '', column, expected: shown(expected), seen: shown(seen) }
}

function anchorAt(i: number): Break {
  return { part: 'anchor', place: 'ledger.head', key: `linje ${i + 1}`, column: null, expected: null, seen: null }
}

function sealAt(place: string, key: string, expected: unknown, seen: unknown, column: string | null = null): Break {
  return { part: 'seal', place, key, column, expected: shown(expected), seen: shown(seen) }
}
