import { type FieldName, fieldNames, type Position, type UnitKind } from './unit.ts'

/** Everything a record can say, in either format: who it is, whom it belongs to, its state, and the fields of the data model. */
export const rawFieldNames = ['nummer', 'lokalId', 'overordnetNummer', 'overordnetLokalId', 'status', ...fieldNames] as const
export type RawFieldName = (typeof rawFieldNames)[number] | FieldName

/** Index of each field in `RawRecord.values`: plain arrays keep a file of a million records quick to read. */
export const slotOf: Readonly<Record<RawFieldName, number>> = Object.fromEntries(
  rawFieldNames.map((name, slot) => [name, slot]),
) as Record<RawFieldName, number>

/**
 * One record as the supplier wrote it, before any rule. Readers reuse one instance for a whole file, so nothing may keep a
 * reference to it after the call it was passed to.
 */
export interface RawRecord {
  kind: UnitKind
  /** By slot; null when the record does not have the field, '' when it has it and it is empty. */
  readonly values: (string | null)[]
  /** Names and values of what the format lets through without our knowing it. */
  readonly ekstra: Map<string, string>
  /** Where the record begins. */
  position(): Position
  /** Where the value of a field begins; the record's own place when the field is absent. */
  positionOf(slot: number): Position
  /** What the field is called in the supplier's format. */
  labelOf(slot: number): string
}
