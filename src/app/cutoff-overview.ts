import { type CutoffAlert, cutoffAlerts } from '../domain/cutoff-alerts.ts'
import type { CutoffOutcome, CutoffOverview, DueCutoff } from '../domain/cutoff-overview.ts'
import { type Score, scoreForecasts } from '../domain/forecast-score.ts'
import { countBy } from '../domain/lists.ts'
import { cutoffsBetween, isSameCutoff } from '../domain/next-cutoff.ts'
import { dayMs, type Instant } from '../domain/time.ts'
import type { KeptForecast, PassedCutoff } from '../ports/register/cutoffs.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { type CutoffAhead, lookAhead } from './look-ahead.ts'

/** Days ahead that are shown. */
const daysAhead = 14

/** The cutoffs around now: those ahead with their forecasts, what to do before them, those behind with their outcome, the score. */
export function cutoffOverview(ctx: RegisterContext): CutoffOverview {
  return ctx.register.read((tx) => {
    const now = ctx.clock.now()
    const ahead = lookAhead(ctx, tx)
    const due = dueCutoffs(ahead)
    const { outcomes, score } = scoreAt(ctx, tx, now)
    return {
      madeAt: now,
      outage: tx.outages.found(),
      coming: cutoffsBetween(ctx.settings.cutoffs, now, now + daysAhead * dayMs).map(
        (cutoff) => due.find((one) => isSameCutoff(one, cutoff)) ?? { ...cutoff, forecast: null },
      ),
      alerts: ahead.flatMap((one) => alertsOf(tx, one)),
      passed: outcomes,
      score,
    }
  })
}

/** Those of the cutoffs ahead that changes or files are due at, and not only a decision. */
export function dueCutoffs(ahead: readonly CutoffAhead[]): DueCutoff[] {
  return ahead
    .filter(({ forecast, awaited }) => forecast.total > 0 || awaited.length > 0)
    .map(({ cutoff, forecast, awaited }) => ({ ...cutoff, forecast, awaitedFiles: awaited.length }))
}

/** What a person should do before one cutoff. */
export function alertsOf(tx: RegisterTx, { cutoff, input, forecast, due, awaited, isNext }: CutoffAhead): CutoffAlert[] {
  const refused = tx.outbox.inState('refused').filter(({ cutoffAt, cutoffNavn, missedCutoffAt }) => {
    return cutoffAt === cutoff.at && cutoffNavn === cutoff.navn && missedCutoffAt === null
  })
  return cutoffAlerts({
    cutoff,
    input,
    forecast,
    awaited: awaited.flatMap(({ supplierId, kommuneKode, usual, usualAt }) =>
      usual === null ? [] : [{ supplierId, kommuneKode, usualAt, ...usual }],
    ),
    refused: [...countBy(refused, ({ replyCode }) => replyCode ?? 'afvist')].map(([code, count]) => ({ code, count })),
    tired: due.reduce((sum, row) => sum + row.tired, 0),
    holds: isNext ? tx.files.holds({ state: 'open' }).length : 0,
    outage: tx.outages.found(),
  })
}

/** How the cutoffs of the remembered nights before an instant passed, and how good their forecasts were. */
export function scoreAt(
  ctx: RegisterContext,
  tx: RegisterTx,
  until: Instant,
): { readonly outcomes: CutoffOutcome[]; readonly score: Score | null } {
  const after = until - ctx.settings.forecast.nights * dayMs
  const forecasts = tx.cutoffs.forecasts(after, until)
  const passed = tx.cutoffs.passed(after, until).filter(({ total, missingFiles }) => total + missingFiles > 0)
  const judged = passed.map((cutoff) => ({ cutoff, own: forecasts.filter((forecast) => isSameCutoff(forecast, cutoff)) }))
  const scored = judged.flatMap(({ cutoff, own }) =>
    own.map(({ probability }) => ({ probability, met: isMet(cutoff), weight: 1 / own.length })),
  )
  return { outcomes: judged.map(({ cutoff, own }) => toOutcome(cutoff, own[0])), score: scoreForecasts(scored) }
}

/** Every change due was in time, and so was every expected file. */
export function isMet({ missed, missingFiles }: PassedCutoff): boolean {
  return missed === 0 && missingFiles === 0
}

function toOutcome(cutoff: PassedCutoff, first: KeptForecast | undefined): CutoffOutcome {
  const { recordedAt: _recordedAt, ...counts } = cutoff
  const firstForecast = first === undefined ? null : { madeAt: first.madeAt, probability: first.probability }
  return { ...counts, met: isMet(cutoff), firstForecast }
}
