/**
 * A compact map from a 64-bit fingerprint to a line number: 12 bytes an entry, so that a file of a million records can be
 * looked through for look-alikes in tens of megabytes. Two different keys could share a fingerprint (odds about one in
 * 10^7 for a million records), so it serves warnings only, never a refusal.
 */
export interface FingerprintIndex {
  /** The line first stored under the fingerprint; 0 when it is new, and then `line` is stored. Lines count from 1. */
  firstLine(high: number, low: number, line: number): number
}

/** Share of the cells in use at which the index grows. */
const fullness = 0.7

/** An empty index with room for some entries; it grows as needed. */
export function createFingerprintIndex(expected = 0): FingerprintIndex {
  let capacity = 2 ** Math.max(10, Math.ceil(Math.log2(expected / fullness + 1)))
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
      if (used > capacity * fullness) grow()
      return 0
    },
  }
}
