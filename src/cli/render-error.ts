import { type BilingualText, inBoth, nothing, same } from '../domain/bilingual-text.ts'
import { hintOf } from '../domain/error-hints.ts'
import { SyncError } from '../domain/errors.ts'
import { lines } from './lines.ts'
import { paragraph } from './paragraph.ts'

/** Why a command ended: an error of ours with what to do, anything else with its stack. */
export function renderError(error: unknown): BilingualText {
  if (error instanceof SyncError) return inBoth((say) => `${error.code}: ${say(explained(error, 2)).trimStart()}`)
  return same(error instanceof Error ? (error.stack ?? error.message) : String(error))
}

/** An error's message, what becomes of the data, and what to do; the first two are English, as in the log. */
export function explained(
  error: { readonly code: string; readonly message: string; readonly dataState: string; readonly hint: string },
  indent: number,
): BilingualText {
  const { code, message, dataState, hint } = error
  const room = ' '.repeat(indent)
  const row = (label: BilingualText, text: BilingualText) =>
    paragraph(
      inBoth((say) => `${room}${say(label).padEnd(6)}${say(text)}`),
      indent + 6,
    )
  const { da, en } = hintOf(code, hint)
  const todo = row({ da: 'gør:', en: 'do:' }, { da, en })
  // In Danish what holds for every error of the code comes first, then what this one says.
  const further = da === en ? [] : [row(nothing, same(hint)).da]
  return lines(paragraph(same(`${room}${message}`), indent + 2), row(same('data:'), same(dataState)), {
    da: [todo.da, ...further].join('\n'),
    en: todo.en,
  })
}
