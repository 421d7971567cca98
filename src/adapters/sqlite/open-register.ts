import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { packageRoot } from '../../../config/package-root.ts'
import { FatalError, SyncError } from '../../domain/errors.ts'
import type { Register, RegisterTx } from '../../ports/register.ts'
import { agreementRows } from './agreement-rows.ts'
import { alertRows } from './alert-rows.ts'
import { copyRegister } from './copy-register.ts'
import { cutoffRows } from './cutoff-rows.ts'
import { driftRows } from './drift-rows.ts'
import { failureRows } from './failure-rows.ts'
import { fileRows } from './file-rows.ts'
import { problemsOf } from './integrity.ts'
import { appendAnchor, lastAnchorAt } from './ledger-anchors.ts'
import { ledgerRows } from './ledger-rows.ts'
import { createTables, migrateRegister } from './migrate-register.ts'
import { nightRows } from './night-rows.ts'
import { openSnapshot } from './open-snapshot.ts'
import { outageRows } from './outage-rows.ts'
import { outboxRows } from './outbox-rows.ts'
import { lockForReplacing, lockForUse, type RegisterLock } from './register-lock.ts'
import { rememberStatements } from './remember-statements.ts'
import { schemaVersionOf } from './schema-version.ts'
import { sealedWrites } from './sealed-writes.ts'
import { unitRows } from './unit-rows.ts'
import { upkeepRows } from './upkeep-rows.ts'
import { whenUnwritable } from './when-unwritable.ts'

/** The first SQLite with the fix for the WAL-reset corruption. Source: SQLite release notes, 3.51.3. */
const safeVersion = [3, 51, 3] as const

/** What the repositories run on. */
export type Db = ReturnType<typeof drizzle>

export interface OpenOptions {
  /** Where the migrations lie; tests have others. */
  readonly migrationsFolder?: string
  /** Told where the register as it was before a migration is kept. */
  readonly onMigrated?: (backupPath: string) => void
  /** How long a migration waits for others to close the register. */
  readonly waitMs?: number
  /** A register that is thrown away again: nothing is flushed. */
  readonly fleeting?: boolean
}

/**
 * Opens the register's database file: WAL, foreign keys on, full sync at commit. One that is not there is made; one of an
 * earlier version is migrated on a copy first, by one process, while nobody else has it open.
 * @throws REGISTER_VERSION_UNSAFE, REGISTER_VERSION_NEWER, REGISTER_IN_USE, REGISTER_MIGRATION_FAILED, REGISTER_OPEN_FAILED
 */
export function openRegister(path: string, options: OpenOptions = {}): Register {
  const { sqlite, lock } = openCurrent(path, options)
  if (options.fleeting) sqlite.pragma('synchronous = OFF')
  const db = drizzle({ client: rememberStatements(sqlite) })
  const tx: RegisterTx = {
    nights: nightRows(db),
    files: fileRows(db),
    units: unitRows(db),
    outbox: outboxRows(db),
    agreements: agreementRows(db),
    outages: outageRows(db),
    drift: driftRows(db),
    cutoffs: cutoffRows(db),
    failures: failureRows(db),
    ledger: ledgerRows(db),
    upkeep: upkeepRows(db),
    alerts: alertRows(db),
  }
  const reading = sqlite.transaction((work: (tx: RegisterTx) => unknown) => work(tx))
  const writing = sealedWrites(sqlite, tx)
  return {
    write: (work, step) => whenUnwritable(path, () => writing(work, step)),
    read: <T>(work: (tx: RegisterTx) => T) => whenUnwritable(path, () => reading.deferred(work) as T),
    snapshot: () => openSnapshot(path),
    check: () => ({ sqliteVersion: versionOf(sqlite), problems: problemsOf(sqlite) }),
    copyTo: (to) => copyRegister(sqlite, to, folderOf(options)),
    sizeBytes: () => Number(sqlite.pragma('page_count', { simple: true })) * Number(sqlite.pragma('page_size', { simple: true })),
    anchoredAt: () => lastAnchorAt(path),
    anchor: () => {
      const last = tx.ledger.last()
      if (last !== null) appendAnchor(path, last)
    },
    close: () => {
      sqlite.close()
      lock.release()
    },
  }
}

function openCurrent(path: string, options: OpenOptions): { sqlite: Database.Database; lock: RegisterLock } {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const opened = openIfCurrent(path, options)
    if (opened !== null) return opened
    bringUpToDate(path, options)
    const current = openIfCurrent(path, options)
    if (current !== null) return current
    throw new Error('it is still of an earlier version after its migration')
  } catch (cause) {
    throw cause instanceof SyncError ? cause : openFailed(path, cause)
  }
}

/** Null when it must be migrated first. */
function openIfCurrent(path: string, options: OpenOptions): { sqlite: Database.Database; lock: RegisterLock } | null {
  const lock = lockForUse(path)
  try {
    const sqlite = connect(path)
    try {
      if (schemaVersionOf(sqlite, folderOf(options)).state === 'current') return { sqlite, lock }
    } catch (cause) {
      sqlite.close()
      throw cause
    }
    sqlite.close()
  } catch (cause) {
    lock.release()
    throw cause
  }
  lock.release()
  return null
}

function bringUpToDate(path: string, options: OpenOptions): void {
  const lock = lockForReplacing(path, options.waitMs)
  try {
    const sqlite = connect(path)
    const { state, next } = schemaVersionOf(sqlite, folderOf(options))
    if (state === 'empty') createTables(sqlite, folderOf(options))
    sqlite.close()
    // Another process may have migrated it while we waited.
    if (state !== 'earlier' || next === null) return
    const backupPath = migrateRegister(path, folderOf(options), next)
    options.onMigrated?.(backupPath)
  } finally {
    lock.release()
  }
}

function connect(path: string): Database.Database {
  const sqlite = new Database(path, { timeout: 10_000 })
  try {
    refuseUnsafeVersion(versionOf(sqlite), path)
    sqlite.pragma('journal_mode = WAL')
    sqlite.pragma('synchronous = FULL')
    sqlite.pragma('foreign_keys = ON')
    sqlite.pragma('mmap_size = 0')
    // What undoes a statement is kept while it runs; in a file, as by default, that is half of what a write costs.
    sqlite.pragma('temp_store = MEMORY')
    return sqlite
  } catch (cause) {
    sqlite.close()
    throw cause
  }
}

function folderOf({ migrationsFolder }: OpenOptions): string {
  return migrationsFolder ?? join(packageRoot, 'src/adapters/sqlite/migrations')
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

function openFailed(path: string, cause: unknown): FatalError {
  const seen = cause instanceof Error ? cause.message : String(cause)
  return new FatalError('REGISTER_OPEN_FAILED', `opening or migrating the register ${path} failed: ${seen}`, {
    dataState: 'nothing was written',
    hint: 'check that the folder is writable, the disk has room, and the file is a register of this or an earlier version',
    cause,
  })
}
