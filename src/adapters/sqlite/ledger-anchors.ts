import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { LedgerEntry } from '../../domain/ledger.ts'
import { type Instant, toIso } from '../../domain/time.ts'

/** The file beside the register that each night adds a line to. */
function anchorFileOf(registerPath: string): string {
  return join(dirname(registerPath), 'ledger.head')
}

/** Adds where the ledger stands: sequence number, time and hash of its newest entry. Flushed before it returns. */
export function appendAnchor(registerPath: string, { seq, at, hash }: LedgerEntry): void {
  const file = openSync(anchorFileOf(registerPath), 'a', 0o600)
  try {
    writeSync(file, `${seq} ${toIso(at)} ${hash}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** When the last line was added; null when there is none. */
export function lastAnchorAt(registerPath: string): Instant | null {
  const [, time = ''] = readAnchors(registerPath)?.at(-1)?.split(' ') ?? []
  return time === '' ? null : Date.parse(time)
}

/** The lines of the file; null when there is none. */
export function readAnchors(registerPath: string): readonly string[] | null {
  try {
    return readFileSync(anchorFileOf(registerPath), 'utf8').replace(/\n$/, '').split('\n')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
