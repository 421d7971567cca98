import { failuresByCode, type NightOverview, type SupplierNight, standingOf } from '../app/night-overview.ts'
import { type BilingualText, inBoth, joined, many, same } from '../domain/bilingual-text.ts'
import { cut } from '../domain/cut.ts'
import type { DueCutoff } from '../domain/cutoff-overview.ts'
import { lines, sections } from '../domain/lines.ts'
import { paragraph } from '../domain/paragraph.ts'
import { type Instant, toClock, toMinute, toSecond } from '../domain/time.ts'
import { countsText, deltaStateWords, fileStateWords, percent } from '../domain/words.ts'
import type { Screen, Tone } from './screen.ts'

/** Characters of a cutoff's bar. */
const barWidth = 30
/** Below this chance a cutoff is in danger. */
const sure = 0.9

const tones = { god: 'good', igang: 'soft', obs: 'warn', daarlig: 'bad' } as const satisfies Record<string, Tone>

/** A running night at a glance, at most 100 columns wide. */
export function renderWatch(overview: NightOverview, at: Instant, paint: Screen['paint']): BilingualText {
  const { report, verdict, suppliers, ahead } = overview
  const heading = { da: `Nat ${report.date}`, en: `Night ${report.date}` }
  return sections(
    [inBoth((say) => `${say(heading)}   ${say(paint(tones[verdict.tone], verdict.text))}   ${toSecond(at).slice(11)}`)],
    [{ da: 'LEVERANDØRER', en: 'SUPPLIERS' }, ...suppliers.map((row) => supplierLine(row, paint))],
    [
      labelled({ da: 'FILER', en: 'FILES' }, countsText(report.files.byState, fileStateWords)),
      labelled({ da: 'ÆNDRINGER', en: 'CHANGES' }, countsText(report.deltas.byState, deltaStateWords)),
      labelled({ da: 'KVITTERINGER', en: 'RECEIPTS' }, receiptsText(overview)),
    ],
    ahead.length === 0 ? [] : [{ da: 'FRISTER', en: 'CUTOFFS' }, ...ahead.map((cutoff) => cutoffLines(cutoff, paint))],
    waitingLines(overview, paint),
  )
}

function supplierLine(row: SupplierNight, paint: Screen['paint']): BilingualText {
  const { supplierId, missing, files, state, problem } = row
  const tone = problem !== null ? 'bad' : missing.length > 0 ? (state === 'late' ? 'warn' : 'soft') : 'good'
  const standing = standingOf(row)
  const codes = missing.length === 0 ? '' : `: ${missing.join(', ')}`
  const text = inBoth((say) => cut(`${say(standing)}${codes}`, 60).padEnd(60))
  const count = many(files, { da: 'fil', en: 'file' }, { da: 'filer', en: 'files' })
  return inBoth((say) => `  ${cut(supplierId, 20).padEnd(22)}${say(paint(tone, text))} ${say(count).padStart(12)}`)
}

function labelled(label: BilingualText, text: BilingualText): BilingualText {
  return paragraph(
    inBoth((say) => `${say(label).padEnd(14)}${say(text)}`),
    14,
  )
}

function receiptsText({ report: { receipts } }: NightOverview): BilingualText {
  const { delivered, waiting } = receipts
  return { da: `${delivered} afleveret, ${waiting} venter`, en: `${delivered} delivered, ${waiting} wait` }
}

/** A cutoff with a bar: acknowledged, then expected in time, then the rest. */
function cutoffLines({ navn, at, forecast, awaitedFiles }: DueCutoff, paint: Screen['paint']): BilingualText {
  const { total, acknowledged, expected, probability } = forecast
  const cells = (count: number) => (total === 0 ? barWidth : Math.round((barWidth * Math.min(count, total)) / total))
  const [done, likely] = [cells(acknowledged), cells(expected)]
  const bar = `${'█'.repeat(done)}${'▒'.repeat(Math.max(0, likely - done))}${'·'.repeat(barWidth - Math.max(done, likely))}`
  const [ours, all, chance] = [Math.round(acknowledged), Math.round(total), percent(probability)]
  const text = {
    da: `${ours} af ${all} kvitteret; ${chance} for dem alle`,
    en: `${ours} of ${all} acknowledged; ${chance} for all`,
  }
  const painted = paint(probability < sure ? 'bad' : 'good', same(bar))
  return lines(
    inBoth((say) => `  ${cut(navn, 10).padEnd(11)}${toMinute(at).slice(5)}  ${say(painted)}  ${say(text)}`),
    ...(awaitedFiles > 0
      ? [{ da: `             ${awaitedFiles} filer ventes endnu`, en: `             ${awaitedFiles} files are still awaited` }]
      : []),
  )
}

/** What a person must see to; nothing when there is nothing. */
function waitingLines({ report }: NightOverview, paint: Screen['paint']): BilingualText[] {
  const holds = report.holds.filter(({ state }) => state === 'open').length
  return [
    ...failuresByCode(report).map(([code, count]) =>
      paint('bad', { da: `FEJL          ${count} job: ${code}`, en: `FAILURES      ${count} jobs: ${code}` }),
    ),
    ...(holds > 0
      ? [paint('bad', { da: `TILBAGEHOLDT  ${holds} venter på en afgørelse`, en: `HELD          ${holds} wait for a decision` })]
      : []),
  ]
}

/** The same in one line, for what is no terminal. */
export function renderWatchLine(overview: NightOverview, at: Instant): BilingualText {
  const { report, suppliers, ahead } = overview
  const here = suppliers.filter(({ missing, problem }) => missing.length === 0 && problem === null).length
  const { byState } = report.deltas
  const changes = Object.values(byState).reduce((sum, count) => sum + count, 0)
  const { received, underWay } = report.files
  const [failures, acknowledged] = [report.failures.length, report.deltas.acknowledged]
  const told = [
    { da: `${here} af ${suppliers.length} leverandører er her`, en: `${here} of ${suppliers.length} suppliers are here` },
    { da: `${received} filer, ${underWay} undervejs`, en: `${received} files, ${underWay} under way` },
    { da: `${acknowledged} af ${changes} ændringer kvitteret`, en: `${acknowledged} of ${changes} changes acknowledged` },
    ...ahead.map(({ navn, at: due, forecast }) => same(`${navn} ${toClock(due)} ${percent(forecast.probability)}`)),
    ...(failures > 0 ? [{ da: `${failures} job standset`, en: `${failures} jobs stopped` }] : []),
  ]
  return inBoth((say) => `${toSecond(at).slice(11)}  ${say(joined(told, '; '))}`)
}

/** Before the night has begun. */
export function notBegun(date: string): BilingualText {
  return { da: `Natten ${date} er ikke begyndt endnu.`, en: `Night ${date} has not begun yet.` }
}
