/**
 * A compact map from a 64-bit fingerprint to a line number: 12 bytes an entry, so that a file of a million records can be
 * looked through for look-alikes in tens of megabytes. Two different keys could share a fingerprint (odds about one in
 * 10^7 for a million records), so it serves warnings only, never a refusal.
 */
export interface FingerprintIndex {
  /** The line first stored under the fingerprint; 0 when it is new, and then `line` is stored. Lines count from 1. */
  firstLine(high: number, low: number, line: number): number
}

/** An empty index; it grows as needed. */
export function createFingerprintIndex(): FingerprintIndex {
  let capacity = 1024
  let used = 0
  let cells = new Uint32Array(capacity * 3)

  const find = (high: number, low: number): number => {
    let at = (low & (capacity - 1)) * 3
    while (cells[at + 2] !== 0 && (cells[at] !== high || cells[at + 1] !== low)) at = at + 3 === capacity * 3 ? 0 : at + 3
    return at
  }
  const grow = (): void => {
    const old = cells
    capacity *= 2
    cells = new Uint32Array(capacity * 3)
    for (let at = 0; at < old.length; at += 3) {
      const line = old[at + 2] ?? 0
      if (line === 0) continue
      const to = find(old[at] ?? 0, old[at + 1] ?? 0)
      cells[to] = old[at] ?? 0
      cells[to + 1] = old[at + 1] ?? 0
      cells[to + 2] = line
    }
  }

  return {
    firstLine(highBits, lowBits, line) {
      const high = highBits >>> 0
      const low = lowBits >>> 0
      const at = find(high, low)
      const found = cells[at + 2] ?? 0
      if (found !== 0) return found
      cells[at] = high
      cells[at + 1] = low
      cells[at + 2] = line
      used += 1
      if (used * 10 > capacity * 7) grow()
      return 0
    },
  }
}

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

/** Spreads the low bits once more: they choose the cell. */
export function finishFingerprint(print: Fingerprint): void {
  let low = print.low ^ (print.low >>> 15)
  low = Math.imul(low, 0xc2b2ae35)
  print.low = (low ^ (low >>> 13)) >>> 0
  print.high = (print.high ^ (print.high >>> 16)) >>> 0
}
