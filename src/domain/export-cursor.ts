import { canonicalJson, sha256Hex } from './ids.ts'
import type { Instant } from './time.ts'
import type { UnitFields, UnitKind } from './unit.ts'

/** A state that was told at a position; what a cursor vouches for. */
export interface ToldState {
  readonly position: number | null
  readonly nummer: string
  readonly kind: UnitKind
  readonly parentNummer: string | null
  readonly status: string
  readonly fields: UnitFields
  readonly validFrom: Instant
  readonly recordedFrom: Instant
}

/** A place in the row of changes. `mark` is null when nobody vouches for it, as at the very beginning. */
export interface Cursor {
  readonly position: number
  readonly mark: string | null
}

/**
 * Names the place behind a state: its position and a mark of what was told there, '1234.5f0c2a91b7d3'. A register that was
 * restored from a backup gives the same positions to other states; their marks differ, so a reader finds out.
 */
export function cursorBehind(told: ToldState | null): string {
  return told === null ? '0' : `${told.position}.${markOf(told)}`
}

/** Reads a cursor; null when the text is none. */
export function parseCursor(text: string): Cursor | null {
  const match = /^(\d{1,15})(?:\.([0-9a-f]{12}))?$/.exec(text)
  return match === null ? null : { position: Number(match[1]), mark: match[2] ?? null }
}

/** True when the register holds at the cursor's position what the cursor was made from. */
export function fits(cursor: Cursor, told: ToldState | null): boolean {
  if (cursor.position === 0) return true
  return told !== null && told.position === cursor.position && (cursor.mark === null || cursor.mark === markOf(told))
}

function markOf({ position, nummer, kind, parentNummer, status, fields, validFrom, recordedFrom }: ToldState): string {
  const said = [position, nummer, kind, parentNummer, status, fields, validFrom, recordedFrom]
  return sha256Hex(canonicalJson(said)).slice(0, 12)
}
