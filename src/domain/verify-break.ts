import type { BilingualText } from './bilingual-text.ts'

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

const handWritten = {
  da: 'find ud af, hvem der har skrevet i registret; ret det ikke i hånden, men læg en ren backup tilbage',
  en: 'find out who has written in the register; do not mend it by hand, but restore a clean backup',
}

/** What a break of each part means and what to do, for a person. */
export const breakTexts: Readonly<Record<BreakPart, { readonly meaning: BilingualText; readonly todo: BilingualText }>> = {
  ledger: {
    meaning: {
      da: 'hovedbogen er ændret, efter at den blev skrevet; det, der følger efter stedet, beviser intet',
      en: 'the ledger was changed after it was written; what follows the place proves nothing',
    },
    todo: {
      da: 'stop workeren, gem datamappen, som den er, og find den seneste backup, hvor kontrollen er ren',
      en: 'stop the worker, keep the data folder as it is, and find the newest backup that verifies',
    },
  },
  anchor: {
    meaning: {
      da: 'hovedbogen er ikke den, som natten satte sit mærke ved: enden mangler, eller registret er sat tilbage',
      en: 'the ledger is not the one that the night left its mark at: its end is missing, or the register was put back',
    },
    todo: {
      da: 'er en backup lagt tilbage, så se hvornår; ellers gem datamappen, som den er, og find ud af, hvem der har skrevet i den',
      en: 'if a backup was restored, see when; else keep the data folder as it is, and find out who has written in it',
    },
  },
  replay: {
    meaning: {
      da: 'de samme filer og beslutninger giver ikke det, som hovedbogen siger, de gav',
      en: 'the same files and decisions do not give what the ledger says they gave',
    },
    todo: {
      da: 'gem datamappen, som den er, og meld fejlen: enten er programmet ikke entydigt, eller hovedbogen er skrevet om',
      en: 'keep the data folder as it is, and report it: either the program is not deterministic or the ledger was rewritten',
    },
  },
  exchange: {
    meaning: {
      da: 'det, der blev sendt til eller svaret af Unilogin, er ikke det, som registret siger',
      en: 'what was sent to Unilogin or answered by it is not what the register says',
    },
    todo: {
      da: 'læs nummeret tilbage fra Unilogin, og sammenlign; gem datamappen, som den er',
      en: 'read the number back from Unilogin, and compare; keep the data folder as it is',
    },
  },
  blob: {
    meaning: {
      da: 'fillageret mangler bytes, som registret bygger på, eller de er ændret',
      en: 'the file store lacks bytes that the register rests on, or they were changed',
    },
    todo: {
      da: 'hent filen fra en backup, og kontrollér disken',
      en: 'restore the file from a backup, and check the disk',
    },
  },
  row: {
    meaning: {
      da: 'rækken er ikke den, som filerne og beslutningerne giver; den er ændret uden om programmet',
      en: 'the row is not what the files and decisions give; it was changed behind the program',
    },
    todo: handWritten,
  },
  seal: {
    meaning: {
      da: 'tabellens rækker er ikke dem, som det seneste skridt forseglede; noget er ændret uden om programmet',
      en: "the table's rows are not those that the last step sealed; something was changed behind the program",
    },
    todo: handWritten,
  },
  database: {
    meaning: {
      da: 'databasefilen er beskadiget, eller dens opbygning er ikke denne versions',
      en: "the database file is damaged, or its structure is not this version's",
    },
    todo: {
      da: 'stop workeren, kontrollér disken, og læg den seneste rene backup tilbage',
      en: 'stop the worker, check the disk, and restore the newest clean backup',
    },
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
