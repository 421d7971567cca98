/** A running 64-bit fingerprint of text: two FNV-style hashes side by side, over UTF-16 units. */
export interface Fingerprint {
  high: number
  low: number
}

/** Resets a fingerprint; `seed` keeps different kinds of key apart. */
export function startFingerprint(print: Fingerprint, seed: number): void {
  print.high = 0x811c9dc5 ^ seed
  print.low = 0x9e3779b9 + seed
}

/** Adds text as it is, and a mark for its end. */
export function addText(print: Fingerprint, text: string): void {
  let { high, low } = print
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    high = Math.imul(high ^ code, 0x01000193)
    low = Math.imul((low << 5) ^ (low >>> 27) ^ code, 0x85ebca6b)
  }
  print.high = Math.imul(high ^ 0x1f, 0x01000193)
  print.low = Math.imul((low << 5) ^ (low >>> 27) ^ 0x1f, 0x85ebca6b)
}

/** Adds text ignoring case and blanks, the way a person would call two names the same. */
export function addLooseText(print: Fingerprint, text: string): void {
  let { high, low } = print
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i)
    if (code <= 32 || code === 0xa0) continue
    // A-Z, and À-Þ but for the multiplication sign; other scripts keep their case.
    if ((code >= 65 && code <= 90) || (code >= 0xc0 && code <= 0xde && code !== 0xd7)) code += 32
    high = Math.imul(high ^ code, 0x01000193)
    low = Math.imul((low << 5) ^ (low >>> 27) ^ code, 0x85ebca6b)
  }
  print.high = Math.imul(high ^ 0x1f, 0x01000193)
  print.low = Math.imul((low << 5) ^ (low >>> 27) ^ 0x1f, 0x85ebca6b)
}

/** A 32-bit hash of all values of a record, to tell a repeated record from a contradicting one. */
export function hashValues(values: readonly (string | null)[]): number {
  let hash = 0x811c9dc5
  for (let slot = 0; slot < values.length; slot++) {
    const value = values[slot]
    hash = Math.imul(hash ^ 0x1f, 0x01000193)
    if (value === null || value === undefined) continue
    for (let i = 0; i < value.length; i++) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193)
  }
  return hash
}
