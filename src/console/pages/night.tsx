import {
  failuresByCode,
  type NightOverview,
  nightOverview,
  recentNights,
  type SupplierNight,
  standingOf,
} from '../../app/night-overview.ts'
import type { CutoffResult, NightAction, NightReport } from '../../app/night-report.ts'
import type { NightVerdict } from '../../app/night-verdict.ts'
import { type BilingualText, inBoth, nothing } from '../../domain/bilingual-text.ts'
import { institutionsnummerPattern } from '../../domain/ids.ts'
import { ruleTable } from '../../domain/rules/rule-table.ts'
import { isBusinessDate } from '../../domain/time.ts'
import { actorWords, countsText, deltaStateWords, holdStateWords, kommuneText, sliceWords } from '../../domain/words.ts'
import type { NightSummary } from '../../ports/register/nights.ts'
import { Ahead } from '../ahead.tsx'
import { clock } from '../clock.ts'
import type { ConsoleContext, PageContext } from '../context.ts'
import { T, useSay } from '../language.tsx'
import { Facts, page, Table } from '../layout.tsx'
import { href, notThere } from '../query.ts'

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
  const title = overview === null ? { da: 'Nat', en: 'Night' } : nightText(overview.report.date)
  const content = overview === null ? <NoNights /> : <NightContent overview={overview} nights={nights} />
  return page(c, ctx, { title, here: '/' }, content)
}

function nightText(date: string): BilingualText {
  return { da: `Nat ${date}`, en: `Night ${date}` }
}

function NoNights() {
  return (
    <>
      <h1>
        <T da="Ingen nætter endnu" en="No nights yet" />
      </h1>
      <p>
        <T
          da="Den første begynder af sig selv efter planen, eller med"
          en="The first one begins by itself, as it is planned, or with"
        />
      </p>
      <pre>{'dagtilbud night run'}</pre>
    </>
  )
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
      <h1>
        <T {...nightText(report.date)} />
      </h1>
      <Verdict report={report} verdict={verdict} />
      <Actions actions={report.actions} report={report} />
      <h2>
        <T da="Frister" en="Cutoffs" />
      </h2>
      {ahead.map((one) => (
        <Ahead cutoff={one} />
      ))}
      {report.cutoffs.length + ahead.length === 0 ? (
        <p class="soft">
          <T da="Ingen ændringer med en frist." en="No changes with a cutoff." />
        </p>
      ) : (
        report.cutoffs.map((cutoff) => <CutoffBar cutoff={cutoff} />)
      )}
      <h2>
        <T da="Tal" en="Figures" />
      </h2>
      <Figures report={report} />
      <h2>
        <T da="Leverandører" en="Suppliers" />
      </h2>
      <Table
        caption={{ da: 'Leverandører i natten', en: 'Suppliers in the night' }}
        head={[
          { da: 'Leverandør', en: 'Supplier' },
          { da: 'Status', en: 'Standing' },
          { da: 'Filer', en: 'Files', isNumber: true },
          { da: 'Rækker læst', en: 'Rows read', isNumber: true },
          { da: 'Godtaget', en: 'Accepted', isNumber: true },
          { da: 'Afvist', en: 'Rejected', isNumber: true },
        ]}
        rows={suppliers.map((row) => supplierRow(row, report.date))}
      />
      {report.holds.length === 0 ? null : <Holds report={report} />}
      {report.causes.length === 0 ? null : <Causes report={report} />}
      <h2>
        <T da="Nætter" en="Nights" />
      </h2>
      <Nights nights={nights} date={report.date} />
    </>
  )
}

function Nights({ nights, date }: { nights: readonly NightSummary[]; date: string }) {
  return (
    <Table
      caption={{ da: 'De seneste nætter', en: 'The last nights' }}
      head={[
        { da: 'Nat', en: 'Night' },
        { da: 'Forløb', en: 'From and to' },
        { da: 'Filer', en: 'Files', isNumber: true },
        { da: 'Afviste filer', en: 'Rejected files', isNumber: true },
        { da: 'Holds venter', en: 'Holds that wait', isNumber: true },
      ]}
      rows={nights.map((night) => [
        <a href={`/nat/${night.date}`} aria-current={night.date === date ? 'page' : undefined}>
          {night.date}
        </a>,
        night.closedAt === null ? (
          <T da="i gang" en="under way" />
        ) : (
          `${clock(night.openedAt).slice(11)}–${clock(night.closedAt).slice(11)}`
        ),
        night.files,
        night.rejectedFiles,
        night.openHolds,
      ])}
    />
  )
}

const leads: Readonly<Record<NightVerdict['tone'], BilingualText>> = {
  god: { da: 'God nat', en: 'A good night' },
  igang: { da: 'Natten er i gang', en: 'The night is under way' },
  obs: { da: 'God nat', en: 'A good night' },
  daarlig: { da: 'Natten har brug for dig', en: 'The night needs you' },
}

function Verdict({ report, verdict }: { report: NightReport; verdict: NightVerdict }) {
  const yours = report.actions.filter(({ who }) => who === 'operator').length
  const [from, to] = [clock(report.openedAt), report.closedAt === null ? null : clock(report.closedAt)]
  return (
    <div class={`banner ${verdict.tone}`}>
      <p class="big">
        <T {...leads[verdict.tone]} />: <T {...verdict.text} />
      </p>
      <p>
        <T {...needsText(yours, report.actions.length - yours)} />{' '}
        <span class="soft">
          <T
            da={`Begyndt ${from}${to === null ? '' : `, slut ${to}`}.`}
            en={`Begun ${from}${to === null ? '' : `, over ${to}`}.`}
          />
        </span>
      </p>
    </div>
  )
}

function needsText(yours: number, others: number): BilingualText {
  if (yours > 0)
    return { da: `${yours} ting venter på dig.`, en: `${yours} ${yours === 1 ? 'thing waits' : 'things wait'} for you.` }
  return others > 0
    ? { da: 'Du skal ikke gøre noget; andre skal.', en: 'You need do nothing; others must.' }
    : { da: 'Ingen skal gøre noget.', en: 'Nobody needs to do anything.' }
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
          <h2>
            <T da="Venter på dig" en="Waits for you" />
          </h2>
          <ul class="todo">
            {failuresByCode(report).map(([code, count]) => (
              <li>
                <T da={`${count} job er standset:`} en={`${count} ${count === 1 ? 'job has' : 'jobs have'} stopped:`} />{' '}
                <a href="/fejl">
                  <T da="se hvorfor, og sæt i kø igen" en="see why, and re-queue" />
                </a>{' '}
                <code>{code}</code>
              </li>
            ))}
            {yours.map((action) => (
              <li>
                <T {...action.what} />: <ActionLink action={action} report={report} />
              </li>
            ))}
          </ul>
        </>
      )}
      {others.length === 0 ? null : (
        <>
          <h2>
            <T da="Venter på andre" en="Waits for others" />
          </h2>
          <ul class="todo">
            {others.map((action) => (
              <li class="obs">
                <b>
                  <T {...actorWords[action.who]} />
                </b>
                : <T {...action.what} />: <ActionLink action={action} report={report} />
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
  if (report.holds.some(({ holdId }) => holdId === subject))
    return (
      <a href={`/holds/${subject}`}>
        <T da={`se og afgør ${subject}`} en={`see and decide ${subject}`} />
      </a>
    )
  if (file !== undefined) return <a href={`/filer/${file.fileId}`}>{subject}</a>
  if (institutionsnummerPattern.test(subject)) return <a href={`/institution/${subject}`}>{subject}</a>
  return <span class="id">{subject}</span>
}

/** How a cutoff was met, as a bar and in words. */
function CutoffBar({ cutoff }: { cutoff: CutoffResult }) {
  const { navn, at, deltas, acknowledgedInTime: inTime, acknowledgedLate: late, open } = cutoff
  const share = (count: number) => (deltas === 0 ? 0 : (100 * count) / deltas)
  const text = {
    da: `${inTime} af ${deltas} kvitteret inden fristen${late > 0 ? `, ${late} for sent` : ''}${open > 0 ? `, ${open} mangler` : ''}`,
    en: `${inTime} of ${deltas} acknowledged before the cutoff${late > 0 ? `, ${late} too late` : ''}${open > 0 ? `, ${open} missing` : ''}`,
  }
  return (
    <div class="cutoff">
      <p>
        <b>{navn}</b> {clock(at)}: <T {...text} />
      </p>
      <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={useSay()(text)}>
        <rect class="in" x="0" y="0" width={share(inTime)} height="10" />
        <rect class="late" x={share(inTime)} y="0" width={share(late)} height="10" />
        <rect class="open" x={share(inTime + late)} y="0" width={share(open)} height="10" />
      </svg>
    </div>
  )
}

function Figures({ report: { files, rows, deltas, receipts, date } }: { report: NightReport }) {
  const total = Object.values(deltas.byState).reduce((sum, count) => sum + count, 0)
  const { received, delivered, rejected, held, underWay } = files
  return (
    <Facts
      facts={[
        {
          name: { da: 'Nye filer', en: 'New files' },
          value: <a href={href('/filer', { nat: date })}>{received}</a>,
          more: (
            <T
              da={`${delivered} leveret, ${rejected} afvist, ${held} tilbageholdt${underWay > 0 ? `, ${underWay} undervejs` : ''}`}
              en={`${delivered} delivered, ${rejected} rejected, ${held} held${underWay > 0 ? `, ${underWay} under way` : ''}`}
            />
          ),
        },
        {
          name: { da: 'Rækker læst', en: 'Rows read' },
          value: rows.read,
          more: (
            <T
              da={`${rows.accepted} godtaget (${rows.unchanged} uændret), ${rows.rejected} afvist`}
              en={`${rows.accepted} accepted (${rows.unchanged} unchanged), ${rows.rejected} rejected`}
            />
          ),
        },
        {
          name: { da: 'Ændringer til Unilogin', en: 'Changes to Unilogin' },
          value: total,
          more: <T {...countsText(deltas.byState, deltaStateWords)} />,
        },
        {
          name: { da: 'Kvitteringer afleveret', en: 'Receipts delivered' },
          value: receipts.delivered,
          more:
            receipts.waiting > 0 ? (
              <T da={`${receipts.waiting} venter`} en={`${receipts.waiting} wait`} />
            ) : (
              <T da="ingen venter" en="none waits" />
            ),
        },
      ]}
    />
  )
}

function supplierRow(row: SupplierNight, date: string) {
  const isBad = row.problem !== null || (row.state === 'late' && row.missing.length > 0)
  const missing = row.missing.length === 0 ? '' : `: ${row.missing.map(kommuneText).join(', ')}`
  return [
    row.navn,
    <span class={isBad ? (row.problem === null ? 'obs-text' : 'daarlig-text') : undefined}>
      <T {...standingOf(row)} />
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
      <h2>
        <T da="Holds" en="Holds" />
      </h2>
      <Table
        caption={{ da: 'Ændringer, der er holdt tilbage i natten', en: 'Changes that were held in the night' }}
        head={[
          { da: 'Hold', en: 'Hold' },
          { da: 'Kommune', en: 'Municipality' },
          { da: 'Hvad', en: 'What' },
          { da: 'Antal', en: 'Count', isNumber: true },
          { da: 'Status', en: 'Standing' },
        ]}
        rows={report.holds.map(({ holdId, kommuneKode, slice, count, of, state }) => [
          <a href={`/holds/${holdId}`}>{holdId}</a>,
          kommuneText(kommuneKode),
          <T {...sliceWords[slice]} />,
          <T da={`${count} af ${of}`} en={`${count} of ${of}`} />,
          <span class={state === 'open' ? 'daarlig-text' : undefined}>
            <T {...holdStateWords[state]} />
          </span>,
        ])}
      />
    </>
  )
}

function Causes({ report }: { report: NightReport }) {
  return (
    <>
      <h2>
        <T da="Fund i filerne" en="Findings in the files" />
      </h2>
      <Table
        caption={{ da: 'De hyppigste fund', en: 'The most frequent findings' }}
        head={[
          { da: 'Kode', en: 'Code' },
          { da: 'Antal', en: 'Count', isNumber: true },
          { da: 'Hvad', en: 'What' },
        ]}
        rows={report.causes.slice(0, causesShown).map(({ code, count }) => [code, count, <T {...causeOf(code)} />])}
      />
    </>
  )
}

/** What a finding is about: the rule's text without its facts. */
function causeOf(code: string): BilingualText {
  const seen = ruleTable.get(code)?.seen ?? nothing
  return inBoth((say) => say(seen).replace(/"?\{\w+\}"?/g, '…'))
}
