import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { RegisterSnapshot } from '../../ports/register.ts'
import { ledgerRows } from './ledger-rows.ts'
import { lockForUse } from './register-lock.ts'
import { rememberStatements } from './remember-statements.ts'
import { unitRows } from './unit-rows.ts'

/** Holds the register as it is now, over a connection of its own: what is written meanwhile is not seen, and no writer waits. */
export function openSnapshot(path: string): RegisterSnapshot {
  const lock = lockForUse(path)
  const sqlite = new Database(path, { readonly: true })
  sqlite.exec('BEGIN')
  // The moment is that of the first read.
  sqlite.prepare('SELECT count(*) FROM sqlite_master').get()
  const db = drizzle({ client: rememberStatements(sqlite) })
  return {
    units: unitRows(db),
    ledger: ledgerRows(db),
    close: () => {
      sqlite.close()
      lock.release()
    },
  }
}
