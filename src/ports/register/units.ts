import type { RegisterUnit } from '../../domain/diff-register.ts'
import type { Instant } from '../../domain/time.ts'
import type { UnitFields, UnitKind } from '../../domain/unit.ts'

/** One state of a unit: what was true from when to when, and from when to when we held it so. */
export interface UnitVersion {
  readonly nummer: string
  readonly kind: UnitKind
  readonly parentNummer: string | null
  readonly status: 'aktiv' | 'nedlagt'
  readonly fields: UnitFields
  readonly ekstra: Readonly<Record<string, string>>
  readonly admKommuneKode: string
  readonly ejerformKode: string
  /** When it holds in the world. */
  readonly validFrom: Instant
  readonly validTo: Instant | null
  /** When the register came to know it, and when it learned better. */
  readonly recordedFrom: Instant
  readonly recordedTo: Instant | null
  readonly actor: string
  readonly fileId: string | null
  readonly line: number | null
  readonly planHash: string | null
}

/** A state to write; the register ends the one before it. */
export type NewVersion = Omit<UnitVersion, 'validTo' | 'recordedTo'>

export interface UnitRows {
  /** Open units whose daginstitution is administered by the municipality. */
  openInKommune(kommuneKode: string): readonly RegisterUnit[]
  /** Current state by number, open or closed. */
  byNumbers(numbers: readonly string[]): readonly RegisterUnit[]
  /** Ends the current version of each number and writes the new one. Several of one number are written in order. */
  write(versions: readonly NewVersion[]): void
  /** Every version of a number, oldest first. */
  history(nummer: string): readonly UnitVersion[]
  counts(): Readonly<Record<UnitKind, { readonly open: number; readonly closed: number }>>

  /** The next free institution numbers; never given out again. */
  issueNumbers(count: number, prefix: string, start: number): readonly string[]
  numbersByLokalId(supplierId: string): ReadonlyMap<string, string>
  mapLokalIds(supplierId: string, pairs: readonly { readonly lokalId: string; readonly nummer: string }[]): void

  /** Grows with every plan applied to the municipality. */
  kommuneVersion(kommuneKode: string): number
  bumpKommuneVersion(kommuneKode: string): number
}
