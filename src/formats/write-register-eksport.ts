import { lovgrundlag } from '../domain/code-tables.ts'
import { type Instant, toBusinessDate, toIso } from '../domain/time.ts'
import type { UnitFields, UnitKind } from '../domain/unit.ts'
import { byteOrderMark } from './csv-cell.ts'
import { type EksportColumn, eksportColumns, fieldOfColumn, numberColumn } from './eksport-columns.ts'
import { cellOf, toCsvLine } from './eksport-row.ts'

/** A unit as it is exported: how it was at one moment. */
export interface EksportUnit {
  readonly nummer: string
  readonly kind: UnitKind
  readonly parentNummer: string | null
  readonly status: 'aktiv' | 'nedlagt'
  readonly fields: UnitFields
  /** Of the daginstitution above, or itself. */
  readonly admKommuneKode: string
  readonly ejerformKode: string
  readonly validFrom: Instant
}

/** Turns units into a file, one at a time: what stands before them, each of them, and what stands behind. */
export interface EksportWriter {
  readonly head: string
  /** Empty for a unit that the file leaves out. */
  unit(unit: EksportUnit): string
  readonly tail: string
}

/** The suppliers' own ids are no part of the register. */
const exported = eksportColumns.filter((column) => column !== 'lokalId' && column !== 'overordnetLokalId')

/** Columns of a file of one level: its own number first, then what the level can fill. */
const levelColumns: Readonly<Record<UnitKind, readonly EksportColumn[]>> = {
  daginstitution: columnsWithout('daginstitution', (column) => isAddress(column) || isBelow(column, 'daginstitution')),
  anvisningsenhed: columnsWithout(
    'anvisningsenhed',
    (column) => column.startsWith('lovgrundlag') || isBelow(column, 'anvisningsenhed'),
  ),
  alternativAdresse: columnsWithout('alternativAdresse', (column) => column.startsWith('lovgrundlag') || isUnitsOwn(column)),
}

/**
 * Writes the register in its public CSV layout: the combined file, or that of one level. Columns without a value in the
 * register stay empty. `ekstra` is left out: it holds what suppliers send beside the model, and nobody has said it is public.
 * @param tal The integer for a section key of lovgrundlagKode.
 */
export function createCsvEksport(niveau: UnitKind | null, tal: (noegle: string) => string): EksportWriter {
  const columns = niveau === null ? exported : levelColumns[niveau]
  const cells = columns.map((column) => cellOf[column])
  const topOf = new Map<string, string>()
  const dateOf = cachedDates()
  return {
    head: byteOrderMark + toCsvLine(columns),
    unit({ nummer, kind, parentNummer, status, fields, ejerformKode, admKommuneKode, validFrom }) {
      if (kind === 'anvisningsenhed' && parentNummer !== null) topOf.set(nummer, parentNummer)
      if (niveau !== null && niveau !== kind) return ''
      const parent = parentNummer ?? undefined
      const row = {
        kind,
        daginstitutionsNummer:
          kind === 'daginstitution' ? nummer : kind === 'anvisningsenhed' ? parent : topOf.get(parentNummer ?? ''),
        anvisningsenhedsNummer: kind === 'anvisningsenhed' ? nummer : kind === 'alternativAdresse' ? parent : undefined,
        alternativAdresseNummer: kind === 'alternativAdresse' ? nummer : undefined,
        status,
        fields,
        ejerformKode,
        admKommuneKode,
        lovgrundlagTal: fields.lovgrundlagKode === undefined ? undefined : tal(fields.lovgrundlagKode),
        senestOpdateret: dateOf(validFrom),
      }
      return toCsvLine(cells.map((cell) => cell(row)))
    },
    tail: '',
  }
}

/** What a JSON export says of itself. `naeste` is where to go on with the changes. */
export interface EksportHead {
  readonly register: string
  readonly naeste: string
  readonly kommune: string | null
  readonly niveau: UnitKind | null
  /** Null: the newest state. */
  readonly gaelder: Instant | null
  readonly kendt: Instant | null
}

/** Writes the register as JSON, a unit a line; schema: config/schemas/eksport-1.schema.json. */
export function createJsonEksport(head: EksportHead): EksportWriter {
  const { gaelder, kendt, ...rest } = head
  const said = { ...rest, gaelder: isoOrNull(gaelder), kendt: isoOrNull(kendt) }
  let first = true
  return {
    head: `{"format":"dagtilbud-eksport-1",${JSON.stringify(said).slice(1, -1)},"enheder":[`,
    unit(unit) {
      if (head.niveau !== null && head.niveau !== unit.kind) return ''
      const line = `${first ? '' : ','}\n${JSON.stringify(toUnitDocument(unit))}`
      first = false
      return line
    },
    tail: '\n]}\n',
  }
}

/** A unit as our JSON documents have it; the names of its values are those of the data model. */
export function toUnitDocument(unit: EksportUnit) {
  return {
    nummer: unit.nummer,
    art: unit.kind,
    overordnet: unit.parentNummer,
    status: unit.status,
    admKommuneKode: unit.admKommuneKode,
    ejerformKode: unit.ejerformKode,
    gyldigFra: toIso(unit.validFrom),
    felter: unit.fields,
  }
}

/**
 * The integer of a section of the law: what the setting maps to it, else the synthetic one, as STIL's are not public.
 * @param codeMap Integer -> section key.
 */
export function lovgrundlagTal(codeMap: Readonly<Record<string, string>>): (noegle: string) => string {
  const own = [...lovgrundlag.values()].map(({ kode, proeveKode }) => [kode, proeveKode] as const)
  const set = Object.entries(codeMap).map(([tal, noegle]) => [noegle, tal] as const)
  const byKey = new Map([...own, ...set])
  return (noegle) => byKey.get(noegle) ?? noegle
}

function columnsWithout(kind: UnitKind, isLeftOut: (column: EksportColumn) => boolean): readonly EksportColumn[] {
  const own = numberColumn[kind]
  const rest = exported.filter((column) => column !== own && column !== 'dagtilbudsType' && !isLeftOut(column))
  return [own, ...rest]
}

/** Number columns of the levels below. */
function isBelow(column: EksportColumn, kind: UnitKind): boolean {
  if (column === 'alternativAdresseNummer') return kind !== 'alternativAdresse'
  return column === 'anvisningsenhedsNummer' && kind === 'daginstitution'
}

/** What a daginstitution has none of: type, place and who is reached there. */
function isAddress(column: EksportColumn): boolean {
  const ofTop = ['navn', 'status', 'ejerformKode', 'ejerformTekst', 'admKommuneKode', 'admKommuneTekst', 'lovgrundlagKode']
  const field = fieldOfColumn[column]
  return field !== undefined && !ofTop.includes(field)
}

function isUnitsOwn(column: EksportColumn): boolean {
  return ['instType3', 'instType3_Tekst', 'email', 'telefonNummer'].includes(column)
}

/** Many units became valid at the same moment, and the calendar is slow. */
function cachedDates(): (at: Instant) => string {
  const dates = new Map<Instant, string>()
  return (at) => {
    let date = dates.get(at)
    if (date === undefined) {
      date = toBusinessDate(at)
      dates.set(at, date)
    }
    return date
  }
}

function isoOrNull(at: Instant | null): string | null {
  return at === null ? null : toIso(at)
}
