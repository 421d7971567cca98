import { and, asc, desc, eq, isNotNull, isNull, or } from 'drizzle-orm'
import { once } from '../../domain/once.ts'
import type { AlertRows } from '../../ports/register/alerts.ts'
import type { Db } from './open-register.ts'
import { preparedPatch } from './prepared.ts'
import { alert, notice } from './schema.ts'

/** Alerts, and the messages about them and beside them. */
export function alertRows(db: Db): AlertRows {
  const open = once(() =>
    db.select().from(alert).where(isNull(alert.endedAt)).orderBy(asc(alert.beganAt), asc(alert.alertId)).prepare(),
  )
  const unsent = once(() =>
    db
      .select()
      .from(notice)
      .where(and(isNull(notice.sentAt), isNull(notice.withdrawnAt)))
      .orderBy(asc(notice.createdAt), asc(notice.noticeId))
      .prepare(),
  )
  const patchNotice = preparedPatch(db, notice, notice.noticeId)
  return {
    open: () => open().all(),
    find: (alertId) => db.select().from(alert).where(eq(alert.alertId, alertId)).get() ?? null,
    wasTold: (kind, subject) =>
      db
        .select()
        .from(alert)
        .where(and(eq(alert.kind, kind), eq(alert.subject, subject), isNotNull(alert.toldAt)))
        .get() !== undefined,
    put: (row) => void db.insert(alert).values(row).onConflictDoUpdate({ target: alert.alertId, set: row }).run(),

    findNotice: (noticeId) => db.select().from(notice).where(eq(notice.noticeId, noticeId)).get() ?? null,
    addNotice: (row) => void db.insert(notice).values(row).run(),
    updateNotice: (noticeId, patch) => patchNotice(noticeId, patch),
    unsent: () => unsent().all(),
    noticesOf: (alertId) => db.select().from(notice).where(eq(notice.alertId, alertId)).orderBy(asc(notice.createdAt)).all(),
    lastResult: (channel) =>
      db
        .select()
        .from(notice)
        .where(and(eq(notice.channel, channel), or(isNotNull(notice.sentAt), isNotNull(notice.problem))))
        .orderBy(desc(notice.triedAt))
        .limit(1)
        .get() ?? null,
  }
}
