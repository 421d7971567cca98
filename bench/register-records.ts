import { kommuner } from '../src/domain/kommuner.ts'
import type { StagedRecord, UnitFields, UnitKind } from '../src/domain/unit.ts'

/** One unit of the measured country: what a file says of it, on both of its nights. */
export interface MeasuredUnit {
  readonly nummer: string
  readonly kind: UnitKind
  readonly parent: string | null
  readonly fields: UnitFields
}

/** A daginstitution, two units under it and an alternative adresse. */
const familySize = 4
/** One record in this many is another on the second night; of ten of those, one is new and one is gone. */
const changedEvery = 100
const perLetter = 100_000

/** The units of one of `files` files that share `records` records between them, a whole number of families each. */
export function unitsOfFile(records: number, files: number, file: number): MeasuredUnit[] {
  const families = Math.ceil(records / files / familySize)
  const kommune = kommuneOf(files, file)
  return Array.from({ length: families }, (_, i) => toFamily(file * families + i, kommune)).flat()
}

/** The municipality a file speaks for. */
export function kommuneOf(files: number, file: number): string {
  const codes = [...kommuner.keys()]
  return files === 1 ? '101' : (codes[file % codes.length] as string)
}

/** The same units on the second night: one in a hundred changed, new or gone. */
export function nextNight(units: readonly MeasuredUnit[], file: number): { units: MeasuredUnit[]; opened: StagedRecord[] } {
  const next: MeasuredUnit[] = []
  const opened: StagedRecord[] = []
  let changes = file
  for (const [i, unit] of units.entries()) {
    if (i % changedEvery !== changedEvery - 1) {
      next.push(unit)
      continue
    }
    changes += 1
    // An alternative adresse, the last of its family, is what is closed or opened; nothing stands under it.
    if (changes % 10 === 0) continue
    next.push({ ...unit, fields: { ...unit.fields, navn: `${unit.fields.navn} nord` } })
    if (changes % 10 === 5)
      opened.push(toStaged({ ...unit, nummer: '', fields: { ...unit.fields, navn: 'Ny gruppe' } }, `ny-${unit.nummer}`))
  }
  return { units: next, opened }
}

/** What validation hands on of a record. */
export function toStaged(unit: MeasuredUnit, lokalId: string | null = null, line = 1): StagedRecord {
  const { nummer, kind, parent, fields } = unit
  return {
    kind,
    ref: { nummer: nummer === '' ? null : nummer, lokalId },
    parent: parent === null ? null : { nummer: parent, lokalId: null },
    status: 'aktiv',
    fields,
    ekstra: {},
    position: { line, column: 1 },
  }
}

function toFamily(n: number, kommune: string): MeasuredUnit[] {
  const numbers = Array.from({ length: familySize }, (_, i) => toNumber(n * familySize + i))
  const [top = '', first = '', second = '', other = ''] = numbers
  const address = toAddress(n, kommune)
  const unit = (nummer: string, i: number): MeasuredUnit => ({
    nummer,
    kind: 'anvisningsenhed',
    parent: top,
    fields: {
      navn: `Børnehuset Søstjernen ${n * 2 + i}`,
      instType3: '6012',
      ...address,
      email: `enhed${n * 2 + i}@dagtilbud.example`,
      telefonNummer: `1${String((n * 2 + i) % 10_000_000).padStart(7, '0')}`,
      cvrNummer: '64942212',
      pNummer: `10${String(n * 2 + i).padStart(8, '0')}`,
    },
  })
  const fields = { navn: `Klyngen Æblevangen ${n}`, ejerformKode: '1', lovgrundlagKode: 'DTL19.2', admKommuneKode: kommune }
  return [
    { nummer: top, kind: 'daginstitution', parent: null, fields },
    unit(first, 0),
    unit(second, 1),
    { nummer: other, kind: 'alternativAdresse', parent: first, fields: { navn: `Skovgruppen ${n}`, ...address } },
  ]
}

function toAddress(n: number, kommuneKode: string): UnitFields {
  const digits = String(n).padStart(12, '0')
  return {
    vejNavn: `Ærtevænget ${n % 500}`,
    husNummer: `${1 + (n % 199)}`,
    postNummer: '2100',
    byNavn: 'København Ø',
    kommuneKode,
    geoBredde: `55.7${digits.slice(-7)}`,
    geoLaengde: `12.5${digits.slice(-7)}`,
    dawaId: `0a3f507a-93e7-32b8-e044-${digits}`,
  }
}

/** A letter and five digits; the letters from A on, so that a million have room. Z is left to the numbers that are issued. */
function toNumber(n: number): string {
  return `${String.fromCharCode(65 + Math.floor(n / perLetter))}${String(n % perLetter).padStart(5, '0')}`
}
