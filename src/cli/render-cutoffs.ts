import { alertLine, alertsTitle, baseText, decimal, forecastTexts, indented, metText, outageLine } from '../app/cutoff-texts.ts'
import { type BilingualText, joined, nothing } from '../domain/bilingual-text.ts'
import { cut } from '../domain/cut.ts'
import type { ComingCutoff, CutoffOutcome, CutoffOverview } from '../domain/cutoff-overview.ts'
import type { Score } from '../domain/forecast-score.ts'
import { sections } from '../domain/lines.ts'
import { paragraph } from '../domain/paragraph.ts'
import { businessZone, type Instant, toClock, toMinute } from '../domain/time.ts'
import { percent } from '../domain/words.ts'

/** Cutoffs ahead that are shown though nothing is due at them. */
const emptyShown = 4
/** Passed cutoffs that are shown, the newest. */
const passedShown = 10
/** Suppliers at risk that are shown for a cutoff. */
const suppliersShown = 5

/** What `dagtilbud cutoffs` prints: at most 100 columns wide. */
export function renderCutoffs({ madeAt, outage, coming, alerts, passed, score }: CutoffOverview): BilingualText {
  const ended = passed.slice(-passedShown).reverse()
  return sections(
    outage === null ? [] : [{ da: 'UNILOGIN SVARER IKKE', en: 'UNILOGIN DOES NOT ANSWER' }, indented(outageLine(outage))],
    comingSection(coming, madeAt),
    alerts.length === 0 ? [] : [alertsTitle, ...alerts.map(alertLine)],
    ended.length === 0 ? [] : [{ da: 'PASSEREDE FRISTER', en: 'PASSED CUTOFFS' }, ...ended.map(passedLine)],
    scoreLines(score),
  )
}

function comingSection(coming: readonly ComingCutoff[], madeAt: Instant): BilingualText[] {
  const empty = new Set(coming.filter(({ forecast }) => forecast === null).slice(emptyShown))
  const shown = coming.filter((cutoff) => !empty.has(cutoff))
  return [
    { da: 'KOMMENDE FRISTER', en: 'COMING CUTOFFS' },
    ...shown.flatMap((cutoff) => comingLines(cutoff, madeAt)),
    ...(coming.length === 0 ? [{ da: '  ingen i de næste 14 dage', en: '  none in the next 14 days' }] : []),
    ...(empty.size > 0
      ? [
          {
            da: `  og ${empty.size} til i de næste 14 dage, med intet på vej endnu`,
            en: `  and ${empty.size} more in the next 14 days, with nothing under way yet`,
          },
        ]
      : []),
  ]
}

function comingLines({ navn, at, forecast }: ComingCutoff, madeAt: Instant): BilingualText[] {
  const name = label(navn, at)
  if (forecast === null) return [{ da: `${name.da}  intet på vej endnu`, en: `${name.en}  nothing under way yet` }]
  const [first = nothing, ...rest] = forecastTexts(forecast, madeAt)
  const bySupplier = forecast.suppliers
    .filter(({ probability }) => probability < 0.9)
    .sort((a, b) => a.probability - b.probability)
    .slice(0, suppliersShown)
    .map(({ supplierId, expected, total, probability }) => {
      const [ours, all] = [Math.round(expected), Math.round(total)]
      const chance = percent(probability)
      return { da: `${supplierId}: ${ours} af ${all}, ${chance}`, en: `${supplierId}: ${ours} of ${all}, ${chance}` }
    })
  return [joined([name, first], '  '), ...[...rest, ...bySupplier].map(indented)]
}

function passedLine({ navn, at, total, inTime, missed, missingFiles, apart, met, firstForecast }: CutoffOutcome): BilingualText {
  const outcome = metText(met)
  const notes = [
    { da: `${outcome.da}: ${inTime} af ${total}`, en: `${outcome.en}: ${inTime} of ${total}` },
    ...(missed > 0 ? [{ da: `${missed} nåede det ikke`, en: `${missed} did not make it` }] : []),
    ...(missingFiles > 0 ? [{ da: `${missingFiles} filer manglede`, en: `${missingFiles} files were missing` }] : []),
    ...(apart > 0 ? [{ da: `${apart} tæller ikke med`, en: `${apart} do not count` }] : []),
    ...(firstForecast === null ? [] : [saidText(firstForecast.probability, firstForecast.madeAt)]),
  ]
  return paragraph(joined([label(navn, at), joined(notes, '; ')], '  '), 6)
}

function saidText(probability: number, madeAt: Instant): BilingualText {
  const [chance, clock] = [percent(probability), toClock(madeAt)]
  return { da: `sagt ${chance} kl. ${clock}`, en: `said ${chance} at ${clock}` }
}

/** How good the forecasts were, in a few lines; none when there is no score. */
function scoreLines(score: Score | null): BilingualText[] {
  if (score === null) return []
  const { brier, forecasts, calibration } = score
  const base = baseText(score)
  return [
    { da: 'PROGNOSERNES TRÆFSIKKERHED', en: 'HOW GOOD THE FORECASTS WERE' },
    {
      da: `  Brier ${decimal(brier).da} af ${forecasts} prognoser (0 er bedst); ${base.da}`,
      en: `  Brier ${decimal(brier).en} of ${forecasts} forecasts (0 is best); ${base.en}`,
    },
    ...calibration.map(({ said, came, weight }) => {
      const [before, after] = [percent(said).padStart(6), percent(came).padStart(6)]
      return {
        da: `      sagt ${before}, skete ${after}  (vægt ${decimal(weight).da})`,
        en: `      said ${before}, came ${after}  (weight ${decimal(weight).en})`,
      }
    }),
  ]
}

function label(navn: string, at: Instant): BilingualText {
  const day = (locale: string) =>
    new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: businessZone }).format(at).slice(0, 3)
  const [name, when] = [cut(navn, 18).padEnd(18), toMinute(at)]
  return { da: `  ${name}  ${day('da-DK')} ${when}`, en: `  ${name}  ${day('en-GB')} ${when}` }
}
