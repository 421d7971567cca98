/** A place where the proof does not hold: what was expected, what is there, what that means and what to do. */
export interface Break {
  /** What was examined: the ledger, the file with its anchors, the register's rows, the file store, an exchange with Unilogin. */
  readonly part: BreakPart
  /** A table, an entry's number, a blob. */
  readonly place: string
  /** The row, field or document in it; empty when it is the place as a whole. */
  readonly key: string
  readonly column: string | null
  readonly expected: string | null
  readonly seen: string | null
}

export const breakParts = ['ledger', 'anchor', 'replay', 'exchange', 'blob', 'row', 'seal', 'database'] as const
export type BreakPart = (typeof breakParts)[number]

/** What a break of each part means and what to do, for a person. */
export const breakTexts: Readonly<Record<BreakPart, { readonly meaning: string; readonly todo: string }>> = {
  ledger: {
    meaning: 'hovedbogen er ændret, efter at den blev skrevet; det, der følger efter stedet, beviser intet',
    todo: 'stop workeren, gem datamappen, som den er, og find den seneste backup, hvor kontrollen er ren',
  },
  anchor: {
    meaning: 'hovedbogen er ikke den, som natten satte sit mærke ved: enden mangler, eller registret er sat tilbage',
    todo: 'er en backup lagt tilbage, så se hvornår; ellers gem datamappen, som den er, og find ud af, hvem der har skrevet i den',
  },
  replay: {
    meaning: 'de samme filer og beslutninger giver ikke det, som hovedbogen siger, de gav',
    todo: 'gem datamappen, som den er, og meld fejlen: enten er programmet ikke entydigt, eller hovedbogen er skrevet om',
  },
  exchange: {
    meaning: 'det, der blev sendt til eller svaret af Unilogin, er ikke det, som registret siger',
    todo: 'læs nummeret tilbage fra Unilogin, og sammenlign; gem datamappen, som den er',
  },
  blob: {
    meaning: 'fillageret mangler bytes, som registret bygger på, eller de er ændret',
    todo: 'hent filen fra en backup, og kontrollér disken',
  },
  row: {
    meaning: 'rækken er ikke den, som filerne og beslutningerne giver; den er ændret uden om programmet',
    todo: 'find ud af, hvem der har skrevet i registret; ret det ikke i hånden, men læg en ren backup tilbage',
  },
  seal: {
    meaning: 'tabellens rækker er ikke dem, som det seneste skridt forseglede; noget er ændret uden om programmet',
    todo: 'find ud af, hvem der har skrevet i registret; ret det ikke i hånden, men læg en ren backup tilbage',
  },
  database: {
    meaning: 'databasefilen er beskadiget, eller dens opbygning er ikke denne versions',
    todo: 'stop workeren, kontrollér disken, og læg den seneste rene backup tilbage',
  },
}

/** A value as a person is shown it: short, and never more than one line. */
export function shown(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const text = (typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))).replace(/\s+/g, ' ')
  return text.length <= 200 ? text : `${text.slice(0, 197)}...`
}

/** A blob that is not what its name says, or is not there. */
export function blobBreak(sha256: string, namedBy: string, seen: string | null): Break {
  return { part: 'blob', place: sha256, key: namedBy, column: null, expected: sha256, seen }
}
