import { refKey, type StagedRecord, type UnitKind } from './unit.ts'

/** What a finding does: stop the whole file, drop the record, hold the record, warn, or only note. */
export const findingLevels = ['file', 'record', 'hold', 'warning', 'note'] as const
export type FindingLevel = (typeof findingLevels)[number]

/** One thing that is wrong or odd in a supplier's file, at its place. The texts live in the rule table, by code. */
export interface Finding {
  readonly code: string
  readonly level: FindingLevel
  /** Counts from 1; null when the finding is about the file as a whole. */
  readonly line: number | null
  readonly column: number | null
  readonly kind: UnitKind | null
  /** `refKey` of the unit, as far as it could be read. */
  readonly key: string | null
  /** The name the field has in the supplier's format. */
  readonly field: string | null
  /** The value as it stood, shortened to 200 characters. */
  readonly value: string | null
  /** Facts the text needs: limits, counts, the other place of a duplicate. Never personal data. */
  readonly facts: Readonly<Record<string, string | number>>
}

/** The place of a finding about a file as a whole. */
export const wholeFile = { line: null, column: null, kind: null, key: null, field: null, value: null } as const

/** A finding that drops a record, at its place. */
export function recordFinding(code: string, record: StagedRecord, facts: Finding['facts']): Finding {
  const { kind, ref, position } = record
  return { ...wholeFile, ...position, code, level: 'record', kind, key: refKey(ref), facts }
}

/** Counts of one file. `read` = `accepted` + `rejected`; `accepted` = changed + `unchanged`, known after the plan. */
export interface RecordCounts {
  readonly read: number
  readonly accepted: number
  readonly rejected: number
}
