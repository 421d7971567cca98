import type { CutoffAhead } from '../app/look-ahead.ts'
import type { RiskCause } from '../domain/forecast.ts'
import { clock, many } from './words.ts'

const riskWords = {
  afvist: 'ændringer, som Unilogin har afvist',
  fil: 'en fil, der kommer for sent eller slet ikke',
  indlaesning: 'indlæsningen er langsom',
  nede: 'Unilogin svarer ikke',
  afsendelse: 'Unilogin er langsom',
} as const satisfies Record<RiskCause, string>

/** A cutoff to come, with its forecast. */
export function Ahead({ ahead: { cutoff, forecast, awaited } }: { ahead: CutoffAhead }) {
  const { total, acknowledged, probability, risk, latestStartAt } = forecast
  const percent = Math.floor(probability * 100)
  const isUnsure = probability < 0.9
  const share = total === 0 ? 0 : (100 * acknowledged) / total
  const text = `${Math.round(acknowledged)} af ${Math.round(total)} kvitteret`
  return (
    <div class="cutoff">
      <p>
        <b>{cutoff.navn}</b> {clock(cutoff.at)}: {text};{' '}
        <span class={isUnsure ? 'daarlig-text' : 'god-text'}>{percent} % chance for, at alt når det</span>
      </p>
      <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={text}>
        <rect class="in" x="0" y="0" width={share} height="10" />
      </svg>
      <p class="small soft">
        {awaited.length > 0 ? `${many(awaited.length, 'fil ventes', 'filer ventes')}. ` : ''}
        {risk === null
          ? ''
          : `Største risiko: ${riskWords[risk.cause]}${risk.supplierId === null ? '' : ` (${risk.supplierId})`}. `}
        {latestStartAt === null ? '' : `Afsendelsen skal begynde senest ${clock(latestStartAt)}.`}
      </p>
    </div>
  )
}
