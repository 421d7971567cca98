import { type FieldName, fieldNames, type Position, type UnitKind } from './unit.ts'

/**
 * Everything a record can say, in either format: who it is, whom it belongs to, its state, the fields of the data model,
 * and the label twins that the CSV layout puts beside its codes.
 */
export const rawFieldNames = [
  'nummer',
  'lokalId',
  'overordnetNummer',
  'overordnetLokalId',
  'status',
  ...fieldNames,
  'ejerformTekst',
  'instType3Tekst',
  'admKommuneTekst',
  'kommuneTekst',
] as const
export type RawFieldName = (typeof rawFieldNames)[number]

/** The fields that both formats carry; the label twins are the CSV layout's alone. */
export type CarriedField = 'nummer' | 'lokalId' | 'overordnetNummer' | 'overordnetLokalId' | 'status' | FieldName

/** Index of each field in `RawRecord.values`: plain arrays keep a file of a million records quick to read. */
export const slotOf: Readonly<Record<RawFieldName, number>> = Object.fromEntries(
  rawFieldNames.map((name, slot) => [name, slot]),
) as Record<RawFieldName, number>

/**
 * One record as the supplier wrote it, before any rule. A reader reuses one instance for a whole file, so nothing may
 * keep it, or ask it for places, after the call it was passed to.
 */
export interface RawRecord {
  kind: UnitKind
  /** By slot; null when the record does not have the field, '' when it has it and it is empty. */
  readonly values: (string | null)[]
  /** Names and values that the format lets through without our knowing them; null when there are none. */
  ekstra: Record<string, string> | null
  /** Where the record begins. */
  position(): Position
  /** Where the value of a field begins; the record's own place when the field is absent. */
  positionOf(slot: number): Position
  /** What the field is called in the supplier's format. */
  labelOf(slot: number): string
}

/** What is wrong with the form of one record, found by a reader before any rule. */
export interface RecordFault {
  readonly code: string
  readonly position: Position
  readonly field: string | null
  readonly value: string | null
  readonly facts: Readonly<Record<string, string | number>>
}
