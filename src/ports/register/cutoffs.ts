import type { PastFile } from '../../domain/arrival-calendar.ts'
import type { RiskCause } from '../../domain/forecast.ts'
import type { Cutoff } from '../../domain/next-cutoff.ts'
import type { Pace, Worked } from '../../domain/pace.ts'
import type { BusinessDate, Instant } from '../../domain/time.ts'
import type { OutboxDelta } from './outbox.ts'

/** How a cutoff passed. */
export interface PassedCutoff extends Cutoff {
  readonly recordedAt: Instant
  /** Changes due: those in time and those missed. */
  readonly total: number
  readonly inTime: number
  /** Missed this cutoff first. */
  readonly missed: number
  /** Due, but not counted: they wait for a data agreement, or were refused before an earlier cutoff already. */
  readonly apart: number
  /** Expected files that were not here in time. */
  readonly missingFiles: number
}

/** A forecast that was kept, to be scored. */
export interface KeptForecast extends Cutoff {
  readonly madeAt: Instant
  readonly total: number
  readonly acknowledged: number
  readonly expected: number
  readonly probability: number
  readonly riskCause: RiskCause | null
  readonly riskSupplierId: string | null
  readonly riskProbability: number | null
  readonly latestStartAt: Instant | null
}

/** Unacknowledged changes of one supplier that are due at a cutoff, and how many are acknowledged. */
export interface DueCount {
  /** Empty for changes that came with no supplier's file. */
  readonly supplierId: string
  readonly acknowledged: number
  /** Under way, or due to be sent with tries left. */
  readonly moving: number
  /** Behind another change or a data agreement. */
  readonly waiting: number
  /** Refused, and due here first. */
  readonly refused: number
  /** Out of tries until a night is run again. */
  readonly tired: number
}

/** The steps whose pace is kept. */
export type PacedStep = 'indlaesning' | 'afsendelse'

/** Cutoffs that have passed, forecasts of those to come, and what past nights say of them. */
export interface CutoffRows {
  /** The earliest cutoff with changes that has passed and is not recorded as such. */
  nextToPass(now: Instant): Cutoff | null
  countInTime(cutoff: Cutoff): number
  /** Changes due at a cutoff that were not acknowledged by then; superseded ones are left out. */
  notInTime(cutoff: Cutoff): readonly OutboxDelta[]
  addPassed(row: PassedCutoff): void
  /** Passed after one instant and up to another, earliest first. */
  passed(after: Instant, until: Instant): readonly PassedCutoff[]

  /** Cutoffs ahead that changes are due at, earliest first. */
  ahead(now: Instant): readonly Cutoff[]
  countDue(cutoff: Cutoff, maxAttempts: number): readonly DueCount[]

  keepForecast(row: KeptForecast): void
  lastForecastAt(): Instant | null
  /** Forecasts of cutoffs after one instant and up to another, oldest first. */
  forecasts(after: Instant, until: Instant): readonly KeptForecast[]

  /** Changes of a night that are or were to be sent: from when, and until when they were acknowledged. */
  pushed(date: BusinessDate, maxAttempts: number): readonly Worked[]
  keepPace(date: BusinessDate, step: PacedStep, pace: Pace): void
  /** Of nights before a date, the newest first. */
  paces(step: PacedStep, before: BusinessDate, nights: number): readonly Pace[]
  /** Nights that the clock started before a date, newest first. */
  pastNights(before: BusinessDate, nights: number): readonly BusinessDate[]
  /** Files of those nights that were not refused. */
  pastFiles(nights: readonly BusinessDate[]): readonly PastFile[]
}
