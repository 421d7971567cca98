import type { RegisterUnit, RegisterView } from '../diff-register.ts'
import type { Finding } from '../finding.ts'
import type { Settled } from '../sift-records.ts'
import { type FieldName, refKey, type StagedRecord, type UnitFields, type UnitRef } from '../unit.ts'
import { looksOf } from './looks.ts'
import type { RuleSet } from './rule-set.ts'

/** What the register adds to the check of a file. */
export interface RegisterComparison {
  readonly findings: readonly Finding[]
  /** Codes at level `hold`, by refKey of the record. */
  readonly holds: ReadonlyMap<string, readonly string[]>
}

/** Names of fields differ between the formats; here the register's own name is used. */
type Report = (record: StagedRecord, code: string, field: FieldName, facts: Finding['facts']) => void

/**
 * The rules that need both the file and the register: new units that look like ones the register has (LOK-32), and
 * krydsvalidering where one side is only in the register (DTR-06), in both directions: a unit against its
 * daginstitution, and a daginstitution against every unit that stays below it. Pure; finds, and changes nothing.
 */
export function compareWithRegister(records: readonly StagedRecord[], view: RegisterView, rules: RuleSet): RegisterComparison {
  const findings: Finding[] = []
  const holds = new Map<string, string[]>()
  const report: Report = (record, code, field, facts) => {
    const level = rules.levelOf(code)
    const key = refKey(record.ref)
    findings.push({
      code,
      level,
      line: record.position.line,
      column: record.position.column,
      kind: record.kind,
      key,
      field,
      value: record.fields[field]?.slice(0, 200) ?? null,
      facts,
    })
    if (level === 'hold') holds.set(key, [...new Set([...(holds.get(key) ?? []), code])])
  }
  const numberOf = (ref: UnitRef): string | undefined =>
    ref.nummer ?? (ref.lokalId === null ? undefined : view.numbersByLokalId.get(ref.lokalId))
  const named = new Map(records.flatMap((record) => toEntry(numberOf(record.ref), record)))
  const isNamed = (nummer: string): boolean => named.has(nummer) || view.settled.has(nummer)

  findLookAlikes(records, view, isNamed, numberOf, report)
  checkAgainstParents(records, view, isNamed, numberOf, rules, report)
  checkAgainstChildren(view, named, isNamed, rules, report)
  return { findings, holds }
}

/**
 * The settled units that a finding would name the line of, which only their records know: daginstitutioner that do not allow
 * the type of a unit below them.
 * @param units Units of the register that are not settled.
 * @param above Daginstitutioner that stand above them.
 */
export function settledAtOdds(
  units: Iterable<RegisterUnit>,
  above: ReadonlyMap<string, RegisterUnit>,
  settled: Settled,
  rules: RuleSet,
): Set<string> {
  const atOdds = new Set<string>()
  for (const { parentNummer, fields } of units) {
    const parent = parentNummer === null || !settled.has(parentNummer) ? undefined : above.get(parentNummer)
    if (parent !== undefined && !isAllowed(parent.fields, fields.instType3, rules)) atOdds.add(parent.nummer)
  }
  return atOdds
}

function toEntry(nummer: string | undefined, record: StagedRecord): [string, StagedRecord][] {
  return nummer === undefined ? [] : [[nummer, record]]
}

/** A new unit that looks like an open one which the file does not name under its number. */
function findLookAlikes(
  records: readonly StagedRecord[],
  view: RegisterView,
  isNamed: (nummer: string) => boolean,
  numberOf: (ref: UnitRef) => string | undefined,
  report: Report,
): void {
  const fresh = records.filter((record) => record.status === 'aktiv' && numberOf(record.ref) === undefined)
  if (fresh.length === 0) return
  const byLooks = new Map<string, string>()
  for (const unit of view.units.values()) {
    if (unit.open && !isNamed(unit.nummer)) byLooks.set(looksOf(unit.kind, unit.fields), unit.nummer)
  }
  for (const record of fresh) {
    const other = byLooks.get(looksOf(record.kind, record.fields))
    if (other === undefined) continue
    const words =
      record.kind === 'daginstitution'
        ? { basis: 'samme navn i kommunen', basisEn: 'same name in the municipality' }
        : { basis: 'samme navn og adresse', basisEn: 'same name and address' }
    report(record, 'LOK-32', 'navn', { other, ...words })
  }
}

/** A unit whose daginstitution is in the register only; where both are in the file, validation has looked already. */
function checkAgainstParents(
  records: readonly StagedRecord[],
  view: RegisterView,
  isNamed: (nummer: string) => boolean,
  numberOf: (ref: UnitRef) => string | undefined,
  rules: RuleSet,
  report: Report,
): void {
  for (const record of records) {
    if (record.kind !== 'anvisningsenhed' || record.status !== 'aktiv' || record.parent === null) continue
    const parentNumber = numberOf(record.parent)
    const parent = parentNumber === undefined || isNamed(parentNumber) ? undefined : view.units.get(parentNumber)
    if (parent !== undefined) checkPair(record, parent.fields, record.fields.instType3, rules, report, 'instType3')
  }
}

/** A daginstitution in the file against the units the register has below it and the file does not name. */
function checkAgainstChildren(
  view: RegisterView,
  named: ReadonlyMap<string, StagedRecord>,
  isNamed: (nummer: string) => boolean,
  rules: RuleSet,
  report: Report,
): void {
  const silentChildren = new Map<string, RegisterUnit[]>()
  for (const unit of view.units.values()) {
    if (unit.kind !== 'anvisningsenhed' || !unit.open || unit.parentNummer === null || isNamed(unit.nummer)) continue
    silentChildren.set(unit.parentNummer, [...(silentChildren.get(unit.parentNummer) ?? []), unit])
  }
  for (const [nummer, record] of named) {
    if (record.kind !== 'daginstitution' || record.status !== 'aktiv') continue
    for (const child of silentChildren.get(nummer) ?? []) {
      checkPair(record, record.fields, child.fields.instType3, rules, report, 'lovgrundlagKode')
    }
  }
}

function checkPair(
  record: StagedRecord,
  top: UnitFields,
  instType3: string | undefined,
  rules: RuleSet,
  report: Report,
  field: FieldName,
): void {
  if (isAllowed(top, instType3, rules)) return
  const { ejerformKode: ejerform = '', lovgrundlagKode: lovgrundlag = '' } = top
  report(record, 'DTR-06', field, { ejerform, lovgrundlag, instType3: instType3 ?? '' })
}

/** Whether krydsvalidering lets a daginstitution have a unit of this type; where something is missing, it says nothing. */
function isAllowed({ ejerformKode, lovgrundlagKode }: UnitFields, instType3: string | undefined, { kryds }: RuleSet): boolean {
  if (ejerformKode === undefined || lovgrundlagKode === undefined || instType3 === undefined) return true
  return kryds.allows(ejerformKode, lovgrundlagKode, instType3)
}
