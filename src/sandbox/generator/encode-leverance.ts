import type { DeliveryHeader, Leverance } from '../../domain/delivery-file.ts'
import { buildDeliveryName } from '../../formats/delivery-name.ts'
import { writeEksportCsv } from '../../formats/write-eksport-csv.ts'
import { writeLeveranceXml } from '../../formats/write-leverance.ts'
import type { SandboxSupplier } from './suppliers.ts'

const byteOrderMark = '\uFEFF'

/** The name a supplier gives a file. A CSV file says in its name what an XML file says in its header. */
export function toFileName(supplier: SandboxSupplier, header: DeliveryHeader): string {
  const { kommuneKode, art, loebenummer } = header
  return supplier.format === 'eksport-csv'
    ? buildDeliveryName({ kommuneKode, art, loebenummer, niveau: null, antal: header.antal })
    : `leverance-${kommuneKode}-${String(loebenummer).padStart(6, '0')}.xml`
}

/** The bytes of a delivery in its supplier's format and encoding. */
export function encodeLeverance(supplier: SandboxSupplier, leverance: Leverance): Uint8Array {
  const text = supplier.format === 'eksport-csv' ? writeEksportCsv(leverance) : writeLeveranceXml(leverance)
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
