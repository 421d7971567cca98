import { and, asc, count, desc, eq, isNotNull, max, sql } from 'drizzle-orm'
import { once } from '../../domain/once.ts'
import type { NightRows } from '../../ports/register/nights.ts'
import type { Db } from './open-register.ts'
import { arrival, deliveryFile, hold, isAnyArrival, nightRun, nightSupplier } from './schema.ts'

/** Nights, the suppliers due in them, and what was seen at each. */
export function nightRows(db: Db): NightRows {
  const filesOf = (date: string) =>
    db
      .select({ files: count(), rejectedFiles: sql<number>`count(*) FILTER (WHERE ${deliveryFile.state} = 'rejected')` })
      .from(deliveryFile)
      .where(eq(deliveryFile.date, date))
      .get() ?? { files: 0, rejectedFiles: 0 }
  const openHoldsOf = (date: string) =>
    db
      .select({ n: count() })
      .from(hold)
      .where(and(eq(hold.date, date), eq(hold.state, 'open')))
      .get()?.n ?? 0
  const byDate = once(() =>
    db
      .select()
      .from(nightRun)
      .where(eq(nightRun.date, sql.placeholder('date')))
      .prepare(),
  )
  const latest = once(() => db.select().from(nightRun).orderBy(desc(nightRun.date)).limit(1).prepare())
  const open = once(() => db.select().from(nightRun).where(eq(nightRun.state, 'open')).orderBy(asc(nightRun.date)).prepare())
  const arrivalsOfFile = once(() =>
    db
      .select()
      .from(arrival)
      .where(eq(arrival.fileId, sql.placeholder('fileId')))
      .orderBy(asc(arrival.firstSeenAt))
      .prepare(),
  )
  return {
    recent: (limit) => {
      const nights = db.select().from(nightRun).orderBy(desc(nightRun.date)).limit(limit).all()
      return nights.map((night) => ({ ...night, ...filesOf(night.date), openHolds: openHoldsOf(night.date) }))
    },
    find: (date) => byDate().get({ date }) ?? null,
    latest: () => latest().get() ?? null,
    openNights: () => open().all(),
    insert: (night) => void db.insert(nightRun).values(night).run(),
    update: (date, patch) => void db.update(nightRun).set(patch).where(eq(nightRun.date, date)).run(),
    suppliers: (date) =>
      db.select().from(nightSupplier).where(eq(nightSupplier.date, date)).orderBy(asc(nightSupplier.supplierId)).all(),
    putSupplier: (row) =>
      void db
        .insert(nightSupplier)
        .values(row)
        .onConflictDoUpdate({ target: [nightSupplier.date, nightSupplier.supplierId], set: row })
        .run(),
    arrivals: (date) =>
      db.select().from(arrival).where(eq(arrival.date, date)).orderBy(asc(arrival.supplierId), asc(arrival.name)).all(),
    arrivalsOfFile: (fileId) => arrivalsOfFile().all({ fileId }),
    storedArrivals: (supplierId) =>
      db
        .select()
        .from(arrival)
        .where(and(eq(arrival.supplierId, supplierId), isNotNull(arrival.fileId)))
        .all(),
    lastArrivalAt: (supplierId) =>
      db
        .select({ at: max(arrival.firstSeenAt) })
        .from(arrival)
        .where(and(eq(arrival.supplierId, supplierId), isAnyArrival))
        .get()?.at ?? null,
    putArrival: (row) =>
      void db
        .insert(arrival)
        .values(row)
        .onConflictDoUpdate({
          target: [arrival.date, arrival.supplierId, arrival.name, arrival.sizeBytes, arrival.modifiedAt],
          // A file is first seen once, and what was new in this night stays new when it is looked at again.
          set: {
            fileId: row.fileId,
            repeat: sql`CASE WHEN ${arrival.fileId} IS NULL THEN ${row.repeat ? 1 : 0} ELSE ${arrival.repeat} END`,
          },
        })
        .run(),
  }
}
