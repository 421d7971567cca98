import { trimBlanks } from '../checks/characters.ts'
import type { Finding } from '../finding.ts'
import type { Limits } from '../limits.ts'
import { type RawRecord, type RecordFault, slotOf } from '../raw-record.ts'
import {
  type FieldName,
  fieldsOf,
  levelOf,
  type Position,
  refKey,
  type StagedRecord,
  type UnitFields,
  type UnitKind,
  type UnitRef,
} from '../unit.ts'
import type { FileContext } from './file-context.ts'
import type { FindingLog } from './finding-log.ts'
import { hashValues } from './fingerprint.ts'
import { createHierarchyRules, findEmptyTops } from './hierarchy-rules.ts'
import { checkLabels } from './label-rules.ts'
import { createLookAlikeRules } from './look-alike-rules.ts'
import { checkName } from './name-rules.ts'
import { checkPlace } from './place-rules.ts'
import { fieldReaders, readLokalId, readNummer, readStatus } from './read-fields.ts'
import { createRecordReporter } from './record-reporter.ts'
import { createUnitIndex } from './unit-index.ts'

/** Holds the records of one file against the rules, one by one, and the file as a whole at its end. */
export interface RecordChecker {
  /** The record in canonical form, or null when a finding drops it. `faults` are what the reader saw wrong with its form. */
  check(raw: RawRecord, faults: readonly RecordFault[]): StagedRecord | null
  /** Counts a record whose form is so wrong that its values cannot be told apart. */
  drop(faults: readonly RecordFault[]): void
  /** The rules about the file as a whole. */
  finish(): void
  read(): number
  rejected(): number
  rejectedWithoutKey(): number
  rejectedRefs(): readonly UnitRef[]
  /** Optional fields that no record had, not even empty, although some could: the file says nothing of them. */
  untold(): readonly FieldName[]
}

/** Fields a file may be silent about; the address itself is always told as a whole. */
const silentFields = [
  'geoBredde',
  'geoLaengde',
  'dawaId',
  'email',
  'telefonNummer',
  'cvrNummer',
] as const satisfies readonly FieldName[]

/** Instead of an id: the record repeats an earlier one word for word, or contradicts it. */
const repeated = -1
const contradicted = -2

/** Starts the check of one file. */
export function createRecordChecker(context: FileContext, log: FindingLog, limits: Limits): RecordChecker {
  const { rules, header } = context
  const expected = Math.min(header.antal ?? 0, limits.records)
  const units = createUnitIndex(expected)
  const reporter = createRecordReporter(rules, log)
  const { report } = reporter
  const hierarchy = createHierarchyRules(context, units, report)
  const lookAlikes = createLookAlikeRules(report, expected)
  const rejectedRefs: UnitRef[] = []
  /** Units whose record was handed on before a later one contradicted it. */
  const withdrawn = new Set<number>()
  const couldTell = new Set<FieldName>()
  let silent: readonly (typeof silentFields)[number][] = silentFields
  let read = 0
  let rejected = 0
  let rejectedWithoutKey = 0
  let dagplejer = 0

  return {
    check,
    drop,
    finish,
    read: () => read,
    rejected: () => rejected,
    rejectedWithoutKey: () => rejectedWithoutKey,
    rejectedRefs: () => rejectedRefs,
    untold: () => silent.filter((field) => couldTell.has(field)),
  }

  function check(raw: RawRecord, faults: readonly RecordFault[]): StagedRecord | null {
    read += 1
    reporter.begin(raw)
    const { kind } = raw
    const ref = { nummer: readNummer(raw, slotOf.nummer, report), lokalId: readLokalId(raw, slotOf.lokalId, report) }
    const hasKey = ref.nummer !== null || ref.lokalId !== null
    reporter.setRef(ref)
    for (const fault of faults) reporter.addFault(fault, raw)
    if (!hasKey && !reporter.isDropped()) report('POST-10', null)
    const parent = kind === 'daginstitution' ? null : readParent(raw)
    const status = readStatus(raw.values[slotOf.status] ?? null, report)
    const fields = readFields(raw)
    const position = raw.position()
    const id = hasKey ? enter(raw, ref, position) : contradicted
    if (id >= 0) hierarchy.check(id, raw, parent, status, fields)
    if (!reporter.isDropped()) compare(raw, fields, position)
    if (reporter.isDropped()) {
      rejected += 1
      if (!hasKey) rejectedWithoutKey += 1
      else if (id !== repeated) rejectedRefs.push(ref)
      if (id >= 0) units.set(id, 'dropped')
      return null
    }
    const staged = { kind, ref, parent, status: status ?? 'aktiv', fields, ekstra: raw.ekstra ?? {}, position } as const
    const hold = reporter.holds()
    return hold === null ? staged : { ...staged, hold }
  }

  function drop(faults: readonly RecordFault[]): void {
    read += 1
    rejected += 1
    rejectedWithoutKey += 1
    for (const fault of faults) reporter.addFault(fault, null)
  }

  /** The parent a unit names; reports its absence. */
  function readParent(raw: RawRecord): UnitRef {
    const nummer = readNummer(raw, slotOf.overordnetNummer, report)
    const lokalId = readLokalId(raw, slotOf.overordnetLokalId, report)
    const isBlank = (slot: number): boolean => trimBlanks(raw.values[slot] ?? '') === ''
    if (isBlank(slotOf.overordnetNummer) && isBlank(slotOf.overordnetLokalId)) report('LOK-22a', slotOf.overordnetNummer)
    return { nummer, lokalId }
  }

  function readFields(raw: RawRecord): UnitFields {
    const fields: Partial<Record<FieldName, string>> = {}
    for (const { field, slot, missing, read: readField } of fieldReaders[raw.kind]) {
      const value = raw.values[slot]
      const text = value === null || value === undefined ? '' : trimBlanks(value)
      if (text !== '') fields[field] = readField(text, slot, report, rules)
      else if (missing !== null) report(missing, slot)
    }
    if (silent.length > 0 && raw.kind !== 'daginstitution') listen(raw)
    return fields
  }

  /** Notes which of the fields that nobody has told yet are told now. */
  function listen(raw: RawRecord): void {
    const still = silent.filter((field) => raw.values[slotOf[field]] === null)
    if (still.length !== silent.length) silent = still
    if (couldTell.size < silentFields.length) for (const field of fieldsOf[raw.kind]) couldTell.add(field)
  }

  /** Enters the unit in the index; a key that stands there already is a duplicate, and then there is no id. */
  function enter(raw: RawRecord, ref: UnitRef, position: Position): number {
    const hash = hashValues(raw.values)
    const level = levelOf(raw.kind)
    const before = units.find(ref)
    if (before === -1) return units.add(ref, level, position.line, position.column, hash)
    const slot = ref.nummer !== null ? slotOf.nummer : slotOf.lokalId
    if (units.contentHash(before) === hash && units.kind(before) === level) {
      report('POST-12', slot, { firstLine: units.line(before) })
      return repeated
    }
    report('POST-11', slot, { key: refKey(ref), firstLine: units.line(before) })
    if (!units.has(before, 'dropped')) withdrawn.add(before)
    return contradicted
  }

  /** Warnings and notes about a record that stands. */
  function compare(raw: RawRecord, fields: UnitFields, position: Position): void {
    if (fields.navn !== undefined) checkName(fields.navn, fields.instType3, report)
    if (header.format === 'eksport-csv') checkLabels(raw, report)
    if (raw.kind !== 'daginstitution') checkPlace(fields, header.kommuneKode, report)
    if (fields.instType3 === '6013') dagplejer += 1
    lookAlikes.check(raw.kind, fields, position.line)
  }

  function finish(): void {
    for (const ref of units.refsOf(withdrawn).values()) rejectedRefs.push(ref)
    rejected += withdrawn.size
    withdrawn.clear()
    if (!context.holdsAll('anvisningsenhed')) return
    if (context.holdsAll('daginstitution')) reportEmptyTops()
    if (dagplejer === 0) log.add(toFinding('LOK-16', null, null, { value: header.kommuneKode }))
  }

  function reportEmptyTops(): void {
    const empty = findEmptyTops(units)
    const listed = empty.slice(0, limits.findingsPerCode)
    const refs = units.refsOf(new Set(listed))
    for (const id of listed) {
      const ref = refs.get(id)
      log.add(
        toFinding('DTR-05', units.line(id), units.column(id), {
          kind: 'daginstitution',
          key: ref === undefined ? null : refKey(ref),
        }),
      )
    }
    for (let more = listed.length; more < empty.length; more++) log.count('DTR-05')
  }

  function toFinding(
    code: string,
    line: number | null,
    column: number | null,
    rest: { readonly kind?: UnitKind; readonly key?: string | null; readonly value?: string },
  ): Finding {
    return { code, level: rules.levelOf(code), line, column, kind: null, key: null, field: null, value: null, facts: {}, ...rest }
  }
}
