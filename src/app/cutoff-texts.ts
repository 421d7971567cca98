import { type BilingualText, inBoth, nothing, same } from '../domain/bilingual-text.ts'
import type { CutoffAlert } from '../domain/cutoff-alerts.ts'
import type { Forecast } from '../domain/forecast.ts'
import type { CalibrationBin, Score } from '../domain/forecast-score.ts'
import { type Outage, outageText } from '../domain/outage.ts'
import { paragraph } from '../domain/paragraph.ts'
import { type Instant, toClock } from '../domain/time.ts'
import { actorWords, percent, riskText } from '../domain/words.ts'

export const alertsTitle = { da: 'INDEN FRISTEN', en: 'BEFORE THE CUTOFF' }

/** A further line below a cutoff. */
export function indented(text: BilingualText): BilingualText {
  return paragraph(
    inBoth((say) => `      ${say(text)}`),
    6,
  )
}

/** A forecast in a line or two. */
export function forecastTexts(
  forecast: Pick<Forecast, 'total' | 'acknowledged' | 'expected' | 'probability' | 'risk' | 'latestStartAt'>,
  madeAt: Instant,
): BilingualText[] {
  const { total, acknowledged, expected, probability, risk, latestStartAt } = forecast
  if (acknowledged === total && risk === null)
    return [{ da: `${total} af ${total} er kvitteret`, en: `${total} of ${total} are acknowledged` }]
  const [ours, all, chance] = [Math.round(expected), Math.round(total), percent(probability)]
  const inTime = {
    da: `${ours} af ${all} ventes i tide; ${chance} for dem alle`,
    en: `${ours} of ${all} expected in time; ${chance} for all of them`,
  }
  if (risk === null) return [inTime]
  const [what, start] = [riskText(risk), startText(latestStartAt, madeAt)]
  return [inTime, { da: `største risiko: ${what.da}${start.da}`, en: `greatest risk: ${what.en}${start.en}` }]
}

/** An outage that goes on. */
export function outageLine({ sinceAt, reason, nextProbeAt }: Pick<Outage, 'sinceAt' | 'reason' | 'nextProbeAt'>): BilingualText {
  const [since, next] = [outageText({ sinceAt }), toClock(nextProbeAt)]
  return { da: `${since.da} (${reason}); prøves igen kl. ${next}`, en: `${since.en} (${reason}); tried again at ${next}` }
}

function startText(latestStartAt: Instant | null, madeAt: Instant): BilingualText {
  if (latestStartAt === null) return nothing
  if (latestStartAt <= madeAt) return { da: '; resten skal være i gang nu', en: '; the rest must begin now' }
  const clock = toClock(latestStartAt)
  return { da: `; resten skal være i gang kl. ${clock}`, en: `; the rest must begin by ${clock}` }
}

/** One thing to do before a cutoff. */
export function alertLine({ who, subject, what, latestAt, atOnce }: CutoffAlert): BilingualText {
  const clock = toClock(latestAt)
  const when = atOnce ? { da: 'straks', en: 'at once' } : { da: `senest kl. ${clock}`, en: `by ${clock}` }
  const whom = who === 'leverandør' ? same(subject) : actorWords[who]
  return paragraph(inBoth((say) => `- ${say(when)}, ${say(whom)}: ${say(what)}`))
}

export function metText(met: boolean): BilingualText {
  return met ? { da: 'nået', en: 'met' } : { da: 'MISSET', en: 'MISSED' }
}

/** What a forecast that knew nothing would have been worth. */
export function baseText({ baseRate, baseBrier }: Score): BilingualText {
  const [always, worth] = [percent(baseRate), decimal(baseBrier)]
  return { da: `altid at sige ${always} giver ${worth.da}`, en: `always saying ${always} gives ${worth.en}` }
}

export function calibrationText({ said, came }: CalibrationBin): BilingualText {
  return { da: `sagt ${percent(said)}, skete ${percent(came)}`, en: `said ${percent(said)}, came ${percent(came)}` }
}

/** A number with a comma for Danes and a point for others. */
export function decimal(value: number): BilingualText {
  const en = value.toFixed(value < 10 ? 2 : 0)
  return { da: en.replace('.', ','), en }
}
