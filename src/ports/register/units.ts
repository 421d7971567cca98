import type { RegisterUnit } from '../../domain/diff-register.ts'
import type { UnitPlace } from '../../domain/find-lineage.ts'
import type { UnitLink } from '../../domain/lineage.ts'
import type { StandingUnit } from '../../domain/sift-records.ts'
import type { BusinessDate, Instant } from '../../domain/time.ts'
import type { UnitFields, UnitKind, UnitStatus } from '../../domain/unit.ts'

/** One state of a unit: what was true from when to when, and from when to when we held it so. */
export interface UnitVersion {
  readonly nummer: string
  readonly kind: UnitKind
  readonly parentNummer: string | null
  readonly status: UnitStatus
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
  /** The night it came with; null when it did not come with a night, as in a baseline. */
  readonly date: BusinessDate | null
  readonly fileId: string | null
  readonly line: number | null
  readonly planHash: string | null
  /** Counts the states told, without a gap; null on a version that only ends an earlier one. */
  readonly position: number | null
}

/**
 * A state to write: how the unit is from `validFrom` on, which may lie in the past. What the register held of the time
 * from then on is no longer held; what it held of the time before stands.
 */
export type NewVersion = Omit<UnitVersion, 'validTo' | 'recordedTo' | 'position'>

/** A moment in the world, and the moment at which we ask what the register held of it. */
export interface AsOf {
  readonly at: Instant
  readonly knownAt: Instant
}

export interface UnitRows {
  /** Open units whose daginstitution is administered by the municipality, but for these; by number. */
  openInKommune(kommuneKode: string, except?: Iterable<string>): readonly RegisterUnit[]
  /** Where the units of `openInKommune` are that are of these kinds; in no order, some at a time. */
  openPlaces(kommuneKode: string, kinds: readonly UnitKind[]): IterableIterator<readonly UnitPlace[]>
  /** Those of these numbers that are units of `openInKommune`, beside which records are held. */
  standing(kommuneKode: string, numbers: readonly string[]): ReadonlyMap<string, StandingUnit>
  /** Current state by number, open or closed; in the order of the numbers. */
  byNumbers(numbers: readonly string[]): readonly RegisterUnit[]
  /** Writes new states; of several that one number has for the same moment, the last. */
  write(versions: readonly NewVersion[]): void
  /** Every version of a number, those no longer held included; by valid time, then by recorded time. */
  history(nummer: string): readonly UnitVersion[]
  /** How a unit was at a moment, as the register held it at another; null when it was not there. */
  asOf(nummer: string, moment: AsOf): UnitVersion | null
  /** All units that were in the register at a moment, closed ones included, by kind and number; one at a time. */
  allAsOf(moment: AsOf, filter?: { readonly kommuneKode?: string; readonly parentNummer?: string }): IterableIterator<UnitVersion>
  /** States told after a position, in the order they were told, at most `limit`. */
  changesSince(position: number, limit: number): readonly UnitVersion[]
  /** Position of the last state told; 0 when there is none. */
  lastPosition(): number
  counts(): Readonly<Record<UnitKind, { readonly open: number; readonly closed: number }>>

  /** The next free institution numbers; never given out again. */
  issueNumbers(count: number, prefix: string, start: number): readonly string[]
  /** A supplier's own ids -> numbers: all, these, or those of units that are open in a municipality. */
  numbersByLokalId(
    supplierId: string,
    which?: { readonly lokalIds: readonly string[] } | { readonly kommuneKode: string },
  ): ReadonlyMap<string, string>
  mapLokalIds(supplierId: string, pairs: readonly { readonly lokalId: string; readonly nummer: string }[]): void

  addLinks(links: readonly UnitLink[]): void
  /** Links from and to a number, oldest first. */
  linksOf(nummer: string): readonly UnitLink[]

  /** Grows with every plan applied to the municipality. */
  kommuneVersion(kommuneKode: string): number
  bumpKommuneVersion(kommuneKode: string): number
}
