/** True when the text is digits 0-9 only, at least `min` and at most `max` of them. */
export function isDigits(text: string, min: number, max: number = min): boolean {
  const { length } = text
  if (length < min || length > max) return false
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code < 48 || code > 57) return false
  }
  return true
}
