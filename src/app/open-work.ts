import type { BusinessDate } from '../domain/time.ts'
import type { RegisterTx } from '../ports/register.ts'
import { unlookedAgreements } from './agreements-due.ts'
import type { RegisterContext } from './context.ts'
import { deltasInMotion } from './finish-files.ts'

/** What a night still waits for. All zero: it can be closed. Work whose job has failed waits for a person, not for the night. */
export interface OpenWork {
  readonly suppliers: number
  readonly files: number
  readonly deltas: number
  readonly receipts: number
}

/** Counts what keeps a night open. */
export function openWork(ctx: RegisterContext, tx: RegisterTx, date: BusinessDate): OpenWork {
  const failed = new Set(tx.failures.open().map((failure) => failure.jobId))
  const hasFailed = (...ids: string[]) => ids.some((id) => failed.has(id))
  const lookFailed = (supplierId: string, look: number) =>
    hasFailed(`pull.${date}.${supplierId}.${look}`, `intake.${date}.${supplierId}.${look}`)
  const fileFailed = (fileId: string, planHash: string | null) =>
    hasFailed(`validate.${fileId}`, `record-validation.${fileId}`, `plan.${fileId}`, `apply.${fileId}.${planHash?.slice(0, 16)}`)

  const suppliers = tx.nights
    .suppliers(date)
    .filter((row) => row.state === 'looking' && !lookFailed(row.supplierId, row.looks + 1))
  const files = tx.files
    .ofNight(date, ['stored', 'validated', 'planned'])
    .filter(({ fileId, planHash }) => !fileFailed(fileId, planHash))
  const receipts = tx.files
    .receipts({ date, state: 'prepared' })
    .filter((row) => !hasFailed(`receipt.${row.receiptId}.${row.inputSha256.slice(0, 16)}`))
  const unreceipted = tx.files.withoutReceipt(date).filter(({ fileId, type }) => !hasFailed(`prepare-receipt.${fileId}.${type}`))
  return {
    suppliers: suppliers.length,
    files: files.length,
    deltas: openDeltas(ctx, tx, failed) + unlookedAgreements(ctx, tx),
    receipts: receipts.length + unreceipted.length,
  }
}

export function isDone(work: OpenWork): boolean {
  return work.suppliers + work.files + work.deltas + work.receipts === 0
}

/** Deltas in motion, without those whose job has failed: they wait for a person. */
function openDeltas(ctx: RegisterContext, tx: RegisterTx, failedIds: ReadonlySet<string>): number {
  // While the target is down no read-back is counted, so none is taken off.
  const counted = tx.outages.found() === null ? ['sent', 'acknowledged'] : ['sent']
  const stuck = [...failedIds].flatMap((id) => {
    const batchId = /^(?:push|record-delivery|confirm|record-confirmation)\.(.+)$/.exec(id)?.[1]
    return batchId === undefined ? [] : tx.outbox.ofBatch(batchId).filter(({ state }) => counted.includes(state))
  })
  return deltasInMotion(ctx, tx) - new Set(stuck.map((delta) => delta.deltaId)).size
}
