import Database from 'better-sqlite3'
import { RetryableError } from '../../domain/errors.ts'

/** How long we wait for others to let go; a command that only reads is done well within. */
const waitMs = 10_000

/** A lock that is held until it is released or its process ends, however that ends. */
export interface RegisterLock {
  release(): void
}

/**
 * Taken by everyone who has the register open, beside others who do. The lock is SQLite's own on an empty file beside the
 * register, since a lock on the register itself would go away with the file when another takes its place.
 * @throws REGISTER_IN_USE while the register is being migrated or replaced
 */
export function lockForUse(path: string): RegisterLock {
  return take(path, ['BEGIN', 'SELECT count(*) FROM sqlite_master'], 'another process is migrating or replacing it')
}

/**
 * Taken by who puts another file in the register's place: nobody else has the register open meanwhile.
 * @throws REGISTER_IN_USE while anybody has it open
 */
export function lockForReplacing(path: string, timeout?: number): RegisterLock {
  return take(path, ['BEGIN EXCLUSIVE'], 'another process of ours has it open', timeout)
}

function take(path: string, statements: readonly string[], seen: string, timeout = waitMs): RegisterLock {
  const lock = new Database(`${path}.lock`, { timeout })
  try {
    for (const statement of statements) run(lock, statement)
  } catch (cause) {
    lock.close()
    throw registerInUse(path, seen, cause)
  }
  return { release: () => void lock.close() }
}

function run(lock: Database.Database, statement: string): void {
  const prepared = lock.prepare(statement)
  if (prepared.reader) prepared.get()
  else prepared.run()
}

/** The register cannot be had alone. */
export function registerInUse(path: string, seen: string, cause: unknown): RetryableError {
  return new RetryableError('REGISTER_IN_USE', `opening the register ${path}: ${seen}`, {
    dataState: 'the register is untouched and goes on as it is',
    hint: 'stop the worker and every command of the program on this data folder, then try again',
    cause,
  })
}
