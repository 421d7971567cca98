import { toThousandths } from '../domain/forecast.ts'
import { busySlices, paceOf } from '../domain/pace.ts'
import type { BusinessDate } from '../domain/time.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { deltasOnTheWay } from './finish-files.ts'
import { lookAhead } from './look-ahead.ts'

/**
 * Keeps a forecast of every cutoff ahead at which something can still move by itself, to be scored when it has passed; not
 * more often than the setting says. Returns how many were kept.
 */
export function keepForecasts(ctx: RegisterContext, tx: RegisterTx): number {
  const now = ctx.clock.now()
  const last = tx.cutoffs.lastForecastAt()
  if (last !== null && now < last + ctx.settings.forecast.everyMs) return 0
  if (deltasOnTheWay(ctx, tx) === 0 && tx.nights.openNights().length === 0) return 0
  const undecided = lookAhead(ctx, tx).filter((ahead) => ahead.undecided)
  for (const { cutoff, forecast } of undecided) {
    const { total, acknowledged, expected, probability, risk, latestStartAt } = forecast
    tx.cutoffs.keepForecast({
      ...cutoff,
      madeAt: now,
      total,
      acknowledged,
      expected,
      probability: toThousandths(probability),
      riskCause: risk?.cause ?? null,
      riskSupplierId: risk?.supplierId ?? null,
      riskProbability: risk === null ? null : toThousandths(risk.probability),
      latestStartAt,
    })
  }
  return undecided.length
}

/** Keeps how fast a night's steps went, for the forecasts of later nights. */
export function keepPaces(ctx: RegisterContext, tx: RegisterTx, date: BusinessDate): void {
  const now = ctx.clock.now()
  const prepared = tx.files
    .ofNight(date)
    .flatMap(({ storedAt, appliedAt }) => (appliedAt === null ? [] : [{ from: storedAt, until: appliedAt }]))
  for (const [step, work] of [
    ['indlaesning', prepared],
    ['afsendelse', tx.cutoffs.pushed(date, ctx.settings.unilogin.attempts)],
  ] as const) {
    const pace = paceOf(busySlices(work, now))
    if (pace !== null) tx.cutoffs.keepPace(date, step, pace)
  }
}
