import { cut } from '../../domain/cut.ts'
import type { LedgerEntry } from '../../domain/ledger.ts'
import { ledgerTypes } from '../../domain/ledger.ts'
import { ledgerWords } from '../../domain/words.ts'
import { clock } from '../clock.ts'
import type { ConsoleContext, PageContext } from '../context.ts'
import { Field } from '../field.tsx'
import { T } from '../language.tsx'
import { Pages, page, Table } from '../layout.tsx'
import { href, queryNumber, queryText, queryWord } from '../query.ts'

const perPage = 100
/** What every transaction leaves behind; shown when asked for. */
const unasked = 'step'
const title = { da: 'Log', en: 'Log' }

/** The audit trail, newest first, by kind, subject and person. */
export function ledgerPage(c: PageContext, ctx: ConsoleContext): Response | Promise<Response> {
  const type = queryWord(c, 'slags', ledgerTypes)
  const [subject, by] = [queryText(c, 'emne', 200), queryText(c, 'hvem')]
  const before = queryNumber(c, 'foer', Number.MAX_SAFE_INTEGER)
  const filter = {
    types: type === undefined ? ledgerTypes.filter((one) => one !== unasked) : [type],
    ...(subject === undefined ? {} : { subject }),
    ...(by === undefined ? {} : { by }),
  }
  const entries = ctx.register.read((tx) => tx.ledger.page(filter, before, perPage + 1))
  const shown = entries.slice(0, perPage)
  const query = { slags: type, emne: subject, hvem: by }
  return page(
    c,
    ctx,
    { title, here: '/log' },
    <>
      <h1>
        <T {...title} />
      </h1>
      <p class="soft">
        <T
          da="Revisionssporet: hver post er kædet til den foregående, så ingen kan ændres, uden at det ses (dagtilbud verify)."
          en="The audit trail: each entry is chained to the one before it, so none can be changed unseen (dagtilbud verify)."
        />
      </p>
      <Filter query={query} />
      <Table
        caption={{ da: 'Poster, nyeste først', en: 'Entries, newest first' }}
        empty={{ da: 'Ingen poster passer.', en: 'No entries fit.' }}
        head={[
          { da: 'Nr.', en: 'No.', isNumber: true },
          { da: 'Hvornår', en: 'When' },
          { da: 'Slags', en: 'Kind' },
          { da: 'Emne', en: 'Subject' },
          { da: 'Hvem', en: 'Who' },
          { da: 'Oplysninger', en: 'Facts' },
        ]}
        rows={shown.map((entry) => [
          entry.seq,
          clock(entry.at),
          <T {...ledgerWords[entry.type]} />,
          <Subject entry={entry} />,
          String(entry.facts['by'] ?? ''),
          <details>
            <summary>{summaryOf(entry) ?? <T da="vis" en="show" />}</summary>
            <pre>{JSON.stringify(entry.facts, null, 1)}</pre>
            <span class="id small">{entry.hash}</span>
          </details>,
        ])}
      />
      <Pages
        older={entries.length > perPage ? href('/log', { ...query, foer: shown.at(-1)?.seq }) : null}
        first={before === Number.MAX_SAFE_INTEGER ? null : href('/log', query)}
      />
    </>,
  )
}

interface Query {
  readonly slags: string | undefined
  readonly emne: string | undefined
  readonly hvem: string | undefined
}

function Filter({ query: { slags, emne, hvem } }: { query: Query }) {
  return (
    <form method="get" action="/log" class="line">
      <Field id="slags" label={{ da: 'Slags', en: 'Kind' }}>
        <select id="slags" name="slags">
          <option value="">
            <T da="alle undtagen trin" en="all but steps" />
          </option>
          {ledgerTypes.map((one) => (
            <option value={one} selected={one === slags}>
              <T {...ledgerWords[one]} />
            </option>
          ))}
        </select>
      </Field>
      <Field id="emne" label={{ da: 'Emne (fil, hold, job, bruger)', en: 'Subject (file, hold, job, user)' }}>
        <input type="text" id="emne" name="emne" value={emne} />
      </Field>
      <Field id="hvem" label={{ da: 'Hvem', en: 'Who' }}>
        <input type="text" id="hvem" name="hvem" value={hvem} />
      </Field>
      <button type="submit">
        <T da="Vis" en="Show" />
      </button>
    </form>
  )
}

function Subject({ entry: { type, subject } }: { entry: LedgerEntry }) {
  if (type === 'file')
    return (
      <a class="id" href={`/filer/${encodeURIComponent(subject)}`}>
        {subject}
      </a>
    )
  if (type === 'decision')
    return (
      <a class="id" href={`/holds/${encodeURIComponent(subject)}`}>
        {subject}
      </a>
    )
  return (
    <a class="id" href={href('/log', { emne: subject })}>
      {cut(subject, 40)}
    </a>
  )
}

/** What an entry tells in few words; null when it has none. */
function summaryOf({ facts }: LedgerEntry): string | null {
  const said = facts['decision'] ?? facts['did'] ?? facts['code'] ?? facts['outcome'] ?? ''
  const reason = facts['reason'] === undefined ? '' : `: ${String(facts['reason'])}`
  const text = `${String(said)}${reason}`
  return text === '' ? null : text
}
