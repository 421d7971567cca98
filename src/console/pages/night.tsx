import { type NightOverview, nightOverview, recentNights, type SupplierNight } from '../../app/night-overview.ts'
import type { CutoffResult, NightAction, NightReport } from '../../app/night-report.ts'
import type { NightVerdict } from '../../app/night-verdict.ts'
import { institutionsnummerPattern } from '../../domain/ids.ts'
import { countBy } from '../../domain/lists.ts'
import { ruleTable } from '../../domain/rules/rule-table.ts'
import { isBusinessDate } from '../../domain/time.ts'
import { deltaStateWords, holdStateWords, kommuneText, sliceWords } from '../../domain/words.ts'
import type { NightSummary } from '../../ports/register/nights.ts'
import { Ahead } from '../ahead.tsx'
import type { ConsoleContext, PageContext } from '../context.ts'
import { Facts, page, Table } from '../layout.tsx'
import { href, notThere } from '../query.ts'
import { clock, many } from '../words.ts'

const nightsShown = 14
const causesShown = 8

/** The night at a glance: the newest, or the one of a date. */
export function nightPage(c: PageContext, ctx: ConsoleContext): Response | Promise<Response> {
  const nights = recentNights(ctx, nightsShown)
  const asked = c.req.param('date')
  if (asked !== undefined && !isBusinessDate(asked)) throw notThere('a night of what is no date')
  const date = asked ?? nights[0]?.date
  const overview = date === undefined ? null : nightOverview(ctx, date)
  if (overview === null && asked !== undefined) throw notThere(`night ${asked}`)
  const content =
    overview === null ? (
      <>
        <h1>Ingen nætter endnu</h1>
        <p>Den første begynder af sig selv efter planen, eller med</p>
        <pre>dagtilbud night run</pre>
      </>
    ) : (
      <NightContent overview={overview} nights={nights} />
    )
  return page(c, ctx, { title: overview === null ? 'Nat' : `Nat ${overview.report.date}`, here: '/' }, content)
}

function NightContent({
  overview: { report, verdict, suppliers, ahead },
  nights,
}: {
  overview: NightOverview
  nights: readonly NightSummary[]
}) {
  return (
    <>
      <h1>Nat {report.date}</h1>
      <Verdict report={report} verdict={verdict} />
      <Actions actions={report.actions} report={report} />
      <h2>Frister</h2>
      {ahead.map((one) => (
        <Ahead cutoff={one} />
      ))}
      {report.cutoffs.length + ahead.length === 0 ? (
        <p class="soft">Ingen ændringer med en frist.</p>
      ) : (
        report.cutoffs.map((cutoff) => <CutoffBar cutoff={cutoff} />)
      )}
      <h2>Tal</h2>
      <Figures report={report} />
      <h2>Leverandører</h2>
      <Table
        caption="Leverandører i natten"
        head={['Leverandør', 'Status', '#Filer', '#Rækker læst', '#Godtaget', '#Afvist']}
        rows={suppliers.map((row) => supplierRow(row, report.date))}
      />
      {report.holds.length === 0 ? null : <Holds report={report} />}
      {report.causes.length === 0 ? null : <Causes report={report} />}
      <h2>Nætter</h2>
      <Table
        caption="De seneste nætter"
        head={['Nat', 'Forløb', '#Filer', '#Afviste filer', '#Holds venter']}
        rows={nights.map((night) => [
          <a href={`/nat/${night.date}`} aria-current={night.date === report.date ? 'page' : undefined}>
            {night.date}
          </a>,
          night.closedAt === null ? 'i gang' : `${clock(night.openedAt).slice(11)}–${clock(night.closedAt).slice(11)}`,
          night.files,
          night.rejectedFiles,
          night.openHolds,
        ])}
      />
    </>
  )
}

function Verdict({ report, verdict }: { report: NightReport; verdict: NightVerdict }) {
  const yours = report.actions.filter(({ who }) => who === 'operator').length
  const others = report.actions.length - yours
  const needs =
    yours > 0
      ? `${many(yours, 'ting venter', 'ting venter')} på dig.`
      : others > 0
        ? 'Du skal ikke gøre noget; andre skal.'
        : 'Ingen skal gøre noget.'
  const lead = { god: 'God nat', igang: 'Natten er i gang', obs: 'God nat', daarlig: 'Natten har brug for dig' }[verdict.tone]
  return (
    <div class={`banner ${verdict.tone}`}>
      <p class="big">
        {lead}: {verdict.text.da}
      </p>
      <p>
        {needs}{' '}
        <span class="soft">
          Begyndt {clock(report.openedAt)}
          {report.closedAt === null ? '' : `, slut ${clock(report.closedAt)}`}.
        </span>
      </p>
    </div>
  )
}

function Actions({ actions, report }: { actions: readonly NightAction[]; report: NightReport }) {
  const failed = new Set(report.failures.map(({ jobId }) => jobId))
  const all = actions.filter(({ who }) => who === 'operator')
  const yours = all.filter(({ subject }) => !failed.has(subject))
  const others = actions.filter(({ who }) => who !== 'operator')
  return (
    <>
      {all.length === 0 ? null : (
        <>
          <h2>Venter på dig</h2>
          <ul class="todo">
            {byCode(report.failures).map(([code, count]) => (
              <li>
                {many(count, 'job er', 'job er')} standset: <a href="/fejl">se hvorfor, og sæt i kø igen</a> <code>{code}</code>
              </li>
            ))}
            {yours.map((action) => (
              <li>
                {action.what.da}: <ActionLink action={action} report={report} />
              </li>
            ))}
          </ul>
        </>
      )}
      {others.length === 0 ? null : (
        <>
          <h2>Venter på andre</h2>
          <ul class="todo">
            {others.map((action) => (
              <li class="obs">
                <b>{action.who}</b>: {action.what.da}: <ActionLink action={action} report={report} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function ActionLink({ action: { subject }, report }: { action: NightAction; report: NightReport }) {
  const file = report.rejectedFiles.find(({ supplierId, name }) => `${supplierId}/${name}` === subject)
  if (report.holds.some(({ holdId }) => holdId === subject)) return <a href={`/holds/${subject}`}>se og afgør {subject}</a>
  if (file !== undefined) return <a href={`/filer/${file.fileId}`}>{subject}</a>
  if (institutionsnummerPattern.test(subject)) return <a href={`/institution/${subject}`}>{subject}</a>
  return <span class="id">{subject}</span>
}

/** How many failed for each reason, the most frequent first. */
function byCode(failures: NightReport['failures']): [string, number][] {
  return [...countBy(failures, ({ code }) => code)].sort(([, a], [, b]) => b - a)
}

/** How a cutoff was met, as a bar and in words. */
function CutoffBar({ cutoff }: { cutoff: CutoffResult }) {
  const { navn, at, deltas, acknowledgedInTime, acknowledgedLate, open } = cutoff
  const share = (count: number) => (deltas === 0 ? 0 : (100 * count) / deltas)
  const text = `${acknowledgedInTime} af ${deltas} kvitteret inden fristen${acknowledgedLate > 0 ? `, ${acknowledgedLate} for sent` : ''}${open > 0 ? `, ${open} mangler` : ''}`
  return (
    <div class="cutoff">
      <p>
        <b>{navn}</b> {clock(at)}: {text}
      </p>
      <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={text}>
        <rect class="in" x="0" y="0" width={share(acknowledgedInTime)} height="10" />
        <rect class="late" x={share(acknowledgedInTime)} y="0" width={share(acknowledgedLate)} height="10" />
        <rect class="open" x={share(acknowledgedInTime + acknowledgedLate)} y="0" width={share(open)} height="10" />
      </svg>
    </div>
  )
}

function Figures({ report: { files, rows, deltas, receipts, date } }: { report: NightReport }) {
  const total = Object.values(deltas.byState).reduce((sum, count) => sum + count, 0)
  const states = Object.entries(deltas.byState).map(
    ([state, count]) => `${count} ${deltaStateWords[state as keyof typeof deltaStateWords].da}`,
  )
  return (
    <Facts
      facts={[
        {
          name: 'Nye filer',
          value: <a href={href('/filer', { nat: date })}>{files.received}</a>,
          more: `${files.delivered} leveret, ${files.rejected} afvist, ${files.held} tilbageholdt${files.underWay > 0 ? `, ${files.underWay} undervejs` : ''}`,
        },
        {
          name: 'Rækker læst',
          value: rows.read,
          more: `${rows.accepted} godtaget (${rows.unchanged} uændret), ${rows.rejected} afvist`,
        },
        { name: 'Ændringer til Unilogin', value: total, more: states.join(', ') || 'ingen' },
        {
          name: 'Kvitteringer afleveret',
          value: receipts.delivered,
          more: receipts.waiting > 0 ? `${receipts.waiting} venter` : 'ingen venter',
        },
      ]}
    />
  )
}

const supplierStates = { looking: 'der kigges efter filer', complete: 'alt er her', late: 'mangler filer' } as const

function supplierRow(row: SupplierNight, date: string) {
  const isBad = row.problem !== null || (row.state === 'late' && row.missing.length > 0)
  const text =
    row.problem !== null
      ? `serveren kunne ikke læses (${row.problem})`
      : supplierStates[row.state === 'late' && row.missing.length === 0 ? 'complete' : row.state]
  const missing = row.missing.length === 0 ? '' : `: ${row.missing.map(kommuneText).join(', ')}`
  return [
    row.navn,
    <span class={isBad ? (row.problem === null ? 'obs-text' : 'daarlig-text') : undefined}>
      {text}
      {missing}
    </span>,
    <a href={href('/filer', { nat: date, leverandoer: row.supplierId })}>{row.files}</a>,
    row.read,
    row.accepted,
    row.rejected,
  ]
}

function Holds({ report }: { report: NightReport }) {
  return (
    <>
      <h2>Holds</h2>
      <Table
        caption="Ændringer, der er holdt tilbage i natten"
        head={['Hold', 'Kommune', 'Hvad', '#Antal', 'Status']}
        rows={report.holds.map((hold) => [
          <a href={`/holds/${hold.holdId}`}>{hold.holdId}</a>,
          kommuneText(hold.kommuneKode),
          sliceWords[hold.slice as keyof typeof sliceWords].da ?? hold.slice,
          `${hold.count} af ${hold.of}`,
          <span class={hold.state === 'open' ? 'daarlig-text' : undefined}>
            {holdStateWords[hold.state as keyof typeof holdStateWords].da ?? hold.state}
          </span>,
        ])}
      />
    </>
  )
}

function Causes({ report }: { report: NightReport }) {
  return (
    <>
      <h2>Fund i filerne</h2>
      <Table
        caption="De hyppigste fund"
        head={['Kode', '#Antal', 'Hvad']}
        rows={report.causes
          .slice(0, causesShown)
          .map(({ code, count }) => [code, count, ruleTable.get(code)?.seen.da.replace(/"?\{\w+\}"?/g, '…') ?? ''])}
      />
    </>
  )
}
