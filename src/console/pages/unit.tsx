import { type ExplainedDelta, type ExplainedSource, type Explanation, explainUnit } from '../../app/explain-unit.ts'
import { momentOf } from '../../app/export-register.ts'
import { type NamedUnit, type Origin, originText, type ShownUnit, showUnit, valuesOf } from '../../app/show-unit.ts'
import { agreementText } from '../../domain/agreement.ts'
import { inBoth, same } from '../../domain/bilingual-text.ts'
import { driftText } from '../../domain/drift.ts'
import { institutionsnummerPattern } from '../../domain/ids.ts'
import { parseMomentOrNull } from '../../domain/moment.ts'
import { deltaStateWords, kindWords, kommuneText, linkText, operationWords, statusWords } from '../../domain/words.ts'
import type { UnitVersion } from '../../ports/register/units.ts'
import { clock } from '../clock.ts'
import type { ConsoleContext, PageContext } from '../context.ts'
import { Field } from '../field.tsx'
import { T } from '../language.tsx'
import { page, Table } from '../layout.tsx'
import { href, queryText } from '../query.ts'

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
  const asked = nummer === '' ? (searched ?? '') : nummer
  const isMissing = shown === null && asked !== ''
  const title = shown === null ? { da: 'Institution', en: 'Institution' } : same(`${nummer} ${shown.unit.fields.navn ?? ''}`)
  return page(
    c,
    ctx,
    { title, here: '/institution', status: isMissing ? 404 : 200 },
    <>
      <h1>
        <T {...title} />
      </h1>
      <form method="get" action="/institution" class="line">
        <Field id="nummer" label={{ da: 'Institutionsnummer', en: 'Institution number' }}>
          <input type="search" id="nummer" name="nummer" value={asked} size={10} />
        </Field>
        <button type="submit">
          <T da="Find" en="Find" />
        </button>
      </form>
      {isMissing ? <Missing asked={asked} isNow={isNow} /> : null}
      {nummer === '' ? null : <AsOfForm nummer={nummer} gaelder={gaelder} kendt={kendt} />}
      {shown === null ? null : <Unit shown={shown} explained={explained} />}
    </>,
  )
}

function Missing({ asked, isNow }: { asked: string; isNow: boolean }) {
  return (
    <p>
      <T
        da={`Registret har ingen enhed ${asked}${isNow ? '' : ' på det tidspunkt'}. Et nummer er et bogstav og fem cifre.`}
        en={`The register has no unit ${asked}${isNow ? '' : ' at that time'}. A number is a letter and five digits.`}
      />
    </p>
  )
}

function AsOfForm({ nummer, gaelder, kendt }: { nummer: string; gaelder: string | undefined; kendt: string | undefined }) {
  return (
    <form method="get" action={`/institution/${nummer}`} class="line">
      <Field id="gaelder" label={{ da: 'Som den var den', en: 'As it was on' }}>
        <input type="date" id="gaelder" name="gaelder" value={gaelder} />
      </Field>
      <Field id="kendt" label={{ da: 'Som vi vidste den', en: 'As we knew on' }}>
        <input type="date" id="kendt" name="kendt" value={kendt} />
      </Field>
      <button type="submit" class="plain">
        <T da="Vis" en="Show" />
      </button>
      {gaelder === undefined && kendt === undefined ? null : (
        <a href={`/institution/${nummer}`}>
          <T da="Vis nu" en="Show now" />
        </a>
      )}
    </form>
  )
}

function Unit({ shown, explained }: { shown: ShownUnit; explained: Explanation | null }) {
  const { unit, links, agreement, agreementsAt } = shown
  return (
    <>
      <Standing shown={shown} />
      {explained === null ? <Values unit={unit} /> : <Explained explained={explained} />}
      <Around shown={shown} />
      <h2>
        <T da="Dataaftale" en="Data agreement" />
      </h2>
      <p>
        <T {...agreementText(agreement, agreementsAt)} />
      </p>
      {links.length === 0 ? null : <Links links={links} />}
      <History shown={shown} />
    </>
  )
}

function Standing({ shown: { unit, origin } }: { shown: ShownUnit }) {
  const { kind, status, admKommuneKode } = unit
  const [from, to, recorded] = [clock(unit.validFrom), unit.validTo, clock(unit.recordedFrom)]
  return (
    <>
      <p>
        <span class={`tag ${status === 'nedlagt' ? 'obs-text' : ''}`}>
          <T {...statusWords[status]} />
        </span>{' '}
        <T {...kindWords[kind]} />, <T da="administreret af" en="administered by" />{' '}
        <a href={`/kommune/${admKommuneKode}`}>{kommuneText(admKommuneKode)}</a>
      </p>
      <p class="soft small">
        <T
          da={`Gælder fra ${from}${to === null ? '' : ` til ${clock(to)}`}, registreret ${recorded}`}
          en={`Valid from ${from}${to === null ? '' : ` to ${clock(to)}`}, recorded ${recorded}`}
        />
        , <T {...originText(origin)} />
        {origin.kind === 'grunddata' ? <T da={`, indlæst af ${origin.by}`} en={`, loaded by ${origin.by}`} /> : null}
      </p>
    </>
  )
}

function Around({ shown: { parent, children } }: { shown: ShownUnit }) {
  const more = children.length - childrenShown
  return (
    <>
      <h2>
        <T da="Over og under" en="Above and below" />
      </h2>
      <p>
        {parent === null ? (
          <T da="Øverste niveau." en="Top level." />
        ) : (
          <>
            <T da="Hører under" en="Belongs to" /> <UnitRef unit={parent} />
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
          {more > 0 ? (
            <li>
              <T da={`og ${more} til`} en={`and ${more} more`} />
            </li>
          ) : null}
        </ul>
      )}
    </>
  )
}

function History({ shown: { history } }: { shown: ShownUnit }) {
  const to = { da: 'til', en: 'to' }
  return (
    <>
      <h2>
        <T da="Historik" en="History" />
      </h2>
      <Table
        caption={{
          da: 'Alle versioner; også dem, registret ikke holder fast ved længere',
          en: 'All versions, those the register holds no longer included',
        }}
        head={[
          { da: 'Gælder fra', en: 'Valid from' },
          to,
          { da: 'Kendt fra', en: 'Known from' },
          to,
          { da: 'Status', en: 'Standing' },
          { da: 'Navn', en: 'Name' },
          { da: 'Kilde', en: 'Source' },
        ]}
        rows={history.map(({ version, origin }) => [
          <a href={href(`/institution/${version.nummer}`, { gaelder: clock(version.validFrom).slice(0, 10) })}>
            {clock(version.validFrom)}
          </a>,
          clock(version.validTo),
          clock(version.recordedFrom),
          version.recordedTo === null ? '–' : <del>{clock(version.recordedTo)}</del>,
          <T {...statusWords[version.status]} />,
          version.fields.navn ?? '',
          <SourceRef origin={origin} fileId={version.fileId} line={version.line} />,
        ])}
      />
    </>
  )
}

const [field, value] = [
  { da: 'Felt', en: 'Field' },
  { da: 'Værdi', en: 'Value' },
]

function Values({ unit }: { unit: UnitVersion }) {
  return (
    <Table
      caption={{ da: 'Værdier på det tidspunkt', en: 'Values at that time' }}
      head={[field, value]}
      rows={valuesOf(unit).map(({ felt, vaerdi }) => [felt, vaerdi])}
    />
  )
}

function Explained({ explained: { values, sources, drift } }: { explained: Explanation }) {
  return (
    <>
      {drift === null ? null : (
        <p class={drift.kind === null ? 'soft small' : 'obs-text'}>
          <T {...inBoth((say) => `Unilogin, ${say(driftText(drift))}`)} />
        </p>
      )}
      <h2>
        <T da="Værdier og hvor de kommer fra" en="Values and where they are from" />
      </h2>
      <Table
        caption={{ da: 'Hver værdi, siden hvornår, og kilden', en: 'Each value, since when, and its source' }}
        head={[field, value, { da: 'Siden', en: 'Since' }, { da: 'Kilde', en: 'Source' }]}
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
  const [recorded, applied] = [clock(recordedFrom), appliedAt === null ? null : clock(appliedAt)]
  return (
    <section class="box" id={`kilde-${number}`} aria-labelledby={`navn-${number}`}>
      <p>
        <b id={`navn-${number}`}>[{number}]</b> <SourceRef origin={origin} fileId={fileId} line={line} />{' '}
        <span class="soft small">
          <T
            da={`registreret ${recorded}${applied === null ? '' : `, indlæst ${applied}`}`}
            en={`recorded ${recorded}${applied === null ? '' : `, applied ${applied}`}`}
          />
        </span>
      </p>
      {deltas.length === 0 ? (
        <p class="soft small">
          <T da="Intet sendt til Unilogin herfor." en="Nothing was sent to Unilogin for it." />
        </p>
      ) : null}
      {deltas.map((delta) => (
        <Delta delta={delta} />
      ))}
    </section>
  )
}

function Delta({ delta }: { delta: ExplainedDelta }) {
  const { operation, state, cutoff, met, replyCode } = delta
  const [sent, acknowledged] = [clock(delta.sentAt), clock(delta.acknowledgedAt)]
  const due = cutoff === null ? '' : `${cutoff.navn} ${clock(cutoff.at)}`
  return (
    <p class="small">
      {'Unilogin: '}
      <T {...operationWords[operation]} />, <T {...deltaStateWords[state]} />;{' '}
      <T da={`sendt ${sent}, kvitteret ${acknowledged}`} en={`sent ${sent}, acknowledged ${acknowledged}`} />
      {cutoff === null ? null : <T da={`; frist ${due} `} en={`; cutoff ${due} `} />}
      {met === null ? null : met ? (
        <span class="god-text">
          <T da="nået" en="met" />
        </span>
      ) : (
        <span class="daarlig-text">
          <T da="ikke nået" en="not met" />
        </span>
      )}
      {replyCode === null ? '' : ` (${replyCode})`}
    </p>
  )
}

function SourceRef({ origin, fileId, line }: { origin: Origin; fileId: string | null; line: number | null }) {
  if (origin.kind !== 'leverance' || fileId === null)
    return (
      <span>
        <T {...originText(origin)} />
      </span>
    )
  return (
    <>
      <a href={`/filer/${fileId}`} class="id">
        {origin.name}
      </a>
      {line === null ? null : (
        <>
          ,{' '}
          <a href={`/filer/${fileId}/linje/${line}`}>
            <T da={`linje ${line}`} en={`line ${line}`} />
          </a>
        </>
      )}
    </>
  )
}

function UnitRef({ unit: { nummer, navn, status } }: { unit: NamedUnit }) {
  return (
    <>
      <a href={`/institution/${nummer}`}>{nummer}</a> {navn}
      {status === 'nedlagt' ? (
        <span class="soft">
          {' '}
          (<T {...statusWords[status]} />)
        </span>
      ) : null}
    </>
  )
}

function Links({ links }: { links: ShownUnit['links'] }) {
  return (
    <>
      <h2>
        <T da="Slægtskab" en="Lineage" />
      </h2>
      <ul>
        {links.map((link) => (
          <li>
            <a href={`/institution/${link.fromNummer}`}>{link.fromNummer}</a> →{' '}
            <a href={`/institution/${link.toNummer}`}>{link.toNummer}</a>: <T {...linkText(link)} />
          </li>
        ))}
      </ul>
    </>
  )
}
