import type Database from 'better-sqlite3'
import { addWeights, noRows, type RowDigest, weightOf } from '../../domain/row-digest.ts'

/** Tables that something else vouches for: the chain of hashes, the seals themselves, and the migrator. */
const unsealed: ReadonlySet<string> = new Set(['ledger', 'seal', '__drizzle_migrations'])

/** Keeps a digest of the rows of every table, from each change of a row as it is made. */
export interface SealKeeper {
  /** Forgets changes of a transaction that was rolled back. */
  begin(): void
  /** Digests of the tables that have changed since `begin`, now also stored in the table `seal`. */
  settle(): Readonly<Record<string, RowDigest>>
}

/** Every table whose rows are sealed; a new one is by being there. */
export function sealedTables(sqlite: Database.Database): string[] {
  const names = sqlite
    .prepare(`SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`)
    .pluck()
    .all() as string[]
  return names.filter((name) => !unsealed.has(name))
}

export function columnsOf(sqlite: Database.Database, table: string): string[] {
  return (sqlite.pragma(`main.table_info("${table}")`) as { name: string }[]).map(({ name }) => name)
}

/** Digest of the rows that a table holds now. Reads all of them. */
export function digestOf(sqlite: Database.Database, table: string): RowDigest {
  let weights = 0n
  const rows = sqlite.prepare(`SELECT ${rowAsJson(columnsOf(sqlite, table))} FROM main."${table}"`).pluck()
  for (const row of rows.iterate() as Iterable<string>) weights += weightOf(table, row)
  return addWeights(noRows, weights)
}

/**
 * Follows every change of a row through triggers of this connection only: what is changed by any other means stays out of
 * the digests, and shows.
 */
export function keepSeals(sqlite: Database.Database): SealKeeper {
  const changed = new Map<string, bigint>()
  sqlite.function('row_changed', { directOnly: false }, (table, before, after) => {
    const name = String(table)
    const gone = before === null ? 0n : weightOf(name, String(before))
    const come = after === null ? 0n : weightOf(name, String(after))
    changed.set(name, (changed.get(name) ?? 0n) + come - gone)
    return null
  })
  const columns = new Map(sealedTables(sqlite).map((table) => [table, columnsOf(sqlite, table)]))
  const triggers = [...columns].flatMap(([table, names]) => {
    const [before, after] = ['OLD', 'NEW'].map((row) => rowAsJson(names, `${row}.`))
    const follow = (on: string, call: string) =>
      `CREATE TEMP TRIGGER "${on} ${table}" AFTER ${on} ON main."${table}" BEGIN SELECT row_changed('${table}', ${call}); END;`
    return [follow('INSERT', `NULL, ${after}`), follow('UPDATE', `${before}, ${after}`), follow('DELETE', `${before}, NULL`)]
  })
  sqlite.exec(`BEGIN; ${triggers.join(' ')} COMMIT`)
  const read = sqlite.prepare('SELECT digest FROM seal WHERE table_name = ?').pluck()
  const store = storeSeal(sqlite)
  return {
    begin: () => changed.clear(),
    settle: () => {
      const sealed: Record<string, RowDigest> = {}
      for (const [table, weights] of [...changed].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (weights === 0n) continue
        sealed[table] = addWeights((read.get(table) as RowDigest | undefined) ?? noRows, weights)
        store(table, columns.get(table) ?? [], sealed[table])
      }
      changed.clear()
      return sealed
    },
  }
}

/**
 * Seals the tables whose columns are not those they were sealed with, as after a migration; empty tables need none, and
 * tables that are gone have no rows. Returns their digests.
 */
export function sealAnew(sqlite: Database.Database): Readonly<Record<string, RowDigest>> {
  const store = storeSeal(sqlite)
  const forget = sqlite.prepare('DELETE FROM seal WHERE table_name = ?')
  const sealed: Record<string, RowDigest> = {}
  for (const table of unfittingSeals(sqlite)) {
    const columns = columnsOf(sqlite, table)
    sealed[table] = columns.length === 0 ? noRows : digestOf(sqlite, table)
    if (columns.length === 0) forget.run(table)
    else store(table, columns, sealed[table])
  }
  return sealed
}

/** Tables with rows that were sealed with other columns or not at all, and sealed ones that are gone. */
export function unfittingSeals(sqlite: Database.Database): string[] {
  const known = new Map(sqlite.prepare('SELECT table_name, columns FROM seal').raw().all() as [string, string][])
  const tables = sealedTables(sqlite)
  const isEmpty = (table: string) => sqlite.prepare(`SELECT 1 FROM main."${table}" LIMIT 1`).get() === undefined
  const unfitting = tables.filter((table) =>
    known.has(table) ? known.get(table) !== columnsOf(sqlite, table).join() : !isEmpty(table),
  )
  return [...unfitting, ...[...known.keys()].filter((table) => !tables.includes(table))]
}

function storeSeal(sqlite: Database.Database): (table: string, columns: readonly string[], digest: RowDigest) => void {
  const statement = sqlite.prepare(
    'INSERT INTO seal (table_name, columns, digest) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET columns = excluded.columns, digest = excluded.digest',
  )
  return (table, columns, digest) => void statement.run(table, columns.join(), digest)
}

function rowAsJson(columns: readonly string[], row = ''): string {
  return `json_array(${columns.map((name) => `${row}"${name}"`).join(', ')})`
}
