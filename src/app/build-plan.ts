import type { Settings } from '../../config/settings.ts'
import { type ChangePlan, type CountedSlice, countedSlices } from '../domain/change-plan.ts'
import type { DeliveryHeader } from '../domain/delivery-file.ts'
import type { RegisterUnit, RegisterView } from '../domain/diff-register.ts'
import type { GuardLimit } from '../domain/guard-plan.ts'
import { makePlan } from '../domain/make-plan.ts'
import { createRuleSet } from '../domain/rules/rule-set.ts'
import type { BusinessDate } from '../domain/time.ts'
import { type StagedRecord, type UnitRef, withoutTakenBack } from '../domain/unit.ts'
import type { RegisterTx } from '../ports/register.ts'
import { mandateOf } from './mandate-of.ts'
import { ruleSettings } from './rule-settings.ts'

/** A file as validation left it. */
export interface CheckedFile {
  readonly fileId: string
  readonly supplierId: string
  /** Its night: whose mandates count, and before which the guard looks back. */
  readonly date: BusinessDate
  readonly header: DeliveryHeader
  readonly ruleSet: string
  /** As they came, those included that a later line took back. */
  readonly records: readonly StagedRecord[]
  readonly rejectedRefs: readonly UnitRef[]
  readonly rejectedWithoutKey: number
}

/** What a file would do to the register as it is now; the one rule for a night and for a look ahead. Writes nothing. */
export function buildPlan(tx: RegisterTx, settings: Settings, file: CheckedFile): ChangePlan {
  const { fileId, supplierId, date, header } = file
  const records = withoutTakenBack(file.records, file.rejectedRefs)
  const { nights, times } = settings.guards.history
  return makePlan({
    ...file,
    records,
    rules: createRuleSet(ruleSettings(settings)),
    mandate: mandateOf(settings, supplierId, date),
    view: viewFor(tx, supplierId, header.kommuneKode, records),
    baseVersion: tx.units.kommuneVersion(header.kommuneKode),
    limits: limitsOf(settings.guards, header.kommuneKode),
    history: tx.files.appliedCounts(supplierId, header.kommuneKode, date, nights),
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
