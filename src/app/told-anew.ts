import { toStagedLine } from '../domain/sift-records.ts'
import { refKey, type UnitRef } from '../domain/unit.ts'
import type { DeliveryFile } from '../ports/register/files.ts'
import type { RegisterContext } from './context.ts'
import { type DatedFile, waitedForItsDate } from './dated-files.ts'
import { getDocument, readLines, trusted } from './documents.ts'

/**
 * Tells of which units a newer file speaks that waited for the same date: what the older one says of them no longer holds, so
 * that a closing that was planned can be withdrawn and the unit keeps its number.
 * @throws STORE_BLOB_MISSING
 */
export async function toldAnew(ctx: RegisterContext, file: DeliveryFile): Promise<(ref: UnitRef) => boolean> {
  const newer = ctx.register.read((tx) =>
    waitedForItsDate(tx, file) ? tx.files.inStates(['validated']).filter((other) => isNewer(other, file)) : [],
  )
  if (newer.length === 0) return () => false
  const numbers = ctx.register.read((tx) => tx.units.numbersByLokalId(file.supplierId))
  const keysOf = ({ nummer, lokalId }: UnitRef) => {
    const known = nummer ?? (lokalId === null ? null : (numbers.get(lokalId) ?? null))
    return [...(known === null ? [] : [known]), ...(lokalId === null ? [] : [refKey({ nummer: null, lokalId })])]
  }
  const told = new Set<string>()
  for (const { stagedSha256, rejectedRefsSha256 } of newer) {
    if (stagedSha256 === null || rejectedRefsSha256 === null) continue
    const dropped = new Set((await getDocument(ctx.files, rejectedRefsSha256, trusted<readonly UnitRef[]>())).map(refKey))
    for await (const lines of readLines(ctx.files, stagedSha256))
      for (const { ref } of lines.map(toStagedLine)) if (!dropped.has(refKey(ref))) for (const key of keysOf(ref)) told.add(key)
  }
  return (ref) => keysOf(ref).some((key) => told.has(key))
}

/** Of the same supplier and municipality, for the same date, with a higher running number. */
function isNewer({ supplierId, header }: DeliveryFile, { header: own, ...file }: DatedFile): boolean {
  const same = supplierId === file.supplierId && header?.kommuneKode === own.kommuneKode && header.gyldigFra === own.gyldigFra
  return same && header.loebenummer > own.loebenummer
}
