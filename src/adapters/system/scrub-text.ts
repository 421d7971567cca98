/** What has no business in a log, by its looks, and what stands there instead. */
const marks: readonly (readonly [looks: RegExp, instead: string | ((found: string) => string)])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[private key]'],
  // A password may have an @ of its own: the last one ends it.
  [/\/\/[^\s/]+@/g, '//[left out]@'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, '$1 [left out]'],
  [/\b(password|passphrase|adgangskode|secret|token|pass)("?\s*[:=]\s*"?)[^\s",;&}]+/gi, '$1$2[left out]'],
  // Takes every word, and the address that one may begin: to look for the address alone would take the square of a long word.
  [/[\p{L}\p{N}._%+-]+(?:@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)?/gu, (found) => (found.includes('@') ? '[e-mail]' : found)],
  // A day, a month, two digits of a year, and four more, with a dash or a blank before them or nothing.
  [/\b(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[- ]?\d{4}\b/g, '[cpr]'],
]

/**
 * A text without keys, passwords, e-mail addresses and what may be a CPR number: for messages of libraries and servers,
 * which say what they like. Names of people have no looks of their own; they are kept out by not being written.
 */
export function scrubText(text: string): string {
  return marks.reduce(
    (clean, [looks, instead]) => (typeof instead === 'string' ? clean.replace(looks, instead) : clean.replace(looks, instead)),
    text,
  )
}
