import { type FileView, rowsPerPage, type ShownFinding, showFile, showLine } from '../../app/show-file.ts'
import {
  deltaStateWords,
  fileStateWords,
  holdStateWords,
  kommuneText,
  levelWords,
  operationWords,
  sliceWords,
} from '../../domain/words.ts'
import { Changes } from '../changes.tsx'
import type { ConsoleContext, PageContext } from '../context.ts'
import { Facts, Pages, page, Table } from '../layout.tsx'
import { href, notThere, queryNumber } from '../query.ts'
import { clock, many } from '../words.ts'

/** A file: what it was, what was found in it, what it changed, and what came of that. */
export async function filePage(c: PageContext, ctx: ConsoleContext): Promise<Response> {
  const from = { findings: queryNumber(c, 'fund'), changes: queryNumber(c, 'plan'), deltas: queryNumber(c, 'unilogin') }
  const view = await showFile(ctx, c.req.param('id') ?? '', from)
  const { file, arrivals, receipts, failures, holds } = view
  return page(
    c,
    ctx,
    { title: file.name, here: '/filer' },
    <>
      <h1>{file.name}</h1>
      <p>
        <span class="tag">{fileStateWords[file.state].da}</span>{' '}
        <span class="soft">
          {file.supplierId}, kommune {kommuneText(file.header?.kommuneKode ?? null)}, nat{' '}
        </span>
        <a href={`/nat/${file.date}`}>{file.date}</a>
      </p>
      {failures.map(({ jobId, code }) => (
        <div class="banner daarlig">
          <p>
            Et job om filen er standset ({code}): <a href={`/fejl#${encodeURIComponent(jobId)}`}>{jobId}</a>
          </p>
        </div>
      ))}
      {holds.map((hold) => (
        <div class={`banner ${hold.state === 'open' ? 'daarlig' : ''}`}>
          <p>
            <a href={`/holds/${hold.holdId}`}>{hold.holdId}</a>: {hold.count} {sliceWords[hold.slice].da},{' '}
            {holdStateWords[hold.state].da}
          </p>
        </div>
      ))}
      <FileFacts view={view} />
      <Findings view={view} from={from.findings} />
      <Plan view={view} from={from.changes} />
      <Deltas view={view} from={from.deltas} />
      <h2>Kvitteringer</h2>
      {receipts.length === 0 ? <p class="soft">Ingen endnu.</p> : null}
      {receipts.map(({ receipt, documents, text }) => (
        <details>
          <summary>
            {receipt.type === 'received' ? 'Kvittering' : 'Leveret'},{' '}
            {receipt.state === 'delivered' ? `afleveret ${clock(receipt.deliveredAt)}` : 'venter på at blive afleveret'}
          </summary>
          <p class="small soft">{documents.join(', ')}</p>
          {text === null ? <p class="soft">Teksten er ikke gemt længere.</p> : <pre>{text}</pre>}
        </details>
      ))}
      <h2>Ankomster</h2>
      <Table
        caption="Hvornår filen er set hos leverandøren"
        head={['Nat', 'Navn', 'Set', '#Bytes', '']}
        rows={arrivals.map((row) => [
          row.date,
          <span class="id">{row.name}</span>,
          clock(row.firstSeenAt),
          row.sizeBytes,
          row.repeat ? 'samme bytes igen' : '',
        ])}
      />
    </>,
  )
}

function FileFacts({ view: { file } }: { view: FileView }) {
  const { header } = file
  return (
    <>
      <Facts
        facts={[
          { name: 'Rækker læst', value: file.read },
          { name: 'Godtaget', value: file.accepted, more: `${file.unchanged} uændret` },
          { name: 'Afvist', value: file.rejected },
          {
            name: 'Løbenummer',
            value: header?.loebenummer ?? '–',
            more: header === null ? undefined : `${header.art}, ${header.format}`,
          },
        ]}
      />
      <p class="small soft">
        Modtaget {clock(file.storedAt)}, {file.sizeBytes} bytes, regelsæt {file.ruleSet ?? '–'}, sha256{' '}
        <span class="id">{file.sha256}</span>
      </p>
    </>
  )
}

function Findings({ view: { file, findings }, from }: { view: FileView; from: number }) {
  const counted = Object.values(file.findingCounts).reduce((sum, count) => sum + count, 0)
  return (
    <>
      <h2 id="fund">Fund ({counted})</h2>
      {findings.total === 0 ? <p class="soft">Ingen fund.</p> : null}
      {findings.shown.map((shown) => (
        <ShowFinding shown={shown} fileId={file.fileId} />
      ))}
      <More path={`/filer/${file.fileId}`} name="fund" from={from} total={findings.total} />
      {counted > findings.total ? <p class="soft">Kun de første {findings.total} er gemt enkeltvis; resten er talt.</p> : null}
    </>
  )
}

function ShowFinding({ shown: { finding, text, source }, fileId }: { shown: ShownFinding; fileId: string }) {
  const { code, level, line, column, field, key } = finding
  return (
    <article class="box">
      <h3>
        {code}{' '}
        <span class={`tag ${level === 'file' || level === 'record' ? 'daarlig-text' : level === 'note' ? 'soft' : 'obs-text'}`}>
          {levelWords[level].da}
        </span>
      </h3>
      <p>
        {text.seen.da} <b>{text.change.da}</b>
      </p>
      <p class="small soft">
        {line === null ? (
          'Om filen som helhed'
        ) : (
          <a href={`/filer/${fileId}/linje/${line}`}>{`Linje ${line}${column === null ? '' : `, tegn ${column}`}`}</a>
        )}
        {field === null ? '' : `, felt ${field}`}
        {key === null ? '' : `, enhed ${key}`}
      </p>
      {source === null ? null : <pre>{source}</pre>}
    </article>
  )
}

function Plan({ view: { file, plan }, from }: { view: FileView; from: number }) {
  return (
    <>
      <h2 id="plan">Plan</h2>
      {plan === null ? (
        <p class="soft">Filen er ikke planlagt.</p>
      ) : (
        <>
          <p class="small soft">
            Lagt {clock(plan.row.createdAt)},{' '}
            {plan.row.appliedAt === null ? 'ikke indlæst' : `indlæst ${clock(plan.row.appliedAt)}`};{' '}
            {many(plan.total, 'ændring', 'ændringer')}
            {plan.held > 0 ? `, ${plan.held} holdt tilbage` : ''}. <span class="id">{plan.row.planHash}</span>
          </p>
          <Changes caption="Hvad filen ændrer i registret" changes={plan.shown} fileId={file.fileId} />
          <More path={`/filer/${file.fileId}`} name="plan" from={from} total={plan.total} />
        </>
      )}
    </>
  )
}

function Deltas({ view: { file, deltas }, from }: { view: FileView; from: number }) {
  const states = Object.entries(deltas.byState).map(
    ([state, count]) => `${count} ${deltaStateWords[state as keyof typeof deltaStateWords].da}`,
  )
  return (
    <>
      <h2 id="unilogin">Hos Unilogin</h2>
      <p>{states.length === 0 ? 'Intet er sendt på grund af filen.' : states.join(', ')}</p>
      {deltas.total === 0 ? null : (
        <Table
          caption="Ændringer sendt til Unilogin"
          head={['Nummer', 'Hvad', 'Tilstand', 'Sendt', 'Kvitteret', 'Frist', 'Svar']}
          rows={deltas.shown.map((delta) => [
            <a href={`/institution/${delta.nummer}`}>{delta.nummer}</a>,
            operationWords[delta.operation as keyof typeof operationWords].da ?? delta.operation,
            <span class={delta.state === 'refused' || delta.state === 'mismatched' ? 'daarlig-text' : undefined}>
              {deltaStateWords[delta.state].da}
            </span>,
            clock(delta.sentAt),
            clock(delta.acknowledgedAt),
            clock(delta.cutoffAt),
            `${delta.replyCode ?? ''} ${delta.replyText ?? ''}`.trim(),
          ])}
        />
      )}
      <More path={`/filer/${file.fileId}`} name="unilogin" from={from} total={deltas.total} />
    </>
  )
}

function More({ path, name, from, total }: { path: string; name: string; from: number; total: number }) {
  const next = from + rowsPerPage
  return (
    <Pages older={next < total ? `${href(path, { [name]: next })}#${name}` : null} first={from > 0 ? `${path}#${name}` : null} />
  )
}

/** A line of a file, with those around it, as the supplier sent it. */
export async function linePage(c: PageContext, ctx: ConsoleContext): Promise<Response> {
  const number = Number(c.req.param('line'))
  if (!Number.isSafeInteger(number) || number < 1) throw notThere('a line without a number')
  const { file, lines } = await showLine(ctx, c.req.param('id') ?? '', number)
  return page(
    c,
    ctx,
    { title: `${file.name}, linje ${number}`, here: '/filer' },
    <>
      <h1>
        <a href={`/filer/${file.fileId}`}>{file.name}</a>, linje {number}
      </h1>
      {lines.some((line) => line.number === number) ? null : (
        <p>Linjen er her ikke: filen er kortere, eller dens bytes er ikke gemt længere.</p>
      )}
      {lines.length === 0 ? null : (
        <pre>
          {lines.map((line) => {
            const text = `${String(line.number).padStart(6)}  ${line.text}\n`
            return line.number === number ? <mark>{text}</mark> : text
          })}
        </pre>
      )}
    </>,
  )
}
