import type { Random } from './random.ts'

const beginnings = [
  'Abild',
  'Blomster',
  'Bølge',
  'Dugdråbe',
  'Eg',
  'Elver',
  'Eventyr',
  'Fjord',
  'Frø',
  'Fyrretræs',
  'Græshoppe',
  'Hasselnødde',
  'Honning',
  'Humlebi',
  'Hybenrose',
  'Kastanje',
  'Klit',
  'Kløver',
  'Lærke',
  'Mariehøne',
  'Mejse',
  'Muldvarpe',
  'Mælkebøtte',
  'Myre',
  'Måne',
  'Nordlys',
  'Pilefløjte',
  'Pindsvine',
  'Regnbue',
  'Skov',
  'Snegle',
  'Sol',
  'Spire',
  'Stjerne',
  'Søheste',
  'Tudse',
  'Tusindben',
  'Vindmølle',
  'Agern',
  'Anemone',
  'Bæver',
  'Birke',
  'Brombær',
  'Egern',
  'Enghumle',
  'Firben',
  'Fuglefrø',
  'Gedebuk',
  'Grankogle',
  'Havtorne',
  'Hejre',
  'Hyldeblomst',
  'Isfugle',
  'Jordbær',
  'Kornblomst',
  'Krebse',
  'Lindeblad',
  'Løvetands',
  'Mosekone',
  'Musvit',
  'Nattergale',
  'Perlemor',
  'Pralbønne',
  'Rønnebær',
  'Salamander',
  'Sommerfugle',
  'Storke',
  'Svale',
  'Tranebær',
  'Viol',
  'Vandnymfe',
  'Ærte',
  'Æble',
] as const

const endings = [
  'bakken',
  'boet',
  'broen',
  'engen',
  'flokken',
  'gemmet',
  'gården',
  'haven',
  'huset',
  'hulen',
  'hytten',
  'høj',
  'krogen',
  'lunden',
  'reden',
  'ringen',
  'skuret',
  'stuen',
  'toppen',
  'træet',
  'tuen',
  'vang',
  'baljen',
  'bjerget',
  'brinken',
  'dammen',
  'eventyret',
  'festen',
  'grøften',
  'hatten',
  'hegnet',
  'kilden',
  'klubben',
  'laden',
  'landet',
  'legen',
  'marken',
  'posen',
  'pladsen',
  'ruden',
  'skoven',
  'spillet',
  'sporet',
  'teltet',
  'tårnet',
  'værkstedet',
  'øen',
] as const

/** Names with letters outside the Danish alphabet, which encodings lose first. */
const accented = ['Vuggestuen Allébo', 'Børnehuset Idéværkstedet', 'Caféhulen', 'Legemüllen'] as const

/** `{x}` is an invented word, `{y}` a second one, `{by}` a town; weights follow the first words of the real names. */
const patterns: Readonly<Record<string, readonly (readonly [string, number])[]>> = {
  '6010': [
    ['Vuggestuen {x}', 50],
    ['{x}', 25],
    ['Børnehuset {x}', 15],
    ['{x} Vuggestue', 10],
  ],
  '6011': [
    ['Børnehaven {x}', 20],
    ['{x}', 25],
    ['Børnehuset {x}', 20],
    ['{x} Børnehave', 15],
    ['Skovbørnehaven {x}', 8],
    ['{by} Børnehave', 7],
    ['Naturbørnehaven {x}', 5],
  ],
  '6012': [
    ['Børnehuset {x}', 29],
    ['{x}', 32],
    ['Daginstitutionen {x}', 8],
    ['{x} Børnehus', 8],
    ['Børnegården {x}', 6],
    ['Den integrerede institution {x}', 3],
    ['{by} Børnehus', 8],
    ['BH {x}', 2],
    ['Naturinstitutionen {x} i {by}', 2],
  ],
  '6013': [
    ['Dagplejen {by}', 40],
    ['Dagplejen {by} {x}', 12],
    ['{by} Dagpleje', 26],
    ['Dagpleje, område {x}', 14],
    ['DPL-{x}', 8],
  ],
  '6020': [
    ['Fritidshjemmet {x}', 80],
    ['{x} Fritidshjem', 20],
  ],
  '6021': [
    ['Fritidsklubben {x}', 40],
    ['Klub {x}', 30],
    ['Ungdomsklubben {x}', 20],
    ['{by} Klub', 10],
  ],
  '6022': [
    ['Specialbørnehaven {x}', 60],
    ['Specialinstitutionen {x}', 40],
  ],
}
const defaultPattern = [['Børnehuset {x}', 1]] as const

/** Tails and twists, by how often the real names have them. `{n}` is the name so far. */
const twists = [
  ['{n}', 9370],
  ['{n}, Afdeling {y}', 130],
  ['{n}, {by}', 90],
  ['{n}/{y}', 170],
  ['{n} ({y})', 65],
  ['{n} & {y}', 35],
  ['{n}  {y}', 30],
  ['{n} \\ {y}', 17],
  ["{n} '{y}'", 12],
  ['{n} "{y}"', 3],
  ['{n}, i det samlede hus {y}', 30],
] as const

const shares = { accented: 0.004, capitals: 0.018 }

/** What a name is made from. */
export interface NameInput {
  readonly instType3: string
  readonly byNavn: string
  /** Some municipalities write every name in capitals. */
  readonly capitals: boolean
}

/** A name for an anvisningsenhed, mostly 8-40 characters, of the kinds and lengths that real ones have. Not unique. */
export function createUnitName(random: Random, input: NameInput): string {
  if (random.chance(shares.accented)) return random.pick(accented)
  const types = input.instType3 === '6014' ? '6011' : input.instType3
  const fill = (pattern: string) =>
    pattern.replace('{x}', createWord(random)).replace('{y}', createWord(random)).replace('{by}', input.byNavn)
  const plain = fill(random.pickWeighted(patterns[types] ?? defaultPattern))
  const name = fill(random.pickWeighted(twists)).replace('{n}', () => plain)
  return input.capitals || random.chance(shares.capitals) ? name.toLocaleUpperCase('da-DK') : name
}

/** A name for a daginstitution of several units. */
export function createClusterName(random: Random, lovgrundlagKode: string, kommuneNavn: string): string {
  switch (lovgrundlagKode) {
    case 'DTL21.2':
      return `Dagplejen ${kommuneNavn}`
    case 'DTL21.3':
      return `Privat dagpleje ${kommuneNavn}`
    case 'DTL66':
      return `Klubområde ${createWord(random)}`
    default:
      return `${random.pick(['Område', 'Klyngen', 'Dagtilbuddet', 'Børneområdet'])} ${createWord(random)}`
  }
}

/** A name for a place away from the unit's own address. */
export function createAlternativeName(random: Random, instType3: string): string {
  const words =
    instType3 === '6013' ? ['Legestuen', 'Gæstehuset'] : ['Skovgruppen', 'Udflytterpladsen', 'Naturgruppen', 'Bushuset']
  return `${random.pick(words)} ${createWord(random)}`
}

function createWord(random: Random): string {
  return `${random.pick(beginnings)}${random.pick(endings)}`
}
