import type { DriftKind } from '../../domain/drift.ts'
import type { InstitutionRecordField } from '../../domain/institution-record.ts'
import type { UniloginRow } from '../../domain/match-units.ts'
import type { BusinessDate, Instant } from '../../domain/time.ts'

/** One number as it was last looked at in Unilogin. */
export interface DriftLook {
  readonly nummer: string
  /** The municipality that administers the unit, or that the list puts it in; empty when neither tells. */
  readonly kommuneKode: string
  readonly lookedAt: Instant
  /** Null when it was as the register says. */
  readonly kind: DriftKind | null
  readonly fields: readonly InstitutionRecordField[]
  /** Since when it is known to differ so. */
  readonly sinceAt: Instant | null
  /** What Unilogin holds of a number that the register does not know. */
  readonly held: UniloginRow | null
}

/** A look that found a difference. */
export interface FoundDrift extends DriftLook {
  readonly kind: DriftKind
  readonly sinceAt: Instant
}

/** One look at a share of the numbers, or at a whole list. */
export interface DriftRun {
  readonly date: BusinessDate
  readonly at: Instant
  readonly source: 'opslag' | 'liste'
  /** Of when what was seen is: of the look-up, or of the list. */
  readonly asOfAt: Instant
  /** Numbers compared; those with a change under way are left out. */
  readonly looked: number
  /** Of these, differing. */
  readonly found: number
  /** Too many were gone at once: nothing was noted, a person must look. */
  readonly suspect: boolean
  readonly seenSha256: string
}

export interface DriftRows {
  /** Numbers to look up: those that differ, and of the others `share` that were not looked at for longest; sorted. */
  due(share: number): readonly string[]
  /** How many numbers there are to look at, and how many were since a moment. */
  coverage(since: Instant): { readonly numbers: number; readonly looked: number }
  find(nummer: string): DriftLook | null
  /** Puts what a look found in place of what is known of the number. */
  note(look: DriftLook): void
  forget(nummer: string): void
  /** Numbers that differ, of a municipality or of all: by kind, then number. */
  found(kommuneKode?: string): readonly FoundDrift[]
  addRun(run: DriftRun): void
  lastRun(): DriftRun | null
}
