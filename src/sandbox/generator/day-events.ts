import { kommuner } from '../../domain/kommuner.ts'
import { fieldNames, type UnitFields } from '../../domain/unit.ts'
import { createAddress } from './addresses.ts'
import type { StoryKind } from './change-story.ts'
import { createSubscriberPhone } from './contacts.ts'
import {
  changeUnit,
  currentUnit,
  type DayDraft,
  nextSlot,
  openChildren,
  openSubtree,
  openUnit,
  sliceOfUnit,
} from './day-draft.ts'
import { parentKey, type SandboxUnit, unitKey } from './denmark.ts'
import { toCvrNummer, toPNummer } from './identifiers.ts'
import { createUnitName } from './names.ts'
import type { Random } from './random.ts'
import { createAlternativAdresseFields, createAnvisningsenhedFields, toFields, withAddress } from './unit-fields.ts'

/** A way a day can change an anvisningsenhed. */
export interface DayEvent {
  /** What is counted per file; events of one name share their count. */
  readonly name: string
  /** Share of all open anvisningsenheder, 0-1; at least one unit, however small the country. Invented. */
  readonly rate: number
  /** Times in one file, at most, so that no file looks like a mass change to the guard. */
  readonly perSlice: number
  /** Closes or moves units. */
  readonly reshapes: boolean
  /** False when it does not fit this unit; then nothing has happened. */
  readonly happen: (draft: DayDraft, random: Random, unit: SandboxUnit) => boolean
}

/**
 * Together they change between 1 and 2 % of the units. Closings come first, while nothing has been touched; each closes
 * two units at most, which is as many as the guard lets through in the smallest file.
 */
export const dayEvents: readonly DayEvent[] = [
  { name: 'close', rate: 0.0006, perSlice: 1, reshapes: true, happen: closeDaginstitution },
  { name: 'close', rate: 0.0015, perSlice: 1, reshapes: true, happen: closeAnvisningsenhed },
  { name: 'move', rate: 0.002, perSlice: 2, reshapes: true, happen: moveAnvisningsenhed },
  { name: 'rename', rate: 0.0035, perSlice: 2, reshapes: false, happen: rename },
  { name: 'readdress', rate: 0.002, perSlice: 3, reshapes: false, happen: readdress },
  { name: 'rephone', rate: 0.004, perSlice: 5, reshapes: false, happen: rephone },
  { name: 'retype', rate: 0.001, perSlice: 2, reshapes: false, happen: retype },
  { name: 'open', rate: 0.003, perSlice: 3, reshapes: false, happen: openAnvisningsenhed },
  { name: 'open', rate: 0.0008, perSlice: 1, reshapes: false, happen: openDaginstitution },
]

/** Types that a unit may take without another lovgrundlag. */
const otherType: Readonly<Record<string, string>> = { '6010': '6012', '6011': '6014', '6012': '6014', '6014': '6012' }

/** A daginstitution of one unit closes with it, unless it is all that its owner's file holds. */
function closeDaginstitution(draft: DayDraft, _random: Random, unit: SandboxUnit): boolean {
  const parent = currentUnit(draft, parentKey(unit))
  if (parent === undefined || openSubtree(draft, parent).length !== 2 || isAlone(draft, parent)) return false
  closeUnit(draft, unit)
  closeUnit(draft, parent)
  return true
}

function closeAnvisningsenhed(draft: DayDraft, _random: Random, unit: SandboxUnit): boolean {
  const parent = currentUnit(draft, parentKey(unit))
  const children = openChildren(draft, unit)
  if (parent === undefined || children.length > 1 || openChildren(draft, parent).length === 1) return false
  for (const child of children) closeUnit(draft, child)
  closeUnit(draft, unit)
  return true
}

/** To another daginstitution of the same file with the same ownership and legal basis; alternative addresses come along. */
function moveAnvisningsenhed(draft: DayDraft, random: Random, unit: SandboxUnit): boolean {
  const source = currentUnit(draft, parentKey(unit))
  if (source === undefined || openChildren(draft, source).length === 1) return false
  const targets = [...draft.units.values()].filter(
    (candidate) => candidate.kind === 'daginstitution' && candidate !== source && isMoveTarget(source, candidate),
  )
  if (targets.length === 0) return false
  const target = random.pick(targets)
  const following = openChildren(draft, unit).length
  const what = `from ${source.lokalId} to ${target.lokalId}, alternative addresses that follow: ${following}`
  changeUnit(draft, 'moved', { ...unit, parentLokalId: target.lokalId }, what)
  return true
}

/** A daginstitution that has its only unit's name takes the new one too. */
function rename(draft: DayDraft, random: Random, unit: SandboxUnit): boolean {
  const navn = createUnitName(random, {
    instType3: unit.fields.instType3 ?? '',
    byNavn: unit.fields.byNavn ?? 'Legeby',
    capitals: false,
  })
  if (navn === unit.fields.navn) return false
  const parent = currentUnit(draft, parentKey(unit))
  changeFields(draft, 'renamed', unit, { navn })
  const isNamesake = parent !== undefined && parent.fields.navn === unit.fields.navn
  if (isNamesake && openChildren(draft, parent).length === 1) changeFields(draft, 'renamed', parent, { navn })
  return true
}

function readdress(draft: DayDraft, random: Random, unit: SandboxUnit): boolean {
  const { kommuneKode, postNummer } = unit.fields
  if (kommuneKode === undefined || postNummer === undefined) return false
  const fields = withAddress(unit.fields, createAddress(random, kommuneKode, postNummer))
  const what = `adresse: ${unit.fields.vejNavn} ${unit.fields.husNummer} -> ${fields.vejNavn} ${fields.husNummer}`
  changeUnit(draft, 'readdressed', { ...unit, fields }, what)
  return true
}

function rephone(draft: DayDraft, random: Random, unit: SandboxUnit): boolean {
  changeFields(draft, 'rephoned', unit, { telefonNummer: createSubscriberPhone(random) })
  return true
}

function retype(draft: DayDraft, _random: Random, unit: SandboxUnit): boolean {
  const instType3 = otherType[unit.fields.instType3 ?? '']
  if (instType3 === undefined) return false
  changeFields(draft, 'retyped', unit, { instType3 })
  return true
}

/** A new unit beside the given one. */
function openAnvisningsenhed(draft: DayDraft, random: Random, neighbour: SandboxUnit): boolean {
  const parent = currentUnit(draft, parentKey(neighbour))
  if (parent === undefined || draft.touched.has(unitKey(parent))) return false
  addAnvisningsenhed(draft, random, neighbour, parent)
  return true
}

/** A new daginstitution of the neighbour's kind, with one unit and an alternative address. */
function openDaginstitution(draft: DayDraft, random: Random, neighbour: SandboxUnit): boolean {
  const model = currentUnit(draft, parentKey(neighbour))
  if (model === undefined || neighbour.fields.instType3 === '6013') return false
  const navn = createUnitName(random, {
    instType3: neighbour.fields.instType3 ?? '',
    byNavn: neighbour.fields.byNavn ?? 'Legeby',
    capitals: false,
  })
  const fields = { ...model.fields, navn }
  const opened = openUnit(draft, nextSlot(draft, model), { kind: 'daginstitution', parentLokalId: null, fields })
  const unit = addAnvisningsenhed(draft, random, neighbour, opened)
  openUnit(draft, nextSlot(draft, unit), {
    kind: 'alternativAdresse',
    parentLokalId: unit.lokalId,
    fields: createAlternativAdresseFields(random, unit.fields, null),
  })
  return true
}

function addAnvisningsenhed(draft: DayDraft, random: Random, neighbour: SandboxUnit, parent: SandboxUnit): SandboxUnit {
  const slot = nextSlot(draft, parent)
  const { kommuneKode = '', postNummer = '', instType3 = '' } = neighbour.fields
  const ejerformKode = parent.fields.ejerformKode ?? ''
  const fields = createAnvisningsenhedFields(random, {
    place: { kommuneKode, postNummer, instType3, ejerformKode },
    capitals: false,
    taken: new Set(openChildren(draft, parent).map((sibling) => sibling.fields.navn ?? '')),
    cvrNummer: ejerformKode === '1' ? (kommuner.get(parent.admKommuneKode)?.cvr ?? '') : toCvrNummer(slot),
    pNummer: toPNummer(slot),
  })
  return openUnit(draft, slot, { kind: 'anvisningsenhed', parentLokalId: parent.lokalId, fields })
}

function closeUnit(draft: DayDraft, unit: SandboxUnit): void {
  changeUnit(draft, 'closed', { ...unit, status: 'nedlagt' }, `navn: ${unit.fields.navn}`)
}

/** Changes values, and says which. */
function changeFields(draft: DayDraft, change: StoryKind, unit: SandboxUnit, values: UnitFields): void {
  const names = fieldNames.filter((name) => values[name] !== undefined)
  const what = names.map((name) => `${name}: ${unit.fields[name] ?? ''} -> ${values[name]}`).join('; ')
  changeUnit(draft, change, { ...unit, fields: toFields({ ...unit.fields, ...values }) }, what)
}

function isMoveTarget(source: SandboxUnit, candidate: SandboxUnit): boolean {
  return (
    candidate.status === 'aktiv' &&
    sliceOfUnit(candidate) === sliceOfUnit(source) &&
    candidate.fields.ejerformKode === source.fields.ejerformKode &&
    candidate.fields.lovgrundlagKode === source.fields.lovgrundlagKode
  )
}

/** The only open daginstitution of its file. */
function isAlone(draft: DayDraft, daginstitution: SandboxUnit): boolean {
  const open = [...draft.units.values()].filter(
    (unit) => unit.kind === 'daginstitution' && unit.status === 'aktiv' && sliceOfUnit(unit) === sliceOfUnit(daginstitution),
  )
  return open.length === 1
}
