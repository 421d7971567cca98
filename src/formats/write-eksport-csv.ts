import type { Leverance } from '../domain/delivery-file.ts'
import { refKey, type StagedRecord } from '../domain/unit.ts'
import { byteOrderMark } from './csv-cell.ts'
import { eksportColumns } from './eksport-columns.ts'
import { cellOf, type EksportRow, toCsvLine } from './eksport-row.ts'
import { toProeveKode } from './write-leverance.ts'

type Unplaced = Omit<StagedRecord, 'position'>

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
  const lines = [toCsvLine([...eksportColumns, ...extra])]
  for (const record of leverance.records) {
    const row = toRow(record, byKey)
    lines.push(
      toCsvLine([
        ...eksportColumns.map((column) => cellOf[column](row) ?? ekstraOf(record, column)),
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

function toRow(record: Unplaced, byKey: ReadonlyMap<string, Unplaced>): EksportRow {
  const { kind, fields, ref, parent, status } = record
  const above = parent === null ? undefined : byKey.get(refKey(parent))
  const top = kind === 'alternativAdresse' ? above?.parent && byKey.get(refKey(above.parent)) : above
  const owner = kind === 'daginstitution' ? fields : top?.fields
  const numbers = {
    daginstitution: [ref.nummer, null, null],
    anvisningsenhed: [parent?.nummer, ref.nummer, null],
    alternativAdresse: [above?.parent?.nummer, parent?.nummer, ref.nummer],
  }[kind]
  return {
    kind,
    daginstitutionsNummer: numbers[0] ?? undefined,
    anvisningsenhedsNummer: numbers[1] ?? undefined,
    alternativAdresseNummer: numbers[2] ?? undefined,
    status,
    fields,
    ejerformKode: owner?.ejerformKode,
    admKommuneKode: owner?.admKommuneKode,
    lovgrundlagTal: toProeveKode(fields.lovgrundlagKode),
    lokalId: ref.lokalId ?? undefined,
    overordnetLokalId: parent?.lokalId ?? undefined,
  }
}
