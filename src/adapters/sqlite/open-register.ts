import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { packageRoot } from '../../../config/package-root.ts'
import { FatalError } from '../../domain/errors.ts'
import type { Register, RegisterTx } from '../../ports/register.ts'
import { failureRows } from './failure-rows.ts'
import { fileRows } from './file-rows.ts'
import { ledgerRows } from './ledger-rows.ts'
import { nightRows } from './night-rows.ts'
import { openSnapshot } from './open-snapshot.ts'
import { outboxRows } from './outbox-rows.ts'
import { unitRows } from './unit-rows.ts'
import { upkeepRows } from './upkeep-rows.ts'

/** The first SQLite with the fix for the WAL-reset corruption. Source: SQLite release notes, 3.51.3. */
const safeVersion = [3, 51, 3] as const

/** What the repositories run on. */
export type Db = ReturnType<typeof drizzle>

/**
 * Opens the register's database file, made and migrated as needed: WAL, foreign keys on, full sync at commit.
 * @throws REGISTER_VERSION_UNSAFE, REGISTER_OPEN_FAILED
 */
export function openRegister(path: string): Register {
  const sqlite = openDatabase(path)
  const db = drizzle({ client: sqlite })
  const tx: RegisterTx = {
    nights: nightRows(db),
    files: fileRows(db),
    units: unitRows(db),
    outbox: outboxRows(db),
    failures: failureRows(db),
    ledger: ledgerRows(db),
    upkeep: upkeepRows(db),
  }
  return {
    write: (work) => sqlite.transaction(() => work(tx)).immediate(),
    read: (work) => sqlite.transaction(() => work(tx)).deferred(),
    snapshot: () => openSnapshot(path),
    check: () => ({ sqliteVersion: versionOf(sqlite), problems: integrityProblems(sqlite) }),
    close: () => sqlite.close(),
  }
}

function openDatabase(path: string): Database.Database {
  let sqlite: Database.Database
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    sqlite = new Database(path, { timeout: 10_000 })
  } catch (cause) {
    throw openFailed(path, cause)
  }
  try {
    refuseUnsafeVersion(versionOf(sqlite), path)
    sqlite.pragma('journal_mode = WAL')
    sqlite.pragma('synchronous = FULL')
    sqlite.pragma('foreign_keys = ON')
    sqlite.pragma('mmap_size = 0')
    migrate(drizzle({ client: sqlite }), { migrationsFolder: join(packageRoot, 'src/adapters/sqlite/migrations') })
    return sqlite
  } catch (cause) {
    sqlite.close()
    throw cause instanceof FatalError ? cause : openFailed(path, cause)
  }
}

/** @throws REGISTER_VERSION_UNSAFE when the library is older than the one with the WAL-reset fix. */
export function refuseUnsafeVersion(version: string, path: string): void {
  const parts = version.split('.').map(Number)
  const difference = safeVersion.map((wanted, i) => (parts[i] ?? 0) - wanted).find((d) => d !== 0) ?? 0
  if (difference >= 0) return
  throw new FatalError(
    'REGISTER_VERSION_UNSAFE',
    `opened ${path} with SQLite ${version}; ${safeVersion.join('.')} or newer is needed`,
    {
      dataState: 'the register was not touched',
      hint: 'install the better-sqlite3 version that package-lock.json names',
      facts: { sqliteVersion: version },
    },
  )
}

function versionOf(sqlite: Database.Database): string {
  return String(sqlite.prepare('select sqlite_version()').pluck().get())
}

function integrityProblems(sqlite: Database.Database): string[] {
  const broken = (sqlite.pragma('quick_check') as { quick_check: string }[]).map((row) => row.quick_check)
  const orphans = sqlite.pragma('foreign_key_check') as { table: string }[]
  return [...broken.filter((line) => line !== 'ok'), ...orphans.map((row) => `${row.table} points at a missing row`)]
}

function openFailed(path: string, cause: unknown): FatalError {
  const seen = cause instanceof Error ? cause.message : String(cause)
  return new FatalError('REGISTER_OPEN_FAILED', `opening or migrating the register ${path} failed: ${seen}`, {
    dataState: 'nothing was written',
    hint: 'check that the folder is writable, the disk has room, and the file is a register of this or an earlier version',
    cause,
  })
}
