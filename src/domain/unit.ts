/** The three levels of the register, parents first. Source: Dagtilbudsregisteret, page Datamodel. */
export const unitKinds = ['daginstitution', 'anvisningsenhed', 'alternativAdresse'] as const
export type UnitKind = (typeof unitKinds)[number]

/** The parent level of each kind; a daginstitution has none. */
export const parentKind: Readonly<Record<UnitKind, UnitKind | null>> = {
  daginstitution: null,
  anvisningsenhed: 'daginstitution',
  alternativAdresse: 'anvisningsenhed',
}

/** Depth in the tree: parents are opened from 0 up, closed from 2 down. */
export function levelOf(kind: UnitKind): number {
  return unitKinds.indexOf(kind)
}

/** Every value a unit can carry, in the data model's own names and in the order they are written. */
export const fieldNames = [
  'navn',
  'ejerformKode',
  'lovgrundlagKode',
  'admKommuneKode',
  'instType3',
  'vejNavn',
  'husNummer',
  'etage',
  'doer',
  'postNummer',
  'byNavn',
  'supplerendeBynavn',
  'kommuneKode',
  'geoBredde',
  'geoLaengde',
  'dawaId',
  'email',
  'telefonNummer',
  'cvrNummer',
  'pNummer',
] as const
export type FieldName = (typeof fieldNames)[number]

const addressFields = [
  'vejNavn',
  'husNummer',
  'etage',
  'doer',
  'postNummer',
  'byNavn',
  'supplerendeBynavn',
  'kommuneKode',
  'geoBredde',
  'geoLaengde',
  'dawaId',
] as const satisfies readonly FieldName[]

/** Which fields belong to which level. Source: page Datamodel; the alternativAdresse list is ours, its table is not public. */
export const fieldsOf: Readonly<Record<UnitKind, readonly FieldName[]>> = {
  daginstitution: ['navn', 'ejerformKode', 'lovgrundlagKode', 'admKommuneKode'],
  anvisningsenhed: ['navn', 'instType3', ...addressFields, 'email', 'telefonNummer', 'cvrNummer', 'pNummer'],
  alternativAdresse: ['navn', ...addressFields, 'cvrNummer', 'pNummer'],
}

/**
 * The values of one unit in canonical form; an absent field is an empty one.
 * Codes are text. kommuneKode and admKommuneKode have three digits, coordinates a decimal point,
 * lovgrundlagKode is the section key of `lovgrundlag` in code-tables.ts ('DTL19.2').
 */
export type UnitFields = Readonly<Partial<Record<FieldName, string>>>

/** Points at a unit: by the number the register issued, or by the supplier's own id while it has none. */
export interface UnitRef {
  readonly nummer: string | null
  readonly lokalId: string | null
}

/** Whether a unit is open or closed. */
export type UnitStatus = 'aktiv' | 'nedlagt'

/** Where a value stood in the supplier's file. Line and column count from 1; column in characters. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** What a supplier says of one unit, checked and in canonical form; the unit of work between validate and plan. */
export interface StagedRecord {
  readonly kind: UnitKind
  readonly ref: UnitRef
  /** Null on a daginstitution. */
  readonly parent: UnitRef | null
  /** `nedlagt` asks for the unit to be closed; the only way a `delta` file can close. */
  readonly status: UnitStatus
  readonly fields: UnitFields
  /** Columns we do not know, kept as they came. */
  readonly ekstra: Readonly<Record<string, string>>
  readonly position: Position
  /**
   * Codes of findings at level `hold`: the record is well-formed, but a person must look before it changes anything.
   * Absent on most records. A record that changes nothing needs no hold.
   */
  readonly hold?: readonly string[]
}

/** A short stable name for a reference, for messages and maps: the number, else `lokal:<id>`. */
export function refKey(ref: UnitRef): string {
  return ref.nummer ?? `lokal:${ref.lokalId}`
}

/** True of records that stand: one may have been taken back by a later line, as a duplicate is; it was mentioned, but it does not count. */
export function notTakenBack(rejectedRefs: readonly UnitRef[]): (record: Pick<StagedRecord, 'ref'>) => boolean {
  const takenBack = new Set(rejectedRefs.map(refKey))
  return ({ ref }) => !takenBack.has(refKey(ref))
}
