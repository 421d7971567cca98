import type { Settings } from '../../config/settings.ts'
import { type ChangePlan, type CountedSlice, countedSlices } from '../domain/change-plan.ts'
import type { DeliveryHeader } from '../domain/delivery-file.ts'
import type { RegisterUnit, RegisterView } from '../domain/diff-register.ts'
import { isRelated, traitsOf } from '../domain/find-lineage.ts'
import type { GuardLimit } from '../domain/guard-plan.ts'
import { makePlan, type PlanInput } from '../domain/make-plan.ts'
import { createRuleSet } from '../domain/rules/rule-set.ts'
import type { BusinessDate } from '../domain/time.ts'
import type { UnitRef } from '../domain/unit.ts'
import type { RegisterTx } from '../ports/register.ts'
import { mandateOf } from './mandate-of.ts'
import { ruleSettings } from './rule-settings.ts'
import type { SiftedFile } from './sift-file.ts'

/** A file as validation left it, sifted. */
export interface CheckedFile extends Pick<PlanInput, 'rules' | 'mandate'>, SiftedFile {
  readonly fileId: string
  /** Its night: before which the guard looks back. */
  readonly date: BusinessDate
  readonly header: DeliveryHeader
  readonly ruleSet: string
  readonly rejectedRefs: readonly UnitRef[]
  readonly rejectedWithoutKey: number
}

/** What a supplier's file is planned by: the rules that need the register, and which units it may speak for in its night. */
export function plannedBy(
  settings: Settings,
  { supplierId, date }: { readonly supplierId: string; readonly date: BusinessDate },
): Pick<PlanInput, 'rules' | 'mandate'> {
  return { rules: createRuleSet(ruleSettings(settings)), mandate: mandateOf(settings, supplierId, date) }
}

/** What a file would do to the register as it is now; the one rule for a night and for a look ahead. Writes nothing. */
export function buildPlan(tx: RegisterTx, settings: Settings, file: CheckedFile): ChangePlan {
  const { fileId, date, mandate } = file
  const { kommuneKode } = file.header
  const { nights, times } = settings.guards.history
  return makePlan({
    ...file,
    view: viewFor(tx, file),
    baseVersion: tx.units.kommuneVersion(kommuneKode),
    limits: limitsOf(settings.guards, kommuneKode),
    history: tx.files.appliedCounts(mandate.supplierId, kommuneKode, date, nights),
    routineTimes: times,
    approved: new Set(tx.files.holds({ fileId, state: 'approved' }).map((hold) => hold.sliceHash)),
  })
}

/** The limits of a municipality: its own where it has any. */
export function limitsOf(guards: Settings['guards'], kommuneKode: string): Record<CountedSlice, GuardLimit> {
  const own = guards.kommuner[kommuneKode]
  const entries = countedSlices.map((slice) => [
    slice,
    { ratio: own?.[slice]?.ratio ?? guards[slice].ratio, floor: own?.[slice]?.floor ?? guards[slice].floor },
  ])
  return Object.fromEntries(entries) as Record<CountedSlice, GuardLimit>
}

/** What of the register the records can touch. */
function viewFor(tx: RegisterTx, file: CheckedFile): RegisterView {
  const { records, settled } = file
  const numbersByLokalId = numbersFor(tx, file)
  const units = new Map<string, RegisterUnit>(file.units.map((unit) => [unit.nummer, unit]))
  const add = (numbers: Iterable<string>) => {
    for (const unit of tx.units.byNumbers([...numbers])) units.set(unit.nummer, unit)
  }
  const named = new Set<string>()
  for (const { ref, parent } of records) {
    for (const { nummer, lokalId } of parent === null ? [ref] : [ref, parent]) {
      const found = nummer ?? (lokalId === null ? undefined : numbersByLokalId.get(lokalId))
      if (found !== undefined && !units.has(found)) named.add(found)
    }
  }
  add(named)
  add(relativesOf(tx, file, { units, numbersByLokalId, settled }))
  return { units, numbersByLokalId, settled }
}

/** The supplier's ids that the file names. Where nothing is settled, as after a takeover, all that it has in the municipality too. */
function numbersFor(
  tx: RegisterTx,
  { header, mandate, records, rejectedRefs, settled }: CheckedFile,
): ReadonlyMap<string, string> {
  const refs = [...records.flatMap(({ ref, parent }) => (parent === null ? [ref] : [ref, parent])), ...rejectedRefs]
  const lokalIds = new Set(refs.flatMap(({ lokalId }) => lokalId ?? []))
  const numbers = tx.units.numbersByLokalId(mandate.supplierId, { lokalIds: [...lokalIds] })
  if (settled.size > 0) return numbers
  return new Map([...tx.units.numbersByLokalId(mandate.supplierId, { kommuneKode: header.kommuneKode }), ...numbers])
}

/** Settled units at the place of one that may open or close: the lineage asks for them. */
function relativesOf(tx: RegisterTx, file: CheckedFile, view: RegisterView): string[] {
  const { header, mandate, records, settled, units: rest } = file
  if (settled.size === 0) return []
  const numberOf = ({ nummer, lokalId }: UnitRef) => nummer ?? view.numbersByLokalId.get(lokalId ?? '') ?? ''
  const active = records.filter(({ status }) => status === 'aktiv')
  const staying = new Set(active.map(({ ref }) => numberOf(ref)))
  const opening = active.filter(({ ref }) => view.units.get(numberOf(ref))?.open !== true)
  const closing = rest.filter(({ nummer, ejerformKode }) => !staying.has(nummer) && mandate.ejerformer.includes(ejerformKode))
  const moving = [...opening, ...closing]
  const traits = new Set(moving.flatMap(traitsOf))
  const kinds = [...new Set(moving.map(({ kind }) => kind))]
  const relatives: string[] = []
  if (traits.size === 0) return relatives
  for (const places of tx.units.openPlaces(header.kommuneKode, kinds))
    for (const place of places) if (isRelated(place, traits) && settled.has(place.nummer)) relatives.push(place.nummer)
  return relatives
}
