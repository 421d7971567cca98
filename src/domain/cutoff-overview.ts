import type { CutoffAlert } from './cutoff-alerts.ts'
import type { Forecast } from './forecast.ts'
import type { Score } from './forecast-score.ts'
import type { Cutoff } from './next-cutoff.ts'
import type { Outage } from './outage.ts'
import type { Instant } from './time.ts'

/** A cutoff ahead that changes or files are due at. */
export interface DueCutoff extends Cutoff {
  readonly forecast: Forecast
  /** Files that are meant for it and not here. */
  readonly awaitedFiles: number
}

/** A cutoff ahead; `forecast` is null while nothing is due at it. */
export type ComingCutoff = DueCutoff | (Cutoff & { readonly forecast: null })

/** A cutoff behind us, with the first forecast of it that was kept. */
export interface CutoffOutcome extends Cutoff {
  readonly total: number
  readonly inTime: number
  readonly missed: number
  readonly apart: number
  readonly missingFiles: number
  /** Every change due was in time, and so was every expected file. */
  readonly met: boolean
  readonly firstForecast: { readonly madeAt: Instant; readonly probability: number } | null
}

/** The cutoffs of some days back and ahead, as they stand now. */
export interface CutoffOverview {
  readonly madeAt: Instant
  /** While Unilogin is down. */
  readonly outage: Outage | null
  readonly coming: readonly ComingCutoff[]
  readonly alerts: readonly CutoffAlert[]
  readonly passed: readonly CutoffOutcome[]
  /** How good forecasts of the passed ones were; null when there were none. */
  readonly score: Score | null
}
