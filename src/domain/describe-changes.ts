import type { Change, ChangeOperation } from './change-plan.ts'
import { type FieldName, fieldsOf, refKey, type UnitFields, type UnitKind } from './unit.ts'

/** One value before and after; null where there is none. */
export interface ValueChange {
  readonly field: FieldName | 'overordnet'
  readonly before: string | null
  readonly after: string | null
}

/** A change as a person reads it. */
export interface DescribedChange {
  readonly operation: ChangeOperation
  readonly kind: UnitKind
  readonly nummer: string | null
  readonly lokalId: string | null
  /** The name it has now, or will have when it is new. */
  readonly navn: string | null
  readonly values: readonly ValueChange[]
  /** Line of the file; null for a close because the file does not mention the unit. */
  readonly line: number | null
}

/** A unit as it was before the change. */
interface Before {
  readonly parentNummer: string | null
  readonly fields: UnitFields
}

/** Puts what a plan changes beside what the register held. */
export function describeChanges(
  changes: readonly Change[],
  before: (nummer: string) => Before | undefined,
): readonly DescribedChange[] {
  return changes.map((change) => {
    const unit = change.nummer === null ? undefined : before(change.nummer)
    return {
      operation: change.operation,
      kind: change.kind,
      nummer: change.nummer,
      lokalId: change.lokalId,
      navn: unit?.fields.navn ?? change.fields.navn ?? null,
      values: valuesOf(change, unit),
      line: change.position?.line ?? null,
    }
  })
}

function valuesOf(change: Change, unit: Before | undefined): ValueChange[] {
  switch (change.operation) {
    case 'opret': {
      const told = fieldsOf[change.kind].filter((field) => change.fields[field] !== undefined)
      return [...toParent(change, null), ...told.map((field) => ({ field, before: null, after: change.fields[field] ?? null }))]
    }
    case 'flyt':
      return toParent(change, unit?.parentNummer ?? null)
    case 'opdater':
      return change.changed.map((field) => ({
        field,
        before: unit?.fields[field] ?? null,
        after: change.fields[field] ?? null,
      }))
    case 'nedlaeg':
    case 'omnoegl':
      return []
  }
}

function toParent({ parent }: Change, before: string | null): ValueChange[] {
  return parent === null ? [] : [{ field: 'overordnet', before, after: refKey(parent) }]
}
