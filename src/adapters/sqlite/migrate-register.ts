import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { FatalError } from '../../domain/errors.ts'
import { problemsOf } from './integrity.ts'
import { registerInUse } from './register-lock.ts'

/** Makes the tables of a register that has none. */
export function createTables(sqlite: Database.Database, migrationsFolder: string): void {
  migrate(drizzle({ client: sqlite }), { migrationsFolder })
}

/**
 * Brings a register of an earlier version to this one. The migrations run on a copy; when it is sound and lacks no row, it takes
 * the register's place in one rename, and the register as it was stays beside it as `….before-<migration>.bak`. Whatever
 * goes wrong before the rename, and wherever the process dies, the register is as it was. The caller holds the lock for replacing.
 * @returns the path of the backup
 * @throws REGISTER_IN_USE, REGISTER_MIGRATION_FAILED
 */
export function migrateRegister(path: string, migrationsFolder: string, next: string): string {
  const copy = `${path}.migrating`
  settle(path)
  try {
    copyFileSync(path, copy, constants.COPYFILE_FICLONE)
    migrateCopy(copy, migrationsFolder)
    const backup = keepAside(path, `${path}.before-${next}`)
    putInPlace(copy, path)
    return backup
  } catch (cause) {
    for (const left of [copy, `${copy}-journal`]) rmSync(left, { force: true })
    throw migrationFailed(path, next, cause)
  }
}

/** Makes one file of the register and its write-ahead log. SQLite refuses that while anybody else has it open, whatever their version. */
export function settle(path: string): void {
  const sqlite = new Database(path, { timeout: 0 })
  try {
    sqlite.pragma('journal_mode = DELETE')
  } catch (cause) {
    throw isBusy(cause) ? registerInUse(path, 'another process has it open', cause) : cause
  } finally {
    sqlite.close()
  }
}

function isBusy(cause: unknown): boolean {
  return cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')
}

/** Puts a finished file in the place of the register; flushed, so that it is there after a power cut. */
export function putInPlace(file: string, path: string): void {
  sync(file)
  renameSync(file, path)
  sync(dirname(path))
}

/** Gives the register a second name, so that it is still there when another takes its first one. Returns that name. */
export function keepAside(path: string, stem: string): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? `${stem}.bak` : `${stem}.${n}.bak`
    if (existsSync(name)) {
      // Left by a try that died between here and the rename.
      if (statSync(name).ino === statSync(path).ino) return name
      continue
    }
    try {
      linkSync(path, name)
    } catch {
      // A file system without hard links.
      copyFileSync(path, name, constants.COPYFILE_FICLONE)
      sync(name)
    }
    return name
  }
}

function migrateCopy(copy: string, migrationsFolder: string): void {
  const sqlite = new Database(copy)
  try {
    // A migration that makes a table anew drops the old one; whether every reference holds is checked at the end.
    sqlite.pragma('foreign_keys = OFF')
    const before = rowCounts(sqlite)
    migrate(drizzle({ client: sqlite }), { migrationsFolder })
    const after = rowCounts(sqlite)
    const fewer = [...before].filter(([table, rows]) => (after.get(table) ?? 0) < rows)
    const problems = [
      ...problemsOf(sqlite),
      ...fewer.map(([table, rows]) => `${table} had ${rows} rows and has ${after.get(table) ?? 0}`),
    ]
    if (problems.length > 0) throw new Error(`the migrated copy is not sound: ${problems.slice(0, 5).join('; ')}`)
  } finally {
    sqlite.close()
  }
}

function rowCounts(sqlite: Database.Database): Map<string, number> {
  const tables = sqlite.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).pluck().all() as string[]
  return new Map(tables.map((name) => [name, sqlite.prepare(`SELECT count(*) FROM "${name}"`).pluck().get() as number]))
}

function sync(path: string): void {
  const file = openSync(path, constants.O_RDONLY)
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function migrationFailed(path: string, next: string, cause: unknown): FatalError {
  // The migrator says which statement failed, and SQLite, below it, why.
  const why = cause instanceof Error && cause.cause instanceof Error ? ` (${cause.cause.message})` : ''
  const seen = `${cause instanceof Error ? cause.message : cause}${why}`
  return new FatalError('REGISTER_MIGRATION_FAILED', `migrating the register ${path} (${next} and later) failed: ${seen}`, {
    dataState: 'the register is as it was, at the same place; the copy that was worked on is gone',
    hint: 'check that the disk has room for a second register; until it is solved, run the version that wrote it',
    cause,
  })
}
