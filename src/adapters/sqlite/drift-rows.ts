import { and, asc, count, desc, eq, gte, isNotNull, sql } from 'drizzle-orm'
import { once } from '../../domain/once.ts'
import type { DriftRows, FoundDrift } from '../../ports/register/drift.ts'
import type { Db } from './open-register.ts'
import { preparedInsert } from './prepared.ts'
import { drift, driftRun, unit } from './schema.ts'

/** What of Unilogin was looked at when, and what differed. */
export function driftRows(db: Db): DriftRows {
  const put = preparedInsert(db, drift, { replaceOn: [drift.nummer] })
  const addRun = preparedInsert(db, driftRun)
  const find = once(() =>
    db
      .select()
      .from(drift)
      .where(eq(drift.nummer, sql.placeholder('nummer')))
      .prepare(),
  )
  const lastRun = once(() => db.select().from(driftRun).orderBy(desc(driftRun.id)).limit(1).prepare())
  const differs = isNotNull(drift.kind)
  return {
    due: (share) => {
      const known = db.select({ nummer: drift.nummer }).from(drift).where(differs).all()
      const others = db
        .select({ nummer: unit.nummer })
        .from(unit)
        .leftJoin(drift, eq(drift.nummer, unit.nummer))
        .where(sql`${drift.kind} IS NULL`)
        .orderBy(sql`coalesce(${drift.lookedAt}, 0)`, asc(unit.nummer))
        .limit(share)
        .all()
      return [...known, ...others].map(({ nummer }) => nummer).sort()
    },
    coverage: (since) => ({
      numbers: db.select({ n: count() }).from(unit).get()?.n ?? 0,
      looked:
        db
          .select({ n: count() })
          .from(unit)
          .innerJoin(drift, eq(drift.nummer, unit.nummer))
          .where(gte(drift.lookedAt, since))
          .get()?.n ?? 0,
    }),
    find: (nummer) => find().get({ nummer }) ?? null,
    note: (look) => void put({ ...look }),
    forget: (nummer) => void db.delete(drift).where(eq(drift.nummer, nummer)).run(),
    found: (kommuneKode) =>
      db
        .select()
        .from(drift)
        .where(and(differs, kommuneKode === undefined ? undefined : eq(drift.kommuneKode, kommuneKode)))
        .orderBy(asc(drift.kind), asc(drift.nummer))
        .all() as FoundDrift[],
    addRun: (run) => void addRun({ ...run }),
    lastRun: () => {
      const row = lastRun().get()
      if (row === undefined) return null
      const { id: _id, ...run } = row
      return run
    },
  }
}
