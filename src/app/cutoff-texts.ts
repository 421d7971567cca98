import type { CutoffAlert } from '../domain/cutoff-alerts.ts'
import type { Forecast, Risk } from '../domain/forecast.ts'
import { type Instant, toWallTime } from '../domain/time.ts'
import { paragraph } from './paragraph.ts'

/** A forecast in a line or two. */
export function forecastTexts(
  forecast: Pick<Forecast, 'total' | 'acknowledged' | 'expected' | 'probability' | 'risk' | 'latestStartAt'>,
  madeAt: Instant,
): string[] {
  const { total, acknowledged, expected, probability, risk, latestStartAt } = forecast
  if (acknowledged === total && risk === null) return [`${total} af ${total} er kvitteret`]
  const start =
    latestStartAt === null ? '' : `; resten skal være i gang ${latestStartAt > madeAt ? `kl. ${clock(latestStartAt)}` : 'nu'}`
  return [
    `${Math.round(expected)} af ${Math.round(total)} ventes i tide; ${percent(probability)} for dem alle`,
    ...(risk === null ? [] : [`største risiko: ${riskText(risk)}${start}`]),
  ]
}

/** What can keep a cutoff from being met, in words. */
function riskText({ cause, supplierId, probability }: Risk): string {
  const whose = supplierId === null || supplierId === '' ? '' : ` fra ${supplierId}`
  const texts: Readonly<Record<Risk['cause'], string>> = {
    afvist: `afviste ændringer${whose}`,
    fil: `en fil${whose}`,
    indlaesning: 'indlæsningen af filer',
    afsendelse: 'afsendelsen til Unilogin',
  }
  return `${texts[cause]} (${percent(probability)})`
}

/** One thing to do before a cutoff. */
export function alertLines({ who, subject, what, latestAt, atOnce }: CutoffAlert): string[] {
  const when = atOnce ? 'straks' : `senest kl. ${clock(latestAt)}`
  return paragraph(`- ${when}, ${who === 'leverandør' ? subject : who}: ${what}`)
}

/** A chance; never quite none or all. */
export function percent(share: number): string {
  const whole = Math.round(share * 100)
  if (whole === 0 && share > 0) return '<1 %'
  if (whole === 100 && share < 1) return '>99 %'
  return `${whole} %`
}

/** A number as Danes write it. */
export function decimal(value: number): string {
  return value.toFixed(value < 10 ? 2 : 0).replace('.', ',')
}

function clock(at: Instant): string {
  return toWallTime(at).slice(11, 16)
}
