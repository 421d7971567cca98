import { FatalError } from '../../domain/errors.ts'

/** Anything XML 1.0 cannot carry, escaped or not: most control characters, lone surrogates, U+FFFE and U+FFFF. Source: XML 1.0, production 2. */
const illegalCharacter = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u

/** The code point of the first character XML 1.0 cannot carry, or null when all of the text can be written. */
export function findIllegalCharacter(text: string): number | null {
  const found = illegalCharacter.exec(text)
  return found === null ? null : (found[0].codePointAt(0) ?? null)
}

/**
 * Text as the content of an element; reading it back gives the same text, carriage returns included.
 * @param field Names the value in the error; the value itself is never shown.
 * @throws UNILOGIN_TEXT_UNSENDABLE
 */
export function escapeText(text: string, field: string): string {
  requireLegal(text, field)
  return text.replace(/[&<>\r]/g, (character) => textEscapes[character] ?? character)
}

/** Text as the value of an attribute in double quotes, safe against the reader's white-space folding. @throws UNILOGIN_TEXT_UNSENDABLE */
export function escapeAttribute(text: string, field: string): string {
  requireLegal(text, field)
  return text.replace(/[&<>"\r\n\t]/g, (character) => textEscapes[character] ?? character)
}

const textEscapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
}

function requireLegal(text: string, field: string): void {
  const codePoint = findIllegalCharacter(text)
  if (codePoint === null) return
  const shown = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`
  throw new FatalError(
    'UNILOGIN_TEXT_UNSENDABLE',
    `writing "${field}" for Unilogin failed: it holds ${shown}, which XML cannot carry`,
    {
      dataState: 'nothing was sent; the register is untouched',
      hint: 'correct the value at the supplier, then send the file again',
      facts: { field, codePoint: shown },
    },
  )
}
