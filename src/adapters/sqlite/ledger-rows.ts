import type Database from 'better-sqlite3'
import { and, asc, desc, eq, gt, lt, sql } from 'drizzle-orm'
import { chainEntry, ledgerStart } from '../../domain/ledger.ts'
import { once } from '../../domain/once.ts'
import type { LedgerRows } from '../../ports/register.ts'
import type { Db } from './open-register.ts'
import { preparedInsert } from './prepared.ts'
import { ledger } from './schema.ts'

/** Entries of a long answer that are read at a time. */
const pageRows = 1_000

/** Number and hash of the last entry, in a register of any version; seq 0 when there is none. */
export function ledgerEnd(sqlite: Database.Database): { seq: number; hash: string } {
  const end = sqlite.prepare('SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1').get()
  return (end as ReturnType<typeof ledgerEnd> | undefined) ?? { seq: 0, hash: ledgerStart }
}

/** The hash-chained ledger; only ever appended to. */
export function ledgerRows(db: Db): LedgerRows {
  const last = once(() => db.select().from(ledger).orderBy(desc(ledger.seq)).limit(1).prepare())
  const add = preparedInsert(db, ledger)
  const rows: LedgerRows = {
    first: () => db.select().from(ledger).orderBy(asc(ledger.seq)).limit(1).get() ?? null,
    last: () => last().get() ?? null,
    append: (entry) => {
      const chained = chainEntry(entry, rows.last())
      add({ ...chained })
      return chained
    },
    of: (subject) => db.select().from(ledger).where(eq(ledger.subject, subject)).orderBy(asc(ledger.seq)).all(),
    page: ({ types, subject, by }, before, limit) => {
      // One index per type, each already in order: no more is read than is shown.
      const found = types.flatMap((type) =>
        db
          .select()
          .from(ledger)
          .where(
            and(
              eq(ledger.type, type),
              lt(ledger.seq, before),
              subject === undefined ? undefined : eq(ledger.subject, subject),
              by === undefined ? undefined : sql`instr(lower(${ledger.facts} ->> 'by'), lower(${by})) > 0`,
            ),
          )
          .orderBy(desc(ledger.seq))
          .limit(limit)
          .all(),
      )
      return found.sort((a, b) => b.seq - a.seq).slice(0, limit)
    },
    *after(seq) {
      for (let from = seq; ; ) {
        const page = db.select().from(ledger).where(gt(ledger.seq, from)).orderBy(asc(ledger.seq)).limit(pageRows).all()
        yield* page
        if (page.length < pageRows) return
        from = page.at(-1)?.seq ?? from
      }
    },
  }
  return rows
}
