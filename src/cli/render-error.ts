import { type BilingualText, inBoth, nothing, same } from '../domain/bilingual-text.ts'
import { hintOf } from '../domain/error-words.ts'
import { SyncError } from '../domain/errors.ts'
import { lines } from '../domain/lines.ts'
import { paragraph } from '../domain/paragraph.ts'

/** Why a command ended: an error of ours with what to do, anything else with its stack. The message stays as it is, to be searched for. */
export function renderError(error: unknown): BilingualText {
  if (error instanceof SyncError) return lines(same(`${error.code}: ${error.message}`), whatNow(error, 2))
  return same(error instanceof Error ? (error.stack ?? error.message) : String(error))
}

/** What becomes of the data after an error, in English as in the log, and what to do. */
export function whatNow(
  { code, dataState, hint }: { readonly code: string; readonly dataState: string; readonly hint: string },
  indent: number,
): BilingualText {
  const row = (label: BilingualText, text: BilingualText) =>
    paragraph(
      inBoth((say) => `${' '.repeat(indent)}${say(label).padEnd(6)}${say(text)}`),
      indent + 6,
    )
  const { da, en } = hintOf(code, hint)
  const todo = row({ da: 'gør:', en: 'do:' }, { da, en })
  // In Danish what holds for every error of the code comes first, then what this one says.
  const further = da === en ? [] : [row(nothing, same(hint)).da]
  return lines(row(same('data:'), same(dataState)), { da: [todo.da, ...further].join('\n'), en: todo.en })
}
