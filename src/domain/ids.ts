import { hash } from 'node:crypto'
import { kommuner } from './kommuner.ts'

/**
 * Normalises a municipality code to three digits: '0101', '101' and ' 101 ' are one code. Null when it is none of the 98.
 * Source: the register's rule text says 3-4 digits, its export writes 3; 411 Christiansø is no municipality.
 */
export function parseKommuneKode(text: string): string | null {
  const trimmed = text.trim()
  if (!/^0?\d{3}$/.test(trimmed)) return null
  const code = trimmed.slice(-3)
  return kommuner.has(code) ? code : null
}

/** Shape of an institution number in the register: a capital and five digits. Seen in the public export; not documented as a pattern. */
export const institutionsnummerPattern = /^[A-Z][0-9]{5}$/

/** Lower-case hex SHA-256, the name of every stored blob. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data)
}

/** JSON with sorted keys and no undefined: the same value gives the same bytes, so it can be hashed and compared. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  )
}
