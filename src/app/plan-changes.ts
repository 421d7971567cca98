import type { ChangePlan } from '../domain/change-plan.ts'
import type { RegisterUnit, RegisterView } from '../domain/diff-register.ts'
import { FatalError } from '../domain/errors.ts'
import { sha256Hex } from '../domain/ids.ts'
import { makePlan } from '../domain/make-plan.ts'
import { createRuleSet } from '../domain/rules/rule-set.ts'
import { refKey, type StagedRecord, type UnitRef } from '../domain/unit.ts'
import type { JobPayloads, JobRequest, StepResult } from '../ports/jobs.ts'
import type { DeliveryFile } from '../ports/register/files.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { getDocument, putDocument, readLines, trusted } from './documents.ts'
import { mandateOf } from './mandate-of.ts'
import { closeNight, nextPlans } from './record-validation.ts'
import { ruleSettings } from './rule-settings.ts'

/**
 * Makes the plan of a validated file, or plans again after an approval. The plan is a blob named by its hash; what may
 * pass is applied next, what may not is a hold. Writes nothing to the units.
 */
export async function planChanges(ctx: RegisterContext, { fileId }: JobPayloads['plan']): Promise<StepResult> {
  const file = ctx.register.read((tx) => tx.files.find(fileId))
  if (file === null || !['validated', 'held', 'applied'].includes(file.state)) return { outcome: 'skipped', next: [] }
  const plan = await buildPlan(ctx, file)
  const { sha256: planHash } = await putDocument(ctx.files, plan)

  return ctx.register.write((tx) => {
    const now = ctx.clock.now()
    const replanned = file.state !== 'validated'
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
    })
    tx.ledger.append({
      at: now,
      type: 'plan',
      subject: planHash,
      facts: { fileId, baseVersion: plan.baseVersion, changes: plan.changes.length, held: plan.held.length },
    })
    expireOlderHolds(tx, file, plan.kommuneKode, now)
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
    return { outcome: nothingPasses ? 'held' : 'planned', next, facts: { changes: plan.changes.length, held: plan.held.length } }
  })
}

/** The plan of a file against the register as it is now. */
async function buildPlan(ctx: RegisterContext, file: DeliveryFile): Promise<ChangePlan> {
  const { header, stagedSha256, rejectedRefsSha256, ruleSet } = file
  if (header === null || stagedSha256 === null || rejectedRefsSha256 === null || ruleSet === null) {
    throw new FatalError('REGISTER_STATE_UNEXPECTED', `planning file ${file.fileId}, which has no validation result`, {
      dataState: 'the register was not touched; the file is kept',
      hint: 'validate the file again',
      facts: { fileId: file.fileId, state: file.state },
    })
  }
  const rejectedRefs = await getDocument(ctx.files, rejectedRefsSha256, trusted<readonly UnitRef[]>())
  // A record may have been taken back by a later line, as a duplicate is; it was mentioned, but it does not stand.
  const takenBack = new Set(rejectedRefs.map(refKey))
  const records: StagedRecord[] = []
  for await (const line of readLines(ctx.files, stagedSha256)) {
    const record = JSON.parse(line) as StagedRecord
    if (!takenBack.has(refKey(record.ref))) records.push(record)
  }
  return ctx.register.read((tx) =>
    makePlan({
      fileId: file.fileId,
      header,
      ruleSet,
      rules: createRuleSet(ruleSettings(ctx.settings)),
      records,
      rejectedRefs,
      rejectedWithoutKey: file.rejectedWithoutKey,
      mandate: mandateOf(ctx.settings, file.supplierId),
      view: viewFor(tx, file.supplierId, header.kommuneKode, records),
      baseVersion: tx.units.kommuneVersion(header.kommuneKode),
      limits: ctx.settings.guards,
      approved: new Set(tx.files.holds({ fileId: file.fileId, state: 'approved' }).map((hold) => hold.sliceHash)),
    }),
  )
}

/** The municipality's open units, and every unit that a record names by number or by the supplier's own id. */
function viewFor(tx: RegisterTx, supplierId: string, kommuneKode: string, records: readonly StagedRecord[]): RegisterView {
  const numbersByLokalId = tx.units.numbersByLokalId(supplierId)
  const units = new Map<string, RegisterUnit>(tx.units.openInKommune(kommuneKode).map((unit) => [unit.nummer, unit]))
  const named = new Set<string>()
  for (const { ref, parent } of records) {
    for (const { nummer, lokalId } of parent === null ? [ref] : [ref, parent]) {
      const found = nummer ?? (lokalId === null ? undefined : numbersByLokalId.get(lokalId))
      if (found !== undefined && !units.has(found)) named.add(found)
    }
  }
  for (const unit of tx.units.byNumbers([...named])) units.set(unit.nummer, unit)
  return { units, numbersByLokalId }
}

/** A newer file of the same supplier and municipality speaks for itself: what an older one left open lapses, unapplied. */
function expireOlderHolds(tx: RegisterTx, file: DeliveryFile, kommuneKode: string, now: number): void {
  for (const hold of tx.files.holds({ state: 'open' })) {
    if (hold.supplierId !== file.supplierId || hold.kommuneKode !== kommuneKode || hold.fileId === file.fileId) continue
    tx.files.updateHold(hold.holdId, { state: 'expired', decidedAt: now, reason: `replaced by file ${file.fileId}` })
  }
}

function countFindings(before: Readonly<Record<string, number>>, plan: ChangePlan): Record<string, number> {
  const counts: Record<string, number> = { ...before }
  for (const { code } of plan.findings) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

function countOperations(plan: ChangePlan): Record<string, number> {
  const counts: Record<string, number> = { held: plan.held.length }
  for (const { operation } of plan.changes) counts[operation] = (counts[operation] ?? 0) + 1
  return counts
}
