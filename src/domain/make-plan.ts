import type { Change, ChangePlan, CountedSlice } from './change-plan.ts'
import type { DeliveryHeader, Mandate } from './delivery-file.ts'
import { diffRegister, type RegisterView } from './diff-register.ts'
import { findLineage } from './find-lineage.ts'
import { type GuardLimit, guardPlan, type NightCounts } from './guard-plan.ts'
import { compareWithRegister } from './rules/compare-with-register.ts'
import type { RuleSet } from './rules/rule-set.ts'
import { refKey, type StagedRecord, type UnitRef } from './unit.ts'

/** All that a plan depends on; the same input gives the same plan and so the same hash. */
export interface PlanInput {
  readonly fileId: string
  readonly header: DeliveryHeader
  /** Name of the rule set the file was validated by. */
  readonly ruleSet: string
  /** The rules that need the register. */
  readonly rules: RuleSet
  readonly records: readonly StagedRecord[]
  readonly rejectedRefs: readonly UnitRef[]
  readonly rejectedWithoutKey: number
  readonly mandate: Mandate
  readonly view: RegisterView
  readonly baseVersion: number
  readonly limits: Readonly<Record<CountedSlice, GuardLimit>>
  /** See GuardInput. */
  readonly history: readonly NightCounts[]
  readonly routineTimes: number
  /** Hashes of slices a person approved for this file. */
  readonly approved: ReadonlySet<string>
}

/** What a file would do to the register as it is now: compared, guarded, ordered, counted. Pure. */
export function makePlan(input: PlanInput): ChangePlan {
  const { header, view } = input
  const diff = diffRegister(
    {
      kommuneKode: header.kommuneKode,
      fuld: header.art === 'fuld',
      niveauer: header.niveauer,
      records: input.records,
      rejectedRefs: input.rejectedRefs,
      ...(header.udenFelter === undefined ? {} : { udenFelter: header.udenFelter }),
    },
    view,
    input.mandate,
  )
  const known = { ...view, numbersByLokalId: new Map([...view.numbersByLokalId, ...diff.foundAgain]) }
  const compared = compareWithRegister(input.records, known, input.rules)
  const mustBeSeen = linesToSee(input.records, compared.holds)
  const changes = diff.changes.map((change) => (mustBeSeen.has(lineOf(change)) ? { ...change, slice: 'regel' as const } : change))
  const guarded = guardPlan({
    ...input,
    changes,
    scopeSize: diff.scopeSize,
    units: view.units,
    rejectedWithoutKey: input.rejectedWithoutKey + countUnknown(input.rejectedRefs, view),
  })
  const changed = linesOf(guarded.pass)
  const heldOnly = [...linesOf(guarded.held)].filter((line) => !changed.has(line)).length
  return {
    fileId: input.fileId,
    supplierId: input.mandate.supplierId,
    kommuneKode: header.kommuneKode,
    art: header.art,
    loebenummer: header.loebenummer,
    ruleSet: input.ruleSet,
    baseVersion: input.baseVersion,
    changes: guarded.pass,
    held: guarded.held,
    slices: guarded.slices,
    links: findLineage({ ...guarded, view, kommuneKode: header.kommuneKode, ejerformer: input.mandate.ejerformer }),
    findings: [...diff.findings, ...compared.findings],
    counts: { changed: changed.size, unchanged: diff.unchanged, held: heldOnly, rejected: diff.rejected },
  }
}

/** Dropped rows under an id that the register does not know: they prove nothing about which units they were. */
function countUnknown(rejectedRefs: readonly UnitRef[], { numbersByLokalId }: RegisterView): number {
  return rejectedRefs.filter(({ nummer, lokalId }) => nummer === null && !numbersByLokalId.has(lokalId ?? '')).length
}

/** How many changes of each kind a plan applies; what the guard of later nights looks back on. */
export function countSlices(changes: readonly Change[]): NightCounts {
  const counts: Partial<Record<CountedSlice, number>> = {}
  for (const { slice } of changes) if (slice !== null && slice !== 'regel') counts[slice] = (counts[slice] ?? 0) + 1
  return counts
}

/** Hashes of the slices of a plan that wait for a person. */
export function heldSlices({ slices }: ChangePlan): Set<string> {
  return new Set(slices.flatMap(({ verdict, sliceHash }) => (verdict === 'held' ? [sliceHash] : [])))
}

/** The records that a rule, of the file or of the register, wants a person to see before they change anything. */
function linesToSee(records: readonly StagedRecord[], holds: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = records.filter((record) => record.hold !== undefined || holds.has(refKey(record.ref)))
  return new Set(seen.map(lineOf))
}

/** The records behind changes, by their place in the file; a close by absence has none. */
function linesOf(changes: readonly Change[]): Set<string> {
  return new Set(changes.filter(({ position }) => position !== null).map(lineOf))
}

function lineOf({ position }: Pick<Change, 'position'>): string {
  return position === null ? '' : `${position.line}:${position.column}`
}
