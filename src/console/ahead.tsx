import { many } from '../domain/bilingual-text.ts'
import type { DueCutoff } from '../domain/cutoff-overview.ts'
import { percent, riskText } from '../domain/words.ts'
import { clock } from './clock.ts'
import { T, useSay } from './language.tsx'

/** Below this chance a cutoff is shown as being in danger. */
const sure = 0.9

/** A cutoff to come, with its forecast. */
export function Ahead({ cutoff: { navn, at, forecast, awaitedFiles } }: { cutoff: DueCutoff }) {
  const { total, acknowledged, probability, risk, latestStartAt } = forecast
  const share = total === 0 ? 0 : (100 * acknowledged) / total
  const [done, all, chance] = [Math.round(acknowledged), Math.round(total), percent(probability)]
  const text = { da: `${done} af ${all} kvitteret`, en: `${done} of ${all} acknowledged` }
  return (
    <div class="cutoff">
      <p>
        <b>{navn}</b> {clock(at)}: <T {...text} />;{' '}
        <span class={probability < sure ? 'daarlig-text' : 'god-text'}>
          <T da={`${chance} chance for, at alt når det`} en={`${chance} chance that all of it makes it`} />
        </span>
      </p>
      <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={useSay()(text)}>
        <rect class="in" x="0" y="0" width={share} height="10" />
      </svg>
      <p class="small soft">
        {awaitedFiles > 0 ? <T {...awaitedText(awaitedFiles)} /> : null} {risk === null ? null : <Risk text={riskText(risk)} />}{' '}
        {latestStartAt === null ? null : (
          <T
            da={`Afsendelsen skal begynde senest ${clock(latestStartAt)}.`}
            en={`Sending must begin by ${clock(latestStartAt)}.`}
          />
        )}
      </p>
    </div>
  )
}

function awaitedText(count: number) {
  const { da, en } = many(count, { da: 'fil ventes', en: 'file is awaited' }, { da: 'filer ventes', en: 'files are awaited' })
  return { da: `${da}.`, en: `${en}.` }
}

function Risk({ text: { da, en } }: { text: ReturnType<typeof riskText> }) {
  return <T da={`Største risiko: ${da}.`} en={`Greatest risk: ${en}.`} />
}
