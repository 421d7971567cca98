import {
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  max,
  min,
  ne,
  notExists,
  or,
  sql,
} from 'drizzle-orm'
import type { Cutoff } from '../../domain/next-cutoff.ts'
import type { CutoffRows } from '../../ports/register/cutoffs.ts'
import { isOneOf } from './is-one-of.ts'
import type { Db } from './open-register.ts'
import { preparedInsert } from './prepared.ts'
import { arrival, cutoffPassed, deliveryFile, forecast, nightPace, nightRun, outbox } from './schema.ts'

/** Passed cutoffs, forecasts, and what past nights say of them. */
export function cutoffRows(db: Db): CutoffRows {
  const addPassed = preparedInsert(db, cutoffPassed)
  const keepForecast = preparedInsert(db, forecast, 'ignore')
  const keepPace = preparedInsert(db, nightPace, { replaceOn: [nightPace.step, nightPace.date] })

  return {
    nextToPass: (now) => {
      const last =
        db
          .select({ at: max(cutoffPassed.at) })
          .from(cutoffPassed)
          .get()?.at ?? 0
      const isPassed = db
        .select({ one: sql`1` })
        .from(cutoffPassed)
        .where(and(eq(cutoffPassed.at, outbox.cutoffAt), eq(cutoffPassed.navn, outbox.cutoffNavn)))
      const row = db
        .select({ navn: outbox.cutoffNavn, at: outbox.cutoffAt })
        .from(outbox)
        // Two cutoffs may lie at one instant, so the last one's is looked at again.
        .where(and(gte(outbox.cutoffAt, last), lte(outbox.cutoffAt, now), notExists(isPassed)))
        .orderBy(asc(outbox.cutoffAt), asc(outbox.cutoffNavn))
        .limit(1)
        .get()
      return row === undefined ? null : toCutoff(row)
    },
    countInTime: (cutoff) =>
      db
        .select({ n: count() })
        .from(outbox)
        .where(and(isDueAt(cutoff), ne(outbox.state, 'superseded'), lte(outbox.acknowledgedAt, outbox.cutoffAt)))
        .get()?.n ?? 0,
    notInTime: (cutoff) =>
      db
        .select()
        .from(outbox)
        .where(
          and(
            isDueAt(cutoff),
            ne(outbox.state, 'superseded'),
            or(isNull(outbox.acknowledgedAt), gt(outbox.acknowledgedAt, outbox.cutoffAt)),
          ),
        )
        .orderBy(asc(outbox.id))
        .all(),
    addPassed: (row) => void addPassed({ ...row }),
    passed: (after, until) =>
      db
        .select()
        .from(cutoffPassed)
        .where(and(gt(cutoffPassed.at, after), lte(cutoffPassed.at, until)))
        .orderBy(asc(cutoffPassed.at), asc(cutoffPassed.navn))
        .all(),

    ahead: (now) =>
      db
        .selectDistinct({ navn: outbox.cutoffNavn, at: outbox.cutoffAt })
        .from(outbox)
        .where(gt(outbox.cutoffAt, now))
        .orderBy(asc(outbox.cutoffAt), asc(outbox.cutoffNavn))
        .all()
        .map(toCutoff),
    countDue: (cutoff, maxAttempts) => {
      const how = (condition: ReturnType<typeof sql>) => sql<number>`sum(CASE WHEN ${condition} THEN 1 ELSE 0 END)`
      const { state, attempts, missedCutoffAt } = outbox
      return db
        .select({
          supplierId: sql<string>`coalesce(${deliveryFile.supplierId}, '')`,
          acknowledged: how(sql`${outbox.acknowledgedAt} <= ${outbox.cutoffAt}`),
          moving: how(sql`${state} = 'sent' OR (${state} IN ('ready', 'unknown') AND ${attempts} < ${maxAttempts})`),
          waiting: how(sql`${state} = 'waiting'`),
          refused: how(sql`${state} = 'refused' AND ${missedCutoffAt} IS NULL`),
          tired: how(sql`${state} IN ('ready', 'unknown') AND ${attempts} >= ${maxAttempts}`),
        })
        .from(outbox)
        .leftJoin(deliveryFile, eq(deliveryFile.fileId, outbox.fileId))
        .where(and(isDueAt(cutoff), ne(outbox.state, 'superseded')))
        .groupBy(sql`1`)
        .orderBy(sql`1`)
        .all()
    },

    keepForecast: (row) => void keepForecast({ ...row }),
    lastForecastAt: () =>
      db
        .select({ at: max(forecast.madeAt) })
        .from(forecast)
        .get()?.at ?? null,
    forecasts: (after, until) =>
      db
        .select()
        .from(forecast)
        .where(and(gt(forecast.at, after), lte(forecast.at, until)))
        .orderBy(asc(forecast.at), asc(forecast.navn), asc(forecast.madeAt))
        .all(),

    pushed: (date, maxAttempts) =>
      db
        .select({ from: outbox.createdAt, until: outbox.acknowledgedAt })
        .from(outbox)
        .where(
          and(
            eq(outbox.date, date),
            or(
              isNotNull(outbox.acknowledgedAt),
              eq(outbox.state, 'sent'),
              and(inArray(outbox.state, ['ready', 'unknown']), lt(outbox.attempts, maxAttempts)),
            ),
          ),
        )
        .all(),
    keepPace: (date, step, { done, minutes }) => void keepPace({ date, step, done, minutes }),
    paces: (step, before, nights) =>
      db
        .select({ done: nightPace.done, minutes: nightPace.minutes })
        .from(nightPace)
        .where(and(eq(nightPace.step, step), lt(nightPace.date, before)))
        .orderBy(desc(nightPace.date))
        .limit(nights)
        .all(),
    pastNights: (before, nights) =>
      db
        .select({ date: nightRun.date })
        .from(nightRun)
        .where(and(lt(nightRun.date, before), eq(nightRun.trigger, 'schedule')))
        .orderBy(desc(nightRun.date))
        .limit(nights)
        .all()
        .map((row) => row.date),
    pastFiles: (nights) =>
      nights.length === 0
        ? []
        : db
            .select({
              date: deliveryFile.date,
              supplierId: deliveryFile.supplierId,
              kommuneKode: sql<string>`${deliveryFile.kommuneKode}`,
              seenAt: sql<number>`${min(arrival.firstSeenAt)}`,
              deltas: sql<number>`(SELECT count(*) FROM outbox WHERE outbox.file_id = ${deliveryFile.fileId})`,
            })
            .from(deliveryFile)
            .innerJoin(arrival, and(eq(arrival.fileId, deliveryFile.fileId), eq(arrival.date, deliveryFile.date)))
            .where(
              and(isOneOf(deliveryFile.date, nights), isNotNull(deliveryFile.kommuneKode), ne(deliveryFile.state, 'rejected')),
            )
            .groupBy(deliveryFile.fileId)
            .orderBy(asc(deliveryFile.date), asc(deliveryFile.fileId))
            .all(),
  }
}

/** Due at a cutoff, by the index over cutoffs. */
function isDueAt({ navn, at }: Cutoff) {
  return and(eq(outbox.cutoffAt, at), eq(outbox.cutoffNavn, navn))
}

function toCutoff({ navn, at }: { readonly navn: string | null; readonly at: number | null }): Cutoff {
  return { navn: navn ?? '', at: at ?? 0 }
}
