import { sha256Hex } from './ids.ts'

/**
 * Digest of a set of rows: the sum of the rows' hashes, so that a row is added or taken away without reading the others.
 * It shows any change that was not made to fit; who makes up rows until a sum comes out again needs more than a register's
 * life, but the proof against that is the replay, not this.
 */
export type RowDigest = string

/** Digest of no rows. */
export const noRows: RowDigest = '0'.repeat(64)

const size = 1n << 256n

/** What one row of a table adds to its digest. `row` is the row as a JSON list of its values, in the order of its columns. */
export function weightOf(table: string, row: string): bigint {
  return BigInt(`0x${sha256Hex(`${table}\n${row}`)}`)
}

/** The digest with weights added to it, or taken from it where they are negative. */
export function addWeights(digest: RowDigest, weights: bigint): RowDigest {
  const sum = (BigInt(`0x${digest}`) + weights) % size
  return (sum < 0n ? sum + size : sum).toString(16).padStart(64, '0')
}
