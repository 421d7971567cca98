import type { DeliveryHeader, Leverance } from '../../domain/delivery-file.ts'
import { sha256Hex } from '../../domain/ids.ts'
import { byteOrderMark } from '../../formats/csv-cell.ts'
import { buildDeliveryName } from '../../formats/delivery-name.ts'
import { nameChecksumDigits } from '../../formats/file-checksum.ts'
import { sealLeverance } from '../../formats/seal-leverance.ts'
import { writeEksportCsv } from '../../formats/write-eksport-csv.ts'
import { writeLeveranceXml } from '../../formats/write-leverance.ts'
import type { SandboxSupplier } from './suppliers.ts'

/** The name a supplier gives a file. A CSV file says in its name what an XML file says in its header and in its last element. */
export function toFileName(supplier: SandboxSupplier, header: DeliveryHeader, bytes: Uint8Array): string {
  const { kommuneKode, art, loebenummer, antal, gyldigFra } = header
  const kontrolsum = sha256Hex(bytes).slice(0, nameChecksumDigits)
  return supplier.format === 'eksport-csv'
    ? buildDeliveryName({ kommuneKode, art, loebenummer, niveau: null, antal, gyldigFra, kontrolsum })
    : `leverance-${kommuneKode}-${String(loebenummer).padStart(6, '0')}.xml`
}

/** The bytes of a delivery in its supplier's format and encoding; XML with its checksum. */
export function encodeLeverance(supplier: SandboxSupplier, leverance: Leverance): Uint8Array {
  return supplier.format === 'eksport-csv'
    ? encodeText(supplier, writeEksportCsv(leverance))
    : sealLeverance(encodeText(supplier, writeLeveranceXml(leverance)))
}

function encodeText(supplier: SandboxSupplier, text: string): Uint8Array {
  const plain = text.startsWith(byteOrderMark) ? text.slice(byteOrderMark.length) : text
  switch (supplier.encoding) {
    case 'utf-8':
      return Buffer.from(plain, 'utf8')
    case 'utf-8-bom':
      return Buffer.from(byteOrderMark + plain, 'utf8')
    case 'windows-1252':
      // Windows-1252 is Latin-1 outside 80-9F, and the synthetic texts keep clear of those.
      return Buffer.from(plain.replace('encoding="UTF-8"', 'encoding="windows-1252"'), 'latin1')
  }
}
