import { type BilingualText, inBoth, same } from '../domain/bilingual-text.ts'
import { hintOf } from '../domain/error-hints.ts'
import { SyncError } from '../domain/errors.ts'
import { lines } from '../domain/lines.ts'

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
  const row = (label: string, text: string) => `${' '.repeat(indent)}${label.padEnd(6)}${text}`
  const { da, en } = hintOf(code, hint)
  const [said, data] = [same(`${' '.repeat(indent)}${message}`), same(row('data:', dataState))]
  return lines(said, data, { da: da === en ? row('gør:', da) : `${row('gør:', da)}\n${row('', en)}`, en: row('do:', en) })
}
