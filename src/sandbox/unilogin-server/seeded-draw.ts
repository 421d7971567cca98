/**
 * A number in [0, 1) that depends on the seed and the words only, so that a replay draws the same lots in whatever
 * order its calls arrive. FNV-1a over the words, then murmur3's finaliser to spread neighbours apart.
 */
export function seededDraw(seed: number, ...words: readonly string[]): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (const word of words) {
    for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193)
    hash = Math.imul(hash ^ 0x1f, 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/** A UUID that depends on the seed and the words only; good for message ids that replay, and for nothing secret. */
export function seededUuid(seed: number, ...words: readonly string[]): string {
  const hex = ['a', 'b', 'c', 'd']
    .map((part) =>
      Math.floor(seededDraw(seed, part, ...words) * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}
