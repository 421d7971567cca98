import { isLongerThan, trimBlanks } from '../domain/checks/characters.ts'
import type { DeliveryHeader } from '../domain/delivery-file.ts'
import type { Limits } from '../domain/limits.ts'
import { type RawFieldName, type RawRecord, type RecordFault, rawFieldNames, slotOf } from '../domain/raw-record.ts'
import { type FieldName, type Position, type UnitKind, unitKinds } from '../domain/unit.ts'
import { type CsvLimits, type CsvRow, createCsvRows } from './csv-rows.ts'
import type { DeliveryName } from './delivery-name.ts'
import { type EksportColumn, eksportColumns, fieldOfColumn, numberColumn } from './eksport-columns.ts'
import { FileStop } from './file-stop.ts'
import type { RecordHandler } from './record-handler.ts'
import type { RecordReader } from './record-reader.ts'

/** Other names for a column, seen in the public export's files or in code that reads them; compared without case and marks. */
const aliases: Readonly<Record<string, EksportColumn>> = {
  navn: 'dagtilbudsNavn',
  anvisningsenhedsnavn: 'dagtilbudsNavn',
  enhedsnavn: 'dagtilbudsNavn',
  daginstitutionsnavn: 'dagtilbudsNavn',
  alternativadressenavn: 'dagtilbudsNavn',
  enhedsnummer: 'anvisningsenhedsNummer',
  status: 'aktivitetsstatus',
  pnr: 'pNummer',
  cvr: 'cvrNummer',
}

/** Columns that a file may leave out: labels, marks, and what the public export does not have. */
const optionalColumns = new Set<EksportColumn>([
  'ejerformKode_Tekst',
  'instType3_Tekst',
  'admKommuneKode_Tekst',
  'kommuneKode_Tekst',
  'lovgrundlagKode_Tekst',
  'senestOpdateret',
  'dawaId',
  'etage',
  'doer',
  'lokalId',
  'overordnetLokalId',
])

/** Columns of a level's own file; the combined file has them all. */
const columnsOfLevel: Readonly<Record<UnitKind, readonly EksportColumn[]>> = {
  daginstitution: [
    'daginstitutionsNummer',
    'dagtilbudsNavn',
    'aktivitetsstatus',
    'ejerformKode',
    'admKommuneKode',
    'lovgrundlagKode',
  ],
  anvisningsenhed: [
    'anvisningsenhedsNummer',
    'daginstitutionsNummer',
    'dagtilbudsNavn',
    'aktivitetsstatus',
    'instType3',
    'kommuneKode',
    'vejNavn',
    'husNummer',
    'postNummer',
    'byNavn',
    'supplerendeBynavn',
    'geoBredde',
    'geoLaengde',
    'email',
    'telefonNummer',
    'cvrNummer',
    'pNummer',
  ],
  alternativAdresse: [
    'alternativAdresseNummer',
    'anvisningsenhedsNummer',
    'dagtilbudsNavn',
    'aktivitetsstatus',
    'kommuneKode',
    'vejNavn',
    'husNummer',
    'postNummer',
    'byNavn',
    'supplerendeBynavn',
    'geoBredde',
    'geoLaengde',
    'cvrNummer',
    'pNummer',
  ],
}

/** Fields whose column may be missing although they are data: then the file says nothing of them. */
const dataOutsideExport: readonly FieldName[] = ['etage', 'doer', 'dawaId']

/** Columns that mean something on one level only; on another a value there is kept in `ekstra`. */
const levelColumns: readonly (readonly [EksportColumn, readonly UnitKind[]])[] = [
  ['email', ['anvisningsenhed']],
  ['telefonNummer', ['anvisningsenhed']],
  ['cvrNummer', ['anvisningsenhed', 'alternativAdresse']],
  ['pNummer', ['anvisningsenhed', 'alternativAdresse']],
  ['dawaId', ['anvisningsenhed', 'alternativAdresse']],
]

const parentColumn: Readonly<Record<UnitKind, EksportColumn | null>> = {
  daginstitution: null,
  anvisningsenhed: 'daginstitutionsNummer',
  alternativAdresse: 'anvisningsenhedsNummer',
}

/** Levels below a kind: their number columns must be empty on its rows. */
const columnsBelow: Readonly<Record<UnitKind, readonly EksportColumn[]>> = {
  daginstitution: ['anvisningsenhedsNummer', 'alternativAdresseNummer'],
  anvisningsenhed: ['alternativAdresseNummer'],
  alternativAdresse: [],
}

interface Columns {
  /** Index of each known column; -1 when the file does not have it. */
  readonly indexOf: Readonly<Record<EksportColumn, number>>
  /** The names as the file writes them. */
  readonly names: readonly string[]
  /** Indexes of columns we do not know. */
  readonly unknown: readonly number[]
  /** The level of the whole file; null when each row says its own. */
  readonly niveau: UnitKind | null
}

/**
 * Reads a CSV delivery in the layout of the register's public export: the combined file or that of one level. Header
 * names are matched without case, underscores and invisible characters. A column that is missing stops the file.
 */
export function readEksportCsv(
  name: DeliveryName,
  limits: CsvLimits & Pick<Limits, 'columns' | 'fieldChars'>,
  handler: RecordHandler,
): RecordReader {
  let columns: Columns | null = null
  let record: CsvRecord | null = null
  const rows = createCsvRows(limits, (row) => {
    if (columns === null) {
      columns = readColumns(row, name, limits.columns)
      const header = toHeader(name, columns)
      record = createCsvRecord(row, columns)
      handler.header(header)
      if (name.kontrolsum !== null) handler.checksum({ place: 'name', hex: name.kontrolsum })
      reportHeader(header, columns, handler)
      return
    }
    if (record !== null) readRow(row, columns, record, limits.fieldChars, handler)
  })

  return {
    write: rows.write,
    end(provenWhole) {
      rows.end(provenWhole)
      if (columns === null) throw new FileStop({ code: 'FIL-01', position: null })
    },
    here: rows.here,
  }
}

function readColumns(row: CsvRow, name: DeliveryName, maxColumns: number): Columns {
  const names = row.cells
  if (names.length > maxColumns) throw headerStop(row, `mere end ${maxColumns} kolonner`, `more than ${maxColumns} columns`)
  if (names.length === 1) {
    const other = /[,\t|]/.exec(names[0] ?? '')?.[0]
    if (other !== undefined)
      throw headerStop(row, `skilletegnet er ikke semikolon, men "${other}"`, `the delimiter is not a semicolon but "${other}"`)
  }
  const byPlainName = new Map<string, EksportColumn>(eksportColumns.map((column) => [plainName(column), column]))
  const indexOf = Object.fromEntries(eksportColumns.map((column) => [column, -1])) as Record<EksportColumn, number>
  const unknown: number[] = []
  for (const [index, cell] of names.entries()) {
    const plain = plainName(cell)
    const column = byPlainName.get(plain) ?? aliases[plain]
    if (column === undefined) unknown.push(index)
    else if (indexOf[column] !== -1)
      throw headerStop(row, `kolonnen ${column} står to gange`, `the column ${column} stands twice`, index)
    else indexOf[column] = index
  }
  if (unknown.length === names.length) throw headerStop(row, 'ingen af navnene kendes', 'none of the names is known')
  const first = unitKinds.find((kind) => indexOf[numberColumn[kind]] === 0) ?? null
  const niveau = indexOf.dagtilbudsType !== -1 ? null : (name.niveau ?? first)
  if (indexOf.dagtilbudsType === -1 && niveau === null) throw missingStop(row, ['dagtilbudsType'])
  const needed = niveau === null ? eksportColumns.filter((column) => !optionalColumns.has(column)) : columnsOfLevel[niveau]
  const missing = needed.filter((column) => indexOf[column] === -1)
  if (missing.length > 0) throw missingStop(row, missing)
  return { indexOf, names: [...names], unknown, niveau }
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9æøå]/g, '')
}

function headerStop(row: CsvRow, cause: string, causeEn: string, cell = 0): FileStop {
  return new FileStop({ code: 'FIL-09', position: row.positionOf(cell), facts: { cause, causeEn } })
}

function missingStop(row: CsvRow, missing: readonly string[]): FileStop {
  return new FileStop({ code: 'FIL-08', position: row.position(), facts: { missing: missing.join(', ') } })
}

function toHeader(name: DeliveryName, columns: Columns): DeliveryHeader {
  const niveau = name.niveau ?? columns.niveau
  const udenFelter = dataOutsideExport.filter((field) => columns.indexOf[field as EksportColumn] === -1)
  const header: DeliveryHeader = {
    format: 'eksport-csv',
    leverandoer: null,
    kommuneKode: name.kommuneKode,
    art: name.art,
    loebenummer: name.loebenummer,
    dannet: null,
    antal: name.antal,
    niveauer: niveau === null ? unitKinds : [niveau],
    gyldigFra: name.gyldigFra,
  }
  return udenFelter.length === 0 ? header : { ...header, udenFelter }
}

function reportHeader(header: DeliveryHeader, columns: Columns, handler: RecordHandler): void {
  if (columns.unknown.length > 0) {
    handler.remark('FIL-32', {
      columns: columns.unknown
        .map((index) => columns.names[index]?.slice(0, 100))
        .join(', ')
        .slice(0, 500),
    })
  }
  if (header.udenFelter !== undefined) handler.remark('FIL-34', { fields: header.udenFelter.join(', ') })
}

interface CsvRecord extends RawRecord {
  /** Cell of each slot, for the kind at hand; -1 when the file has no such column. */
  cellOf: Int16Array
}

function createCsvRecord(row: CsvRow, columns: Columns): CsvRecord {
  return {
    kind: 'daginstitution',
    values: rawFieldNames.map(() => null),
    ekstra: null,
    cellOf: new Int16Array(rawFieldNames.length),
    position: () => row.position(),
    positionOf(slot) {
      const cell = this.cellOf[slot] ?? -1
      return cell === -1 ? row.position() : row.positionOf(cell)
    },
    labelOf(slot) {
      return columns.names[this.cellOf[slot] ?? -1] ?? rawFieldNames[slot] ?? ''
    },
  }
}

const layouts = new WeakMap<Columns, Readonly<Record<UnitKind, Int16Array>>>()

/** Which cell fills each slot, for every level; made once a file. */
function layoutOf(columns: Columns): Readonly<Record<UnitKind, Int16Array>> {
  const known = layouts.get(columns)
  if (known !== undefined) return known
  const made = Object.fromEntries(unitKinds.map((kind) => [kind, toLayout(columns, kind)])) as Record<UnitKind, Int16Array>
  layouts.set(columns, made)
  return made
}

function toLayout(columns: Columns, kind: UnitKind): Int16Array {
  const cells = new Int16Array(rawFieldNames.length).fill(-1)
  for (const [column, field] of Object.entries(fieldOfColumn) as [EksportColumn, RawFieldName][]) {
    const only = levelColumns.find(([name]) => name === column)?.[1]
    if (only === undefined || only.includes(kind)) cells[slotOf[field]] = columns.indexOf[column]
  }
  cells[slotOf.nummer] = columns.indexOf[numberColumn[kind]]
  const parent = parentColumn[kind]
  if (parent !== null) cells[slotOf.overordnetNummer] = columns.indexOf[parent]
  return cells
}

const noFaults: readonly RecordFault[] = []

function readRow(row: CsvRow, columns: Columns, record: CsvRecord, maxChars: number, handler: RecordHandler): void {
  const { cells } = row
  const typeCell = columns.indexOf.dagtilbudsType
  const kind = columns.niveau ?? kindOf(cells[typeCell] ?? '')
  const broken = cells.length !== columns.names.length || row.brokenCell !== -1
  if ((broken || kind === null || cells[0] === '') && isBlankRow(cells)) {
    handler.remark('POST-09', {}, row.position())
    return
  }
  if (cells.length !== columns.names.length) {
    handler.unreadable([fault('POST-01', row.position(), { cells: cells.length, columns: columns.names.length })])
    return
  }
  if (row.brokenCell !== -1) {
    handler.unreadable([cellFault('POST-02', row, row.brokenCell, columns)])
    return
  }
  if (kind === null) {
    handler.unreadable([cellFault('POST-03', row, typeCell, columns)])
    return
  }
  const layout = layoutOf(columns)[kind]
  record.kind = kind
  record.cellOf = layout
  for (let slot = 0; slot < layout.length; slot++) {
    const cell = layout[slot] ?? -1
    record.values[slot] = cell === -1 ? null : (cells[cell] ?? null)
  }
  record.ekstra = readEkstra(cells, columns, kind)
  handler.record(record, faultsOf(row, columns, kind, maxChars))
}

/** A row of nothing but semicolons, as a spreadsheet leaves behind: it says nothing and is passed over. */
function isBlankRow(cells: readonly string[]): boolean {
  return cells.every((cell) => trimBlanks(cell) === '')
}

function kindOf(text: string): UnitKind | null {
  if (text === 'anvisningsenhed' || text === 'daginstitution' || text === 'alternativAdresse') return text
  const plain = plainName(text)
  return unitKinds.find((kind) => kind.toLowerCase() === plain) ?? null
}

/** Made from entries: a column may be called `__proto__`. */
function readEkstra(cells: readonly string[], columns: Columns, kind: UnitKind): Record<string, string> | null {
  let entries: [string, string][] | null = null
  for (const index of columns.unknown) {
    const value = cells[index] ?? ''
    const name = columns.names[index] ?? ''
    if (value === '' || name === '') continue
    entries ??= []
    entries.push([name, value])
  }
  for (const [column, only] of levelColumns) {
    const value = cells[columns.indexOf[column]] ?? ''
    if (value === '' || only.includes(kind)) continue
    entries ??= []
    entries.push([column, value])
  }
  return entries === null ? null : Object.fromEntries(entries)
}

/** Numbers of levels below, which make the kind doubtful, and values of unknown columns that are too long to keep. */
function faultsOf(row: CsvRow, columns: Columns, kind: UnitKind, maxChars: number): readonly RecordFault[] {
  let faults: RecordFault[] | null = null
  for (const column of columnsBelow[kind]) {
    const cell = columns.indexOf[column]
    if (columns.niveau !== null || (row.cells[cell] ?? '') === '') continue
    faults ??= []
    faults.push({ ...cellFault('POST-04', row, cell, columns), facts: { kind } })
  }
  for (const cell of columns.unknown) {
    if (!isLongerThan(row.cells[cell] ?? '', maxChars)) continue
    faults ??= []
    faults.push({ ...cellFault('POST-08', row, cell, columns), facts: { max: maxChars } })
  }
  return faults ?? noFaults
}

function fault(code: string, position: Position, facts: RecordFault['facts'] = {}): RecordFault {
  return { code, position, field: null, value: null, facts }
}

function cellFault(code: string, row: CsvRow, cell: number, columns: Columns): RecordFault {
  return { ...fault(code, row.positionOf(cell)), field: columns.names[cell] ?? null, value: row.cells[cell] ?? null }
}
