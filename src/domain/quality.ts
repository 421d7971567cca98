import { type BilingualText, same } from './bilingual-text.ts'
import { looksOf } from './rules/looks.ts'
import { fieldReaders } from './rules/read-fields.ts'
import type { RuleSet } from './rules/rule-set.ts'
import type { UnitFields, UnitKind } from './unit.ts'
import type { Actor } from './words.ts'

/** What a quality report looks for, in the order it tells it: who must act on it, and how. The register's own rules are named. */
export const qualityChecks = {
  'fil-afvist': {
    titel: { da: 'Seneste fil er afvist', en: 'Newest file is rejected' },
    hvem: 'leverandør',
    goer: { da: 'ret fejlen og send filen igen', en: 'correct the fault and send the file again' },
  },
  tilbageholdt: {
    titel: { da: 'Venter på en afgørelse', en: 'Waits for a decision' },
    hvem: 'os',
    goer: {
      da: 'spørg kommunen, og afgør: dagtilbud hold approve eller refuse',
      en: 'ask the municipality, and decide: dagtilbud hold approve or refuse',
    },
  },
  'raekke-afvist': {
    titel: { da: 'Rækker, der ikke kom med', en: 'Rows that were left out' },
    hvem: 'leverandør',
    goer: { da: 'ret rækken, og send den igen', en: 'correct the row, and send it again' },
  },
  'kun-i-fil': {
    titel: { da: 'Filen siger det, registret ikke', en: 'The file says it, the register does not' },
    hvem: 'os',
    goer: {
      da: 'se, hvad ændringen venter på; ellers planlæg filen igen',
      en: 'see what the change waits for; else plan the file again',
    },
  },
  'kun-i-register': {
    titel: { da: 'Registret har det, filen ikke', en: 'The register has it, the file does not' },
    hvem: 'kommune',
    goer: {
      da: 'bekræft, at enheden er nedlagt, eller få den med i filen',
      en: 'confirm that the unit is closed, or have it in the file',
    },
  },
  fund: {
    titel: { da: 'Åbne fund i seneste fil', en: 'Open findings in the newest file' },
    hvem: 'leverandør',
    goer: { da: 'gennemgå fundene i kvitteringen', en: 'go through the findings in the receipt' },
  },
  'felt-mangler': {
    titel: { da: 'Obligatorisk felt mangler (DTR-01a, LOK-22a)', en: 'A required field is missing (DTR-01a, LOK-22a)' },
    hvem: 'kommune',
    goer: { da: 'udfyld feltet i eget system', en: 'fill the field in in your own system' },
  },
  'uden-cvr': {
    titel: { da: 'Anvisningsenheder uden CVR-nummer', en: 'Placement units without a CVR number' },
    hvem: 'kommune',
    goer: {
      da: 'knyt enheden til et P-nummer, så CVR kan findes',
      en: 'tie the unit to a P number, so that its CVR number can be found',
    },
  },
  'uden-enheder': {
    titel: {
      da: 'Daginstitutioner uden anvisningsenhed (DTR-05)',
      en: 'Daycare institutions without a placement unit (DTR-05)',
    },
    hvem: 'kommune',
    goer: { da: 'opret en anvisningsenhed, eller nedlæg', en: 'open a placement unit, or close the institution' },
  },
  ligner: {
    titel: { da: 'Enheder, der ligner hinanden (LOK-07)', en: 'Units that look alike (LOK-07)' },
    hvem: 'kommune',
    goer: { da: 'se efter, om det er den samme enhed to gange', en: 'see whether it is the same unit twice' },
  },
  'ulovlig-kombination': {
    titel: {
      da: 'Ejerform, lovgrundlag og type passer ikke sammen (DTR-06, vores tolkning)',
      en: 'Ownership, legal ground and type do not go together (DTR-06, our reading)',
    },
    hvem: 'kommune',
    goer: { da: 'ret en af de tre koder', en: 'correct one of the three codes' },
  },
  'kun-i-unilogin': {
    titel: { da: 'Findes kun i Unilogin', en: 'Is in Unilogin only' },
    hvem: 'kommune',
    goer: {
      da: 'find enheden blandt forslagene, eller få den oprettet i registret inden fristen',
      en: 'find the unit among the proposals, or have it opened in the register before the cutoff',
    },
  },
  'nedlagt-i-register': {
    titel: { da: 'I Unilogin, men nedlagt i registret', en: 'In Unilogin, but closed in the register' },
    hvem: 'os',
    goer: { da: 'se efter, om nedlæggelsen nåede frem', en: 'see whether the closing has arrived' },
  },
  'mangler-i-unilogin': {
    titel: { da: 'Mangler i Unilogin', en: 'Missing in Unilogin' },
    hvem: 'os',
    goer: {
      da: 'se efter, om oprettelsen nåede frem; spørg STIL, hvis den gjorde',
      en: 'see whether the opening has arrived; ask STIL if it has',
    },
  },
  'afviger-i-unilogin': {
    titel: { da: 'Står anderledes i Unilogin', en: 'Stands otherwise in Unilogin' },
    hvem: 'os',
    goer: {
      da: 'find ud af, hvem der har ret; intet sendes igen af sig selv',
      en: 'find out who is right; nothing is sent again by itself',
    },
  },
  grunddata: {
    titel: { da: 'Står endnu som grunddata', en: 'Still stands as baseline' },
    hvem: 'kommune',
    goer: {
      da: 'bekræft ved at sende enheden i en fuld leverance',
      en: 'confirm it by sending the unit in a full delivery',
    },
  },
  os: {
    titel: { da: 'Kunne ikke undersøges', en: 'Could not be examined' },
    hvem: 'os',
    goer: { da: 'se teksten', en: 'see the text' },
  },
} as const satisfies Readonly<
  Record<string, { readonly titel: BilingualText; readonly hvem: Actor; readonly goer: BilingualText }>
>
export type QualityCheck = keyof typeof qualityChecks
export const qualityCheckNames = Object.keys(qualityChecks) as readonly QualityCheck[]

/** One thing that somebody must look at. */
export interface QualityLine {
  readonly check: QualityCheck
  /** The unit's number; null when the line is about a file or a row without one. */
  readonly nummer: string | null
  readonly tekst: BilingualText
}

/** What the checks need of an open unit. */
export interface QualityUnit {
  readonly nummer: string
  readonly kind: UnitKind
  readonly parentNummer: string | null
  readonly fields: UnitFields
}

/** The checks that need nothing but the open units of a municipality. The rules are those of the intake, asked once more. */
export function checkUnits(units: readonly QualityUnit[], rules: RuleSet): QualityLine[] {
  return [
    ...units.flatMap(findMissing),
    ...units
      .filter(({ kind, fields }) => kind === 'anvisningsenhed' && fields.cvrNummer === undefined)
      .map((unit) => lineFor('uden-cvr')(unit)),
    ...findEmptyTops(units).map((unit) => lineFor('uden-enheder')(unit)),
    ...findLookAlikes(units),
    ...findIllegal(units, rules),
  ]
}

function findMissing(unit: QualityUnit): QualityLine[] {
  const missing = fieldReaders[unit.kind].filter((reader) => reader.missing !== null && unit.fields[reader.field] === undefined)
  if (missing.length === 0) return []
  return [lineFor('felt-mangler')(unit, same(missing.map(({ field }) => field).join(', ')))]
}

function findEmptyTops(units: readonly QualityUnit[]): QualityUnit[] {
  const parents = new Set(units.map(({ parentNummer }) => parentNummer))
  return units.filter(({ kind, nummer }) => kind === 'daginstitution' && !parents.has(nummer))
}

function findLookAlikes(units: readonly QualityUnit[]): QualityLine[] {
  const first = new Map<string, QualityUnit>()
  return units.flatMap((unit) => {
    const looks = looksOf(unit.kind, unit.fields)
    const other = first.get(looks)
    if (other !== undefined) return [lineFor('ligner')(unit, { da: `ligner ${other.nummer}`, en: `looks like ${other.nummer}` })]
    first.set(looks, unit)
    return []
  })
}

function findIllegal(units: readonly QualityUnit[], rules: RuleSet): QualityLine[] {
  const byNumber = new Map(units.map((unit) => [unit.nummer, unit]))
  return units.flatMap((unit) => {
    const { ejerformKode, lovgrundlagKode } = byNumber.get(unit.parentNummer ?? '')?.fields ?? {}
    const { instType3 } = unit.fields
    if (unit.kind !== 'anvisningsenhed' || !ejerformKode || !lovgrundlagKode || !instType3) return []
    if (rules.kryds.allows(ejerformKode, lovgrundlagKode, instType3)) return []
    const rest = `${lovgrundlagKode}, type ${instType3}`
    const told = { da: `ejerform ${ejerformKode}, ${rest}`, en: `ownership ${ejerformKode}, ${rest}` }
    return [lineFor('ulovlig-kombination')(unit, told)]
  })
}

/** A line about a unit: its name, and more when there is. */
export function lineFor(check: QualityCheck) {
  return (
    { nummer, fields }: { readonly nummer: string | null; readonly fields: UnitFields },
    more?: BilingualText,
  ): QualityLine => {
    const navn = fields.navn ?? ''
    return { check, nummer, tekst: more === undefined ? same(navn) : { da: `${navn}: ${more.da}`, en: `${navn}: ${more.en}` } }
  }
}
