/** Characters as a reader counts them: Unicode code points, not UTF-16 units. */
export function countCharacters(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0)
}

/** True when the text has more characters than `max`. */
export function isLongerThan(text: string, max: number): boolean {
  return text.length > max && countCharacters(text) > max
}

/** Cuts blanks, tabs and line ends off both ends; other invisible characters stay and are reported. */
export function trimBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return end - start === text.length ? text : text.slice(start, end)
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13 && code !== 11 && code !== 12)
}
