import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { FatalError } from '../../domain/errors.ts'

interface Migration {
  readonly tag: string
  /** When it was generated, in milliseconds; the migrator's name for it in the register. */
  readonly when: number
}

/** Where a register stands beside the migrations of this program. */
export interface SchemaVersion {
  /** `empty`: nothing was ever migrated. `earlier`: there are migrations that it has not had. */
  readonly state: 'empty' | 'earlier' | 'current'
  /** The last migration it has had; null when it is empty. */
  readonly tag: string | null
  /** The first one it has not had; null when it is current. */
  readonly next: string | null
}

/** The last migration that a register of this program's version or an earlier one has had. */
export function tagOf(sqlite: Database.Database, migrationsFolder: string): string {
  return schemaVersionOf(sqlite, migrationsFolder).tag ?? ''
}

/** @throws REGISTER_VERSION_NEWER when it has had a migration that this program does not know */
export function schemaVersionOf(sqlite: Database.Database, migrationsFolder: string): SchemaVersion {
  const known = (JSON.parse(readFileSync(join(migrationsFolder, 'meta/_journal.json'), 'utf8')) as { entries: Migration[] })
    .entries
  const hasTable = sqlite.prepare(`SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'`).get() !== undefined
  const had = hasTable
    ? (sqlite
        .prepare('SELECT CAST(created_at AS INTEGER) FROM __drizzle_migrations ORDER BY created_at')
        .pluck()
        .all() as number[])
    : []
  const unknown = had.find((when) => !known.some((migration) => migration.when === when))
  if (unknown !== undefined) throw isNewer(sqlite.name, unknown, known.at(-1)?.tag ?? '')
  const next = known.find(({ when }) => when > (had.at(-1) ?? 0))?.tag ?? null
  const tag = known.find(({ when }) => when === had.at(-1))?.tag ?? null
  return { state: tag === null ? 'empty' : next === null ? 'current' : 'earlier', tag, next }
}

function isNewer(path: string, when: number, newest: string): FatalError {
  return new FatalError(
    'REGISTER_VERSION_NEWER',
    `opening the register ${path}: it has had a migration of ${new Date(when).toISOString()}, and this program knows none after ${newest}`,
    {
      dataState: 'the register was not touched',
      hint: 'run the version of the program that wrote it, or a later one; the way back is the backup beside it, see docs/operations.md',
    },
  )
}
