import { desc } from 'drizzle-orm'
import { chainEntry } from '../../domain/ledger.ts'
import type { LedgerRows } from '../../ports/register.ts'
import type { Db } from './open-register.ts'
import { ledger } from './schema.ts'

/** The hash-chained ledger; only ever appended to. */
export function ledgerRows(db: Db): LedgerRows {
  const last = db.select().from(ledger).orderBy(desc(ledger.seq)).limit(1).prepare()
  const rows: LedgerRows = {
    last: () => last.get() ?? null,
    append: (entry) => {
      const chained = chainEntry(entry, rows.last())
      db.insert(ledger).values(chained).run()
      return chained
    },
  }
  return rows
}
