import Database from 'better-sqlite3'
import { ledgerStart } from '../../domain/ledger.ts'
import type { RegisterStanding } from '../../ports/register-file.ts'

const numberStart = 'institutionsnummer.'

/** What a register of any version so far has given out and told. */
export function standingOf(path: string): RegisterStanding {
  const sqlite = new Database(path, { readonly: true, fileMustExist: true })
  try {
    const rows = <T>(query: string) => sqlite.prepare(query).all() as T[]
    const counters = rows<{ name: string; value: number }>('SELECT name, value FROM counter')
    const [ledger] = rows<RegisterStanding['ledger']>('SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1')
    return {
      ledger: ledger ?? { seq: 0, hash: ledgerStart },
      position: counters.find(({ name }) => name === 'unit-position')?.value ?? 0,
      numbers: numbersOf(counters),
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

/** The next institution number of each letter, from the counters. */
export function numbersOf(counters: readonly { readonly name: string; readonly value: number }[]): Record<string, number> {
  return Object.fromEntries(
    counters.flatMap(({ name, value }) => (name.startsWith(numberStart) ? [[name.slice(numberStart.length), value]] : [])),
  )
}
