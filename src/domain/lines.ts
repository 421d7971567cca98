import { type BilingualText, joined } from './bilingual-text.ts'

/** Lines below one another. */
export function lines(...texts: readonly BilingualText[]): BilingualText {
  return joined(texts, '\n')
}

/** Sections with an empty line between them; one without a line is left out. */
export function sections(...parts: readonly (readonly BilingualText[])[]): BilingualText {
  return joined(
    parts.filter((part) => part.length > 0).map((part) => lines(...part)),
    '\n\n',
  )
}
