/** A forecast beside what came of it. */
export interface Scored {
  /** What was said to be the chance. */
  readonly probability: number
  readonly met: boolean
  /** How much it counts; forecasts of one cutoff share a weight of 1. */
  readonly weight: number
}

/** Forecasts that said about the same, and how often they came true. */
export interface CalibrationBin {
  readonly from: number
  readonly to: number
  readonly weight: number
  /** Mean of what was said. */
  readonly said: number
  /** Share that came true. */
  readonly came: number
}

/** How good forecasts were. */
export interface Score {
  readonly forecasts: number
  /** Mean squared distance between what was said and what came, 0 at best. Source: Brier, 1950. */
  readonly brier: number
  /** The Brier score of always saying how often cutoffs were met: what a forecast must be better than. */
  readonly baseBrier: number
  readonly baseRate: number
  /** Bins that hold something, lowest first. */
  readonly calibration: readonly CalibrationBin[]
}

/** Edges of the bins: finer where forecasts mostly are. */
const edges = [0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 1] as const

/** Scores forecasts; null when there are none. */
export function scoreForecasts(scored: readonly Scored[]): Score | null {
  const weight = sum(scored, () => 1)
  if (weight === 0) return null
  const share = (pick: (one: Scored) => number) => sum(scored, pick) / weight
  const baseRate = share(({ met }) => Number(met))
  return {
    forecasts: scored.length,
    brier: share(({ probability, met }) => (probability - Number(met)) ** 2),
    baseBrier: baseRate * (1 - baseRate),
    baseRate,
    calibration: edges.slice(0, -1).flatMap((from, i) => {
      const to = edges[i + 1] as number
      const own = scored.filter(({ probability }) => probability >= from && (probability < to || to === 1))
      const ownWeight = sum(own, () => 1)
      if (ownWeight === 0) return []
      const said = sum(own, ({ probability }) => probability) / ownWeight
      const came = sum(own, ({ met }) => Number(met)) / ownWeight
      return [{ from, to, weight: ownWeight, said, came }]
    }),
  }
}

function sum(scored: readonly Scored[], pick: (one: Scored) => number): number {
  return scored.reduce((total, one) => total + one.weight * pick(one), 0)
}
