import { createHash } from 'node:crypto'

/** A stream of chance that gives the same values for the same seed, on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  fraction(): number
  /** A whole number, both ends included. */
  between(low: number, high: number): number
  /** True with the given probability, 0-1. */
  chance(probability: number): boolean
  /** One of the items, all equally likely; there must be at least one. */
  pick<T>(items: readonly T[]): T
  /** One of the items, each as likely as its weight; there must be at least one. */
  pickWeighted<T>(items: readonly (readonly [item: T, weight: number])[]): T
  /** A copy in random order. */
  shuffle<T>(items: readonly T[]): T[]
  /** Decimal digits, a leading zero allowed. */
  digits(count: number): string
  /** Lower-case hexadecimal digits. */
  hex(count: number): string
}

/** Opens a stream. The parts of the seed name what it is for, so that a change in one part of the country leaves the rest alone. */
export function createRandom(...seed: readonly (string | number)[]): Random {
  const nextUint32 = sfc32(seed.join('/'))
  const fraction = () => nextUint32() / 2 ** 32
  const between = (low: number, high: number) => low + Math.floor(fraction() * (high - low + 1))
  const pick = <T>(items: readonly T[]) => items[between(0, items.length - 1)] as T
  return {
    fraction,
    between,
    pick,
    chance: (probability) => fraction() < probability,
    pickWeighted: (items) => {
      let left = fraction() * items.reduce((sum, [, weight]) => sum + weight, 0)
      const hit = items.find(([, weight]) => {
        left -= weight
        return left < 0
      })
      return (hit ?? pick(items))[0]
    },
    shuffle: (items) => {
      const shuffled = [...items]
      for (let last = shuffled.length - 1; last > 0; last--) {
        const other = between(0, last)
        const swapped = shuffled[last]
        shuffled[last] = shuffled[other] as (typeof shuffled)[number]
        shuffled[other] = swapped as (typeof shuffled)[number]
      }
      return shuffled
    },
    digits: (count) => Array.from({ length: count }, () => between(0, 9)).join(''),
    hex: (count) => Array.from({ length: count }, () => between(0, 15).toString(16)).join(''),
  }
}

/** Small Fast Counter, 32 bits, by Chris Doty-Humphrey (PractRand, public domain), seeded by a hash. */
function sfc32(seed: string): () => number {
  const hash = createHash('sha256').update(seed).digest()
  let a = hash.readInt32LE(0)
  let b = hash.readInt32LE(4)
  let c = hash.readInt32LE(8)
  let counter = 1
  return () => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return sum >>> 0
  }
}
