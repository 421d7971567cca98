import { kommuner } from '../../domain/kommuner.ts'
import { privateChannelId, type SandboxSupplier } from './suppliers.ts'

const cvrWeights = [2, 7, 6, 5, 4, 3, 2] as const

const kommuneIndex: ReadonlyMap<string, number> = new Map([...kommuner.keys()].map((kommuneKode, index) => [kommuneKode, index]))

/** A place in a supplier's own count of the units it ever had in one municipality, from 1. */
export interface Slot {
  readonly supplier: SandboxSupplier
  readonly kommuneKode: string
  /** 1-2,499: more would run into the numbers of the private owners. */
  readonly sequence: number
}

/** The supplier's own id of a unit, in the supplier's own style. */
export function toLokalId({ supplier, kommuneKode, sequence }: Slot): string {
  return supplier.lokalIdPattern.replace('{kommune}', kommuneKode).replace('{nr}', String(sequence).padStart(5, '0'))
}

/** A synthetic CVR number: valid by modulus 11, and no real one is known to start with 9. */
export function toCvrNummer(slot: Slot): string {
  const even = 9_000_000 + slotNumber(slot)
  // A remainder of 1 has no check digit; the odd number beside it has another remainder.
  return withCheckDigit(even) ?? withCheckDigit(even + 1) ?? ''
}

/** A synthetic P-number. Modulus 11 is no rule for P-numbers, so it is not kept here. */
export function toPNummer(slot: Slot): string {
  return `109${String(slotNumber(slot)).padStart(7, '0')}`
}

/** Even, unique over all municipalities, at most six digits: room for two suppliers of 2,500 units in each municipality. */
function slotNumber({ supplier, kommuneKode, sequence }: Slot): number {
  return (kommuneIndex.get(kommuneKode) ?? 0) * 10_000 + (supplier.id === privateChannelId ? 5_000 : 0) + sequence * 2
}

/** Source: Erhvervsstyrelsen, modulus 11. Null when the remainder is 1. */
function withCheckDigit(firstSeven: number): string | null {
  const digits = String(firstSeven)
  const sum = cvrWeights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0)
  const remainder = sum % 11
  if (remainder === 1) return null
  return `${digits}${remainder === 0 ? 0 : 11 - remainder}`
}
