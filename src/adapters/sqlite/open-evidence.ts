import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { FatalError } from '../../domain/errors.ts'
import type { StoredEntry } from '../../domain/verify-ledger.ts'
import type { RemovedBlob } from '../../ports/register/upkeep.ts'
import type { RegisterEvidence, RowDifference, StoredSeal } from '../../ports/register-evidence.ts'
import { problemsOf } from './integrity.ts'
import { readAnchors } from './ledger-anchors.ts'
import { namedBlobs } from './named-blobs.ts'
import { columnsOf, digestOf, sealedTables } from './seal-rows.ts'

/** Entries of the ledger that are read at a time. */
const pageRows = 1_000
/** Proved by the chain and by the last seals, not by comparison: another version of the program writes them otherwise. */
const notCompared: ReadonlySet<string> = new Set(['ledger', 'seal'])

type Row = Readonly<Record<string, unknown>>

/**
 * The register at one moment, for `verify`: what the worker writes meanwhile is not seen, and nothing is written.
 * @throws REGISTER_OPEN_FAILED when there is no register there, or it cannot be read at all
 */
export function openEvidence(path: string): RegisterEvidence {
  const sqlite = openReadOnly(path)
  return {
    ledger: () => storedEntries(sqlite),
    anchors: () => readAnchors(path),
    problems: () => problemsOf(sqlite, 'integrity_check'),
    tables: () => new Map(sealedTables(sqlite).map((table) => [table, sizeOf(sqlite, table)])),
    digestOf: (table) => {
      try {
        return digestOf(sqlite, table)
      } catch {
        return null
      }
    },
    seals: () => {
      const rows = sqlite.prepare('SELECT table_name, columns, digest FROM seal').raw().all() as [string, string, string][]
      return new Map<string, StoredSeal>(rows.map(([table, columns, digest]) => [table, { columns, digest }]))
    },
    namedBlobs: () => namedBlobs(drizzle({ client: sqlite })),
    removedBlobs: () => {
      const rows = sqlite
        .prepare('SELECT sha256, size_bytes AS sizeBytes, removed_at AS removedAt, reason FROM removed_blob')
        .all() as RemovedBlob[]
      return new Map(rows.map((blob) => [blob.sha256, blob]))
    },
    differencesFrom: (other, tables) => differences(sqlite, other, tables),
    close: () => sqlite.close(),
  }
}

function openReadOnly(path: string): Database.Database {
  try {
    const sqlite = new Database(path, { readonly: true, fileMustExist: true, timeout: 10_000 })
    sqlite.exec('BEGIN; SELECT count(*) FROM ledger')
    return sqlite
  } catch (cause) {
    const seen = cause instanceof Error ? cause.message : String(cause)
    throw new FatalError('REGISTER_OPEN_FAILED', `opening the register ${path} to prove it failed: ${seen}`, {
      dataState: 'nothing was read and nothing was written',
      hint: 'check dataDir; a file that SQLite cannot read at all is restored from the backup',
      cause,
    })
  }
}

function* storedEntries(sqlite: Database.Database): IterableIterator<StoredEntry> {
  const page = sqlite.prepare(
    `SELECT seq, at, type, subject, facts, previous_hash AS previousHash, hash FROM ledger
     ORDER BY seq LIMIT ${pageRows} OFFSET ?`,
  )
  for (let from = 0; ; from += pageRows) {
    const rows = page.all(from) as StoredEntry[]
    yield* rows
    if (rows.length < pageRows) return
  }
}

function sizeOf(sqlite: Database.Database, table: string): { columns: string; rows: number } {
  const rows = sqlite.prepare(`SELECT count(*) FROM main."${table}"`).pluck().get() as number
  return { columns: columnsOf(sqlite, table).join(), rows }
}

/** Compares with the other file attached to this connection, so that SQLite itself finds the rows that differ, at our moment. */
function* differences(sqlite: Database.Database, otherPath: string, which: 'all' | 'schema'): IterableIterator<RowDifference> {
  sqlite.prepare('ATTACH ? AS expected').run(otherPath)
  yield* compare(sqlite, 'sqlite_schema', ['name'], ['name', 'type', 'sql'])
  const tables = (
    sqlite.prepare(`SELECT name FROM expected.sqlite_schema WHERE type = 'table' ORDER BY name`).pluck().all() as string[]
  ).filter((name) => (which === 'all' ? !notCompared.has(name) : name === '__drizzle_migrations'))
  for (const table of tables) {
    const info = sqlite.pragma(`expected.table_info("${table}")`) as { name: string; pk: number }[]
    const key = info.filter(({ pk }) => pk > 0).map(({ name }) => name)
    const columns = info.map(({ name }) => name)
    yield* compare(sqlite, table, key.length > 0 ? key : columns.slice(0, 1), columns)
  }
}

function* compare(
  sqlite: Database.Database,
  table: string,
  key: readonly string[],
  columns: readonly string[],
): IterableIterator<RowDifference> {
  const list = columns.map((name) => `"${name}"`).join(', ')
  const only = (here: string, there: string) =>
    new Map(
      (
        sqlite.prepare(`SELECT ${list} FROM ${here}."${table}" EXCEPT SELECT ${list} FROM ${there}."${table}"`).all() as Row[]
      ).map((row) => [key.map((name) => String(row[name])).join(' / '), row]),
    )
  const expected = only('expected', 'main')
  const seen = only('main', 'expected')
  for (const [rowKey, row] of expected) {
    const other = seen.get(rowKey)
    if (other === undefined) yield { table, kind: 'missing', key: rowKey, column: null, expected: briefly(row, key), seen: null }
    else {
      const column = columns.find((name) => row[name] !== other[name]) ?? null
      const values = column === null ? { expected: null, seen: null } : { expected: row[column], seen: other[column] }
      yield { table, kind: 'changed', key: rowKey, column, ...values }
    }
  }
  for (const [rowKey, row] of seen) {
    if (!expected.has(rowKey)) yield { table, kind: 'extra', key: rowKey, column: null, expected: null, seen: briefly(row, key) }
  }
}

function briefly(row: Row, key: readonly string[]): string {
  return key.map((name) => `${name}=${row[name]}`).join(', ')
}
