/** What a CSV begins with, so that a spreadsheet takes it for UTF-8. */
export const byteOrderMark = '\uFEFF'

/**
 * One cell of a CSV that people open in a spreadsheet. A value that a spreadsheet would take for a formula gets an
 * apostrophe in front, then everything is quoted. Source: CWE-1236; OWASP, CSV injection.
 */
export function toSafeCell(value: string | number | null): string {
  if (value === null || value === '') return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(value) ? `'${value}` : value
  return `"${safe.replaceAll('"', '""')}"`
}

/** A CSV that people open in a spreadsheet, which takes it for UTF-8. */
export function toSafeCsv(lines: readonly (readonly (string | number | null)[])[]): string {
  return byteOrderMark + lines.map((cells) => `${cells.map(toSafeCell).join(';')}\r\n`).join('')
}
