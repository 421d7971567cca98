import { fileStates } from '../../domain/flow.ts'
import { isBusinessDate } from '../../domain/time.ts'
import { fileStateWords, kommuneText } from '../../domain/words.ts'
import type { ConsoleContext, PageContext } from '../context.ts'
import { Pages, page, Table } from '../layout.tsx'
import { href, queryText, queryWord } from '../query.ts'
import { clock } from '../words.ts'

const perPage = 50

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
    { title: 'Filer', here: '/filer' },
    <>
      <h1>Filer</h1>
      <form method="get" action="/filer" class="line">
        <div>
          <label for="nat">Nat</label>
          <input type="date" id="nat" name="nat" value={nat} />
        </div>
        <div>
          <label for="leverandoer">Leverandør</label>
          <select id="leverandoer" name="leverandoer">
            <option value="">alle</option>
            {ctx.settings.suppliers.map(({ id, navn }) => (
              <option value={id} selected={id === supplierId}>
                {navn}
              </option>
            ))}
          </select>
        </div>
        <div>
          <label for="kommune">Kommunekode</label>
          <input type="text" id="kommune" name="kommune" value={kommuneKode} inputmode="numeric" size={4} />
        </div>
        <div>
          <label for="tilstand">Tilstand</label>
          <select id="tilstand" name="tilstand">
            <option value="">alle</option>
            {fileStates.map((one) => (
              <option value={one} selected={one === state}>
                {fileStateWords[one].da}
              </option>
            ))}
          </select>
        </div>
        <button type="submit">Vis</button>
      </form>
      <Table
        caption="Filer, nyeste først"
        empty="Ingen filer passer."
        head={['Modtaget', 'Fil', 'Leverandør', 'Kommune', 'Tilstand', '#Læst', '#Godtaget', '#Afvist']}
        rows={shown.map((file) => [
          clock(file.storedAt),
          <a href={`/filer/${file.fileId}`} class="id">
            {file.name}
          </a>,
          file.supplierId,
          kommuneText(file.header?.kommuneKode ?? null),
          <span class={file.state === 'rejected' ? 'obs-text' : file.state === 'held' ? 'daarlig-text' : undefined}>
            {fileStateWords[file.state].da}
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
