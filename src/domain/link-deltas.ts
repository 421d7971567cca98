import type { DeltaOperation } from './delta.ts'
import { rankOf } from './diff-register.ts'
import { sha256Hex } from './ids.ts'
import { type InstitutionRecord, toInstitutionRecord, type UnitInContext } from './institution-record.ts'
import type { UnitKind } from './unit.ts'

/** A change that was applied, with the number the register gave it and the unit as it is afterwards. */
export interface AppliedChange {
  readonly operation: DeltaOperation
  readonly kind: UnitKind
  readonly nummer: string
  /** The unit after this change; null on `nedlaeg`. */
  readonly after: UnitInContext | null
  /** Parent before the change: what a close or a move leaves behind. */
  readonly parentBefore: string | null
}

/** A row of the outbox that is about to be written. */
export interface NewDelta {
  readonly deltaId: string
  readonly nummer: string
  readonly operation: DeltaOperation
  /** Order of sending: parents first, closes child-first. */
  readonly rank: number
  /** The record as the target should hold it afterwards; only the number on `nedlaeg`. */
  readonly record: InstitutionRecord
  /** Deltas that must be acknowledged before this one goes. */
  readonly needs: readonly string[]
}

/**
 * Turns applied changes into deltas and links each to those it must wait for: earlier ones of the same number, the
 * opening of its parent, and, for a close, whatever takes its last children away.
 * @param pending Deltas not yet acknowledged, by number, oldest first.
 * @param departures Deltas not yet acknowledged that close a unit or move it away, by the number it stood under.
 */
export function linkDeltas(
  changes: readonly AppliedChange[],
  planHash: string,
  pending: ReadonlyMap<string, readonly string[]>,
  departures: ReadonlyMap<string, readonly string[]> = new Map(),
): NewDelta[] {
  const openOf = new Map<string, string[]>([...pending].map(([nummer, ids]) => [nummer, [...ids]]))
  const leaving = new Map<string, readonly string[]>(departures)
  return changes.map((change) => {
    const deltaId = toDeltaId(planHash, change.nummer, change.operation)
    const own = openOf.get(change.nummer) ?? []
    const parent = change.after?.parentNummer ?? null
    const needs = new Set(own)
    if (parent !== null) for (const id of openOf.get(parent) ?? []) needs.add(id)
    if (change.operation === 'nedlaeg') for (const id of leaving.get(change.nummer) ?? []) needs.add(id)
    if ((change.operation === 'nedlaeg' || change.operation === 'flyt') && change.parentBefore !== null)
      leaving.set(change.parentBefore, [...(leaving.get(change.parentBefore) ?? []), deltaId])
    openOf.set(change.nummer, [...own, deltaId])
    return {
      deltaId,
      nummer: change.nummer,
      operation: change.operation,
      rank: rankOf(change),
      record: change.after === null ? { instnr: change.nummer } : toInstitutionRecord(change.after),
      needs: [...needs],
    }
  })
}

/** A UUID that is the same whenever the same plan is applied again (RFC 9562 version 8, from SHA-256). */
function toDeltaId(planHash: string, nummer: string, operation: DeltaOperation): string {
  const hex = sha256Hex(`${planHash}/${nummer}/${operation}`)
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
