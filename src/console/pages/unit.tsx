import { type ExplainedSource, type Explanation, explainUnit } from '../../app/explain-unit.ts'
import { momentOf } from '../../app/export-register.ts'
import { type NamedUnit, type Origin, type ShownUnit, showUnit } from '../../app/show-unit.ts'
import { agreementText } from '../../domain/agreement.ts'
import { institutionsnummerPattern } from '../../domain/ids.ts'
import type { UnitLink } from '../../domain/lineage.ts'
import { parseMomentOrNull } from '../../domain/moment.ts'
import { deltaStateWords, kindWords, kommuneText, operationWords } from '../../domain/words.ts'
import type { UnitVersion } from '../../ports/register/units.ts'
import type { ConsoleContext, PageContext } from '../context.ts'
import { page, Table } from '../layout.tsx'
import { href, queryText } from '../query.ts'
import { clock } from '../words.ts'

const childrenShown = 200

/** A unit: how it is or was, why, and what became of it at Unilogin. */
export function unitPage(c: PageContext, ctx: ConsoleContext): Response | Promise<Response> {
  const nummer = (c.req.param('nummer') ?? '').toUpperCase()
  const searched = queryText(c, 'nummer')?.toUpperCase()
  if (nummer === '' && searched !== undefined && institutionsnummerPattern.test(searched))
    return c.redirect(`/institution/${searched}`, 303)
  const [gaelder, kendt] = [queryText(c, 'gaelder'), queryText(c, 'kendt')]
  const moment = momentOf({ gaelder: parseMomentOrNull(gaelder), kendt: parseMomentOrNull(kendt) })
  const shown = nummer === '' ? null : showUnit(ctx, nummer, moment, true)
  const isNow = gaelder === undefined && kendt === undefined
  const explained = shown === null || !isNow ? null : explainUnit(ctx, nummer)
  const isMissing = shown === null && (nummer !== '' || searched !== undefined)
  return page(
    c,
    ctx,
    {
      title: shown === null ? 'Institution' : `${nummer} ${shown.unit.fields.navn ?? ''}`,
      here: '/institution',
      status: isMissing ? 404 : 200,
    },
    <>
      <h1>{shown === null ? 'Institution' : `${nummer} ${shown.unit.fields.navn ?? ''}`}</h1>
      <form method="get" action="/institution" class="line">
        <div>
          <label for="nummer">Institutionsnummer</label>
          <input type="search" id="nummer" name="nummer" value={nummer === '' ? (searched ?? '') : nummer} size={10} />
        </div>
        <button type="submit">Find</button>
      </form>
      {isMissing ? (
        <p>
          Registret har ingen enhed {nummer === '' ? searched : nummer}
          {isNow ? '' : ' på det tidspunkt'}. Et nummer er et bogstav og fem cifre.
        </p>
      ) : null}
      {nummer === '' ? null : <AsOfForm nummer={nummer} gaelder={gaelder} kendt={kendt} />}
      {shown === null ? null : <Unit shown={shown} explained={explained} />}
    </>,
  )
}

function AsOfForm({ nummer, gaelder, kendt }: { nummer: string; gaelder: string | undefined; kendt: string | undefined }) {
  return (
    <form method="get" action={`/institution/${nummer}`} class="line">
      <div>
        <label for="gaelder">Som den var den</label>
        <input type="date" id="gaelder" name="gaelder" value={gaelder} />
      </div>
      <div>
        <label for="kendt">Som vi vidste den</label>
        <input type="date" id="kendt" name="kendt" value={kendt} />
      </div>
      <button type="submit" class="plain">
        Vis
      </button>
      {gaelder === undefined && kendt === undefined ? null : <a href={`/institution/${nummer}`}>Vis nu</a>}
    </form>
  )
}

function Unit({
  shown: { unit, parent, children, links, agreement, agreementsAt, history, origin },
  explained,
}: {
  shown: ShownUnit
  explained: Explanation | null
}) {
  return (
    <>
      <p>
        <span class={`tag ${unit.status === 'nedlagt' ? 'obs-text' : ''}`}>{unit.status}</span> {kindWords[unit.kind].da},
        administreret af <a href={`/kommune/${unit.admKommuneKode}`}>{kommuneText(unit.admKommuneKode)}</a>
      </p>
      <p class="soft small">
        Gælder fra {clock(unit.validFrom)}
        {unit.validTo === null ? '' : ` til ${clock(unit.validTo)}`}, registreret {clock(unit.recordedFrom)}, {originText(origin)}
      </p>
      {explained === null ? <Values unit={unit} /> : <Explained explained={explained} />}
      <h2>Over og under</h2>
      <p>
        {parent === null ? (
          'Øverste niveau.'
        ) : (
          <>
            Hører under <UnitRef unit={parent} />
          </>
        )}
      </p>
      {children.length === 0 ? null : (
        <ul>
          {children.slice(0, childrenShown).map((child) => (
            <li>
              <UnitRef unit={child} />
            </li>
          ))}
          {children.length > childrenShown ? <li>og {children.length - childrenShown} til</li> : null}
        </ul>
      )}
      <h2>Dataaftale</h2>
      <p>{agreementText(agreement, agreementsAt).da}</p>
      {links.length === 0 ? null : <Links links={links} />}
      <h2>Historik</h2>
      <Table
        caption="Alle versioner; også dem, registret ikke holder fast ved længere"
        head={['Gælder fra', 'til', 'Kendt fra', 'til', 'Status', 'Navn', 'Kilde']}
        rows={history.map(({ version, origin: from }) => [
          <a href={href(`/institution/${version.nummer}`, { gaelder: clock(version.validFrom).slice(0, 10) })}>
            {clock(version.validFrom)}
          </a>,
          clock(version.validTo),
          clock(version.recordedFrom),
          version.recordedTo === null ? '–' : <del>{clock(version.recordedTo)}</del>,
          version.status,
          version.fields.navn ?? '',
          <SourceRef origin={from} fileId={version.fileId} line={version.line} />,
        ])}
      />
    </>
  )
}

function Values({ unit }: { unit: UnitVersion }) {
  return (
    <Table
      caption="Værdier på det tidspunkt"
      head={['Felt', 'Værdi']}
      rows={Object.entries(unit.fields).map(([field, value]) => [field, value])}
    />
  )
}

function Explained({ explained: { values, sources } }: { explained: Explanation }) {
  return (
    <>
      <h2>Værdier og hvor de kommer fra</h2>
      <Table
        caption="Hver værdi, siden hvornår, og kilden"
        head={['Felt', 'Værdi', 'Siden', 'Kilde']}
        rows={values.map(({ felt, vaerdi, siden, source }) => [
          felt,
          vaerdi,
          clock(siden),
          <a href={`#kilde-${source + 1}`}>[{source + 1}]</a>,
        ])}
      />
      {sources.map((source, i) => (
        <Source source={source} number={i + 1} />
      ))}
    </>
  )
}

function Source({
  source: { origin, fileId, line, recordedFrom, appliedAt, deltas },
  number,
}: {
  source: ExplainedSource
  number: number
}) {
  return (
    <section class="box" id={`kilde-${number}`} aria-label={`Kilde ${number}`}>
      <p>
        <b>[{number}]</b> <SourceRef origin={origin} fileId={fileId} line={line} />{' '}
        <span class="soft small">
          registreret {clock(recordedFrom)}
          {appliedAt === null ? '' : `, indlæst ${clock(appliedAt)}`}
        </span>
      </p>
      {deltas.length === 0 ? <p class="soft small">Intet sendt til Unilogin herfor.</p> : null}
      {deltas.map(({ operation, state, sentAt, acknowledgedAt, cutoff, met, replyCode }) => (
        <p class="small">
          Unilogin: {operationWords[operation as keyof typeof operationWords].da ?? operation}, {deltaStateWords[state].da}; sendt{' '}
          {clock(sentAt)}, kvitteret {clock(acknowledgedAt)}
          {cutoff === null ? '' : `; frist ${cutoff.navn} ${clock(cutoff.at)} `}
          {met === null ? '' : met ? <span class="god-text">nået</span> : <span class="daarlig-text">ikke nået</span>}
          {replyCode === null ? '' : ` (${replyCode})`}
        </p>
      ))}
    </section>
  )
}

function SourceRef({ origin, fileId, line }: { origin: Origin; fileId: string | null; line: number | null }) {
  if (origin.kind !== 'leverance' || fileId === null) return <span>{originText(origin)}</span>
  return (
    <>
      <a href={`/filer/${fileId}`} class="id">
        {origin.name}
      </a>
      {line === null ? (
        ''
      ) : (
        <>
          , <a href={`/filer/${fileId}/linje/${line}`}>linje {line}</a>
        </>
      )}
    </>
  )
}

function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'leverance':
      return `${origin.name} fra ${origin.supplierId}`
    case 'grunddata':
      return `grunddata fra ${origin.source}, ${origin.name}, indlæst af ${origin.by}`
    case 'andet':
      return origin.actor
  }
}

function UnitRef({ unit: { nummer, navn, status } }: { unit: NamedUnit }) {
  return (
    <>
      <a href={`/institution/${nummer}`}>{nummer}</a> {navn}
      {status === 'nedlagt' ? <span class="soft"> (nedlagt)</span> : ''}
    </>
  )
}

function Links({ links }: { links: readonly UnitLink[] }) {
  return (
    <>
      <h2>Slægtskab</h2>
      <ul>
        {links.map(({ fromNummer, toNummer, relation, evidence, reason }) => (
          <li>
            <a href={`/institution/${fromNummer}`}>{fromNummer}</a> → <a href={`/institution/${toNummer}`}>{toNummer}</a>:{' '}
            {relation} ({evidence}){reason === null ? '' : `: ${reason}`}
          </li>
        ))}
      </ul>
    </>
  )
}
