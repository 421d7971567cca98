import type { Settings } from '../../config/settings.ts'
import { needsAgreement } from '../domain/agreement.ts'
import type { DeltaOperation } from '../domain/delta.ts'
import { sha256Hex } from '../domain/ids.ts'
import type { InstitutionRecord } from '../domain/institution-record.ts'
import { afterProbe, isProbeDue } from '../domain/outage.ts'
import { clockAheadMs, nextSourceTime } from '../domain/source-clock.ts'
import type { JobRequest } from '../ports/jobs.ts'
import type { FoundOutage } from '../ports/register/outages.ts'
import type { OutboxDelta } from '../ports/register/outbox.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { putDocument } from './documents.ts'

/** Deltas one push job sends one after another, as far as its time goes; large enough to carry the job's cost at a quick target. */
const batchSize = 25
/** Batches under way for each call that may be: while one is fetched or recorded, another is being sent. */
export const batchesPerCall = 2

/** One delta as a push job gets it. */
export interface PushItem {
  readonly deltaId: string
  readonly nummer: string
  readonly operation: DeltaOperation
  readonly sourceDateTime: string
  readonly attempt: number
  /** An earlier attempt got no clear answer: read back before sending again. */
  readonly readBackFirst: boolean
  readonly record: InstitutionRecord
}

/**
 * Marks deltas as sent before any of them goes: the attempt and its sourceDateTime are committed first. At most one
 * delta per number is under way, since each waits for the one before it. While the target is down, a single one goes now and
 * then to see whether it is back. Returns the batches that were claimed.
 */
export function claimDeliveries(ctx: RegisterContext, tx: RegisterTx): string[] {
  const { unilogin } = ctx.settings
  const now = ctx.clock.now()
  const underWay = tx.outbox.countInState('sent')
  const outage = tx.outages.found()
  const due = claimable(ctx, tx, roomFor(ctx, outage, underWay))
  // Few are spread over the lanes; where the lanes have work, batches stay whole.
  const size = Math.min(batchSize, Math.max(1, Math.ceil((underWay + due.length) / unilogin.parallel)))
  const batches: string[] = []
  for (let i = 0; i < due.length; i += size) {
    const members = due.slice(i, i + size).flatMap((delta) => stamp(ctx, tx, delta))
    if (members.length === 0) continue
    // The time tells a batch from one that was given back untried.
    const batchId = `b-${sha256Hex([now, ...members.map(({ deltaId, attempts }) => `${deltaId}/${attempts}`)].join()).slice(0, 20)}`
    for (const member of members) {
      const { deltaId, attempts, sourceDateTime } = member
      tx.outbox.update(deltaId, {
        state: 'sent',
        batchId,
        attempts: attempts + 1,
        sourceDateTime,
        sentAt: now,
        notBeforeAt: null,
      })
    }
    batches.push(batchId)
  }
  if (outage !== null && batches.length > 0)
    tx.outages.put(afterProbe(outage, now, ctx.settings.outage, unilogin.callDeadlineMs), now)
  return batches
}

/** How many more deltas may be under way. */
function roomFor(ctx: RegisterContext, outage: FoundOutage | null, underWay: number): number {
  const { outage: rule, unilogin } = ctx.settings
  if (outage !== null) return isProbeDue(outage, ctx.clock.now(), rule, unilogin.callDeadlineMs) ? 1 : 0
  const room = unilogin.parallel * batchesPerCall * batchSize - underWay
  return room < batchSize ? 0 : room
}

/** What may be sent now. What needs a data agreement and has none is set to wait for it on the way. */
function claimable(ctx: RegisterContext, tx: RegisterTx, limit: number): readonly OutboxDelta[] {
  const { agreements, attempts, retryDelaysMs } = ctx.settings.unilogin
  const limits = { attempts, longestWaitMs: Math.max(0, ...retryDelaysMs), limit }
  // The setting was turned off: nothing waits for an agreement any more.
  if (agreements === 'ingen') tx.outbox.release(tx.agreements.needsOf(tx.agreements.awaited().map(({ nummer }) => nummer)))
  for (;;) {
    const due = limit === 0 ? [] : tx.outbox.sendable(ctx.clock.now(), limits)
    const lacking = agreements === 'ingen' ? [] : due.filter((delta) => lacksAgreement(tx, delta))
    if (lacking.length === 0) return due
    for (const { deltaId, nummer } of lacking) tx.agreements.park(deltaId, nummer, ctx.clock.now())
  }
}

/** A change whose earlier attempt is unclear goes on: the target may have it already. */
function lacksAgreement(tx: RegisterTx, { state, operation, nummer }: OutboxDelta): boolean {
  return state === 'ready' && needsAgreement(operation) && !tx.agreements.isApproved(nummer)
}

/** The push job of a claimed batch, made from what the register holds; safe to ask for again. */
export async function requestPush(ctx: RegisterContext, batchId: string): Promise<JobRequest> {
  const members = ctx.register.read((tx) => tx.outbox.ofBatch(batchId))
  const items: PushItem[] = members
    .filter((delta) => delta.state === 'sent' && delta.sourceDateTime !== null)
    .map(({ deltaId, nummer, operation, sourceDateTime, attempts, record, replyCode }) => ({
      deltaId,
      nummer,
      operation,
      sourceDateTime: sourceDateTime as string,
      attempt: attempts,
      readBackFirst: replyCode === 'ambiguous',
      record,
    }))
  return { job: 'push', payload: { batchId, batchSha256: (await putDocument(ctx.files, items)).sha256 } }
}

/** Acknowledged deltas that may be read back now, in batches. */
export function claimConfirmations(ctx: RegisterContext, tx: RegisterTx): string[] {
  const { readBack, readBackBatch, lagMs } = ctx.settings.unilogin
  if (readBack === 'ingen' || tx.outages.found() !== null) return []
  const batches: string[] = []
  const stillComing = tx.outbox.countInState('sent') > 0
  for (;;) {
    const due = tx.outbox.confirmable(ctx.clock.now(), lagMs, readBackBatch)
    if (due.length === 0 || (due.length < readBackBatch && stillComing)) return batches
    const batchId = `c-${sha256Hex(due.join()).slice(0, 20)}`
    for (const deltaId of due) tx.outbox.update(deltaId, { batchId })
    batches.push(batchId)
  }
}

/** What the target should hold for one number. */
export interface ExpectedRecord {
  readonly nummer: string
  /** Null when the number was closed. */
  readonly record: InstitutionRecord | null
}

/** The read-back job of a claimed batch; safe to ask for again. */
export async function requestConfirmation(ctx: RegisterContext, batchId: string): Promise<JobRequest> {
  const expected = ctx.register.read((tx) => expectedOf(tx, batchId))
  return { job: 'confirm', payload: { batchId, batchSha256: (await putDocument(ctx.files, expected)).sha256 } }
}

/** What the target should hold for the numbers of a read-back batch. */
export function expectedOf(tx: RegisterTx, batchId: string): readonly ExpectedRecord[] {
  const numbers = [...new Set(tx.outbox.ofBatch(batchId).map((delta) => delta.nummer))]
  const latest = tx.outbox.latestAcknowledged(numbers)
  return numbers.map((nummer): ExpectedRecord => {
    const delta = latest.get(nummer)
    return { nummer, record: delta === undefined || delta.operation === 'nedlaeg' ? null : delta.record }
  })
}

/** Gives a delta its source time at the first attempt; the same one is used for every retry. */
function stamp(ctx: RegisterContext, tx: RegisterTx, delta: OutboxDelta): OutboxDelta[] {
  if (delta.sourceDateTime !== null) return [delta]
  const { source, maxClockAheadMs }: Settings['unilogin'] = ctx.settings.unilogin
  const now = ctx.clock.now()
  const clock = tx.outbox.clock(delta.nummer, source)
  const sourceDateTime = nextSourceTime(clock, now)
  if (clockAheadMs(sourceDateTime, now) > maxClockAheadMs) {
    const text = `next sourceDateTime ${sourceDateTime} is too far ahead of the clock; nothing was sent`
    tx.outbox.update(delta.deltaId, { state: 'refused', replyCode: 'UNILOGIN_CLOCK_AHEAD', replyText: text })
    return []
  }
  tx.outbox.setClock(delta.nummer, source, { ...clock, lastAllocated: sourceDateTime })
  return [{ ...delta, sourceDateTime }]
}
