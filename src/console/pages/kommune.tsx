import { type QualityReport, qualityReport } from '../../app/quality-report.ts'
import { parseKommuneKode } from '../../domain/ids.ts'
import { kommuner } from '../../domain/kommuner.ts'
import { type QualityCheck, qualityChecks } from '../../domain/quality.ts'
import { fileStateWords } from '../../domain/words.ts'
import type { ConsoleContext, PageContext } from '../context.ts'
import { Facts, page, Table } from '../layout.tsx'
import { href, notThere, queryText } from '../query.ts'
import { clock } from '../words.ts'

/** Lines of one check that are shown; `dagtilbud quality` has them all. */
const linesShown = 100

/** A municipality's quality report, or the list of municipalities. */
export async function kommunePage(c: PageContext, ctx: ConsoleContext): Promise<Response> {
  const asked = c.req.param('kode')
  if (asked === undefined) return chooseKommune(c, ctx)
  const kode = parseKommuneKode(asked)
  if (kode === null) throw notThere(`municipality ${asked.slice(0, 20)}`)
  const report = await qualityReport(ctx, kode, null)
  return page(c, ctx, { title: `${report.navn} Kommune`, here: '/kommune' }, <Report report={report} />)
}

function chooseKommune(c: PageContext, ctx: ConsoleContext): Response | Promise<Response> {
  const searched = queryText(c, 'kommune')
  const kode = searched === undefined ? null : (parseKommuneKode(searched) ?? kodeOf(searched))
  if (kode !== null) return c.redirect(`/kommune/${kode}`, 303)
  return page(
    c,
    ctx,
    { title: 'Kommune', here: '/kommune' },
    <>
      <h1>Kommune</h1>
      <form method="get" action="/kommune" class="line">
        <div>
          <label for="kommune">Navn eller kode</label>
          <input type="search" id="kommune" name="kommune" value={searched} list="kommuner" />
          <datalist id="kommuner">
            {[...kommuner.values()].map(({ navn }) => (
              <option value={navn} />
            ))}
          </datalist>
        </div>
        <button type="submit">Vis</button>
      </form>
      {searched === undefined ? null : <p>Ingen kommune hedder eller har koden "{searched}".</p>}
    </>,
  )
}

function kodeOf(navn: string): string | null {
  const wanted = navn.toLocaleLowerCase('da')
  return [...kommuner.values()].find((kommune) => kommune.navn.toLocaleLowerCase('da') === wanted)?.kommuneKode ?? null
}

function Report({ report }: { report: QualityReport }) {
  const { kommuneKode, navn, units, files, baseline, lines, cutoff } = report
  const checks = (Object.keys(qualityChecks) as QualityCheck[])
    .map((check) => ({ check, own: lines.filter((line) => line.check === check) }))
    .filter(({ own }) => own.length > 0)
  return (
    <>
      <h1>
        {navn} <span class="soft">({kommuneKode})</span>
      </h1>
      <Facts
        facts={[
          { name: 'Åbne enheder', value: units, more: `${baseline.units} står som grunddata, ${baseline.confirmed} bekræftet` },
          { name: 'At se på', value: lines.length },
          { name: 'Næste frist', value: <span class="small">{clock(cutoff?.at ?? null)}</span>, more: cutoff?.navn },
        ]}
      />
      <h2>Seneste filer</h2>
      <Table
        caption="Den nyeste fil fra hver leverandør"
        head={['Fil', 'Leverandør', 'Nat', 'Tilstand']}
        rows={files.map((file) => [
          <a href={`/filer/${file.fileId}`} class="id">
            {file.name}
          </a>,
          file.supplierId,
          <a href={`/nat/${file.date}`}>{file.date}</a>,
          fileStateWords[file.state].da,
        ])}
      />
      <p>
        <a href={href('/filer', { kommune: kommuneKode })}>Alle filer om kommunen</a>
      </p>
      <h2>Hvem skal gøre hvad</h2>
      {checks.length === 0 ? <p class="god-text">Ingen skal gøre noget.</p> : null}
      {checks.map(({ check, own }) => (
        <details class="box" open={own.length <= 10}>
          <summary>
            {qualityChecks[check].titel.da} ({own.length}) – <b>{qualityChecks[check].hvem}</b>: {qualityChecks[check].goer.da}
          </summary>
          <ul>
            {own.slice(0, linesShown).map(({ nummer, tekst }) => (
              <li>
                {nummer === null ? null : <a href={`/institution/${nummer}`}>{nummer}</a>} <HoldLink text={tekst.da} />
              </li>
            ))}
            {own.length > linesShown ? (
              <li>
                og {own.length - linesShown} til; alle står i dagtilbud quality {kommuneKode}
              </li>
            ) : null}
          </ul>
        </details>
      ))}
    </>
  )
}

/** A line that begins with a hold leads to it. */
function HoldLink({ text }: { text: string }) {
  const [holdId] = /^h-[0-9a-f]+/.exec(text) ?? []
  if (holdId === undefined) return <>{text}</>
  return (
    <>
      <a href={`/holds/${holdId}`}>{holdId}</a>
      {text.slice(holdId.length)}
    </>
  )
}
