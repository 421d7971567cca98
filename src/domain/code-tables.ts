/** How we know a code or a rule: documented by an authority, seen in public data, our own reading, or not known. */
export const evidenceLevels = ['dokumenteret', 'set i data', 'egen', 'ukendt'] as const
export type Evidence = (typeof evidenceLevels)[number]

export interface Code {
  readonly kode: string
  readonly tekst: string
  readonly evidens: Evidence
}

/** ejerformKode. Codes 1-3 seen in the public export, 4 in one consumer's table. A code for puljeordning is not known. */
export const ejerformer: ReadonlyMap<string, Code> = table([
  { kode: '1', tekst: 'Kommunal', evidens: 'set i data' },
  { kode: '2', tekst: 'Selvejende', evidens: 'set i data' },
  { kode: '3', tekst: 'Privat', evidens: 'set i data' },
  { kode: '4', tekst: 'Udliciteret', evidens: 'set i data' },
])

/** instType3. Source: the register's form for private owners (6010-6012), the public export and its consumers (the rest). */
export const institutionstyper: ReadonlyMap<string, Code> = table([
  { kode: '6010', tekst: 'Vuggestue (0-2 år)', evidens: 'dokumenteret' },
  { kode: '6011', tekst: 'Børnehave (3-5 år)', evidens: 'dokumenteret' },
  { kode: '6012', tekst: 'Aldersintegreret institution (0-5 år)', evidens: 'dokumenteret' },
  { kode: '6013', tekst: 'Dagpleje', evidens: 'set i data' },
  { kode: '6014', tekst: 'Børnehave (2-5 år)', evidens: 'set i data' },
  { kode: '6020', tekst: 'Fritidshjem', evidens: 'set i data' },
  { kode: '6021', tekst: 'Klubtilbud', evidens: 'set i data' },
  { kode: '6022', tekst: 'Særlige dagtilbud', evidens: 'set i data' },
])

/** A legal basis. The integers STIL uses for them are not public, so the section is the key. */
export interface Lovgrundlag extends Code {
  /** Integer used in synthetic files only; ours, never STIL's. A real integer is mapped by the setting `kodetabeller.lovgrundlag`. */
  readonly proeveKode: string
}

export const lovgrundlag: ReadonlyMap<string, Lovgrundlag> = table([
  { kode: 'DTL19.2', proeveKode: '901', tekst: 'Dagtilbudsloven § 19 stk. 2, kommunal daginstitution', evidens: 'dokumenteret' },
  {
    kode: 'DTL19.3',
    proeveKode: '902',
    tekst: 'Dagtilbudsloven § 19 stk. 3, selvejende daginstitution',
    evidens: 'dokumenteret',
  },
  {
    kode: 'DTL19.4',
    proeveKode: '903',
    tekst: 'Dagtilbudsloven § 19 stk. 4, udliciteret daginstitution',
    evidens: 'dokumenteret',
  },
  { kode: 'DTL19.5', proeveKode: '904', tekst: 'Dagtilbudsloven § 19 stk. 5, privatinstitution', evidens: 'dokumenteret' },
  { kode: 'DTL21.2', proeveKode: '905', tekst: 'Dagtilbudsloven § 21 stk. 2, kommunal dagpleje', evidens: 'dokumenteret' },
  {
    kode: 'DTL21.3',
    proeveKode: '906',
    tekst: 'Dagtilbudsloven § 21 stk. 3, privat dagpleje efter aftale',
    evidens: 'dokumenteret',
  },
  { kode: 'DTL52', proeveKode: '907', tekst: 'Dagtilbudsloven § 52, fritidshjem', evidens: 'dokumenteret' },
  { kode: 'DTL66', proeveKode: '908', tekst: 'Dagtilbudsloven § 66, klubtilbud', evidens: 'dokumenteret' },
  { kode: 'SEL32', proeveKode: '909', tekst: 'Serviceloven § 32, særligt dagtilbud', evidens: 'dokumenteret' },
  { kode: 'SEL36', proeveKode: '910', tekst: 'Serviceloven § 36, særligt klubtilbud', evidens: 'dokumenteret' },
  { kode: 'DTL19.2-LBO', proeveKode: '911', tekst: 'Dagtilbudsloven § 19 stk. 2, landsbyordning', evidens: 'dokumenteret' },
  { kode: 'DTL101', proeveKode: '912', tekst: 'Dagtilbudsloven § 101, puljeordning', evidens: 'ukendt' },
  { kode: 'DTL102', proeveKode: '913', tekst: 'Dagtilbudsloven § 102, puljeordning', evidens: 'ukendt' },
])

function table<T extends Code>(rows: readonly T[]): ReadonlyMap<string, T> {
  return new Map(rows.map((row) => [row.kode, row]))
}
