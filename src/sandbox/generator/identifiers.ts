import { kommuner } from '../../domain/kommuner.ts'
import { privateChannelId, sandboxSuppliers } from './suppliers.ts'

const cvrWeights = [2, 7, 6, 5, 4, 3, 2] as const
const pNumberWeights = [4, 3, 2, 7, 6, 5, 4, 3, 2] as const

/** Units of one supplier in one municipality, and the numbers of all municipalities together, before the count begins anew above. */
const unitsPerStorey = 2_500
const storeySize = 1_000_000

const kommuneIndex: ReadonlyMap<string, number> = new Map([...kommuner.keys()].map((kommuneKode, index) => [kommuneKode, index]))

/** A place in a supplier's own count of the units it ever had in one municipality, from 1. */
export interface Slot {
  readonly supplierId: string
  readonly kommuneKode: string
  /** From 1. Up to 2,499, CVR and P-numbers are unique; beyond, as in a country many times ours, a CVR number comes again. */
  readonly sequence: number
}

/** The supplier's own id of a unit, in the supplier's own style. */
export function toLokalId({ supplierId, kommuneKode, sequence }: Slot): string {
  const pattern = sandboxSuppliers.find((supplier) => supplier.id === supplierId)?.lokalIdPattern ?? '{kommune}-{nr}'
  return pattern.replace('{kommune}', kommuneKode).replace('{nr}', String(sequence).padStart(5, '0'))
}

/** A synthetic CVR number: valid by modulus 11, and no real one is known to start with 9. */
export function toCvrNummer(slot: Slot): string {
  return withCheckDigit(cvrWeights, 9_000_000 + (slotNumber(slot) % storeySize))
}

/** A synthetic P-number. Passes modulus 11, which real ones need not, so that a file is not full of notes. */
export function toPNummer(slot: Slot): string {
  return withCheckDigit(pNumberWeights, 109_000_000 + slotNumber(slot))
}

/**
 * Even and unique over all municipalities: six digits with room for two suppliers of 2,500 units in each municipality, and for
 * every further 2,500 units a storey of the same size above.
 */
function slotNumber({ supplierId, kommuneKode, sequence }: Slot): number {
  const ground = (kommuneIndex.get(kommuneKode) ?? 0) * 10_000 + (supplierId === privateChannelId ? 5_000 : 0)
  return Math.floor(sequence / unitsPerStorey) * storeySize + ground + (sequence % unitsPerStorey) * 2
}

/** Source: Erhvervsstyrelsen, modulus 11. A remainder of 1 has no check digit; the odd number beside it then has one. */
function withCheckDigit(weights: readonly number[], even: number): string {
  const remainder = remainderOf(weights, even)
  if (remainder === 1) return `${even + 1}${11 - remainderOf(weights, even + 1)}`
  return `${even}${remainder === 0 ? 0 : 11 - remainder}`
}

function remainderOf(weights: readonly number[], value: number): number {
  const digits = String(value)
  return weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0) % 11
}
