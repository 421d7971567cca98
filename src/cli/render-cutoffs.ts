import { alertLines, decimal, forecastTexts, percent } from '../app/cutoff-texts.ts'
import { paragraph } from '../app/paragraph.ts'
import type { ComingCutoff, CutoffOutcome, CutoffOverview } from '../domain/cutoff-overview.ts'
import type { Score } from '../domain/forecast-score.ts'
import { type Instant, toWallTime } from '../domain/time.ts'

/** Cutoffs ahead that are shown though nothing is due at them. */
const emptyShown = 4
/** Passed cutoffs that are shown, the newest. */
const passedShown = 10
/** Suppliers at risk that are shown for a cutoff. */
const suppliersShown = 5

/** What `dagtilbud cutoffs` prints: at most 100 columns wide. */
export function renderCutoffs({ madeAt, coming, alerts, passed, score }: CutoffOverview): string {
  const sections = [
    comingSection(coming, madeAt),
    alerts.length === 0 ? [] : ['INDEN FRISTEN', ...alerts.flatMap(alertLines)],
    passed.length === 0 ? [] : ['PASSEREDE FRISTER', ...passed.slice(-passedShown).reverse().flatMap(passedLines)],
    scoreLines(score),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

function comingSection(coming: readonly ComingCutoff[], madeAt: Instant): string[] {
  const empty = new Set(coming.filter(({ forecast }) => forecast === null).slice(emptyShown))
  const shown = coming.filter((cutoff) => !empty.has(cutoff))
  return [
    'KOMMENDE FRISTER',
    ...shown.flatMap((cutoff) => comingLines(cutoff, madeAt)),
    ...(coming.length === 0 ? ['  ingen i de næste 14 dage'] : []),
    ...(empty.size > 0 ? [`  og ${empty.size} til i de næste 14 dage, med intet på vej endnu`] : []),
  ]
}

function comingLines({ navn, at, forecast }: ComingCutoff, madeAt: Instant): string[] {
  const name = label(navn, at)
  if (forecast === null) return [`${name}  intet på vej endnu`]
  const [first = '', ...rest] = forecastTexts(forecast, madeAt)
  const risky = forecast.suppliers.filter(({ probability }) => probability < 0.9)
  const bySupplier = risky
    .sort((a, b) => a.probability - b.probability)
    .slice(0, suppliersShown)
    .map(
      ({ supplierId, expected, total, probability }) =>
        `${supplierId}: ${Math.round(expected)} af ${Math.round(total)}, ${percent(probability)}`,
    )
  return [`${name}  ${first}`, ...[...rest, ...bySupplier].flatMap((text) => paragraph(`      ${text}`, 6))]
}

function passedLines({ navn, at, total, inTime, missed, apart, missingFiles, met, firstForecast }: CutoffOutcome): string[] {
  const notes = [
    ...(missed > 0 ? [`${missed} nåede det ikke`] : []),
    ...(missingFiles > 0 ? [`${missingFiles} filer manglede`] : []),
    ...(apart > 0 ? [`${apart} tæller ikke med`] : []),
    ...(firstForecast === null ? [] : [`sagt ${percent(firstForecast.probability)} kl. ${clock(firstForecast.madeAt)}`]),
  ]
  const outcome = `${met ? 'nået' : 'MISSET'}: ${inTime} af ${total}`
  return paragraph(`${label(navn, at)}  ${[outcome, ...notes].join('; ')}`, 6)
}

/** How good the forecasts were, in a few lines; none when there is no score. */
function scoreLines(score: Score | null): string[] {
  if (score === null) return []
  const { brier, baseBrier, baseRate, forecasts, calibration } = score
  return [
    'PROGNOSERNES TRÆFSIKKERHED',
    `  Brier ${decimal(brier)} af ${forecasts} prognoser (0 er bedst); altid at sige ${percent(baseRate)} giver ${decimal(baseBrier)}`,
    ...calibration.map(
      ({ said, came, weight }) =>
        `      sagt ${percent(said).padStart(6)}, skete ${percent(came).padStart(6)}  (vægt ${decimal(weight)})`,
    ),
  ]
}

function label(navn: string, at: Instant): string {
  const day = new Intl.DateTimeFormat('da-DK', { weekday: 'short', timeZone: 'Europe/Copenhagen' }).format(at).slice(0, 3)
  const short = navn.length > 18 ? `${navn.slice(0, 17)}…` : navn
  return `  ${short.padEnd(18)}  ${day} ${toWallTime(at).slice(0, 16).replace('T', ' ')}`
}

function clock(at: Instant): string {
  return toWallTime(at).slice(11, 16)
}
