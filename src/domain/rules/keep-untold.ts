import type { DeliveryHeader } from '../delivery-file.ts'
import type { FieldName, UnitFields } from '../unit.ts'

const addressParts = ['vejNavn', 'husNummer', 'postNummer', 'kommuneKode'] as const satisfies readonly FieldName[]
const ofTheAddress: ReadonlySet<FieldName> = new Set(['etage', 'doer', 'geoBredde', 'geoLaengde', 'dawaId'])

/**
 * The fields a record stands for, with those that its file does not mention taken from the register. Parts of an address
 * are kept only while the address is the same: floor, coordinates and address id of an old address say nothing of a new one.
 */
export function keepUntold(fields: UnitFields, known: UnitFields, header: Pick<DeliveryHeader, 'udenFelter'>): UnitFields {
  const { udenFelter } = header
  if (udenFelter === undefined) return fields
  const moved = addressParts.some((part) => fields[part] !== known[part])
  const kept = udenFelter.filter(
    (field) => fields[field] === undefined && known[field] !== undefined && !(moved && ofTheAddress.has(field)),
  )
  return kept.length === 0 ? fields : { ...fields, ...Object.fromEntries(kept.map((field) => [field, known[field]])) }
}
