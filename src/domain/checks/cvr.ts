const weights = [2, 7, 6, 5, 4, 3, 2, 1] as const

/**
 * True for a CVR number: eight digits, not all zero, whose weighted sum is divisible by 11.
 * Source: Erhvervsstyrelsen, modulus 11 control of CVR numbers.
 */
export function isCvrNumber(text: string): boolean {
  if (text.length !== 8 || text === '00000000') return false
  let sum = 0
  for (let i = 0; i < 8; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return false
    sum += digit * (weights[i] ?? 0)
  }
  return sum % 11 === 0
}
