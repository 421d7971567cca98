import type { UnitFields, UnitKind } from '../../domain/unit.ts'
import { type Denmark, sliceKey, unitKey } from './denmark.ts'

/** A unit as the register should hold it. */
export interface TrueUnit {
  readonly kind: UnitKind
  readonly supplierId: string
  readonly lokalId: string
  readonly kommuneKode: string
  readonly parentLokalId: string | null
  readonly fields: UnitFields
  readonly open: boolean
}

/** What part of a night's files did not reach the register. */
export interface NotApplied {
  /** `sliceKey` of files that were refused whole, were the same as before, or never came. */
  readonly files: ReadonlySet<string>
  /** `unitKey` of units whose row was dropped from a file that was accepted otherwise. */
  readonly units: ReadonlySet<string>
}

const everythingApplied: NotApplied = { files: new Set(), units: new Set() }

/**
 * What the register should hold after a night, for comparison in tests. What was not applied stays as it was before,
 * or does not exist when it was not there.
 */
export function toTruth(
  denmark: Denmark,
  before: readonly TrueUnit[] = [],
  notApplied: NotApplied = everythingApplied,
): TrueUnit[] {
  const previous = new Map(before.map((unit) => [unitKey(unit), unit]))
  return denmark.units.flatMap((unit): TrueUnit[] => {
    const kommuneKode = unit.admKommuneKode
    const isStale = notApplied.units.has(unitKey(unit)) || notApplied.files.has(sliceKey({ ...unit, kommuneKode }))
    if (isStale) {
      const old = previous.get(unitKey(unit))
      return old === undefined ? [] : [old]
    }
    const { kind, supplierId, lokalId, parentLokalId, fields } = unit
    return [{ kind, supplierId, lokalId, kommuneKode, parentLokalId, fields, open: unit.status === 'aktiv' }]
  })
}
