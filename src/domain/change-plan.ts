import type { LeveranceKind } from './delivery-file.ts'
import type { Finding } from './finding.ts'
import type { LinkRelation } from './lineage.ts'
import type { FieldName, Position, UnitFields, UnitKind, UnitRef } from './unit.ts'

/** The four verbs of the feed, plus `omnoegl`: a supplier's new id for a unit we already have; it changes nothing in Unilogin. */
export const changeOperations = ['opret', 'flyt', 'opdater', 'nedlaeg', 'omnoegl'] as const
export type ChangeOperation = (typeof changeOperations)[number]

/** Kinds of change that a guard counts per municipality. */
export const countedSlices = ['nedlaeg', 'flyt', 'ejerskab', 'omdoeb', 'identitet'] as const
export type CountedSlice = (typeof countedSlices)[number]

/** Every kind of change that can wait for a person. `regel`: a rule says that somebody must look first, however few they are. */
export const guardSlices = [...countedSlices, 'regel'] as const
export type GuardSlice = (typeof guardSlices)[number]

/** One change of one unit, as a file asks for it. */
export interface Change {
  readonly operation: ChangeOperation
  readonly kind: UnitKind
  /** The issued number, or null while the unit has none. */
  readonly nummer: string | null
  readonly lokalId: string | null
  /** Parent after the change; null on a daginstitution. */
  readonly parent: UnitRef | null
  /** All values after the change; empty on `nedlaeg`, `flyt` and `omnoegl`. */
  readonly fields: UnitFields
  /** Fields that differ from the register; empty unless `opdater`. */
  readonly changed: readonly FieldName[]
  readonly ekstra: Readonly<Record<string, string>>
  /** The line that asks for it; null for a close by absence from a `fuld` file. */
  readonly position: Position | null
  readonly slice: GuardSlice | null
}

/** The changes of one kind, measured against the guard. */
export interface SliceVerdict {
  readonly slice: GuardSlice
  readonly count: number
  /** Open units of the file's scope, the base of the ratio. */
  readonly of: number
  /** How many pass without a person; null where the number does not decide. */
  readonly allowed: number | null
  readonly verdict: 'pass' | 'held'
  /** Why it is held; a code with a text in hold-causes.ts. */
  readonly cause: HoldCause | null
  /** Hash of the slice's changes; an approval names it and fits nothing else. */
  readonly sliceHash: string
}

/** Why a slice is held. */
export const holdCauses = ['over-limit', 'closes-all', 'rows-without-key', 'depends-on-hold', 'rule'] as const
export type HoldCause = (typeof holdCauses)[number]

/** What follows from what once a plan is applied; the later unit has no number yet when the plan opens it. */
export interface PlannedLink {
  readonly fromNummer: string
  readonly to: UnitRef
  readonly relation: LinkRelation
}

/** What became of the file's valid records; they add up to what validation accepted. */
export interface PlanCounts {
  /** Records with at least one change that may be applied. */
  readonly changed: number
  readonly unchanged: number
  /** Records all of whose changes wait for a person. */
  readonly held: number
  /** Records the plan could not place. */
  readonly rejected: number
}

/** What a file would do to the register: immutable, named by the hash of its canonical JSON. */
export interface ChangePlan {
  readonly fileId: string
  readonly supplierId: string
  readonly kommuneKode: string
  readonly art: LeveranceKind
  readonly loebenummer: number
  readonly ruleSet: string
  /** Version of the municipality's part of the register that the plan was made on. */
  readonly baseVersion: number
  /** Changes that may be applied, in order: parents first, closes child-first. */
  readonly changes: readonly Change[]
  /** Changes that wait for a person. */
  readonly held: readonly Change[]
  readonly slices: readonly SliceVerdict[]
  /** Links between units that the changes to be applied make evident. */
  readonly links: readonly PlannedLink[]
  /** Records the plan could not place: unknown parent, closed number, not the supplier's unit. */
  readonly findings: readonly Finding[]
  readonly counts: PlanCounts
}
