import { sha256Hex } from '../domain/ids.ts'
import { parseDeliveryName } from '../formats/delivery-name.ts'
import type { DeliveryFile } from '../ports/register/files.ts'

/** What the name of a CSV declares, its date only when it has one. A municipality that goes back to an earlier state sends the same bytes under a new number. */
export function declaredBy(name: string): string {
  const declared = parseDeliveryName(name)
  if (declared === null) return ''
  const { kommuneKode, art, loebenummer, niveau, gyldigFra } = declared
  return [kommuneKode, art, loebenummer, niveau, ...(gyldigFra === null ? [] : [gyldigFra])].join('.')
}

/** The id of a file: the same supplier, bytes and declaration always give the same one. */
export function fileIdOf({ supplierId, sha256, declared }: Pick<DeliveryFile, 'supplierId' | 'sha256' | 'declared'>): string {
  return `f-${sha256Hex([supplierId, sha256, declared].join('/')).slice(0, 16)}`
}
