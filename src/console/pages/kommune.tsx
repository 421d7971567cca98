import { type QualityReport, qualityReport } from '../../app/quality-report.ts'
import type { BilingualText } from '../../domain/bilingual-text.ts'
import { parseKommuneKode } from '../../domain/ids.ts'
import { kommuner } from '../../domain/kommuner.ts'
import { type QualityCheck, qualityCheckNames, qualityChecks } from '../../domain/quality.ts'
import { actorWords, fileStateWords } from '../../domain/words.ts'
import { clock } from '../clock.ts'
import type { ConsoleContext, PageContext } from '../context.ts'
import { Field } from '../field.tsx'
import { T, useSay } from '../language.tsx'
import { Facts, page, Table } from '../layout.tsx'
import { href, notThere, queryText } from '../query.ts'

/** Lines of one check that are shown; `dagtilbud quality` has them all. */
const linesShown = 100
const title = { da: 'Kommune', en: 'Municipality' }

/** A municipality's quality report, or the list of municipalities. */
export async function kommunePage(c: PageContext, ctx: ConsoleContext): Promise<Response> {
  const asked = c.req.param('kode')
  if (asked === undefined) return chooseKommune(c, ctx)
  const kode = parseKommuneKode(asked)
  if (kode === null) throw notThere(`municipality ${asked.slice(0, 20)}`)
  const report = await qualityReport(ctx, kode, null)
  const named = { da: `${report.navn} Kommune`, en: `Municipality of ${report.navn}` }
  return page(c, ctx, { title: named, here: '/kommune' }, <Report report={report} />)
}

function chooseKommune(c: PageContext, ctx: ConsoleContext): Response | Promise<Response> {
  const searched = queryText(c, 'kommune')
  const kode = searched === undefined ? null : (parseKommuneKode(searched) ?? kodeOf(searched))
  if (kode !== null) return c.redirect(`/kommune/${kode}`, 303)
  return page(
    c,
    ctx,
    { title, here: '/kommune' },
    <>
      <h1>
        <T {...title} />
      </h1>
      <form method="get" action="/kommune" class="line">
        <Field id="kommune" label={{ da: 'Navn eller kode', en: 'Name or code' }}>
          <input type="search" id="kommune" name="kommune" value={searched} list="kommuner" />
          <datalist id="kommuner">
            {[...kommuner.values()].map(({ navn }) => (
              <option value={navn} />
            ))}
          </datalist>
        </Field>
        <button type="submit">
          <T da="Vis" en="Show" />
        </button>
      </form>
      {searched === undefined ? null : (
        <p>
          <T
            da={`Ingen kommune hedder eller har koden "${searched}".`}
            en={`No municipality has the name or the code "${searched}".`}
          />
        </p>
      )}
    </>,
  )
}

function kodeOf(navn: string): string | null {
  const wanted = navn.toLocaleLowerCase('da')
  return [...kommuner.values()].find((kommune) => kommune.navn.toLocaleLowerCase('da') === wanted)?.kommuneKode ?? null
}

function Report({ report }: { report: QualityReport }) {
  const { kommuneKode, navn, units, files, baseline, lines, cutoff } = report
  const checks = qualityCheckNames
    .map((check) => ({ check, own: lines.filter((line) => line.check === check) }))
    .filter(({ own }) => own.length > 0)
  return (
    <>
      <h1>
        {navn} <span class="soft">({kommuneKode})</span>
      </h1>
      <Facts
        facts={[
          {
            name: { da: 'Åbne enheder', en: 'Open units' },
            value: units,
            more: (
              <T
                da={`${baseline.units} står som grunddata, ${baseline.confirmed} bekræftet`}
                en={`${baseline.units} stand as baseline, ${baseline.confirmed} confirmed`}
              />
            ),
          },
          { name: { da: 'At se på', en: 'To look at' }, value: lines.length },
          {
            name: { da: 'Næste frist', en: 'Next cutoff' },
            value: <span class="small">{clock(cutoff?.at ?? null)}</span>,
            more: cutoff?.navn,
          },
        ]}
      />
      <h2>
        <T da="Seneste filer" en="Newest files" />
      </h2>
      <Table
        caption={{ da: 'Den nyeste fil fra hver leverandør', en: 'The newest file of each supplier' }}
        head={[
          { da: 'Fil', en: 'File' },
          { da: 'Leverandør', en: 'Supplier' },
          { da: 'Nat', en: 'Night' },
          { da: 'Tilstand', en: 'State' },
        ]}
        rows={files.map((file) => [
          <a href={`/filer/${file.fileId}`} class="id">
            {file.name}
          </a>,
          file.supplierId,
          <a href={`/nat/${file.date}`}>{file.date}</a>,
          <T {...fileStateWords[file.state]} />,
        ])}
      />
      <p>
        <a href={href('/filer', { kommune: kommuneKode })}>
          <T da="Alle filer om kommunen" en="All files about the municipality" />
        </a>
      </p>
      <h2>
        <T da="Hvem skal gøre hvad" en="Who must do what" />
      </h2>
      {checks.length === 0 ? (
        <p class="god-text">
          <T da="Ingen skal gøre noget." en="Nobody needs to do anything." />
        </p>
      ) : null}
      {checks.map(({ check, own }) => (
        <Check check={check} own={own} kommuneKode={kommuneKode} />
      ))}
    </>
  )
}

function Check({ check, own, kommuneKode }: { check: QualityCheck; own: QualityReport['lines']; kommuneKode: string }) {
  const { titel, hvem, goer } = qualityChecks[check]
  const more = own.length - linesShown
  return (
    <details class="box" open={own.length <= 10}>
      <summary>
        <T {...titel} /> ({own.length}) –{' '}
        <b>
          <T {...actorWords[hvem]} />
        </b>
        : <T {...goer} />
      </summary>
      <ul>
        {own.slice(0, linesShown).map(({ nummer, tekst }) => (
          <li>
            {nummer === null ? null : <a href={`/institution/${nummer}`}>{nummer}</a>} <HoldLink text={tekst} />
          </li>
        ))}
        {more > 0 ? (
          <li>
            <T
              da={`og ${more} til; alle står i dagtilbud quality ${kommuneKode}`}
              en={`and ${more} more; dagtilbud quality ${kommuneKode} has them all`}
            />
          </li>
        ) : null}
      </ul>
    </details>
  )
}

/** A line that begins with a hold leads to it. */
function HoldLink({ text }: { text: BilingualText }) {
  const told = useSay()(text)
  const [holdId] = /^h-[0-9a-f]+/.exec(told) ?? []
  if (holdId === undefined) return <>{told}</>
  return (
    <>
      <a href={`/holds/${holdId}`}>{holdId}</a>
      {told.slice(holdId.length)}
    </>
  )
}
