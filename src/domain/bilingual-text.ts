export const languages = ['da', 'en'] as const
export type Language = (typeof languages)[number]

/** Text in both languages; Danish is the one that counts. */
export interface BilingualText {
  readonly da: string
  readonly en: string
}

/** Gives a text in one language. */
export type Say = (text: BilingualText) => string

export function sayIn(language: Language): Say {
  return (text) => text[language]
}

/** A text made of others, in each language. */
export function inBoth(make: (say: Say) => string): BilingualText {
  return { da: make(sayIn('da')), en: make(sayIn('en')) }
}

/** What is the same in every language: a number, a name, a code. */
export function same(text: string | number): BilingualText {
  return { da: `${text}`, en: `${text}` }
}

/** No text. */
export const nothing = same('')

/** Texts one after another. */
export function joined(texts: readonly BilingualText[], between: string): BilingualText {
  return inBoth((say) => texts.map(say).join(between))
}

/** A count with its noun. */
export function many(count: number, one: BilingualText, more: BilingualText): BilingualText {
  return inBoth((say) => `${count} ${say(count === 1 ? one : more)}`)
}
