import { type Denmark, unitKey } from './denmark.ts'

/** A number that a receipt gave for a supplier's own id. */
export interface IssuedNumber {
  readonly lokalId: string
  readonly nummer: string
}

/** A supplier has read its receipts: its units carry the numbers from now on. Safe to repeat. */
export function applyIssuedNumbers(denmark: Denmark, supplierId: string, issued: readonly IssuedNumber[]): Denmark {
  const numbers = new Map(issued.map(({ lokalId, nummer }) => [unitKey({ supplierId, lokalId }), nummer]))
  return { units: denmark.units.map((unit) => ({ ...unit, nummer: numbers.get(unitKey(unit)) ?? unit.nummer })) }
}
