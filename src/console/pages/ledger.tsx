import type { LedgerEntry } from '../../domain/ledger.ts'
import { ledgerTypes } from '../../domain/ledger.ts'
import { ledgerWords } from '../../domain/words.ts'
import type { ConsoleContext, PageContext } from '../context.ts'
import { Pages, page, Table } from '../layout.tsx'
import { href, queryNumber, queryText, queryWord } from '../query.ts'
import { clock } from '../words.ts'

const perPage = 100
/** What every transaction leaves behind; shown when asked for. */
const unasked = 'step'

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
    { title: 'Log', here: '/log' },
    <>
      <h1>Log</h1>
      <p class="soft">
        Revisionssporet: hver post er kædet til den foregående, så ingen kan ændres, uden at det ses (dagtilbud verify).
      </p>
      <form method="get" action="/log" class="line">
        <div>
          <label for="slags">Slags</label>
          <select id="slags" name="slags">
            <option value="">alle undtagen trin</option>
            {ledgerTypes.map((one) => (
              <option value={one} selected={one === type}>
                {ledgerWords[one].da}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label for="emne">Emne (fil, hold, job, bruger)</label>
          <input type="text" id="emne" name="emne" value={subject} />
        </div>
        <div>
          <label for="hvem">Hvem</label>
          <input type="text" id="hvem" name="hvem" value={by} />
        </div>
        <button type="submit">Vis</button>
      </form>
      <Table
        caption="Poster, nyeste først"
        empty="Ingen poster passer."
        head={['#Nr.', 'Hvornår', 'Slags', 'Emne', 'Hvem', 'Oplysninger']}
        rows={shown.map((entry) => [
          entry.seq,
          clock(entry.at),
          ledgerWords[entry.type].da,
          <Subject entry={entry} />,
          String(entry.facts['by'] ?? ''),
          <details>
            <summary>{summaryOf(entry)}</summary>
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
      {subject.length > 40 ? `${subject.slice(0, 39)}…` : subject}
    </a>
  )
}

function summaryOf({ facts }: LedgerEntry): string {
  const said = facts['decision'] ?? facts['did'] ?? facts['code'] ?? facts['outcome'] ?? ''
  const reason = facts['reason'] === undefined ? '' : `: ${String(facts['reason'])}`
  const text = `${String(said)}${reason}`
  return text === '' ? 'vis' : text
}
