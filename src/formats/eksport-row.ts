import { ejerformer, institutionstyper, lovgrundlag } from '../domain/code-tables.ts'
import { kommuner } from '../domain/kommuner.ts'
import type { UnitFields, UnitKind } from '../domain/unit.ts'
import type { EksportColumn } from './eksport-columns.ts'

/** One row of the public CSV layout: a unit, the numbers above it, and what it repeats of its daginstitution. */
export interface EksportRow {
  readonly kind: UnitKind
  readonly daginstitutionsNummer: string | undefined
  readonly anvisningsenhedsNummer: string | undefined
  readonly alternativAdresseNummer: string | undefined
  readonly status: 'aktiv' | 'nedlagt'
  readonly fields: UnitFields
  /** Of the daginstitution above, or itself. */
  readonly ejerformKode: string | undefined
  readonly admKommuneKode: string | undefined
  /** The integer for `fields.lovgrundlagKode`. */
  readonly lovgrundlagTal: string | undefined
  readonly senestOpdateret?: string | undefined
  /** The supplier's own ids; in deliveries only. */
  readonly lokalId?: string | undefined
  readonly overordnetLokalId?: string | undefined
}

const statusTexts = { aktiv: 'Aktiv', nedlagt: 'Nedlagt' } as const

/** What stands in each column. */
export const cellOf: Readonly<Record<EksportColumn, (row: EksportRow) => string | undefined>> = {
  dagtilbudsType: (row) => row.kind,
  daginstitutionsNummer: (row) => row.daginstitutionsNummer,
  anvisningsenhedsNummer: (row) => row.anvisningsenhedsNummer,
  alternativAdresseNummer: (row) => row.alternativAdresseNummer,
  dagtilbudsNavn: (row) => row.fields.navn,
  aktivitetsstatus: (row) => statusTexts[row.status],
  ejerformKode: (row) => row.ejerformKode,
  ejerformKode_Tekst: (row) => textOf(ejerformer, row.ejerformKode),
  instType3: (row) => row.fields.instType3,
  instType3_Tekst: (row) => textOf(institutionstyper, row.fields.instType3),
  admKommuneKode: (row) => row.admKommuneKode,
  admKommuneKode_Tekst: (row) => kommuneName(row.admKommuneKode),
  kommuneKode: (row) => row.fields.kommuneKode,
  kommuneKode_Tekst: (row) => kommuneName(row.fields.kommuneKode),
  vejNavn: (row) => row.fields.vejNavn,
  husNummer: (row) => row.fields.husNummer,
  postNummer: (row) => row.fields.postNummer,
  byNavn: (row) => row.fields.byNavn,
  supplerendeBynavn: (row) => row.fields.supplerendeBynavn,
  geoBredde: (row) => row.fields.geoBredde,
  geoLaengde: (row) => row.fields.geoLaengde,
  email: (row) => row.fields.email,
  telefonNummer: (row) => row.fields.telefonNummer,
  cvrNummer: (row) => row.fields.cvrNummer,
  lovgrundlagKode: (row) => row.lovgrundlagTal,
  lovgrundlagKode_Tekst: (row) => textOf(lovgrundlag, row.fields.lovgrundlagKode),
  pNummer: (row) => row.fields.pNummer,
  dawaId: (row) => row.fields.dawaId,
  senestOpdateret: (row) => row.senestOpdateret,
  etage: (row) => row.fields.etage,
  doer: (row) => row.fields.doer,
  lokalId: (row) => row.lokalId,
  overordnetLokalId: (row) => row.overordnetLokalId,
}

/** A line of cells, `;` between them and CRLF behind. */
export function toCsvLine(cells: readonly (string | undefined)[]): string {
  let line = ''
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]
    if (i > 0) line += ';'
    if (cell !== undefined && cell !== '') line += quoteCell(cell)
  }
  return `${line}\r\n`
}

/** Quotes a cell when a reader could take it for something else; leading and trailing blanks are kept that way too. */
function quoteCell(cell: string): string {
  return marks.test(cell) ||
    (mayBeBlank(cell, 0) && blankEdge.test(cell)) ||
    (mayBeBlank(cell, cell.length - 1) && blankEdge.test(cell))
    ? `"${cell.replaceAll('"', '""')}"`
    : cell
}

const marks = /[;"\r\n]/
const blankEdge = /^\s|\s$/

/** False for every letter of ASCII, which most cells begin and end with: the edges need no closer look. */
function mayBeBlank(cell: string, at: number): boolean {
  const code = cell.charCodeAt(at)
  return code <= 32 || code >= 160
}

function textOf(table: ReadonlyMap<string, { readonly tekst: string }>, code: string | undefined): string | undefined {
  return code === undefined ? undefined : table.get(code)?.tekst
}

function kommuneName(code: string | undefined): string | undefined {
  return code === undefined ? undefined : kommuner.get(code)?.navn
}
