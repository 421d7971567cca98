import Database from 'better-sqlite3'
import type { RegisterStanding } from '../../ports/register-file.ts'
import { reachedOf } from './counters.ts'
import { ledgerEnd } from './ledger-rows.ts'

/** What a register of any version so far has given out and told. */
export function standingOf(path: string): RegisterStanding {
  const sqlite = new Database(path, { readonly: true, fileMustExist: true })
  try {
    const rows = <T>(query: string) => sqlite.prepare(query).all() as T[]
    return {
      ledger: ledgerEnd(sqlite),
      ...reachedOf(sqlite),
      clocks: rows(`
        SELECT nummer, source, max(coalesce(last_allocated, ''), coalesce(last_accepted, ''), coalesce(remote_seen, '')) AS latest
        FROM source_clock`),
      nights: rows<{ date: string }>('SELECT date FROM night_run ORDER BY date').map(({ date }) => date),
      units: rows(
        'SELECT unit.nummer, supplier_id AS supplierId, lokal_id AS lokalId FROM unit LEFT JOIN lokal_id USING (nummer) ORDER BY unit.nummer',
      ),
    }
  } finally {
    sqlite.close()
  }
}
