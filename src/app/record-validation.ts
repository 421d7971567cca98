import type { DeliveryHeader } from '../domain/delivery-file.ts'
import { groupBy } from '../domain/lists.ts'
import { checkRunningNumber } from '../domain/rules/check-running-number.ts'
import type { ValidationResult } from '../domain/validation.ts'
import type { JobPayloads, JobRequest, StepResult } from '../ports/jobs.ts'
import type { DeliveryFile } from '../ports/register/files.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { effectOrder, holdsLater } from './dated-files.ts'
import { getDocument, trusted } from './documents.ts'
import type { ValidationOutcome } from './validate-file.ts'

/** Records what validation found, checks the running number, and lets the next file of the supplier be planned. */
export async function recordValidation(ctx: RegisterContext, payload: JobPayloads['record-validation']): Promise<StepResult> {
  const { fileId, resultSha256 } = payload
  const outcome = await getDocument(ctx.files, resultSha256, trusted<ValidationOutcome>())
  return ctx.register.write((tx) => {
    const file = tx.files.find(fileId)
    if (file === null || file.state !== 'stored') return { outcome: 'skipped', next: [] }

    const { header } = outcome
    const { rejected, findings, findingCounts } = judgeValidation(tx, file, outcome)
    const deferred = header !== null && !rejected && holdsLater(tx, file, header)
    const state = rejected ? 'rejected' : deferred ? 'deferred' : 'validated'
    tx.files.addFindings(fileId, findings)
    tx.files.update(fileId, {
      state,
      header: outcome.header,
      ruleSet: outcome.ruleSet,
      read: outcome.counts.read,
      accepted: rejected ? 0 : outcome.counts.accepted,
      rejected: rejected ? outcome.counts.read : outcome.counts.rejected,
      findingCounts,
      stagedSha256: outcome.stagedSha256,
      rejectedRefsSha256: outcome.rejectedRefsSha256,
      rejectedWithoutKey: outcome.rejectedWithoutKey,
    })
    if (header !== null && state === 'validated') settleSupplier(tx, file, header)
    const next = nextPlans(tx, file.supplierId)
    if (state !== 'validated') next.push({ job: 'prepare-receipt', payload: { fileId, type: 'received' } }, closeNight(file))
    return { outcome: state, next }
  })
}

/** What validation came to, with what only the register knows: whether the running number is in order. */
export function judgeValidation(
  tx: RegisterTx,
  { supplierId, sha256 }: Pick<DeliveryFile, 'supplierId' | 'sha256'>,
  { verdict, header, findings, findingCounts }: Pick<ValidationResult, 'verdict' | 'header' | 'findings' | 'findingCounts'>,
): { readonly rejected: boolean } & Pick<ValidationResult, 'findings' | 'findingCounts'> {
  const last = header === null ? null : tx.files.lastApplied(supplierId, header.kommuneKode)
  const deferred = header === null ? [] : tx.files.deferred(supplierId, header.kommuneKode)
  const sequence = header === null ? null : checkRunningNumber(header, sha256, last, deferred)
  const rejected = verdict === 'rejected' || sequence?.level === 'file'
  if (sequence === null) return { rejected, findings, findingCounts }
  return { rejected, findings: [sequence, ...findings], findingCounts: { ...findingCounts, [sequence.code]: 1 } }
}

/**
 * Files of a supplier that may be planned now: per municipality those whose date has come, then the lowest running number,
 * once nothing of the supplier is still on its way through validation and could turn out to be an earlier one.
 */
export function nextPlans(tx: RegisterTx, supplierId: string): JobRequest[] {
  const failed = new Set(tx.failures.open().map((failure) => failure.jobId))
  const own = tx.files.inStates(['stored', 'validated', 'planned']).filter((file) => file.supplierId === supplierId)
  const validating = own.some((file) => file.state === 'stored' && !failed.has(`validate.${file.fileId}`))
  if (validating) return []
  const busy = new Set(own.filter((file) => file.state === 'planned').map((file) => file.header?.kommuneKode))
  const waiting = own.filter(({ state, header }) => state === 'validated' && header !== null && !busy.has(header.kommuneKode))
  return [...groupBy(waiting, ({ header }) => header?.kommuneKode).values()]
    .flatMap((files) => effectOrder(tx, files.sort(byRunningNumber)).slice(0, 1))
    .map((file) => ({ job: 'plan', payload: { fileId: file.fileId } }))
}

function byRunningNumber(a: DeliveryFile, b: DeliveryFile): number {
  return (a.header?.loebenummer ?? 0) - (b.header?.loebenummer ?? 0) || a.storedAt - b.storedAt
}

export function closeNight(file: Pick<DeliveryFile, 'date'>): JobRequest {
  return { job: 'close-night', payload: { date: file.date } }
}

/** Once the last expected municipality is here, the supplier is done for the night. */
function settleSupplier(tx: RegisterTx, file: DeliveryFile, header: DeliveryHeader): void {
  const row = tx.nights.suppliers(file.date).find((candidate) => candidate.supplierId === file.supplierId)
  if (row === undefined) return
  const missing = row.missing.filter((kommune) => kommune !== header.kommuneKode)
  const complete = missing.length === 0 && row.problem === null
  tx.nights.putSupplier({ ...row, missing, state: complete ? 'complete' : row.state })
}
