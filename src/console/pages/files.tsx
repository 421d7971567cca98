import { fileStates } from '../../domain/flow.ts'
import { isBusinessDate } from '../../domain/time.ts'
import { fileStateWords, kommuneText } from '../../domain/words.ts'
import { clock } from '../clock.ts'
import type { ConsoleContext, PageContext } from '../context.ts'
import { Field } from '../field.tsx'
import { T } from '../language.tsx'
import { Pages, page, Table } from '../layout.tsx'
import { href, queryText, queryWord } from '../query.ts'

const perPage = 50
const title = { da: 'Filer', en: 'Files' }

/** Files, newest first, by night, supplier, municipality and state. */
export function filesPage(c: PageContext, ctx: ConsoleContext): Response | Promise<Response> {
  const nat = queryText(c, 'nat')
  const supplierId = queryText(c, 'leverandoer')
  const kommuneKode = queryText(c, 'kommune')
  const state = queryWord(c, 'tilstand', fileStates)
  const files = ctx.register.read((tx) => {
    const afterId = queryText(c, 'efter')
    const after = afterId === undefined ? null : tx.files.find(afterId)
    const filter = {
      ...(nat === undefined || !isBusinessDate(nat) ? {} : { date: nat }),
      ...(supplierId === undefined ? {} : { supplierId }),
      ...(kommuneKode === undefined ? {} : { kommuneKode }),
      ...(state === undefined ? {} : { state }),
    }
    return tx.files.page(filter, after, perPage + 1)
  })
  const shown = files.slice(0, perPage)
  const query = { nat, leverandoer: supplierId, kommune: kommuneKode, tilstand: state }
  return page(
    c,
    ctx,
    { title, here: '/filer' },
    <>
      <h1>
        <T {...title} />
      </h1>
      <Filter query={query} suppliers={ctx.settings.suppliers} />
      <Table
        caption={{ da: 'Filer, nyeste først', en: 'Files, newest first' }}
        empty={{ da: 'Ingen filer passer.', en: 'No files fit.' }}
        head={[
          { da: 'Modtaget', en: 'Received' },
          { da: 'Fil', en: 'File' },
          { da: 'Leverandør', en: 'Supplier' },
          { da: 'Kommune', en: 'Municipality' },
          { da: 'Tilstand', en: 'State' },
          { da: 'Læst', en: 'Read', isNumber: true },
          { da: 'Godtaget', en: 'Accepted', isNumber: true },
          { da: 'Afvist', en: 'Rejected', isNumber: true },
        ]}
        rows={shown.map((file) => [
          clock(file.storedAt),
          <a href={`/filer/${file.fileId}`} class="id">
            {file.name}
          </a>,
          file.supplierId,
          kommuneText(file.header?.kommuneKode ?? null),
          <span class={file.state === 'rejected' ? 'obs-text' : file.state === 'held' ? 'daarlig-text' : undefined}>
            <T {...fileStateWords[file.state]} />
          </span>,
          file.read,
          file.accepted,
          file.rejected,
        ])}
      />
      <Pages
        older={files.length > perPage ? href('/filer', { ...query, efter: shown.at(-1)?.fileId }) : null}
        first={queryText(c, 'efter') === undefined ? null : href('/filer', query)}
      />
    </>,
  )
}

interface Query {
  readonly nat: string | undefined
  readonly leverandoer: string | undefined
  readonly kommune: string | undefined
  readonly tilstand: string | undefined
}

function Filter({ query, suppliers }: { query: Query; suppliers: ConsoleContext['settings']['suppliers'] }) {
  return (
    <form method="get" action="/filer" class="line">
      <Field id="nat" label={{ da: 'Nat', en: 'Night' }}>
        <input type="date" id="nat" name="nat" value={query.nat} />
      </Field>
      <Field id="leverandoer" label={{ da: 'Leverandør', en: 'Supplier' }}>
        <select id="leverandoer" name="leverandoer">
          <All />
          {suppliers.map(({ id, navn }) => (
            <option value={id} selected={id === query.leverandoer}>
              {navn}
            </option>
          ))}
        </select>
      </Field>
      <Field id="kommune" label={{ da: 'Kommunekode', en: 'Municipality code' }}>
        <input type="text" id="kommune" name="kommune" value={query.kommune} inputmode="numeric" size={4} />
      </Field>
      <Field id="tilstand" label={{ da: 'Tilstand', en: 'State' }}>
        <select id="tilstand" name="tilstand">
          <All />
          {fileStates.map((one) => (
            <option value={one} selected={one === query.tilstand}>
              <T {...fileStateWords[one]} />
            </option>
          ))}
        </select>
      </Field>
      <button type="submit">
        <T da="Vis" en="Show" />
      </button>
    </form>
  )
}

function All() {
  return (
    <option value="">
      <T da="alle" en="all" />
    </option>
  )
}
