/**
 * A compact map from a pair of 32-bit integers to a positive 32-bit integer: 12 bytes an entry and room to grow, so that a
 * file of a million records can be looked through in tens of megabytes.
 */
export interface PairTable {
  /** The value of a pair; 0 when it has none. */
  get(high: number, low: number): number
  /** The value a pair has already; when it has none, stores `value` and gives 0. */
  getOrPut(high: number, low: number, value: number): number
  entries(): Iterable<readonly [high: number, low: number, value: number]>
}

/** Share of the cells in use at which the table grows. */
const fullness = 0.7

/** An empty table with room for some entries; it grows as needed. */
export function createPairTable(expected = 0): PairTable {
  let capacity = 2 ** Math.max(10, Math.ceil(Math.log2(expected / fullness + 1)))
  let used = 0
  let cells = new Int32Array(capacity * 3)

  return {
    get(high, low) {
      return cells[find(high | 0, low | 0) + 2] ?? 0
    },
    getOrPut(high, low, value) {
      const at = find(high | 0, low | 0)
      const found = cells[at + 2] ?? 0
      if (found !== 0) return found
      cells[at] = high
      cells[at + 1] = low
      cells[at + 2] = value
      used += 1
      if (used > capacity * fullness) grow()
      return 0
    },
    *entries() {
      for (let at = 0; at < cells.length; at += 3) {
        const value = cells[at + 2] ?? 0
        if (value !== 0) yield [cells[at] ?? 0, cells[at + 1] ?? 0, value]
      }
    },
  }

  /** Index of the pair's cell, or of the free one where it belongs. */
  function find(high: number, low: number): number {
    let hash = Math.imul(high ^ (low >>> 15), 0x85ebca6b) ^ low
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    let at = ((hash ^ (hash >>> 16)) & (capacity - 1)) * 3
    while (cells[at + 2] !== 0 && (cells[at] !== high || cells[at + 1] !== low)) at = at + 3 === cells.length ? 0 : at + 3
    return at
  }

  function grow(): void {
    const old = cells
    capacity *= 2
    cells = new Int32Array(capacity * 3)
    for (let from = 0; from < old.length; from += 3) {
      const value = old[from + 2] ?? 0
      if (value === 0) continue
      const at = find(old[from] ?? 0, old[from + 1] ?? 0)
      cells[at] = old[from] ?? 0
      cells[at + 1] = old[from + 1] ?? 0
      cells[at + 2] = value
    }
  }
}
