/**
 * A copy of a text that does not keep alive the large text it was cut from. V8 stores a piece of 13 characters or more as
 * a view into its source, so a key kept for the length of a file would keep the whole chunk it came from.
 */
export function detachText(text: string): string {
  return text.length < 13 ? text : ` ${text}`.slice(1)
}
