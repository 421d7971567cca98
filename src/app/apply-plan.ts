import type { Change, ChangePlan } from '../domain/change-plan.ts'
import type { RegisterUnit } from '../domain/diff-register.ts'
import type { UnitInContext } from '../domain/institution-record.ts'
import type { UnitLink } from '../domain/lineage.ts'
import { type AppliedChange, linkDeltas, type NewDelta } from '../domain/link-deltas.ts'
import { nextCutoffs } from '../domain/next-cutoff.ts'
import { fromWallTime } from '../domain/time.ts'
import type { Position, UnitRef } from '../domain/unit.ts'
import type { JobPayloads, StepResult } from '../ports/jobs.ts'
import type { DeliveryFile } from '../ports/register/files.ts'
import type { NewVersion } from '../ports/register/units.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { getDocument, trusted } from './documents.ts'
import { finishFiles } from './finish-files.ts'
import { closeNight, nextPlans } from './record-validation.ts'

/**
 * Applies a plan in one transaction: numbers, versions, the supplier's ids, outbox, ledger. Refuses when the
 * municipality's part of the register has moved since the plan was made, and plans again.
 */
export async function applyPlan(ctx: RegisterContext, { fileId, planHash }: JobPayloads['apply']): Promise<StepResult> {
  const plan = await getDocument(ctx.files, planHash, trusted<ChangePlan>())
  return ctx.register.write((tx) => {
    const now = ctx.clock.now()
    const file = tx.files.find(fileId)
    if (file === null || file.state !== 'planned' || file.planHash !== planHash) return { outcome: 'skipped', next: [] }
    if (tx.units.kommuneVersion(plan.kommuneKode) !== plan.baseVersion) {
      tx.files.updatePlan(planHash, { state: 'superseded' })
      tx.files.update(fileId, { state: 'validated', planHash: null })
      return { outcome: 'base moved', next: [{ job: 'plan', payload: { fileId } }] }
    }

    const { applied, resolve } = writeUnits(ctx, tx, plan, planHash, file)
    const { supplierId: actor } = plan
    const common = { fileId, planHash }
    const links = plan.links.flatMap(({ fromNummer, to, relation }): UnitLink[] => {
      const toNummer = resolve(to)
      const said = { relation, evidence: 'udledt', recordedAt: now, actor, ...common, reason: null } as const
      return toNummer === null ? [] : [{ fromNummer, toNummer, ...said }]
    })
    tx.units.addLinks(links)
    const closed = applied.filter((change) => change.operation === 'nedlaeg').map((change) => change.nummer)
    const pending = tx.outbox.pendingOf(numbersAround(applied))
    const deltas = linkDeltas(applied, planHash, pending, tx.outbox.pendingDepartures(closed))
    const queued = replaceRefused(tx, deltas)
    const dated = { ...common, date: file.date, createdAt: now }
    const cutoffs = nextCutoffs(ctx.settings.cutoffs, now)
    for (const delta of queued.deltas) {
      const cutoff = cutoffs.get(delta.operation)
      tx.outbox.insert([delta], { ...dated, cutoffNavn: cutoff?.navn ?? null, cutoffAt: cutoff?.at ?? null })
    }
    for (const { oldId, newId } of queued.superseded) tx.outbox.supersede(oldId, newId)

    tx.files.updatePlan(planHash, { state: 'applied', appliedAt: now })
    tx.files.update(fileId, { state: 'applied', appliedAt: now })
    const version = tx.units.bumpKommuneVersion(plan.kommuneKode)
    tx.ledger.append({
      at: now,
      type: 'apply',
      subject: planHash,
      facts: { fileId, version, deltas: deltas.length, links: links.length },
    })
    return {
      outcome: 'applied',
      next: [
        { job: 'dispatch', payload: { wave: planHash.slice(0, 16) } },
        { job: 'prepare-receipt', payload: { fileId, type: 'received' } },
        ...nextPlans(tx, file.supplierId),
        ...(deltas.length === 0 ? finishFiles(ctx, tx, [file]) : []),
        closeNight(file),
      ],
      facts: { changes: plan.changes.length, deltas: deltas.length },
    }
  })
}

/**
 * Issues numbers, writes a version per change: valid from the start of the date the file names, else from now. Returns each
 * change with the unit before and after it, and which number is whose.
 */
function writeUnits(
  ctx: RegisterContext,
  tx: RegisterTx,
  plan: ChangePlan,
  planHash: string,
  { date, header }: DeliveryFile,
): { readonly applied: AppliedChange[]; readonly resolve: (ref: UnitRef | null) => string | null } {
  const now = ctx.clock.now()
  const from = header?.gyldigFra ? fromWallTime(header.gyldigFra, '00:00') : now
  const told = { actor: plan.supplierId, date, fileId: plan.fileId, planHash, validFrom: from, recordedFrom: now }
  const sinceOf = (nummer: string) => tx.units.asOf(nummer, { at: now, knownAt: now })?.validFrom ?? from
  const opened = plan.changes.filter((change) => change.operation === 'opret')
  const { praefiks, start } = ctx.settings.institutionsnummer
  const issued = tx.units.issueNumbers(opened.length, praefiks, start)
  const numberOf = new Map<Change, string>(opened.map((change, i) => [change, issued[i] as string]))
  const issuedByLokalId = new Map(opened.map((change, i) => [change.lokalId, issued[i] as string]))
  const resolve = (ref: UnitRef | null) => ref?.nummer ?? issuedByLokalId.get(ref?.lokalId ?? null) ?? null

  const units = new Map(unitsBefore(tx, plan, resolve).map((unit) => [unit.nummer, unit]))
  const versions: NewVersion[] = []
  const applied: AppliedChange[] = []
  for (const change of plan.changes) {
    const nummer = numberOf.get(change) ?? change.nummer
    if (nummer === null || change.operation === 'omnoegl') continue
    const before = units.get(nummer)
    const parentNummer =
      change.operation === 'flyt' || change.operation === 'opret' ? resolve(change.parent) : (before?.parentNummer ?? null)
    const after = unitAfter(change, nummer, parentNummer, before, units)
    units.set(nummer, after)
    versions.push(toVersion(after, change.position, told))
    applied.push({
      operation: change.operation,
      kind: change.kind,
      nummer,
      after: change.operation === 'nedlaeg' ? null : toContext(after),
      parentBefore: before?.parentNummer ?? null,
    })
    if (before !== undefined && after.open && rootChanged(before, after))
      // In the past it carries the new root from when it was as it is now, not from before it was there.
      for (const unit of descendantsUnder(after, units))
        versions.push(toVersion(unit, null, { ...told, validFrom: Math.max(from, sinceOf(unit.nummer)) }))
  }
  tx.units.write(versions)
  tx.units.mapLokalIds(
    plan.supplierId,
    plan.changes.flatMap((change) => {
      const nummer = numberOf.get(change) ?? change.nummer
      return change.lokalId === null || nummer === null ? [] : [{ lokalId: change.lokalId, nummer }]
    }),
  )
  return { applied, resolve }
}

/**
 * The municipality's open units that the changes touch, and the parents after them; all of its units when something below a
 * changed unit may have to carry what it inherits.
 */
function unitsBefore(tx: RegisterTx, plan: ChangePlan, resolve: (ref: UnitRef | null) => string | null): readonly RegisterUnit[] {
  const handsDown = ({ operation, changed }: Change) =>
    operation === 'flyt' || changed.includes('admKommuneKode') || changed.includes('ejerformKode')
  if (plan.changes.some(handsDown)) return tx.units.openInKommune(plan.kommuneKode)
  const named = plan.changes.flatMap(({ nummer, parent }) => [nummer, resolve(parent)])
  const numbers = [...new Set(named)].filter((nummer) => nummer !== null)
  return tx.units.byNumbers(numbers).filter((unit) => unit.open && unit.admKommuneKode === plan.kommuneKode)
}

function unitAfter(
  change: Change,
  nummer: string,
  parentNummer: string | null,
  before: RegisterUnit | undefined,
  units: ReadonlyMap<string, RegisterUnit>,
): RegisterUnit {
  const replaces = change.operation === 'opret' || change.operation === 'opdater'
  const fields = replaces ? change.fields : (before?.fields ?? {})
  const parent = parentNummer === null ? undefined : units.get(parentNummer)
  return {
    nummer,
    kind: change.kind,
    parentNummer,
    fields,
    ekstra: replaces ? change.ekstra : (before?.ekstra ?? {}),
    open: change.operation !== 'nedlaeg',
    admKommuneKode: fields.admKommuneKode ?? parent?.admKommuneKode ?? before?.admKommuneKode ?? '',
    ejerformKode: fields.ejerformKode ?? parent?.ejerformKode ?? before?.ejerformKode ?? '',
  }
}

/** Where a state comes from, and when. */
type Told = Pick<NewVersion, 'actor' | 'date' | 'fileId' | 'planHash' | 'validFrom' | 'recordedFrom'>

function toVersion({ open, ...unit }: RegisterUnit, position: Position | null, told: Told): NewVersion {
  return { ...unit, ...told, status: open ? 'aktiv' : 'nedlagt', line: position?.line ?? null }
}

function rootChanged(before: RegisterUnit, after: RegisterUnit): boolean {
  return before.admKommuneKode !== after.admKommuneKode || before.ejerformKode !== after.ejerformKode
}

/** The open units below one whose owner or administration has changed, carrying the new one. */
function descendantsUnder(root: RegisterUnit, units: Map<string, RegisterUnit>): RegisterUnit[] {
  const children = [...units.values()].filter((unit) => unit.open && unit.parentNummer === root.nummer)
  return children.flatMap((child) => {
    const carried = { ...child, admKommuneKode: root.admKommuneKode, ejerformKode: root.ejerformKode }
    units.set(child.nummer, carried)
    return [carried, ...descendantsUnder(carried, units)]
  })
}

function toContext({ nummer, kind, fields, parentNummer, admKommuneKode }: RegisterUnit): UnitInContext {
  return { nummer, kind, fields, parentNummer, admKommuneKode }
}

function numbersAround(applied: readonly AppliedChange[]): string[] {
  return [...new Set(applied.flatMap(({ nummer, after }) => (after?.parentNummer ? [nummer, after.parentNummer] : [nummer])))]
}

/** A change of a number whose last delta was refused takes that one's place; what was never opened is opened now. */
function replaceRefused(
  tx: RegisterTx,
  deltas: readonly NewDelta[],
): { deltas: NewDelta[]; superseded: { oldId: string; newId: string }[] } {
  const refused = tx.outbox.refusedOf(deltas.map((delta) => delta.nummer))
  const superseded: { oldId: string; newId: string }[] = []
  const replaced = deltas.map((delta) => {
    const old = refused.filter((row) => row.nummer === delta.nummer && delta.needs.includes(row.deltaId))
    if (old.length === 0) return delta
    for (const { deltaId } of old) superseded.push({ oldId: deltaId, newId: delta.deltaId })
    const gone = new Set(old.map((row) => row.deltaId))
    const neverOpened = old.some((row) => row.operation === 'opret') && delta.operation === 'opdater'
    return {
      ...delta,
      operation: neverOpened ? ('opret' as const) : delta.operation,
      needs: delta.needs.filter((id) => !gone.has(id)),
    }
  })
  return { deltas: replaced, superseded }
}
