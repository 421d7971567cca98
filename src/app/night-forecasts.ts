import { type Cutoff, isSameCutoff } from '../domain/next-cutoff.ts'
import type { KeptForecast } from '../ports/register/cutoffs.ts'
import type { Night } from '../ports/register/nights.ts'
import type { RegisterTx } from '../ports/register.ts'
import { isMet } from './cutoff-overview.ts'

/** Cutoffs this long after a night has opened can be its own. */
const reachMs = 48 * 3_600_000

/** What was said of a cutoff in a night, first and last, and what came of it. */
export interface NightForecast extends Cutoff {
  readonly first: KeptForecast
  readonly last: KeptForecast
  /** Null until the cutoff has passed. */
  readonly met: boolean | null
}

/** The forecasts that were kept while a night ran, by cutoff. */
export function forecastsOfNight(tx: RegisterTx, { openedAt, closedAt }: Night): NightForecast[] {
  const until = openedAt + reachMs
  const kept = tx.cutoffs
    .forecasts(openedAt, until)
    .filter(({ madeAt }) => madeAt >= openedAt && (closedAt === null || madeAt <= closedAt))
  const passed = tx.cutoffs.passed(openedAt, until)
  return kept
    .filter((one, i) => i === 0 || !isSameCutoff(kept[i - 1] as KeptForecast, one))
    .map((first) => {
      const outcome = passed.find((cutoff) => isSameCutoff(cutoff, first))
      const last = kept.filter((one) => isSameCutoff(one, first)).at(-1) as KeptForecast
      return { navn: first.navn, at: first.at, first, last, met: outcome === undefined ? null : isMet(outcome) }
    })
}
