import type { IssuedNumber } from '../../domain/receipt.ts'
import { type Denmark, unitKey } from './denmark.ts'

/** A supplier has read its receipts: its units carry the numbers from now on. Safe to repeat. */
export function applyIssuedNumbers(
  denmark: Denmark,
  supplierId: string,
  issued: readonly Pick<IssuedNumber, 'lokalId' | 'nummer'>[],
): Denmark {
  const numbers = new Map(issued.map(({ lokalId, nummer }) => [unitKey({ supplierId, lokalId }), nummer]))
  return { units: denmark.units.map((unit) => ({ ...unit, nummer: numbers.get(unitKey(unit)) ?? unit.nummer })) }
}
