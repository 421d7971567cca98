import {
  and,
  asc,
  count,
  desc,
  eq,
  exists,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  min,
  notExists,
  notInArray,
  or,
  sql,
} from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { DeltaState } from '../../domain/flow.ts'
import { once, oncePer } from '../../domain/once.ts'
import type { SourceClock } from '../../domain/source-clock.ts'
import type { OutboxDelta, OutboxRows } from '../../ports/register/outbox.ts'
import { isOneOf } from './is-one-of.ts'
import type { Db } from './open-register.ts'
import { preparedFilter, preparedInsert, preparedPatch } from './prepared.ts'
import { deliveryAttempt, isUnfinished, outbox, outboxNeed, sourceClock, unitVersion } from './schema.ts'

const finished: ReadonlySet<DeltaState> = new Set(['confirmed', 'mismatched', 'superseded'])
const acknowledgedStates = ['acknowledged', 'confirmed', 'mismatched', 'superseded'] as const

/** Not acknowledged; said so that SQLite can use the index over unfinished deltas. */
const isPending = and(sql`state IN ('waiting', 'ready', 'sent', 'unknown', 'refused')`, isUnfinished)

/** Deltas on their way to Unilogin, what each waits for, every attempt, and the clock per number and source. */
/** Will be sent, now or later, while it has tries left. */
const isDue = and(sql`${outbox.state} IN ('ready', 'unknown')`, lt(outbox.attempts, sql.placeholder('maxAttempts')))

export function outboxRows(db: Db): OutboxRows {
  const need = alias(outboxNeed, 'need')
  const newer = alias(outbox, 'newer')
  /** A later delta of the same number. */
  const newerIn = (states: readonly DeltaState[]) =>
    db
      .select({ one: sql`1` })
      .from(newer)
      .where(and(eq(newer.nummer, outbox.nummer), gt(newer.id, outbox.id), inArray(newer.state, [...states])))
  const sendable = once(() =>
    db
      .select()
      .from(outbox)
      .where(
        and(
          isDue,
          or(
            isNull(outbox.notBeforeAt),
            lte(outbox.notBeforeAt, sql.placeholder('now')),
            gt(outbox.notBeforeAt, sql.placeholder('latest')),
          ),
        ),
      )
      // NULLS LAST instead of a sort of our own: the index is read in this order, so only `limit` rows are.
      .orderBy(sql`${outbox.cutoffAt} NULLS LAST`, asc(outbox.rank), asc(outbox.id))
      .limit(sql.placeholder('limit'))
      .prepare(),
  )
  const waitersOf = once(() =>
    db
      .select()
      .from(outboxNeed)
      .where(eq(outboxNeed.needsId, sql.placeholder('id')))
      .prepare(),
  )
  const liftNeedsOn = once(() =>
    db
      .delete(outboxNeed)
      .where(eq(outboxNeed.needsId, sql.placeholder('id')))
      .prepare(),
  )
  const readyIfFree = once(() =>
    db
      .update(outbox)
      .set({ state: 'ready' })
      .where(
        and(
          eq(outbox.deltaId, sql.placeholder('id')),
          eq(outbox.state, 'waiting'),
          notExists(db.select({ one: sql`1` }).from(need).where(eq(need.deltaId, outbox.deltaId))),
        ),
      )
      .prepare(),
  )

  const ofBatch = once(() =>
    db
      .select()
      .from(outbox)
      .where(eq(outbox.batchId, sql.placeholder('batchId')))
      .orderBy(asc(outbox.id))
      .prepare(),
  )
  const confirmable = once(() =>
    db
      .select({ deltaId: outbox.deltaId })
      .from(outbox)
      .where(
        and(
          isIn('acknowledged'),
          or(lte(outbox.acknowledgedAt, sql.placeholder('before')), gt(outbox.acknowledgedAt, sql.placeholder('now'))),
          isNull(outbox.batchId),
          notExists(newerIn(['sent', 'unknown'])),
        ),
      )
      .orderBy(asc(outbox.id))
      .limit(sql.placeholder('limit'))
      .prepare(),
  )
  const unconfirmed = once(() =>
    db
      .select({ n: count() })
      .from(outbox)
      .where(and(isIn('acknowledged'), notExists(newerIn(['sent', 'unknown']))))
      .prepare(),
  )
  const overtaken = once(() =>
    db
      .select({ deltaId: outbox.deltaId })
      .from(outbox)
      .where(and(eq(outbox.batchId, sql.placeholder('batchId')), exists(newerIn(['sent', 'unknown', 'acknowledged']))))
      .prepare(),
  )
  const readClock = once(() =>
    db
      .select({
        lastAllocated: sourceClock.lastAllocated,
        lastAccepted: sourceClock.lastAccepted,
        remoteSeen: sourceClock.remoteSeen,
      })
      .from(sourceClock)
      .where(and(eq(sourceClock.nummer, sql.placeholder('nummer')), eq(sourceClock.source, sql.placeholder('source'))))
      .prepare(),
  )
  const newestAcknowledged = once(() =>
    db
      .select()
      .from(outbox)
      .where(
        and(eq(outbox.nummer, sql.placeholder('nummer')), inArray(outbox.state, ['acknowledged', 'confirmed', 'mismatched'])),
      )
      .orderBy(desc(outbox.id))
      .limit(1)
      .prepare(),
  )
  const byId = once(() =>
    db
      .select()
      .from(outbox)
      .where(eq(outbox.deltaId, sql.placeholder('deltaId')))
      .prepare(),
  )
  const due = oncePer((which: 'all' | 'in time') =>
    db
      .select({ n: count() })
      .from(outbox)
      .where(and(isDue, which === 'in time' ? and(isNotNull(outbox.cutoffAt), isNull(outbox.missedCutoffAt)) : undefined))
      .prepare(),
  )
  const nextDue = once(() =>
    db
      .select({ at: min(outbox.notBeforeAt) })
      .from(outbox)
      .where(and(isDue, gt(outbox.notBeforeAt, sql.placeholder('now'))))
      .prepare(),
  )
  const countIn = oncePer((state: DeltaState) => db.select({ n: count() }).from(outbox).where(isIn(state)).prepare())
  const countsBy = preparedFilter({ fileId: outbox.fileId, date: outbox.date }, (fits) =>
    db.select({ state: outbox.state, n: count() }).from(outbox).where(fits).groupBy(outbox.state),
  )
  const pendingAmong = once(() =>
    db
      .select({ nummer: outbox.nummer, deltaId: outbox.deltaId })
      .from(outbox)
      .where(and(isOneOf(outbox.nummer, sql.placeholder('numbers')), notInArray(outbox.state, [...acknowledgedStates])))
      .orderBy(asc(outbox.id))
      .prepare(),
  )
  const departuresFrom = once(() =>
    db
      .selectDistinct({ parent: unitVersion.parentNummer, deltaId: outbox.deltaId, id: outbox.id })
      .from(outbox)
      .innerJoin(unitVersion, eq(unitVersion.nummer, outbox.nummer))
      .where(
        and(
          isPending,
          inArray(outbox.operation, ['nedlaeg', 'flyt']),
          isOneOf(unitVersion.parentNummer, sql.placeholder('parents')),
        ),
      )
      .orderBy(asc(outbox.id))
      .prepare(),
  )
  const refusedAmong = once(() =>
    db
      .select()
      .from(outbox)
      .where(and(isOneOf(outbox.nummer, sql.placeholder('numbers')), eq(outbox.state, 'refused')))
      .orderBy(asc(outbox.id))
      .prepare(),
  )
  const addDelta = preparedInsert(db, outbox, 'ignore')
  const addNeed = preparedInsert(db, outboxNeed, 'ignore')
  const addAttempt = preparedInsert(db, deliveryAttempt, 'ignore')
  const putClock = preparedInsert(db, sourceClock, { replaceOn: [sourceClock.nummer, sourceClock.source] })
  const patchDelta = preparedPatch(db, outbox, outbox.deltaId)

  const rows: OutboxRows = {
    insert: (deltas, common) => {
      for (const { needs, ...delta } of deltas) {
        const state = needs.length === 0 ? 'ready' : 'waiting'
        if (addDelta({ ...delta, ...common, state, attempts: 0 }) === 0) continue
        for (const needsId of needs) addNeed({ deltaId: delta.deltaId, needsId })
      }
    },
    find: (deltaId) => byId().get({ deltaId }) ?? null,
    pendingOf: (numbers) => {
      const pending = new Map<string, string[]>()
      for (const row of pendingAmong().all({ numbers: JSON.stringify(numbers) }))
        pending.set(row.nummer, [...(pending.get(row.nummer) ?? []), row.deltaId])
      return pending
    },
    pendingDepartures: (parents) => {
      const departures = new Map<string, string[]>()
      for (const { parent, deltaId } of departuresFrom().all({ parents: JSON.stringify(parents) })) {
        if (parent !== null) departures.set(parent, [...(departures.get(parent) ?? []), deltaId])
      }
      return departures
    },
    refusedOf: (numbers) => refusedAmong().all({ numbers: JSON.stringify(numbers) }),
    supersede: (oldId, newId) => {
      for (const { deltaId } of waitersOf().all({ id: oldId })) if (deltaId !== newId) addNeed({ deltaId, needsId: newId })
      liftNeedsOn().run({ id: oldId })
      rows.update(oldId, { state: 'superseded' })
      readyIfFree().run({ id: newId })
    },
    sendable: (now, { attempts: maxAttempts, longestWaitMs, limit }) =>
      sendable().all({ now, latest: now + longestWaitMs, maxAttempts, limit }),
    ofBatch: (batchId) => ofBatch().all({ batchId }),
    inState: (state) => db.select().from(outbox).where(isIn(state)).orderBy(asc(outbox.id)).all(),
    countDue: (maxAttempts, which = 'all') => due(which).get({ maxAttempts })?.n ?? 0,
    countInState: (state) => countIn(state).get()?.n ?? 0,
    update: (deltaId, patch) => patchDelta(deltaId, patch),
    release: (acknowledged) => {
      for (const id of acknowledged) {
        const waiters = waitersOf().all({ id })
        liftNeedsOn().run({ id })
        for (const { deltaId } of waiters) readyIfFree().run({ id: deltaId })
      }
    },
    addAttempts: (attempts) => {
      for (const attempt of attempts) addAttempt({ ...attempt })
    },
    attempts: (deltaId) =>
      db
        .select()
        .from(deliveryAttempt)
        .where(eq(deliveryAttempt.deltaId, deltaId))
        .orderBy(asc(deliveryAttempt.attempt), asc(deliveryAttempt.sentAt))
        .all(),
    nextDueAt: (now, maxAttempts) => nextDue().get({ now, maxAttempts })?.at ?? null,
    renewAttempts: () =>
      db
        .update(outbox)
        .set({ attempts: 0, notBeforeAt: null })
        .where(and(sql`${outbox.state} IN ('ready', 'unknown')`, gt(outbox.attempts, 0)))
        .run().changes,
    countsByState: (filter = {}) => Object.fromEntries(countsBy(filter).map((row) => [row.state, row.n])),
    overtakenIn: (batchId) =>
      overtaken()
        .all({ batchId })
        .map((row) => row.deltaId),
    countUnconfirmed: () => unconfirmed().get()?.n ?? 0,
    confirmable: (now, lagMs, limit) =>
      confirmable()
        .all({ now, before: now - lagMs, limit })
        .map((row) => row.deltaId),
    latestAcknowledged: (numbers) => {
      const latest = new Map<string, OutboxDelta>()
      for (const nummer of numbers) {
        const row = newestAcknowledged().get({ nummer })
        if (row !== undefined) latest.set(nummer, row)
      }
      return latest
    },
    ofNight: (date) => db.select().from(outbox).where(eq(outbox.date, date)).orderBy(asc(outbox.id)).all(),
    ofFile: (fileId) => db.select().from(outbox).where(eq(outbox.fileId, fileId)).orderBy(asc(outbox.id)).all(),
    ofNummer: (nummer) => db.select().from(outbox).where(eq(outbox.nummer, nummer)).orderBy(asc(outbox.id)).all(),

    clock: (nummer, source) =>
      readClock().get({ nummer, source }) ?? { lastAllocated: null, lastAccepted: null, remoteSeen: null },
    setClock: (nummer, source, clock: SourceClock) => void putClock({ nummer, source, ...clock }),
  }
  return rows
}

/** The state, said so that SQLite can use the index over unfinished deltas. */
function isIn(state: DeltaState) {
  const isState = sql`${outbox.state} = ${sql.raw(`'${state}'`)}`
  return finished.has(state) ? isState : and(isState, isUnfinished)
}
