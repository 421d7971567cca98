/*
 * How good the forecast is: it looks at simulated nights of made-up countries, and is scored as it would be in the morning.
 * npm run bench:forecast [countries] [nights]
 */
import { scoreForecasts } from '../src/domain/forecast-score.ts'
import { simulateNights } from '../test/kit/simulate-nights.ts'

const [countries = 16, nights = 50] = process.argv.slice(2).map(Number)
const start = performance.now()
const forecasts = Array.from({ length: countries }, (_, i) => simulateNights({ seed: i + 1, nights, everyMinutes: 20 })).flat()
const ms = performance.now() - start
const score = scoreForecasts(forecasts)
if (score === null) throw new Error('no forecast was made')

const percent = (value: number) => `${(100 * value).toFixed(1)} %`.padStart(8)
console.log(
  `${countries} countries, ${nights} nights each, ${forecasts.length} forecasts of ${percent(score.baseRate).trim()} met cutoffs\n`,
)
console.log('      said      came true    weight')
for (const { said, came, weight } of score.calibration)
  console.log(`  ${percent(said)}  ${percent(came)}  ${weight.toFixed(1).padStart(10)}`)
console.log('\n  left (min)   brier   base rate   forecasts')
for (const [from, to] of [
  [0, 30],
  [30, 60],
  [60, 120],
  [120, 240],
  [240, 400],
] as const) {
  const own = scoreForecasts(
    forecasts.filter(({ minutesLeft }) => minutesLeft >= from && minutesLeft < to).map((one) => ({ ...one, weight: 1 })),
  )
  if (own !== null)
    console.log(
      `  ${`${from}-${to}`.padStart(10)}  ${own.brier.toFixed(4)}  ${own.baseBrier.toFixed(4).padStart(9)}  ${String(own.forecasts).padStart(10)}`,
    )
}
const skill = 1 - score.brier / score.baseBrier
console.log(`\n  all         ${score.brier.toFixed(4)}  ${score.baseBrier.toFixed(4).padStart(9)}  skill ${skill.toFixed(2)}\n`)
const round = (value: number) => Number(value.toFixed(4))
console.log(
  JSON.stringify({
    bench: 'forecast',
    forecasts: forecasts.length,
    baseRate: round(score.baseRate),
    brier: round(score.brier),
    baseBrier: round(score.baseBrier),
    skill: round(skill),
    msPerForecast: round(ms / forecasts.length),
  }),
)
