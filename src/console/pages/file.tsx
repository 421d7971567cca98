import { type FileView, rowsPerPage, type ShownFinding, showFile, showLine } from '../../app/show-file.ts'
import { many, same } from '../../domain/bilingual-text.ts'
import {
  countsText,
  deltaStateWords,
  fileStateWords,
  holdStateWords,
  kommuneText,
  levelWords,
  operationWords,
  sliceWords,
} from '../../domain/words.ts'
import { Changes } from '../changes.tsx'
import { clock } from '../clock.ts'
import type { ConsoleContext, PageContext } from '../context.ts'
import { T } from '../language.tsx'
import { Facts, Pages, page, Table } from '../layout.tsx'
import { href, notThere, queryNumber } from '../query.ts'

/** A file: what it was, what was found in it, what it changed, and what came of that. */
export async function filePage(c: PageContext, ctx: ConsoleContext): Promise<Response> {
  const from = { findings: queryNumber(c, 'fund'), changes: queryNumber(c, 'plan'), deltas: queryNumber(c, 'unilogin') }
  const view = await showFile(ctx, c.req.param('id') ?? '', from)
  const { file } = view
  return page(
    c,
    ctx,
    { title: same(file.name), here: '/filer' },
    <>
      <h1>{file.name}</h1>
      <Whose view={view} />
      <Banners view={view} />
      <FileFacts view={view} />
      <Findings view={view} from={from.findings} />
      <Plan view={view} from={from.changes} />
      <Deltas view={view} from={from.deltas} />
      <Receipts view={view} />
      <Arrivals view={view} />
    </>,
  )
}

function Whose({ view: { file } }: { view: FileView }) {
  const kommune = kommuneText(file.header?.kommuneKode ?? null)
  return (
    <p>
      <span class="tag">
        <T {...fileStateWords[file.state]} />
      </span>{' '}
      <span class="soft">
        <T da={`${file.supplierId}, kommune ${kommune}, nat`} en={`${file.supplierId}, municipality ${kommune}, night`} />{' '}
      </span>
      <a href={`/nat/${file.date}`}>{file.date}</a>
    </p>
  )
}

function Banners({ view: { failures, holds } }: { view: FileView }) {
  return (
    <>
      {failures.map(({ jobId, code }) => (
        <div class="banner daarlig">
          <p>
            <T da={`Et job om filen er standset (${code}):`} en={`A job about the file has stopped (${code}):`} />{' '}
            <a href={`/fejl#${encodeURIComponent(jobId)}`}>{jobId}</a>
          </p>
        </div>
      ))}
      {holds.map(({ holdId, count, slice, state }) => (
        <div class={`banner ${state === 'open' ? 'daarlig' : ''}`}>
          <p>
            <a href={`/holds/${holdId}`}>{holdId}</a>: {count} <T {...sliceWords[slice]} />, <T {...holdStateWords[state]} />
          </p>
        </div>
      ))}
    </>
  )
}

function FileFacts({ view: { file } }: { view: FileView }) {
  const { header, unchanged } = file
  const [stored, rules] = [clock(file.storedAt), file.ruleSet ?? '–']
  return (
    <>
      <Facts
        facts={[
          { name: { da: 'Rækker læst', en: 'Rows read' }, value: file.read },
          {
            name: { da: 'Godtaget', en: 'Accepted' },
            value: file.accepted,
            more: <T da={`${unchanged} uændret`} en={`${unchanged} unchanged`} />,
          },
          { name: { da: 'Afvist', en: 'Rejected' }, value: file.rejected },
          {
            name: { da: 'Løbenummer', en: 'Running number' },
            value: header?.loebenummer ?? '–',
            more: header === null ? undefined : `${header.art}, ${header.format}`,
          },
        ]}
      />
      <p class="small soft">
        <T
          da={`Modtaget ${stored}, ${file.sizeBytes} bytes, regelsæt ${rules}, sha256`}
          en={`Received ${stored}, ${file.sizeBytes} bytes, rule set ${rules}, sha256`}
        />{' '}
        <span class="id">{file.sha256}</span>
      </p>
    </>
  )
}

function Findings({ view: { file, findings }, from }: { view: FileView; from: number }) {
  const counted = Object.values(file.findingCounts).reduce((sum, count) => sum + count, 0)
  const { total } = findings
  return (
    <>
      <h2 id="fund">
        <T da="Fund" en="Findings" /> ({counted})
      </h2>
      {total === 0 ? (
        <p class="soft">
          <T da="Ingen fund." en="No findings." />
        </p>
      ) : null}
      {findings.shown.map((shown) => (
        <ShowFinding shown={shown} fileId={file.fileId} />
      ))}
      <More path={`/filer/${file.fileId}`} name="fund" from={from} total={total} />
      {counted > total ? (
        <p class="soft">
          <T
            da={`Kun de første ${total} er gemt enkeltvis; resten er talt.`}
            en={`Only the first ${total} are kept one by one; the rest are counted.`}
          />
        </p>
      ) : null}
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
          <T {...levelWords[level]} />
        </span>
      </h3>
      <p>
        <T {...text.seen} />{' '}
        <b>
          <T {...text.change} />
        </b>
      </p>
      <p class="small soft">
        {line === null ? (
          <T da="Om filen som helhed" en="About the file as a whole" />
        ) : (
          <a href={`/filer/${fileId}/linje/${line}`}>
            <T
              da={`Linje ${line}${column === null ? '' : `, tegn ${column}`}`}
              en={`Line ${line}${column === null ? '' : `, character ${column}`}`}
            />
          </a>
        )}
        {field === null ? null : <T da={`, felt ${field}`} en={`, field ${field}`} />}
        {key === null ? null : <T da={`, enhed ${key}`} en={`, unit ${key}`} />}
      </p>
      {source === null ? null : <pre>{source}</pre>}
    </article>
  )
}

function Plan({ view: { file, plan }, from }: { view: FileView; from: number }) {
  return (
    <>
      <h2 id="plan">
        <T da="Plan" en="Plan" />
      </h2>
      {plan === null ? (
        <p class="soft">
          <T da="Filen er ikke planlagt." en="The file is not planned." />
        </p>
      ) : (
        <>
          <p class="small soft">
            <T {...planText(plan)} /> <span class="id">{plan.row.planHash}</span>
          </p>
          <Changes
            caption={{ da: 'Hvad filen ændrer i registret', en: 'What the file changes in the register' }}
            changes={plan.shown}
            fileId={file.fileId}
          />
          <More path={`/filer/${file.fileId}`} name="plan" from={from} total={plan.total} />
        </>
      )}
    </>
  )
}

function planText({ row: { createdAt, appliedAt }, total, held }: NonNullable<FileView['plan']>) {
  const count = many(total, { da: 'ændring', en: 'change' }, { da: 'ændringer', en: 'changes' })
  const [made, applied] = [clock(createdAt), appliedAt === null ? null : clock(appliedAt)]
  return {
    da: `Lagt ${made}, ${applied === null ? 'ikke indlæst' : `indlæst ${applied}`}; ${count.da}${held > 0 ? `, ${held} holdt tilbage` : ''}.`,
    en: `Made ${made}, ${applied === null ? 'not applied' : `applied ${applied}`}; ${count.en}${held > 0 ? `, ${held} held` : ''}.`,
  }
}

function Deltas({ view: { file, deltas }, from }: { view: FileView; from: number }) {
  return (
    <>
      <h2 id="unilogin">
        <T da="Hos Unilogin" en="At Unilogin" />
      </h2>
      <p>
        {deltas.total === 0 ? (
          <T da="Intet er sendt på grund af filen." en="Nothing was sent because of the file." />
        ) : (
          <T {...countsText(deltas.byState, deltaStateWords)} />
        )}
      </p>
      {deltas.total === 0 ? null : (
        <Table
          caption={{ da: 'Ændringer sendt til Unilogin', en: 'Changes sent to Unilogin' }}
          head={[
            { da: 'Nummer', en: 'Number' },
            { da: 'Hvad', en: 'What' },
            { da: 'Tilstand', en: 'State' },
            { da: 'Sendt', en: 'Sent' },
            { da: 'Kvitteret', en: 'Acknowledged' },
            { da: 'Frist', en: 'Cutoff' },
            { da: 'Svar', en: 'Answer' },
          ]}
          rows={deltas.shown.map((delta) => [
            <a href={`/institution/${delta.nummer}`}>{delta.nummer}</a>,
            <T {...operationWords[delta.operation]} />,
            <span class={delta.state === 'refused' || delta.state === 'mismatched' ? 'daarlig-text' : undefined}>
              <T {...deltaStateWords[delta.state]} />
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

function Receipts({ view: { receipts } }: { view: FileView }) {
  return (
    <>
      <h2>
        <T da="Kvitteringer" en="Receipts" />
      </h2>
      {receipts.length === 0 ? (
        <p class="soft">
          <T da="Ingen endnu." en="None yet." />
        </p>
      ) : null}
      {receipts.map(({ receipt: { type, state, deliveredAt }, documents, text }) => (
        <details>
          <summary>
            {type === 'received' ? <T da="Kvittering" en="Receipt" /> : <T da="Leveret" en="Delivered" />},{' '}
            {state === 'delivered' ? (
              <T da={`afleveret ${clock(deliveredAt)}`} en={`handed over ${clock(deliveredAt)}`} />
            ) : (
              <T da="venter på at blive afleveret" en="waits to be handed over" />
            )}
          </summary>
          <p class="small soft">{documents.join(', ')}</p>
          {text === null ? (
            <p class="soft">
              <T da="Teksten er ikke gemt længere." en="The text is not kept any more." />
            </p>
          ) : (
            <pre>{text}</pre>
          )}
        </details>
      ))}
    </>
  )
}

function Arrivals({ view: { arrivals } }: { view: FileView }) {
  return (
    <>
      <h2>
        <T da="Ankomster" en="Arrivals" />
      </h2>
      <Table
        caption={{ da: 'Hvornår filen er set hos leverandøren', en: 'When the file was seen at the supplier' }}
        head={[
          { da: 'Nat', en: 'Night' },
          { da: 'Navn', en: 'Name' },
          { da: 'Set', en: 'Seen' },
          { da: 'Bytes', en: 'Bytes', isNumber: true },
          { da: '', en: '' },
        ]}
        rows={arrivals.map((row) => [
          row.date,
          <span class="id">{row.name}</span>,
          clock(row.firstSeenAt),
          row.sizeBytes,
          row.repeat ? <T da="samme bytes igen" en="same bytes again" /> : '',
        ])}
      />
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
    { title: { da: `${file.name}, linje ${number}`, en: `${file.name}, line ${number}` }, here: '/filer' },
    <>
      <h1>
        <a href={`/filer/${file.fileId}`}>{file.name}</a>, <T da={`linje ${number}`} en={`line ${number}`} />
      </h1>
      {lines.some((line) => line.number === number) ? null : (
        <p>
          <T
            da="Linjen er her ikke: filen er kortere, eller dens bytes er ikke gemt længere."
            en="The line is not here: the file is shorter, or its bytes are not kept any more."
          />
        </p>
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
