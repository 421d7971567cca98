import type { DueCutoff } from '../domain/cutoff-overview.ts'
import { percent, riskText } from '../domain/words.ts'
import { clock, many } from './words.ts'

/** Below this chance a cutoff is shown as being in danger. */
const sure = 0.9

/** A cutoff to come, with its forecast. */
export function Ahead({ cutoff: { navn, at, forecast, awaitedFiles } }: { cutoff: DueCutoff }) {
  const { total, acknowledged, probability, risk, latestStartAt } = forecast
  const share = total === 0 ? 0 : (100 * acknowledged) / total
  const text = `${Math.round(acknowledged)} af ${Math.round(total)} kvitteret`
  return (
    <div class="cutoff">
      <p>
        <b>{navn}</b> {clock(at)}: {text};{' '}
        <span class={probability < sure ? 'daarlig-text' : 'god-text'}>{percent(probability)} chance for, at alt når det</span>
      </p>
      <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={text}>
        <rect class="in" x="0" y="0" width={share} height="10" />
      </svg>
      <p class="small soft">
        {awaitedFiles > 0 ? `${many(awaitedFiles, 'fil ventes', 'filer ventes')}. ` : ''}
        {risk === null ? '' : `Største risiko: ${riskText(risk).da}. `}
        {latestStartAt === null ? '' : `Afsendelsen skal begynde senest ${clock(latestStartAt)}.`}
      </p>
    </div>
  )
}
