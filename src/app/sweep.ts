import { type JobQueue, type JobRequest, jobIdOf, type StepResult } from '../ports/jobs.ts'
import type { RegisterTx } from '../ports/register.ts'
import { agreementsDue } from './agreements-due.ts'
import { claimConfirmations, claimDeliveries, requestConfirmation, requestPush } from './claim-deliveries.ts'
import type { RegisterContext } from './context.ts'
import { expireHolds } from './end-holds.ts'
import { requestValidation } from './intake-files.ts'
import { keepForecasts } from './keep-forecasts.ts'
import { requestLook } from './open-night.ts'
import { passCutoffs } from './pass-cutoffs.ts'
import { isUnplanned } from './plan-changes.ts'
import { nextPlans } from './record-validation.ts'
import { dueUpkeep, type UpkeepRequest } from './upkeep.ts'

/**
 * Ends holds whose time is over, carries over what has missed its cutoff, keeps a forecast now and then, and rebuilds the
 * queue from the register: every file, delta and receipt that is not where it should end gets its next step, unless that step
 * waits already or has failed and waits for a person. So the queue may be lost at any moment.
 */
export async function sweep(ctx: RegisterContext, queue: Pick<JobQueue, 'pendingIds'>): Promise<StepResult> {
  const pending = await queue.pendingIds()
  const { ended, passed, forecasts, claimed, wanted, openNights, askAgreements, failed } = ctx.register.write((tx) => ({
    ended: expireHolds(ctx, tx),
    passed: passCutoffs(ctx, tx),
    forecasts: keepForecasts(ctx, tx),
    openNights: tx.nights.openNights(),
    wanted: findWork(tx, ctx),
    claimed: { pushes: claimDeliveries(ctx, tx), confirmations: claimConfirmations(ctx, tx) },
    askAgreements: agreementsDue(ctx, tx),
    failed: new Set(tx.failures.open().map((failure) => failure.jobId)),
  }))
  const isPending = (...ids: string[]) => ids.some((id) => pending.has(id))
  const requests: JobRequest[] = [...ended, ...wanted.plans, ...wanted.unreceipted]
  for (const request of wanted.upkeep) if (!isOnItsWay(request, pending, failed)) requests.push(request)
  for (const { receiptId, inputSha256 } of wanted.receipts) {
    const request: JobRequest = { job: 'receipt', payload: { receiptId, inputSha256 } }
    if (!isPending(jobIdOf({ job: 'record-receipt', payload: request.payload }))) requests.push(request)
  }
  for (const { date, supplierId, look } of wanted.looks)
    if (!isLooking(pending, date, supplierId)) requests.push(await requestLook(ctx, date, supplierId, look))
  for (const file of wanted.unvalidated)
    if (!isPending(`validate.${file.fileId}`, `record-validation.${file.fileId}`))
      requests.push(await requestValidation(ctx, file))
  for (const batchId of new Set([...wanted.sentBatches, ...claimed.pushes]))
    if (!isPending(`push.${batchId}`, `record-delivery.${batchId}`)) requests.push(await requestPush(ctx, batchId))
  for (const batchId of new Set([...wanted.confirmBatches, ...claimed.confirmations]))
    if (!isPending(`confirm.${batchId}`, `record-confirmation.${batchId}`)) requests.push(await requestConfirmation(ctx, batchId))
  if (askAgreements && ![...pending].some((id) => /^(record-)?agreements\./.test(id)))
    requests.push({ job: 'agreements', payload: { round: `${ctx.clock.now()}` } })
  for (const { date } of openNights) requests.push({ job: 'close-night', payload: { date } })
  const next = requests.filter((request) => !pending.has(jobIdOf(request)) && !failed.has(jobIdOf(request)))
  return { outcome: 'swept', next, facts: { requested: next.length, passed, forecasts } }
}

/** True when what an upkeep task has made is being put on its server, or waits for a person. */
function isOnItsWay({ payload }: UpkeepRequest, ...ids: readonly ReadonlySet<string>[]): boolean {
  const later = [`export.${payload.date}`, `record-export.${payload.date}`]
  return payload.task === 'export' && ids.some((known) => later.some((id) => known.has(id)))
}

/** True when a look at the supplier, whichever number it has, is waiting or running. */
function isLooking(pending: ReadonlySet<string>, date: string, supplierId: string): boolean {
  const starts = [`pull.${date}.${supplierId}.`, `intake.${date}.${supplierId}.`]
  return [...pending].some((id) => starts.some((start) => id.startsWith(start)))
}

function findWork(tx: RegisterTx, ctx: RegisterContext) {
  const files = tx.files.inStates(['stored', 'validated', 'planned', 'held', 'applied', 'rejected'])
  const looks = tx.nights
    .openNights()
    .flatMap(({ date }) => tx.nights.suppliers(date))
    .filter((row) => row.state === 'looking')
    .map(({ date, supplierId, looks }) => ({ date, supplierId, look: looks + 1 }))
  const plans: JobRequest[] = files.flatMap((file) =>
    file.state === 'planned' && file.planHash !== null
      ? [{ job: 'apply', payload: { fileId: file.fileId, planHash: file.planHash } }]
      : [],
  )
  for (const { id } of ctx.settings.suppliers) plans.push(...nextPlans(tx, id))
  for (const hold of tx.files.holds({ state: 'approved' }))
    if (isUnplanned(tx, hold)) plans.push({ job: 'plan', payload: { fileId: hold.fileId } })
  const unreceipted = [...tx.files.withoutReceipt(), ...outdatedReceipts(tx)].map(
    ({ fileId, type }): JobRequest => ({ job: 'prepare-receipt', payload: { fileId, type } }),
  )
  const batches = (state: 'sent' | 'acknowledged') =>
    tx.outbox.inState(state).flatMap(({ batchId }) => (batchId === null ? [] : [batchId]))
  return {
    looks,
    unvalidated: files.filter((file) => file.state === 'stored'),
    plans,
    upkeep: dueUpkeep(ctx, tx),
    receipts: tx.files.receipts({ state: 'prepared' }),
    unreceipted,
    sentBatches: new Set(batches('sent')),
    confirmBatches: new Set(batches('acknowledged')),
  }
}

/** First receipts that do not say yet that a hold of their file has ended. */
function outdatedReceipts(tx: RegisterTx): { readonly fileId: string; readonly type: 'received' }[] {
  const ended = [...tx.files.holds({ state: 'refused' }), ...tx.files.holds({ state: 'expired' })]
  return ended.flatMap(({ fileId, decidedAt }) => {
    const receipt = tx.files.findReceipt(`${fileId}.received`)
    return receipt !== null && receipt.preparedAt < (decidedAt ?? 0) ? [{ fileId, type: 'received' as const }] : []
  })
}
