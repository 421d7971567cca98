import { FatalError } from '../domain/errors.ts'
import { type BusinessDate, fromWallTime, isBusinessDate, toBusinessDate } from '../domain/time.ts'
import type { JobPayloads, JobRequest, StepResult } from '../ports/jobs.ts'
import type { RegisterContext } from './context.ts'
import { putDocument } from './documents.ts'
import { expectedOf } from './mandate-of.ts'
import { takeEffect } from './take-effect.ts'

/**
 * Opens the night of a business date, or takes it up again: there is one per date, whoever starts it and however often.
 * Every supplier is looked at (again); deltas that used up their tries in an earlier night get new ones; files that waited
 * for a date that has come are planned as files of this night.
 * @throws NIGHT_DATE_INVALID
 */
export async function openNight(
  ctx: RegisterContext,
  { date, trigger, filesUntilAt }: Omit<JobPayloads['open-night'], 'start'>,
): Promise<StepResult> {
  const now = ctx.clock.now()
  if (!isBusinessDate(date) || date > toBusinessDate(now)) {
    throw new FatalError('NIGHT_DATE_INVALID', `opening a night for "${date}"; today in Copenhagen is ${toBusinessDate(now)}`, {
      dataState: 'no night was opened',
      hint: 'give a date as YYYY-MM-DD that is not in the future',
    })
  }
  const opened = ctx.register.write((tx) => {
    const known = tx.nights.find(date)
    // A second scheduler, or the same one once more: the night is under way already.
    if (known !== null && trigger !== 'operator') return null
    if (known === null) {
      const until = filesUntilAt ?? fromWallTime(date, ctx.settings.night.filesUntil)
      tx.nights.insert({ date, state: 'open', trigger, openedAt: now, closedAt: null, filesUntilAt: until, starts: 1 })
    } else {
      const until = filesUntilAt ?? known.filesUntilAt
      tx.nights.update(date, { state: 'open', closedAt: null, filesUntilAt: until, starts: known.starts + 1 })
    }
    tx.outbox.renewAttempts()
    const due = takeEffect(ctx, tx, date)
    const rows = new Map(tx.nights.suppliers(date).map((row) => [row.supplierId, row]))
    const looks = ctx.settings.suppliers.map(({ id }) => {
      const row = rows.get(id)
      const looks = row?.looks ?? 0
      tx.nights.putSupplier({
        date,
        supplierId: id,
        state: 'looking',
        looks,
        lastLookAt: row?.lastLookAt ?? null,
        problem: null,
        missing: row?.missing ?? expectedOf(ctx.settings, id, date),
      })
      return { supplierId: id, look: looks + 1 }
    })
    return { looks, due }
  })
  if (opened === null) return { outcome: 'opened before', next: [] }
  const next = await Promise.all(opened.looks.map(({ supplierId, look }) => requestLook(ctx, date, supplierId, look)))
  const ask: JobRequest[] =
    ctx.settings.unilogin.agreements === 'ingen' ? [] : [{ job: 'agreements', payload: { round: `${date}.${now}` } }]
  return {
    outcome: 'opened',
    next: [...ask, ...opened.due, ...next, { job: 'close-night', payload: { date } }],
    facts: { suppliers: next.length },
  }
}

/** The next look at a supplier, with what was fetched from it before. */
export async function requestLook(
  ctx: RegisterContext,
  date: BusinessDate,
  supplierId: string,
  look: number,
  delayMs = 0,
): Promise<JobRequest> {
  const known = ctx.register
    .read((tx) => tx.nights.storedArrivals(supplierId))
    .map(({ name, sizeBytes, modifiedAt }) => ({ name, sizeBytes, modifiedAt }))
  const knownSha256 = known.length === 0 ? null : (await putDocument(ctx.files, known)).sha256
  return { job: 'pull', payload: { date, supplierId, look, knownSha256 }, ...(delayMs > 0 ? { delayMs } : {}) }
}
