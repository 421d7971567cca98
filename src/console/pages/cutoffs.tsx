import { type CutoffAhead, lookAhead } from '../../app/look-ahead.ts'
import type { RiskCause } from '../../domain/forecast.ts'
import { cutoffsBetween } from '../../domain/next-cutoff.ts'
import type { ConsoleContext, PageContext } from '../context.ts'
import { page, Table } from '../layout.tsx'
import { clock, many } from '../words.ts'

const dayMs = 24 * 3_600_000
const daysBack = 30
const daysAhead = 7

const riskWords = {
  afvist: 'ændringer, som Unilogin har afvist',
  fil: 'en fil, der kommer for sent eller slet ikke',
  indlaesning: 'indlæsningen er langsom',
  afsendelse: 'Unilogin er langsom',
} as const satisfies Record<RiskCause, string>

/** Cutoffs to come, with what is due and the chance that it makes it, and how the past ones were met. */
export function cutoffsPage(c: PageContext, ctx: ConsoleContext): Response | Promise<Response> {
  const now = ctx.clock.now()
  const { ahead, passed } = ctx.register.read((tx) => ({
    ahead: lookAhead(ctx, tx),
    passed: tx.cutoffs.passed(now - daysBack * dayMs, now).toReversed(),
  }))
  const planned = cutoffsBetween(ctx.settings.cutoffs, now, now + daysAhead * dayMs)
  return page(
    c,
    ctx,
    { title: 'Cutoffs', here: '/cutoffs' },
    <>
      <h1>Cutoffs</h1>
      <h2>På vej</h2>
      {ahead.length === 0 ? <p class="soft">Intet skal nå en frist lige nu.</p> : null}
      {ahead.map((one) => (
        <Ahead ahead={one} />
      ))}
      <h2>De næste {daysAhead} dage</h2>
      <Table
        caption="Frister efter indstillingerne"
        head={['Frist', 'Hvornår']}
        rows={planned.map(({ navn, at }) => [navn, clock(at)])}
      />
      <h2>Passeret</h2>
      <Table
        caption={`De sidste ${daysBack} dage`}
        head={['Frist', 'Hvornår', '#Ændringer', '#Nået', '#Ikke nået', '#Filer manglede']}
        rows={passed.map(({ navn, at, total, inTime, missed, missingFiles }) => [
          navn,
          clock(at),
          total,
          inTime,
          <span class={missed > 0 ? 'daarlig-text' : undefined}>{missed}</span>,
          missingFiles,
        ])}
      />
    </>,
  )
}

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
