import type { NightState } from '../../domain/flow.ts'
import type { BusinessDate, Instant } from '../../domain/time.ts'
import type { NightTrigger } from '../jobs.ts'

/** One night run; unique on its business date. */
export interface Night {
  readonly date: BusinessDate
  readonly state: NightState
  readonly trigger: NightTrigger
  readonly openedAt: Instant
  readonly closedAt: Instant | null
  /** Files that arrive later belong to the next night. */
  readonly filesUntilAt: Instant
  /** How often the night was started; above 1 after a restart or a second call. */
  readonly starts: number
}

/** How a supplier stands in a night. `looking` until its files are here or the time for files is over. */
export interface NightSupplier {
  readonly date: BusinessDate
  readonly supplierId: string
  readonly state: 'looking' | 'complete' | 'late'
  /** Looks finished so far; the number of the next one. */
  readonly looks: number
  readonly lastLookAt: Instant | null
  /** Error code of the last look when it failed. */
  readonly problem: string | null
  /** Municipalities whose file is expected and not here. */
  readonly missing: readonly string[]
}

/** A file as it was seen at a supplier in one night. */
export interface Arrival {
  readonly date: BusinessDate
  readonly supplierId: string
  readonly name: string
  readonly sizeBytes: number
  readonly modifiedAt: number
  readonly firstSeenAt: Instant
  /** Null while the file is seen but not settled. */
  readonly fileId: string | null
  /** True when the same bytes had come before. */
  readonly repeat: boolean
}

/** A night in a list of nights. */
export interface NightSummary extends Night {
  readonly files: number
  readonly rejectedFiles: number
  readonly openHolds: number
}

export interface NightRows {
  find(date: BusinessDate): Night | null
  /** The newest nights, at most `limit`. */
  recent(limit: number): readonly NightSummary[]
  latest(): Night | null
  openNights(): readonly Night[]
  insert(night: Night): void
  update(date: BusinessDate, patch: Partial<Omit<Night, 'date'>>): void
  suppliers(date: BusinessDate): readonly NightSupplier[]
  putSupplier(row: NightSupplier): void
  arrivals(date: BusinessDate): readonly Arrival[]
  /** Every time a file was seen, oldest first. */
  arrivalsOfFile(fileId: string): readonly Arrival[]
  /** Everything of a supplier that was fetched and stored, in any night. */
  storedArrivals(supplierId: string): readonly Arrival[]
  /** When a file of the supplier was last seen for the first time; null when none ever was. */
  lastArrivalAt(supplierId: string): Instant | null
  /** Inserts, or replaces the row of the same night, supplier, name, size and time. */
  putArrival(arrival: Arrival): void
}
