import type { Change } from './change-plan.ts'
import type { Mandate } from './delivery-file.ts'
import { type Finding, recordFinding } from './finding.ts'
import { canonicalJson } from './ids.ts'
import { compareText, groupBy } from './lists.ts'
import { keepUntold } from './rules/keep-untold.ts'
import { looseText } from './rules/looks.ts'
import type { Settled } from './sift-records.ts'
import {
  type FieldName,
  fieldsOf,
  levelOf,
  parentKind,
  refKey,
  type StagedRecord,
  type UnitFields,
  type UnitKind,
  type UnitRef,
} from './unit.ts'

/** A unit as the register holds it now. */
export interface RegisterUnit {
  readonly nummer: string
  readonly kind: UnitKind
  readonly parentNummer: string | null
  readonly fields: UnitFields
  readonly ekstra: Readonly<Record<string, string>>
  readonly open: boolean
  /** admKommuneKode and ejerformKode of the daginstitution above (or itself): who may speak for the unit. */
  readonly admKommuneKode: string
  readonly ejerformKode: string
}

/** The part of the register that a file can touch, as a plain value. */
export interface RegisterView {
  /**
   * Open units of the municipality, and any unit a record names by number, open or closed. Of the settled ones only those
   * that stand above a record, and those that share a place with a unit that may open or close.
   */
  readonly units: ReadonlyMap<string, RegisterUnit>
  /** The supplier's own ids -> numbers: those that the file names, and all of the municipality's where nothing is settled. */
  readonly numbersByLokalId: ReadonlyMap<string, string>
  /** Units whose records were set aside, since they say what the register has. */
  readonly settled: Settled
}

/** What a file says, after validation. */
export interface FileContent {
  readonly kommuneKode: string
  readonly fuld: boolean
  readonly niveauer: readonly UnitKind[]
  /** Its records, but for those that were set aside. */
  readonly records: readonly StagedRecord[]
  /** Units whose rows were dropped; they are mentioned, so they are not missing. */
  readonly rejectedRefs: readonly UnitRef[]
  /** Fields that the file does not mention at all; the register's values stand. */
  readonly udenFelter?: readonly FieldName[]
}

/** The changes a file asks for, before the guard. */
export interface RegisterDiff {
  readonly changes: readonly Change[]
  readonly findings: readonly Finding[]
  /** Units found again under another id of the supplier: the id -> the number. */
  readonly foundAgain: ReadonlyMap<string, string>
  readonly unchanged: number
  readonly rejected: number
  /** Open units within the file's scope: what a ratio is measured against. */
  readonly scopeSize: number
}

/**
 * Compares what a file says with the register. Moves and re-keys are found before anything counts as missing;
 * a close is proposed only by a `fuld` file within the supplier's mandate, or by a record that asks for it.
 * The result is in no particular order; `orderChanges` gives the order of application.
 */
export function diffRegister(content: FileContent, view: RegisterView, mandate: Mandate): RegisterDiff {
  const scope = [...view.units.values()].filter(
    (unit) =>
      unit.open &&
      !view.settled.has(unit.nummer) &&
      unit.admKommuneKode === content.kommuneKode &&
      mandate.ejerformer.includes(unit.ejerformKode) &&
      content.niveauer.includes(unit.kind),
  )
  const mentioned = new Set<string>()
  for (const ref of content.rejectedRefs) {
    const nummer = numberOf(ref, view)
    if (nummer !== undefined) mentioned.add(nummer)
  }
  const { numbers, foundAgain } = findNumbers(
    content,
    view,
    scope.filter((unit) => !mentioned.has(unit.nummer)),
  )
  const twins = findTwins(numbers)

  const changes: Change[] = []
  const findings: Finding[] = []
  const placed = placeSettled(content.records, view)
  let unchanged = view.settled.size
  let rejected = 0
  const inOrder = [...content.records].sort((a, b) => levelOf(a.kind) - levelOf(b.kind))
  for (const record of inOrder) {
    const nummer = numbers.get(record) ?? null
    const current = nummer === null ? undefined : view.units.get(nummer)
    const twin = twins.get(record)
    const problem =
      twin === undefined
        ? checkPlace(record, nummer, current, content, view, mandate, placed)
        : recordFinding('POST-11', record, { key: nummer ?? '', firstLine: twin.position.line })
    if (nummer !== null) mentioned.add(nummer)
    if (problem !== null) {
      findings.push(problem)
      rejected += 1
      continue
    }
    const before = changes.length
    if (record.status === 'nedlagt') {
      if (current?.open === true) changes.push(close(current, record))
    } else if (current === undefined) {
      changes.push(open(record, resolveParent(record, view, placed)))
    } else {
      const told = { ...record, fields: keepUntold(record.fields, current.fields, content) }
      changes.push(...compare(told, current, resolveParent(record, view, placed), view))
    }
    for (const key of keysOf(record.ref)) placed.set(key, { nummer, lokalId: record.ref.lokalId })
    if (changes.length === before) unchanged += 1
  }

  if (content.fuld) {
    for (const unit of scope) if (!mentioned.has(unit.nummer)) changes.push(close(unit, null))
  }
  return { changes, findings, foundAgain, unchanged, rejected, scopeSize: scope.length + view.settled.size }
}

/** Parents are opened first, then moves, updates and re-keys, then closes from the leaves up. Source: register policy, "create in order", "no cascade". */
export function orderChanges(changes: readonly Change[]): Change[] {
  return [...changes].sort((a, b) => rankOf(a) - rankOf(b) || compareText(orderKey(a), orderKey(b)))
}

/** Position of a change in the order of application and of sending; equal ranks may go side by side. */
export function rankOf(change: Pick<Change, 'operation' | 'kind'>): number {
  const level = levelOf(change.kind)
  switch (change.operation) {
    case 'opret':
      return level
    case 'flyt':
      return 3
    case 'opdater':
      return 4
    case 'omnoegl':
      return 5
    case 'nedlaeg':
      return 8 - level
  }
}

function orderKey(change: Change): string {
  return change.nummer ?? `~${change.lokalId}`
}

/**
 * The number of each record that has one: given, known by the supplier's id, or found again under a new id.
 * @param unmentioned Open units of the scope that no dropped row names; the only ones that can have a new id.
 */
function findNumbers(
  content: FileContent,
  view: RegisterView,
  unmentioned: readonly RegisterUnit[],
): { readonly numbers: ReadonlyMap<StagedRecord, string>; readonly foundAgain: ReadonlyMap<string, string> } {
  const numbers = new Map<StagedRecord, string>()
  const unknown: StagedRecord[] = []
  for (const record of content.records) {
    const byLokalId = record.ref.lokalId === null ? undefined : view.numbersByLokalId.get(record.ref.lokalId)
    // A closed number is never opened again: the id gets a new number when its unit comes back. Source: register policy.
    const comesBack = record.status === 'aktiv' && byLokalId !== undefined && view.units.get(byLokalId)?.open === false
    const known = comesBack ? undefined : byLokalId
    const nummer = record.ref.nummer ?? known
    if (nummer !== undefined) numbers.set(record, nummer)
    else if (record.status === 'aktiv') unknown.push(record)
  }
  const taken = new Set(numbers.values())
  const missing = unmentioned.filter((unit) => !taken.has(unit.nummer))
  const found = findAgain(unknown, missing, content.fuld, takesOver(content, view, unmentioned))
  for (const [record, nummer] of found) numbers.set(record, nummer)
  return {
    numbers,
    foundAgain: new Map([...found].map(([{ ref }, nummer]) => [ref.lokalId ?? '', nummer])),
  }
}

/** True for a supplier that has just been chosen and knows no numbers: none of its ids is known for any unit it may speak for. */
function takesOver({ records }: FileContent, view: RegisterView, scope: readonly RegisterUnit[]): boolean {
  if (view.settled.size > 0) return false
  const named = new Set(view.numbersByLokalId.values())
  return records.every(({ ref }) => ref.nummer === null) && scope.every((unit) => !named.has(unit.nummer))
}

/**
 * Units that stand in the file under an id we have never seen, among those that it does not name otherwise. In everyday use
 * all of what makes a unit the same must agree, and only a `fuld` file says that a unit is missing. A supplier that takes a
 * municipality over writes every id anew, and many a name in its own way: there, in a `fuld` file, one telling trait is
 * enough, as long as nothing else has it.
 */
function findAgain(
  unknown: readonly StagedRecord[],
  missing: readonly RegisterUnit[],
  fuld: boolean,
  takeover: boolean,
): ReadonlyMap<StagedRecord, string> {
  const found = new Map<StagedRecord, string>()
  if (unknown.length === 0 || missing.length === 0 || !(fuld || takeover)) return found
  const gone = new Set<string>()
  for (const traitOf of takeover && fuld ? [identityOf, ...tellingTraits] : [identityOf]) {
    const units = groupBy(
      missing.filter((unit) => !gone.has(unit.nummer)),
      (unit) => traitOf(unit.kind, unit.fields),
    )
    const records = groupBy(
      unknown.filter((record) => !found.has(record)),
      (record) => traitOf(record.kind, record.fields),
    )
    for (const [trait, [record, ...others]] of records) {
      const [unit, ...moreUnits] = units.get(trait) ?? []
      if (trait === '' || record === undefined || unit === undefined || others.length + moreUnits.length > 0) continue
      found.set(record, unit.nummer)
      gone.add(unit.nummer)
    }
  }
  return found
}

/** Rows that name one unit in different ways, by number and by the supplier's id, each with another of them: validation cannot see it. */
function findTwins(numbers: ReadonlyMap<StagedRecord, string>): ReadonlyMap<StagedRecord, StagedRecord> {
  const first = new Map<string, StagedRecord>()
  const twins = new Map<StagedRecord, StagedRecord>()
  for (const [record, nummer] of numbers) {
    const other = first.get(nummer)
    if (other === undefined) {
      first.set(nummer, record)
      continue
    }
    twins.set(record, other)
    if (!twins.has(other)) twins.set(other, record)
  }
  return twins
}

/** What makes two units the same when the supplier's id has changed: level, name, place and P-number. Ours, not the register's. */
export function identityOf(kind: UnitKind, fields: UnitFields): string {
  return canonicalJson([
    kind,
    fields.navn,
    fields.vejNavn,
    fields.husNummer,
    fields.postNummer,
    fields.pNummer,
    fields.ejerformKode,
  ])
}

/** What tells a unit from all others on its own, the surest first; empty when it is not there. Ours. */
const tellingTraits: readonly ((kind: UnitKind, fields: UnitFields) => string)[] = [
  (kind, { navn, pNummer }) => (pNummer === undefined ? '' : canonicalJson([kind, pNummer, looseText(navn)])),
  (kind, fields) => (fields.vejNavn === undefined ? '' : canonicalJson([kind, placeOf(fields), looseText(fields.navn)])),
  (kind, { pNummer }) => (pNummer === undefined ? '' : canonicalJson([kind, pNummer])),
  (kind, fields) => (fields.vejNavn === undefined ? '' : canonicalJson([kind, placeOf(fields), fields.instType3])),
  (kind, { navn }) => (parentKind[kind] === null ? canonicalJson([kind, looseText(navn)]) : ''),
]

/** What makes an address whole. */
export const addressParts = ['vejNavn', 'husNummer', 'etage', 'doer', 'postNummer'] as const satisfies readonly FieldName[]

/** The whole address as one text; case and blanks make no difference. Empty when there is none. */
export function placeOf(fields: UnitFields): string {
  return fields.vejNavn === undefined ? '' : looseText(addressParts.map((part) => fields[part]).join('|'))
}

/** The settled units that stand above records, by the names that the file has for them. */
function placeSettled(records: readonly StagedRecord[], { settled, numbersByLokalId }: RegisterView): Map<string, UnitRef> {
  const placed = new Map<string, UnitRef>()
  for (const { parent } of records) {
    for (const nummer of [parent?.nummer, numbersByLokalId.get(parent?.lokalId ?? '')]) {
      if (nummer == null || !settled.has(nummer)) continue
      const ref = settled.get(nummer) ?? { nummer, lokalId: null }
      for (const key of keysOf(ref)) placed.set(key, { nummer, lokalId: ref.lokalId })
    }
  }
  return placed
}

function checkPlace(
  record: StagedRecord,
  nummer: string | null,
  current: RegisterUnit | undefined,
  content: FileContent,
  view: RegisterView,
  mandate: Mandate,
  placed: ReadonlyMap<string, UnitRef>,
): Finding | null {
  if (nummer !== null && current === undefined) return recordFinding('REG-01', record, {})
  if (current !== undefined && current.kind !== record.kind) return recordFinding('REG-02', record, { niveau: current.kind })
  if (current !== undefined && !current.open && record.status === 'aktiv') return recordFinding('DTR-10', record, {})
  if (current !== undefined && current.admKommuneKode !== content.kommuneKode)
    return recordFinding('DTR-09', record, { kommune: current.admKommuneKode })
  if (current !== undefined && !mandate.ejerformer.includes(current.ejerformKode))
    return recordFinding('REG-03', record, { ejerform: current.ejerformKode })
  if (nummer === null && record.status === 'nedlagt') return recordFinding('REG-01', record, {})
  if (parentKind[record.kind] === null || record.status === 'nedlagt') return null

  const parent = resolveParent(record, view, placed)
  if (parent === null) return recordFinding('DTR-07b', record, { parent: record.parent === null ? '' : refKey(record.parent) })
  const parentUnit = parent.nummer === null ? undefined : view.units.get(parent.nummer)
  if (parentUnit !== undefined && !parentUnit.open) return recordFinding('DTR-07b', record, { parent: parentUnit.nummer })
  if (parentUnit !== undefined && parentUnit.admKommuneKode !== content.kommuneKode)
    return recordFinding('DTR-09', record, { kommune: parentUnit.admKommuneKode })
  if (parentUnit !== undefined && !mandate.ejerformer.includes(parentUnit.ejerformKode))
    return recordFinding('REG-03', record, { ejerform: parentUnit.ejerformKode })
  if (parentUnit !== undefined && parentUnit.kind !== parentKind[record.kind])
    return recordFinding('DTR-07b', record, { parent: parentUnit.nummer })
  return null
}

/** The parent a record names: one of the file's own records, or a unit of the register. Null when there is no such unit. */
function resolveParent(record: StagedRecord, view: RegisterView, placed: ReadonlyMap<string, UnitRef>): UnitRef | null {
  if (record.parent === null) return null
  for (const key of keysOf(record.parent)) {
    const inFile = placed.get(key)
    if (inFile !== undefined) return inFile
  }
  const nummer = numberOf(record.parent, view)
  return nummer !== undefined && view.units.has(nummer) ? { nummer, lokalId: null } : null
}

function open(record: StagedRecord, parent: UnitRef | null): Change {
  return { ...base(record, null, parent), operation: 'opret', fields: record.fields }
}

function close(unit: RegisterUnit, record: StagedRecord | null): Change {
  return {
    operation: 'nedlaeg',
    kind: unit.kind,
    nummer: unit.nummer,
    lokalId: record?.ref.lokalId ?? null,
    parent: unit.parentNummer === null ? null : { nummer: unit.parentNummer, lokalId: null },
    fields: {},
    changed: [],
    ekstra: {},
    position: record?.position ?? null,
    slice: 'nedlaeg',
  }
}

function compare(record: StagedRecord, current: RegisterUnit, parent: UnitRef | null, view: RegisterView): Change[] {
  const changes: Change[] = []
  const shared = base(record, current.nummer, parent)
  if (parent !== null && parent.nummer !== current.parentNummer) changes.push({ ...shared, operation: 'flyt', slice: 'flyt' })
  const changed = fieldsOf[record.kind].filter((name) => (record.fields[name] ?? '') !== (current.fields[name] ?? ''))
  if (changed.length > 0 || canonicalJson(record.ekstra) !== canonicalJson(current.ekstra)) {
    changes.push({ ...shared, operation: 'opdater', fields: record.fields, changed, slice: sliceOf(changed) })
  }
  if (record.ref.lokalId !== null && view.numbersByLokalId.get(record.ref.lokalId) !== current.nummer)
    changes.push({ ...shared, operation: 'omnoegl' })
  return changes
}

/** The most serious kind of change among the fields: who owns it, what it is in CVR, what it is called. */
function sliceOf(changed: readonly FieldName[]): Change['slice'] {
  if (changed.some((name) => name === 'ejerformKode' || name === 'lovgrundlagKode' || name === 'admKommuneKode'))
    return 'ejerskab'
  if (changed.some((name) => name === 'cvrNummer' || name === 'pNummer')) return 'identitet'
  return changed.includes('navn') ? 'omdoeb' : null
}

function base(record: StagedRecord, nummer: string | null, parent: UnitRef | null): Omit<Change, 'operation'> {
  return {
    kind: record.kind,
    nummer,
    lokalId: record.ref.lokalId,
    parent,
    fields: {},
    changed: [],
    ekstra: record.ekstra,
    position: record.position,
    slice: null,
  }
}

function numberOf({ nummer, lokalId }: UnitRef, { numbersByLokalId }: RegisterView): string | undefined {
  return nummer ?? (lokalId === null ? undefined : numbersByLokalId.get(lokalId))
}

function keysOf(ref: UnitRef): string[] {
  return [ref.nummer, ref.lokalId === null ? null : `lokal:${ref.lokalId}`].filter((key) => key !== null)
}
