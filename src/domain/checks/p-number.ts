const weights = [4, 3, 2, 7, 6, 5, 4, 3, 2, 1] as const

/**
 * True when ten digits pass modulus 11. A number that fails may still be right: whole series were issued with other
 * weights, so this is never a reason to refuse. Source: Erhvervsstyrelsen, modulus 11 control of P numbers.
 */
export function passesPNumberModulus(text: string): boolean {
  let sum = 0
  for (let i = 0; i < 10; i++) sum += (text.charCodeAt(i) - 48) * (weights[i] ?? 0)
  return sum % 11 === 0
}
