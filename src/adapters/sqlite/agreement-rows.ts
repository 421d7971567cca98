import { and, asc, desc, eq, gte, lt, max, sql } from 'drizzle-orm'
import { agreementMissing } from '../../domain/agreement.ts'
import { once } from '../../domain/once.ts'
import type { AgreementRows } from '../../ports/register/agreements.ts'
import { isOneOf } from './is-one-of.ts'
import type { Db } from './open-register.ts'
import { preparedInsert, preparedPatch } from './prepared.ts'
import { agreement, agreementCheck, outbox, outboxNeed } from './schema.ts'

/** What a parked delta needs, in the same table as the deltas it needs: no delta's id begins so. */
const needPrefix = 'aftale.'
const isAgreementNeed = and(gte(outboxNeed.needsId, needPrefix), lt(outboxNeed.needsId, 'aftale/'))

/** Data agreements, and the deltas that wait for one. */
export function agreementRows(db: Db): AgreementRows {
  const stateOf = once(() =>
    db
      .select({ state: agreement.state })
      .from(agreement)
      .where(eq(agreement.nummer, sql.placeholder('nummer')))
      .prepare(),
  )
  const putAgreement = preparedInsert(db, agreement, { replaceOn: [agreement.nummer] })
  const patchAgreement = preparedPatch(db, agreement, agreement.nummer)
  const addNeed = preparedInsert(db, outboxNeed, 'ignore')
  const patchDelta = preparedPatch(db, outbox, outbox.deltaId)
  const needOf = (nummer: string) => needPrefix + nummer

  return {
    isApproved: (nummer) => stateOf().get({ nummer })?.state === 'godkendt',
    approved: () =>
      db
        .select({ nummer: agreement.nummer })
        .from(agreement)
        .where(eq(agreement.state, 'godkendt'))
        .orderBy(asc(agreement.nummer))
        .all()
        .map((row) => row.nummer),
    find: (nummer) => db.select().from(agreement).where(eq(agreement.nummer, nummer)).get() ?? null,
    note: (numbers, state, at) => {
      for (const nummer of numbers) {
        if (state === 'godkendt') putAgreement({ nummer, state, approvedAt: at, changedAt: at })
        else patchAgreement(nummer, { state, changedAt: at })
      }
    },
    addCheck: (check) => void db.insert(agreementCheck).values(check).run(),
    lastCheck: () => {
      const row = db.select().from(agreementCheck).orderBy(desc(agreementCheck.id)).limit(1).get()
      if (row === undefined) return null
      const { id: _id, ...check } = row
      return check
    },
    // It may be sent from now on, as soon as the agreement is there; so that time says since when it waits.
    park: (deltaId, nummer, at) => {
      addNeed({ deltaId, needsId: needOf(nummer) })
      patchDelta(deltaId, { state: 'waiting', notBeforeAt: at, replyCode: agreementMissing, replyText: null })
    },
    awaited: () =>
      db
        .select({ needsId: outboxNeed.needsId, since: max(outbox.notBeforeAt) })
        .from(outboxNeed)
        .innerJoin(outbox, eq(outbox.deltaId, outboxNeed.deltaId))
        .where(isAgreementNeed)
        .groupBy(outboxNeed.needsId)
        .orderBy(asc(outboxNeed.needsId))
        .all()
        .map(({ needsId, since }) => ({ nummer: needsId.slice(needPrefix.length), since: since ?? 0 })),
    needsOf: (numbers) => numbers.map(needOf),
    waiting: () => {
      const ids = db.all<{ id: string }>(
        sql`WITH RECURSIVE stuck (id) AS (
              SELECT delta_id FROM outbox_need WHERE needs_id >= ${needPrefix} AND needs_id < 'aftale/'
              UNION SELECT delta_id FROM outbox_need JOIN stuck ON needs_id = stuck.id
            ) SELECT id FROM stuck`,
      )
      return ids.length === 0
        ? []
        : db
            .select()
            .from(outbox)
            .where(
              isOneOf(
                outbox.deltaId,
                ids.map(({ id }) => id),
              ),
            )
            .orderBy(asc(outbox.id))
            .all()
    },
  }
}
