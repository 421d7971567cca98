import { levelOf, type UnitFields, type UnitKind } from '../../domain/unit.ts'

/** One unit of the synthetic country, as the system that administers it knows it. */
export interface SandboxUnit {
  readonly kind: UnitKind
  /** The system that administers the unit and speaks for it. */
  readonly supplierId: string
  /** The supplier's own id, never changed and never used again. Unique within a supplier only. */
  readonly lokalId: string
  /** Municipality of the administrative owner: the one whose file the unit stands in. */
  readonly admKommuneKode: string
  /** Null on a daginstitution. The parent is always of the same supplier and municipality. */
  readonly parentLokalId: string | null
  /** The number from a receipt; null until the supplier has read one. */
  readonly nummer: string | null
  readonly status: 'aktiv' | 'nedlagt'
  readonly fields: UnitFields
}

/** A whole synthetic country at one moment. Closed units stay in it, so that no id is used twice. */
export interface Denmark {
  /** By municipality and supplier; within them a parent stands before its children. */
  readonly units: readonly SandboxUnit[]
}

/** What one supplier administers in one municipality: the content of one `fuld` file. */
export interface Slice {
  readonly supplierId: string
  readonly kommuneKode: string
  /** Closed ones included. */
  readonly units: readonly SandboxUnit[]
}

/** Names a unit across suppliers: two of them may use the same lokalId. */
export function unitKey(unit: { readonly supplierId: string; readonly lokalId: string }): string {
  return `${unit.supplierId}/${unit.lokalId}`
}

/** Key of a unit's parent; null on a daginstitution. */
export function parentKey(unit: SandboxUnit): string | null {
  return unit.parentLokalId === null ? null : unitKey({ supplierId: unit.supplierId, lokalId: unit.parentLokalId })
}

/** Names a slice, and with it a file. */
export function sliceKey(slice: { readonly supplierId: string; readonly kommuneKode: string }): string {
  return `${slice.supplierId}/${slice.kommuneKode}`
}

/** The country cut into the files its suppliers write, in the order of its units. */
export function toSlices(denmark: Denmark): Slice[] {
  const slices = new Map<string, { supplierId: string; kommuneKode: string; units: SandboxUnit[] }>()
  for (const unit of denmark.units) {
    const place = { supplierId: unit.supplierId, kommuneKode: unit.admKommuneKode }
    const slice = slices.get(sliceKey(place))
    if (slice === undefined) slices.set(sliceKey(place), { ...place, units: [unit] })
    else slice.units.push(unit)
  }
  return [...slices.values()]
}

/** The open units, parents before children. */
export function openUnits(units: readonly SandboxUnit[]): SandboxUnit[] {
  return units.filter((unit) => unit.status === 'aktiv').sort((a, b) => levelOf(a.kind) - levelOf(b.kind))
}
