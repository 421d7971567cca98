import type { Leverance } from '../../domain/delivery-file.ts'
import { unitKinds } from '../../domain/unit.ts'
import { type Denmark, openUnits, type SandboxUnit, type Slice, toSlices, unitKey } from './denmark.ts'
import { encodeLeverance, toFileName } from './encode-leverance.ts'
import type { SandboxSupplier } from './suppliers.ts'

/** One file a supplier drops in its folder. */
export interface NightFile {
  readonly supplierId: string
  readonly kommuneKode: string
  readonly fileName: string
  readonly bytes: Uint8Array
  /** What the bytes were written from; null for bytes that are no delivery. */
  readonly leverance: Leverance | null
  /** Dropped only this long after the other files were picked up. */
  readonly lateMs?: number
  /** What is odd about the file, for people. */
  readonly note?: string
}

/** How a night's files are written. */
export interface NightOptions {
  /** The same for all files of a night; counts up from night to night. */
  readonly loebenummer: number
  /** When the suppliers made the files, ISO text. */
  readonly dannet: string
  /** `unitKey` of open units that the supplier's system fails to write. */
  readonly leftOut?: ReadonlySet<string>
}

/** Writes the `fuld` file of each municipality and supplier: everything that is open. */
export function buildNightFiles(denmark: Denmark, suppliers: readonly SandboxSupplier[], options: NightOptions): NightFile[] {
  const byId = new Map(suppliers.map((supplier) => [supplier.id, supplier]))
  return toSlices(denmark).flatMap((slice) => {
    const supplier = byId.get(slice.supplierId)
    if (supplier === undefined) return []
    const leverance = buildLeverance(slice, supplier, options)
    return leverance.records.length === 0 ? [] : [toNightFile(supplier, leverance)]
  })
}

/** Writes a delivery in its supplier's format and encoding. */
export function toNightFile(supplier: SandboxSupplier, leverance: Leverance): NightFile {
  const bytes = encodeLeverance(supplier, leverance)
  return {
    supplierId: supplier.id,
    kommuneKode: leverance.header.kommuneKode,
    fileName: toFileName(supplier, leverance.header, bytes),
    bytes,
    leverance,
  }
}

function buildLeverance(slice: Slice, supplier: SandboxSupplier, options: NightOptions): Leverance {
  const byKey = new Map(slice.units.map((unit) => [unit.lokalId, unit]))
  const records = openUnits(slice.units)
    .filter((unit) => options.leftOut?.has(unitKey(unit)) !== true)
    .map((unit) => {
      const parent = unit.parentLokalId === null ? undefined : byKey.get(unit.parentLokalId)
      return {
        kind: unit.kind,
        ref: toRef(unit, supplier),
        parent: parent === undefined ? null : toRef(parent, supplier),
        status: unit.status,
        fields: unit.fields,
        ekstra: {},
      }
    })
  return {
    header: {
      format: supplier.format,
      leverandoer: supplier.format === 'leverance-xml' ? supplier.id : null,
      kommuneKode: slice.kommuneKode,
      art: 'fuld',
      loebenummer: options.loebenummer,
      dannet: options.dannet,
      antal: records.length,
      niveauer: unitKinds,
      gyldigFra: null,
    },
    records,
  }
}

/** By the number once the supplier has read one, else by its own id. */
function toRef(unit: SandboxUnit, supplier: SandboxSupplier): Leverance['records'][number]['ref'] {
  const isNumbered = supplier.usesNumbers && unit.nummer !== null
  return isNumbered ? { nummer: unit.nummer, lokalId: null } : { nummer: null, lokalId: unit.lokalId }
}
