import { asc, desc, eq, isNotNull, isNull } from 'drizzle-orm'
import { once } from '../../domain/once.ts'
import type { FailureRows } from '../../ports/register.ts'
import type { Db } from './open-register.ts'
import { jobFailure } from './schema.ts'

/** Jobs that wait for a person. */
export function failureRows(db: Db): FailureRows {
  const open = once(() =>
    db.select().from(jobFailure).where(isNull(jobFailure.resolvedAt)).orderBy(asc(jobFailure.failedAt)).prepare(),
  )
  return {
    put: (failure) =>
      void db.insert(jobFailure).values(failure).onConflictDoUpdate({ target: jobFailure.jobId, set: failure }).run(),
    find: (jobId) => db.select().from(jobFailure).where(eq(jobFailure.jobId, jobId)).get() ?? null,
    open: () => open().all(),
    resolved: (limit) =>
      db
        .select()
        .from(jobFailure)
        .where(isNotNull(jobFailure.resolvedAt))
        .orderBy(desc(jobFailure.resolvedAt))
        .limit(limit)
        .all(),
    resolve: (jobId, resolvedBy, reason, resolvedAt) =>
      void db.update(jobFailure).set({ resolvedAt, resolvedBy, reason }).where(eq(jobFailure.jobId, jobId)).run(),
  }
}
