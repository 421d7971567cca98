import type { ChangePlan } from '../domain/change-plan.ts'
import { FatalError } from '../domain/errors.ts'
import { type Finding, wholeFile } from '../domain/finding.ts'
import { sha256Hex } from '../domain/ids.ts'
import { countSlices, heldSlices } from '../domain/make-plan.ts'
import type { UnitRef } from '../domain/unit.ts'
import type { JobPayloads, JobRequest, StepResult } from '../ports/jobs.ts'
import type { DeliveryFile, Hold } from '../ports/register/files.ts'
import type { RegisterTx } from '../ports/register.ts'
import { buildPlan, plannedBy } from './build-plan.ts'
import type { RegisterContext } from './context.ts'
import { getDocument, putDocument, trusted } from './documents.ts'
import { expireVoidHolds } from './end-holds.ts'
import { closeNight, nextPlans } from './record-validation.ts'
import { siftFile } from './sift-file.ts'
import { toldAnew } from './told-anew.ts'

/**
 * Makes the plan of a validated file, or plans again after an approval. The plan is a blob named by its hash; what may
 * pass is applied next, what may not is a hold. Writes nothing to the units.
 */
export async function planChanges(ctx: RegisterContext, { fileId }: JobPayloads['plan']): Promise<StepResult> {
  const file = ctx.register.read((tx) => findPlannable(tx, fileId))
  if (file === null) return { outcome: 'skipped', next: [] }
  const plan = await planFile(ctx, file)
  const { sha256: planHash } = await putDocument(ctx.files, plan)

  return ctx.register.write((tx) => {
    if (findPlannable(tx, fileId) === null) return { outcome: 'skipped', next: [] }
    const now = ctx.clock.now()
    const replanned = tx.files.plansOf(fileId).length > 0
    const nothingPasses = plan.changes.length === 0 && plan.held.length > 0
    tx.files.insertPlan({
      planHash,
      fileId,
      kommuneKode: plan.kommuneKode,
      baseVersion: plan.baseVersion,
      state: nothingPasses ? 'held' : 'planned',
      createdAt: now,
      appliedAt: null,
      counts: countOperations(plan),
      sliceCounts: countSlices(plan.changes),
    })
    tx.ledger.append({
      at: now,
      type: 'plan',
      subject: planHash,
      facts: { fileId, baseVersion: plan.baseVersion, changes: plan.changes.length, held: plan.held.length },
    })
    const ended = expireVoidHolds(ctx, tx, file, plan.kommuneKode, heldSlices(plan))
    for (const slice of plan.slices) {
      if (slice.verdict === 'pass') continue
      const holdId = `h-${sha256Hex(`${fileId}/${slice.sliceHash}`).slice(0, 12)}`
      if (tx.files.findHold(holdId) !== null) continue
      const { kommuneKode } = plan
      const undecided = { firstBy: null, firstReason: null, firstAt: null, decidedBy: null, reason: null, decidedAt: null }
      tx.files.insertHold({
        ...slice,
        ...undecided,
        state: 'open',
        openedAt: now,
        holdId,
        fileId,
        supplierId: file.supplierId,
        kommuneKode,
        planHash,
        date: file.date,
      })
    }
    if (!replanned) {
      tx.files.addFindings(fileId, plan.findings)
      const counted = countFindings(file.findingCounts, plan)
      tx.files.update(fileId, {
        accepted: file.accepted - plan.counts.rejected,
        rejected: file.rejected + plan.counts.rejected,
        unchanged: plan.counts.unchanged,
        findingCounts: counted,
      })
    }
    tx.files.update(fileId, { state: nothingPasses ? 'held' : 'planned', planHash })
    const next: JobRequest[] = nothingPasses
      ? [{ job: 'prepare-receipt', payload: { fileId, type: 'received' } }, ...nextPlans(tx, file.supplierId), closeNight(file)]
      : [{ job: 'apply', payload: { fileId, planHash } }]
    return {
      outcome: nothingPasses ? 'held' : 'planned',
      next: [...next, ...ended],
      facts: { changes: plan.changes.length, held: plan.held.length },
    }
  })
}

/** The file, when it has no plan yet or a hold of it was approved since its last one; null when this job has come once too often. */
function findPlannable(tx: RegisterTx, fileId: string): DeliveryFile | null {
  const file = tx.files.find(fileId)
  if (file?.state === 'validated') return file
  const approved = () => tx.files.holds({ fileId, state: 'approved' }).some((hold) => isUnplanned(tx, hold))
  return (file?.state === 'held' || file?.state === 'applied') && approved() ? file : null
}

/** True when a hold was approved and its file has not been planned since. */
export function isUnplanned(tx: RegisterTx, { fileId, decidedAt }: Hold): boolean {
  return tx.files.plansOf(fileId).every((plan) => plan.createdAt < (decidedAt ?? 0))
}

/**
 * What validation left of a file, read back, and the plan that follows from it.
 * @throws REGISTER_STATE_UNEXPECTED when the file has not been validated, STORE_BLOB_MISSING
 */
export async function planFile(ctx: RegisterContext, file: DeliveryFile): Promise<ChangePlan> {
  const { fileId, date, header, stagedSha256, rejectedRefsSha256, rejectedWithoutKey, ruleSet } = file
  if (header === null || stagedSha256 === null || rejectedRefsSha256 === null || ruleSet === null) {
    throw new FatalError('REGISTER_STATE_UNEXPECTED', `planning file ${fileId}, which has no validation result`, {
      dataState: 'the register was not touched; the file is kept',
      hint: 'validate the file again',
      facts: { fileId, state: file.state },
    })
  }
  const rejectedRefs = await getDocument(ctx.files, rejectedRefsSha256, trusted<readonly UnitRef[]>())
  const isToldAnew = await toldAnew(ctx, file)
  const checked = { fileId, date, header, ruleSet, rejectedRefs, rejectedWithoutKey, ...plannedBy(ctx.settings, file) }
  const sifted = await siftFile(ctx, { ...checked, stagedSha256, isToldAnew })
  const plan = ctx.register.read((tx) => buildPlan(tx, ctx.settings, { ...checked, ...sifted }))
  return sifted.toldAnew === 0 ? plan : leaveUnchanged(plan, sifted.toldAnew)
}

/** Counts records that a newer file for the same date has told anew: they change nothing. */
function leaveUnchanged(plan: ChangePlan, count: number): ChangePlan {
  const finding: Finding = { ...wholeFile, code: 'FIL-36', level: 'note', facts: { count } }
  const counts = { ...plan.counts, unchanged: plan.counts.unchanged + count }
  return { ...plan, findings: [...plan.findings, finding], counts }
}

export function countFindings(before: Readonly<Record<string, number>>, plan: ChangePlan): Record<string, number> {
  const counts: Record<string, number> = { ...before }
  for (const { code } of plan.findings) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

export function countOperations(plan: ChangePlan): Record<string, number> {
  const counts: Record<string, number> = { held: plan.held.length }
  for (const { operation } of plan.changes) counts[operation] = (counts[operation] ?? 0) + 1
  return counts
}
