import { FatalError } from '../domain/errors.ts'
import { parseKommuneKode } from '../domain/ids.ts'
import { defaultLimits } from '../domain/limits.ts'
import type { UniloginRow } from '../domain/match-units.ts'
import { createCsvRows } from '../formats/csv-rows.ts'
import { decodeText } from '../formats/decode-text.ts'
import { FileStop } from '../formats/file-stop.ts'

const needed = ['instnr', 'instnavn'] as const
const columns = [...needed, 'adresse', 'postnr', 'kommunenr'] as const

/**
 * Reads a list of institutions from Unilogin: CSV with `;`, header line first, columns by the names of wsiINST in any
 * order and any case; `instnr` and `instnavn` must be there, `adresse`, `postnr` and `kommunenr` help.
 * @throws UNILOGIN_LIST_UNREADABLE
 */
export async function readUniloginList(content: AsyncIterable<Uint8Array>): Promise<readonly UniloginRow[]> {
  const rows: UniloginRow[] = []
  let places: Record<string, number> | null = null
  const reader = createCsvRows(defaultLimits, ({ cells }) => {
    if (places === null) {
      const names = cells.map((cell) => cell.trim().toLowerCase())
      places = Object.fromEntries(columns.map((name) => [name, names.indexOf(name)]))
      const missing = needed.filter((name) => places?.[name] === -1)
      if (missing.length > 0) throw unreadable(`its header lacks ${missing.join(' and ')}`)
      return
    }
    const cell = (name: (typeof columns)[number]) => cells[places?.[name] ?? -1]?.trim() ?? ''
    if (cell('instnr') === '') return
    rows.push({
      instnr: cell('instnr'),
      instnavn: cell('instnavn'),
      adresse: cell('adresse'),
      postnr: cell('postnr'),
      kommunenr: parseKommuneKode(cell('kommunenr')),
    })
  })
  try {
    const { text } = await decodeText(content)
    for await (const piece of text) reader.write(piece)
    reader.end(true)
  } catch (error) {
    if (error instanceof FileStop) throw unreadable(`it cannot be read as text or CSV (${error.stop.code})`)
    throw error
  }
  if (places === null) throw unreadable('it is empty')
  return rows
}

function unreadable(seen: string): FatalError {
  return new FatalError('UNILOGIN_LIST_UNREADABLE', `reading a list of institutions from Unilogin: ${seen}`, {
    dataState: 'nothing was reported or changed',
    hint: 'give CSV with semicolons and a header with instnr, instnavn and, if you can, adresse, postnr and kommunenr',
  })
}
