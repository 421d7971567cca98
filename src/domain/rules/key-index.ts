import { detachText } from './detach-text.ts'
import { createPairTable } from './pair-table.ts'

/** Ids by key, exact: an institution number or a supplier's own key. Short keys are packed into numbers. */
export interface KeyIndex {
  /** The id of a key; -1 when it has none. */
  get(key: string): number
  set(key: string, id: number): void
  entries(): Iterable<readonly [key: string, id: number]>
}

/** The characters of a key that can be packed, ten of them into two 31-bit integers. Others are kept as text. */
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._:/-'
const base = alphabet.length + 1
const half = 5
/** By character code: 1 and up, 0 for what cannot be packed. */
const digitOf = Uint8Array.from({ length: 128 }, (_, code) => alphabet.indexOf(String.fromCharCode(code)) + 1)

/** @param expected Keys to make room for. */
export function createKeyIndex(expected: number): KeyIndex {
  const packed = createPairTable(expected)
  const long = new Map<string, number>()

  return {
    get(key) {
      const high = pack(key, 0)
      const low = pack(key, half)
      if (high === -1 || low === -1 || key.length > 2 * half) return long.get(key) ?? -1
      return packed.get(high, low) - 1
    },
    set(key, id) {
      const high = pack(key, 0)
      const low = pack(key, half)
      if (high === -1 || low === -1 || key.length > 2 * half) long.set(detachText(key), id)
      else packed.getOrPut(high, low, id + 1)
    },
    *entries() {
      for (const [high, low, value] of packed.entries()) yield [unpack(high) + unpack(low), value - 1]
      yield* long
    },
  }
}

/** Five characters from `from` on as a number in base 67; -1 when one of them cannot be packed. */
function pack(key: string, from: number): number {
  let value = 0
  for (let i = from; i < from + half; i++) {
    const code = i < key.length ? key.charCodeAt(i) : -1
    const digit = code === -1 ? 0 : (digitOf[code] ?? 0)
    if (code !== -1 && digit === 0) return -1
    value = value * base + digit
  }
  return value
}

function unpack(value: number): string {
  let text = ''
  for (let rest = value; rest > 0; rest = Math.floor(rest / base)) {
    const digit = rest % base
    if (digit > 0) text = alphabet.charAt(digit - 1) + text
  }
  return text
}
