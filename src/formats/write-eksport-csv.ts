import { ejerformer, institutionstyper, lovgrundlag } from '../domain/code-tables.ts'
import type { Leverance } from '../domain/delivery-file.ts'
import { kommuner } from '../domain/kommuner.ts'
import { refKey, type StagedRecord, type UnitFields } from '../domain/unit.ts'
import { type EksportColumn, eksportColumns } from './eksport-columns.ts'
import { toProeveKode } from './write-leverance.ts'

type Unplaced = Omit<StagedRecord, 'position'>
type Row = Partial<Record<EksportColumn, string | undefined>>

const byteOrderMark = '\uFEFF'
const statusTexts = { aktiv: 'Aktiv', nedlagt: 'Nedlagt' } as const

/**
 * Writes a delivery as one combined CSV in the layout of the register's public export: BOM, CRLF, `;`. Units carry their
 * daginstitution's number, ejerform and municipality as the export does. Columns that the records carry in `ekstra` follow
 * last. The header record has no place here; see `buildDeliveryName`.
 */
export function writeEksportCsv(leverance: Leverance): string {
  const byKey = new Map(leverance.records.map((record) => [refKey(record.ref), record]))
  const ownColumns = new Set<string>(eksportColumns)
  const extra = [...new Set(leverance.records.flatMap((record) => Object.keys(record.ekstra)))].filter(
    (name) => !ownColumns.has(name),
  )
  const lines = [toLine([...eksportColumns, ...extra])]
  for (const record of leverance.records) {
    const row = toRow(record, byKey)
    lines.push(
      toLine([
        ...eksportColumns.map((column) => row[column] ?? ekstraOf(record, column)),
        ...extra.map((name) => ekstraOf(record, name)),
      ]),
    )
  }
  return byteOrderMark + lines.join('')
}

/** An extra value may have any name, `__proto__` too. */
function ekstraOf(record: Unplaced, name: string): string {
  return Object.hasOwn(record.ekstra, name) ? (record.ekstra[name] ?? '') : ''
}

function toRow(record: Unplaced, byKey: ReadonlyMap<string, Unplaced>): Row {
  const { fields, ref, parent } = record
  const row: Row = {
    dagtilbudsType: record.kind,
    dagtilbudsNavn: fields.navn,
    aktivitetsstatus: statusTexts[record.status],
    ...addressOf(fields),
    instType3: fields.instType3,
    instType3_Tekst: textOf(institutionstyper, fields.instType3),
    email: fields.email,
    telefonNummer: fields.telefonNummer,
    cvrNummer: fields.cvrNummer,
    pNummer: fields.pNummer,
    lokalId: ref.lokalId ?? undefined,
    overordnetLokalId: parent?.lokalId ?? undefined,
  }
  const above = parent === null ? undefined : byKey.get(refKey(parent))
  if (record.kind === 'daginstitution') {
    return { ...row, daginstitutionsNummer: ref.nummer ?? undefined, ...ownershipOf(fields), ...lovgrundlagOf(fields) }
  }
  if (record.kind === 'anvisningsenhed') {
    return {
      ...row,
      anvisningsenhedsNummer: ref.nummer ?? undefined,
      daginstitutionsNummer: parent?.nummer ?? undefined,
      ...ownershipOf(above?.fields ?? {}),
    }
  }
  const top = above?.parent === null || above?.parent === undefined ? undefined : byKey.get(refKey(above.parent))
  return {
    ...row,
    alternativAdresseNummer: ref.nummer ?? undefined,
    anvisningsenhedsNummer: parent?.nummer ?? undefined,
    daginstitutionsNummer: above?.parent?.nummer ?? undefined,
    ...ownershipOf(top?.fields ?? {}),
  }
}

function ownershipOf(fields: UnitFields): Row {
  return {
    ejerformKode: fields.ejerformKode,
    ejerformKode_Tekst: textOf(ejerformer, fields.ejerformKode),
    admKommuneKode: fields.admKommuneKode,
    admKommuneKode_Tekst: kommuneName(fields.admKommuneKode),
  }
}

function lovgrundlagOf(fields: UnitFields): Row {
  return {
    lovgrundlagKode: toProeveKode(fields.lovgrundlagKode),
    lovgrundlagKode_Tekst: textOf(lovgrundlag, fields.lovgrundlagKode),
  }
}

function addressOf(fields: UnitFields): Row {
  return {
    vejNavn: fields.vejNavn,
    husNummer: fields.husNummer,
    etage: fields.etage,
    doer: fields.doer,
    postNummer: fields.postNummer,
    byNavn: fields.byNavn,
    supplerendeBynavn: fields.supplerendeBynavn,
    kommuneKode: fields.kommuneKode,
    kommuneKode_Tekst: kommuneName(fields.kommuneKode),
    geoBredde: fields.geoBredde,
    geoLaengde: fields.geoLaengde,
    dawaId: fields.dawaId,
  }
}

function textOf(table: ReadonlyMap<string, { readonly tekst: string }>, code: string | undefined): string | undefined {
  return code === undefined ? undefined : table.get(code)?.tekst
}

function kommuneName(code: string | undefined): string | undefined {
  return code === undefined ? undefined : kommuner.get(code)?.navn
}

function toLine(cells: readonly string[]): string {
  return `${cells.map(quoteCell).join(';')}\r\n`
}

/** Quotes a cell when a reader could take it for something else; leading and trailing blanks are kept that way too. */
function quoteCell(cell: string): string {
  return /[;"\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
