import { trimBlanks } from '../checks/characters.ts'
import { ejerformer, institutionstyper } from '../code-tables.ts'
import type { Finding } from '../finding.ts'
import { parseKommuneKode } from '../ids.ts'
import { kommuner } from '../kommuner.ts'
import type { Limits } from '../limits.ts'
import { postnumre } from '../postnumre.ts'
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
  unitKinds,
} from '../unit.ts'
import type { FileContext } from './file-context.ts'
import type { FindingLog } from './finding-log.ts'
import { addLooseText, addText, type Fingerprint, finishFingerprint, hashValues, startFingerprint } from './fingerprint.ts'
import { createFingerprintIndex } from './fingerprint-index.ts'
import { checkName } from './name-rules.ts'
import { fieldReaders, readLokalId, readNummer, readStatus } from './read-fields.ts'
import type { Report } from './report.ts'
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
const noFacts: Readonly<Record<string, string | number>> = {}

/** Starts the check of one file. */
export function createRecordChecker(context: FileContext, log: FindingLog, limits: Limits): RecordChecker {
  const { rules, header } = context
  const units = createUnitIndex()
  const expected = Math.min(header.antal ?? 0, limits.records)
  const pNumbers = createFingerprintIndex(expected)
  const lookAlikes = createFingerprintIndex(expected)
  const print: Fingerprint = { high: 0, low: 0 }
  const ejerformCodes = [...ejerformer.keys()]
  const grundlagKeys = [...new Set(rules.lovgrundlagOf.values())]
  const rejectedRefs: UnitRef[] = []
  const withdrawn = new Set<number>()
  let read = 0
  let rejected = 0
  let rejectedWithoutKey = 0
  let dagplejer = 0
  let silent: readonly (typeof silentFields)[number][] = silentFields
  const couldTell = new Set<FieldName>()

  // The record at hand.
  let raw: RawRecord
  let ref: UnitRef = { nummer: null, lokalId: null }
  let dropped = false
  let holds: string[] = []
  let lastParent: UnitRef = { nummer: null, lokalId: null }
  let lastParentId = -1

  const report: Report = (code, slot, facts = noFacts) => {
    const level = rules.levelOf(code)
    if (level === 'record') dropped = true
    else if (level === 'hold' && !holds.includes(code)) holds.push(code)
    if (!log.wants(code, level)) {
      log.count(code)
      return
    }
    const { line, column } = slot === null ? raw.position() : raw.positionOf(slot)
    const value = slot === null ? null : raw.values[slot]
    log.add({
      code,
      level,
      line,
      column,
      kind: raw.kind,
      key: ref.nummer === null && ref.lokalId === null ? null : refKey(ref),
      field: slot === null ? null : raw.labelOf(slot),
      value: value === null || value === undefined ? null : value.slice(0, 200),
      facts,
    })
  }

  const addFault = (fault: RecordFault, kind: UnitKind | null): void => {
    const level = rules.levelOf(fault.code)
    if (level === 'record') dropped = true
    log.add({
      code: fault.code,
      level,
      line: fault.position.line,
      column: fault.position.column,
      kind,
      key: kind === null || (ref.nummer === null && ref.lokalId === null) ? null : refKey(ref),
      field: fault.field,
      value: fault.value === null ? null : fault.value.slice(0, 200),
      facts: fault.facts,
    })
  }

  const check = (record: RawRecord, faults: readonly RecordFault[]): StagedRecord | null => {
    read += 1
    raw = record
    dropped = false
    holds = []
    const { kind, values } = record
    ref = { nummer: null, lokalId: null }
    const nummer = readNummer(values[slotOf.nummer] ?? null, slotOf.nummer, report)
    const lokalId = readLokalId(values[slotOf.lokalId] ?? null, slotOf.lokalId, report)
    ref = { nummer, lokalId }
    for (const fault of faults) addFault(fault, kind)
    const hasKey = nummer !== null || lokalId !== null
    if (!hasKey && !dropped) report('POST-10', null)
    const parent = kind === 'daginstitution' ? null : readParent()
    const status = readStatus(values[slotOf.status] ?? null, report)
    const fields = readFieldsOf(kind)
    if (silent.length > 0 && kind !== 'daginstitution') listen(kind)
    const position = record.position()
    const id = hasKey ? enter(position) : -1
    if (id >= 0) relate(id, kind, parent, status, fields)
    if (!dropped) compare(kind, fields, position)
    if (dropped) {
      rejected += 1
      if (!hasKey) rejectedWithoutKey += 1
      else if (id !== repeated) rejectedRefs.push(ref)
      if (id >= 0) units.set(id, 'dropped')
      return null
    }
    const staged = { kind, ref, parent, status: status ?? 'aktiv', fields, ekstra: record.ekstra ?? {}, position } as const
    return holds.length === 0 ? staged : { ...staged, hold: holds }
  }

  /** The parent a unit names; reports its absence. */
  const readParent = (): UnitRef => {
    const nummer = readNummer(raw.values[slotOf.overordnetNummer] ?? null, slotOf.overordnetNummer, report)
    const lokalId = readLokalId(raw.values[slotOf.overordnetLokalId] ?? null, slotOf.overordnetLokalId, report)
    if (nummer === null && lokalId === null && !isFilled(slotOf.overordnetNummer) && !isFilled(slotOf.overordnetLokalId)) {
      report('LOK-22a', slotOf.overordnetNummer)
    }
    return { nummer, lokalId }
  }

  const isFilled = (slot: number): boolean => trimBlanks(raw.values[slot] ?? '') !== ''

  const readFieldsOf = (kind: UnitKind): UnitFields => {
    const fields: Partial<Record<(typeof fieldReaders)[UnitKind][number]['field'], string>> = {}
    for (const { field, slot, missing, read: readField } of fieldReaders[kind]) {
      const value = raw.values[slot]
      const text = value === null || value === undefined ? '' : trimBlanks(value)
      if (text !== '') fields[field] = readField(text, slot, report, rules)
      else if (missing !== null) report(missing, slot)
    }
    return fields
  }

  /** Notes which of the fields that nobody has told yet are told now. */
  const listen = (kind: UnitKind): void => {
    const still = silent.filter((field) => raw.values[slotOf[field]] === null)
    if (still.length !== silent.length) silent = still
    if (couldTell.size < silentFields.length) for (const field of fieldsOf[kind]) couldTell.add(field)
  }

  /** Enters the unit in the index; a key that stands there already is a duplicate, and then there is no id. */
  const enter = (position: Position): number => {
    const hash = hashValues(raw.values)
    const before = units.find(ref)
    if (before === -1) return units.add(ref, levelOf(raw.kind), position.line, position.column, hash)
    const slot = ref.nummer !== null ? slotOf.nummer : slotOf.lokalId
    if (units.contentHash(before) === hash && units.kind(before) === levelOf(raw.kind)) {
      report('POST-12', slot, { firstLine: units.line(before) })
      return repeated
    }
    report('POST-11', slot, { key: refKey(ref), firstLine: units.line(before) })
    if (!units.has(before, 'dropped')) withdrawn.add(before)
    return contradicted
  }

  /** The rules between a unit and what stands above it. */
  const relate = (
    id: number,
    kind: UnitKind,
    parent: UnitRef | null,
    status: 'aktiv' | 'nedlagt' | null,
    fields: UnitFields,
  ): void => {
    if (status === 'nedlagt') units.set(id, 'closed')
    if (kind === 'daginstitution') {
      if (
        fields.admKommuneKode !== undefined &&
        kommuner.has(fields.admKommuneKode) &&
        fields.admKommuneKode !== header.kommuneKode
      ) {
        report('LOK-23', slotOf.admKommuneKode, { kommune: header.kommuneKode })
      }
      units.setTop(id, id)
      units.setOwnership(
        id,
        ejerformCodes.indexOf(fields.ejerformKode ?? '') + 1,
        grundlagKeys.indexOf(fields.lovgrundlagKode ?? '') + 1,
      )
      if (isOutsideMandate(fields.ejerformKode)) {
        report('DTR-11b', slotOf.ejerformKode)
        units.set(id, 'withoutMandate')
      }
      return
    }
    checkOwnMunicipality()
    if (parent === null || (parent.nummer === null && parent.lokalId === null)) return
    const above = findParent(parent)
    const parentLevel = levelOf(kind) - 1
    const parentKind = unitKinds[parentLevel] ?? 'daginstitution'
    if (above === -1) {
      if (context.holdsAll(parentKind)) report('DTR-07', parentSlot(parent), { parent: refKey(parent) })
      else if (isOutsideMandate(rowEjerform())) report('DTR-11b', slotOf.ejerformKode)
      checkRowOwner(fields)
      return
    }
    if (units.kind(above) !== parentLevel) {
      report('DTR-07', parentSlot(parent), { parent: refKey(parent) })
      return
    }
    units.set(above, 'hasChild')
    const top = units.top(above)
    units.setTop(id, top)
    if (units.has(above, 'dropped') && (parent.nummer === null || units.has(above, 'withoutMandate'))) {
      if (units.has(above, 'withoutMandate')) units.set(id, 'withoutMandate')
      report('POST-13', parentSlot(parent), { parent: refKey(parent), parentLine: units.line(above) })
      return
    }
    if (status === 'aktiv' && units.has(above, 'closed')) {
      report('DTR-08', parentSlot(parent), { parent: refKey(parent), parentLine: units.line(above) })
    }
    if (top === -1 || units.has(top, 'dropped')) return
    compareWithTop(top, kind, status, fields)
  }

  /** Children of one parent mostly stand together. */
  const findParent = (parent: UnitRef): number => {
    if (parent.nummer !== lastParent.nummer || parent.lokalId !== lastParent.lokalId || lastParentId === -1) {
      lastParent = parent
      lastParentId = units.find(parent)
    }
    return lastParentId
  }

  const parentSlot = (parent: UnitRef): number => (parent.nummer !== null ? slotOf.overordnetNummer : slotOf.overordnetLokalId)

  const rowEjerform = (): string | undefined => {
    const value = raw.values[slotOf.ejerformKode]
    return value === null || value === undefined ? undefined : trimBlanks(value)
  }

  const isOutsideMandate = (ejerform: string | undefined): boolean =>
    context.mandate !== null &&
    ejerform !== undefined &&
    rules.ejerformKoder.has(ejerform) &&
    !context.mandate.ejerformer.includes(ejerform)

  /** The CSV layout repeats the owner's municipality on every row. */
  const checkOwnMunicipality = (): void => {
    const value = raw.values[slotOf.admKommuneKode]
    if (value === null || value === undefined || value === '' || value === header.kommuneKode) return
    const code = parseKommuneKode(value)
    if (code === null) report('DTR-02c', slotOf.admKommuneKode)
    else if (code !== header.kommuneKode) report('LOK-23', slotOf.admKommuneKode, { kommune: header.kommuneKode })
  }

  /** What a unit says of its daginstitution, and what its daginstitution allows it to be. */
  const compareWithTop = (top: number, kind: UnitKind, status: 'aktiv' | 'nedlagt' | null, fields: UnitFields): void => {
    const ejerform = ejerformCodes[units.ejerform(top) - 1]
    const grundlag = grundlagKeys[units.lovgrundlag(top) - 1]
    const own = rowEjerform()
    if (own !== undefined && own !== '' && ejerform !== undefined && own !== ejerform) {
      report('LOK-26', slotOf.ejerformKode, { parentValue: ejerform })
    }
    if (ejerform === undefined) return
    checkCvrAgainstOwner(ejerform, fields)
    if (kind !== 'anvisningsenhed' || status !== 'aktiv' || grundlag === undefined) return
    const type = fields.instType3
    if (type !== undefined && rules.instTypeKoder.has(type) && !rules.kryds.allows(ejerform, grundlag, type)) {
      report('DTR-06', slotOf.instType3, { ejerform, lovgrundlag: grundlag, instType3: type })
    }
  }

  const checkCvrAgainstOwner = (ejerform: string, fields: UnitFields): void => {
    const cvr = fields.cvrNummer
    if (cvr === undefined || context.kommuneCvr === '') return
    if (ejerform === '1' && cvr !== context.kommuneCvr) report('LOK-04', slotOf.cvrNummer, { kommune: context.kommuneNavn })
    if ((ejerform === '2' || ejerform === '3') && cvr === context.kommuneCvr) {
      report('LOK-05', slotOf.cvrNummer, { kommune: context.kommuneNavn })
    }
  }

  /** Warnings and notes about a record that stands. */
  const compare = (kind: UnitKind, fields: UnitFields, position: Position): void => {
    if (fields.navn !== undefined) checkName(fields.navn, fields.instType3, report)
    checkTwins()
    if (kind === 'daginstitution') {
      lookForTwin(position, fields, 0, 'samme navn i kommunen', 'same name in the municipality')
      return
    }
    if (kind === 'anvisningsenhed' && fields.instType3 === '6013') dagplejer += 1
    checkPlace(fields)
    checkSharedPNumber(fields.pNummer, position)
    lookForTwin(position, fields, levelOf(kind), 'samme navn og adresse', 'same name and address')
  }

  /** Without its daginstitution in the file, a CSV row still says who owns it. */
  const checkRowOwner = (fields: UnitFields): void => {
    const own = rowEjerform()
    if (own !== undefined && own !== '') checkCvrAgainstOwner(own, fields)
  }

  const checkPlace = (fields: UnitFields): void => {
    const { kommuneKode, postNummer } = fields
    if (kommuneKode !== undefined && kommuneKode !== header.kommuneKode)
      report('LOK-15', slotOf.kommuneKode, { kommune: header.kommuneKode })
    const known = postNummer === undefined ? undefined : postnumre.get(postNummer)
    if (known !== undefined && kommuneKode !== undefined && !known.kommuneKoder.includes(kommuneKode)) {
      report('LOK-10b', slotOf.postNummer, { kommune: kommuneKode })
    }
    if (fields.byNavn === undefined) report('LOK-12', slotOf.byNavn)
    else if (fields.geoBredde === undefined) report('LOK-12', slotOf.geoBredde)
    else if (fields.geoLaengde === undefined) report('LOK-12', slotOf.geoLaengde)
  }

  const checkSharedPNumber = (pNummer: string | undefined, position: Position): void => {
    if (pNummer === undefined) return
    const value = Number(pNummer)
    const firstLine = pNumbers.firstLine(
      Math.floor(value / 0x1_0000_0000),
      Math.imul(value % 0x1_0000_0000, 0x9e3779b1),
      position.line,
    )
    if (firstLine !== 0) report('LOK-06', slotOf.pNummer, { firstLine })
  }

  const lookForTwin = (position: Position, fields: UnitFields, seed: number, basis: string, basisEn: string): void => {
    if (fields.navn === undefined) return
    startFingerprint(print, seed)
    addLooseText(print, fields.navn)
    if (seed !== 0) {
      addLooseText(print, fields.vejNavn ?? '')
      addLooseText(print, fields.husNummer ?? '')
      addText(print, fields.postNummer ?? '')
    }
    finishFingerprint(print)
    const firstLine = lookAlikes.firstLine(print.high, print.low, position.line)
    if (firstLine !== 0) report('LOK-07', slotOf.navn, { firstLine, basis, basisEn })
  }

  /** The CSV layout puts a label beside each code; one that says something else is a sign of shifted columns. */
  const checkTwins = (): void => {
    checkTwin(slotOf.ejerformTekst, slotOf.ejerformKode, ejerformTextOf)
    checkTwin(slotOf.instType3Tekst, slotOf.instType3, instTypeTextOf)
    checkTwin(slotOf.admKommuneTekst, slotOf.admKommuneKode, kommuneTextOf)
    checkTwin(slotOf.kommuneTekst, slotOf.kommuneKode, kommuneTextOf)
  }

  const checkTwin = (textSlot: number, codeSlot: number, textOf: (code: string) => string | undefined): void => {
    const text = raw.values[textSlot]
    const code = raw.values[codeSlot]
    if (text === null || text === undefined || text === '' || code === null || code === undefined || code === '') return
    const expected = textOf(code)
    if (expected === undefined || expected === text) return
    const loose = trimBlanks(text).toLowerCase()
    // One consumer of the export writes "Private" for "Privat".
    if (!loose.startsWith(expected.toLowerCase())) report('LOK-25', textSlot, { code })
  }

  const finish = (): void => {
    if (header.art === 'fuld' && context.holdsAll('anvisningsenhed')) {
      if (context.holdsAll('daginstitution')) findEmptyParents()
      if (dagplejer === 0) log.add(fileFinding('LOK-16', header.kommuneKode))
    }
    for (const withdrawnRef of units.refsOf(withdrawn).values()) rejectedRefs.push(withdrawnRef)
    rejected += withdrawn.size
    withdrawn.clear()
  }

  const fileFinding = (code: string, value: string): Finding => ({
    code,
    level: rules.levelOf(code),
    line: null,
    column: null,
    kind: null,
    key: null,
    field: null,
    value,
    facts: noFacts,
  })

  const findEmptyParents = (): void => {
    const empty: number[] = []
    for (let id = 0; id < units.size; id++) {
      if (units.kind(id) !== 0 || units.has(id, 'hasChild') || units.has(id, 'dropped') || units.has(id, 'closed')) continue
      if (empty.length < limits.findingsPerCode) empty.push(id)
      else log.count('DTR-05')
    }
    const refs = units.refsOf(new Set(empty))
    for (const id of empty) {
      const emptyRef = refs.get(id)
      log.add({
        code: 'DTR-05',
        level: rules.levelOf('DTR-05'),
        line: units.line(id),
        column: units.column(id),
        kind: 'daginstitution',
        key: emptyRef === undefined ? null : refKey(emptyRef),
        field: null,
        value: null,
        facts: noFacts,
      })
    }
  }

  return {
    check,
    drop(faults) {
      read += 1
      rejected += 1
      rejectedWithoutKey += 1
      ref = { nummer: null, lokalId: null }
      for (const fault of faults) addFault(fault, null)
    },
    finish,
    read: () => read,
    rejected: () => rejected,
    rejectedWithoutKey: () => rejectedWithoutKey,
    rejectedRefs: () => rejectedRefs,
    untold: () => silent.filter((field) => couldTell.has(field)),
  }
}

function ejerformTextOf(code: string): string | undefined {
  return ejerformer.get(code)?.tekst
}

function instTypeTextOf(code: string): string | undefined {
  return institutionstyper.get(code)?.tekst
}

function kommuneTextOf(code: string): string | undefined {
  return kommuner.get(code)?.navn
}
