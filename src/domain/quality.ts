import { looksOf } from './rules/looks.ts'
import { fieldReaders } from './rules/read-fields.ts'
import type { RuleSet } from './rules/rule-set.ts'
import type { UnitFields, UnitKind } from './unit.ts'

/** Who must act. */
export type Actor = 'kommune' | 'leverandør' | 'os'

/** What a quality report looks for, in the order it tells it: who must act on it, and how. The register's own rules are named. */
export const qualityChecks = {
  'fil-afvist': { titel: 'Seneste fil er afvist', hvem: 'leverandør', goer: 'ret fejlen og send filen igen' },
  tilbageholdt: {
    titel: 'Venter på en afgørelse',
    hvem: 'os',
    goer: 'spørg kommunen, og afgør: dagtilbud hold approve eller refuse',
  },
  'raekke-afvist': { titel: 'Rækker, der ikke kom med', hvem: 'leverandør', goer: 'ret rækken, og send den igen' },
  'kun-i-fil': {
    titel: 'Filen siger det, registret ikke',
    hvem: 'os',
    goer: 'se, hvad ændringen venter på; ellers planlæg filen igen',
  },
  'kun-i-register': {
    titel: 'Registret har det, filen ikke',
    hvem: 'kommune',
    goer: 'bekræft, at enheden er nedlagt, eller få den med i filen',
  },
  fund: { titel: 'Åbne fund i seneste fil', hvem: 'leverandør', goer: 'gennemgå fundene i kvitteringen' },
  'felt-mangler': { titel: 'Obligatorisk felt mangler (DTR-01a, LOK-22a)', hvem: 'kommune', goer: 'udfyld feltet i eget system' },
  'uden-cvr': {
    titel: 'Anvisningsenheder uden CVR-nummer',
    hvem: 'kommune',
    goer: 'knyt enheden til et P-nummer, så CVR kan findes',
  },
  'uden-enheder': {
    titel: 'Daginstitutioner uden anvisningsenhed (DTR-05)',
    hvem: 'kommune',
    goer: 'opret en anvisningsenhed, eller nedlæg',
  },
  ligner: {
    titel: 'Enheder, der ligner hinanden (LOK-07)',
    hvem: 'kommune',
    goer: 'se efter, om det er den samme enhed to gange',
  },
  'ulovlig-kombination': {
    titel: 'Ejerform, lovgrundlag og type passer ikke sammen (DTR-06, vores tolkning)',
    hvem: 'kommune',
    goer: 'ret en af de tre koder',
  },
  'kun-i-unilogin': {
    titel: 'Findes kun i Unilogin',
    hvem: 'kommune',
    goer: 'find enheden blandt forslagene, eller få den oprettet i registret inden fristen',
  },
  'nedlagt-i-register': {
    titel: 'I Unilogin, men nedlagt i registret',
    hvem: 'os',
    goer: 'se efter, om nedlæggelsen nåede frem',
  },
  'mangler-i-unilogin': {
    titel: 'Mangler i Unilogin',
    hvem: 'os',
    goer: 'se efter, om oprettelsen nåede frem; spørg STIL, hvis den gjorde',
  },
  'afviger-i-unilogin': {
    titel: 'Står anderledes i Unilogin',
    hvem: 'os',
    goer: 'find ud af, hvem der har ret; intet sendes igen af sig selv',
  },
  grunddata: { titel: 'Står endnu som grunddata', hvem: 'kommune', goer: 'bekræft ved at sende enheden i en fuld leverance' },
  os: { titel: 'Kunne ikke undersøges', hvem: 'os', goer: 'se teksten' },
} as const satisfies Readonly<Record<string, { readonly titel: string; readonly hvem: Actor; readonly goer: string }>>
export type QualityCheck = keyof typeof qualityChecks

/** One thing that somebody must look at. */
export interface QualityLine {
  readonly check: QualityCheck
  /** The unit's number; null when the line is about a file or a row without one. */
  readonly nummer: string | null
  readonly tekst: string
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
    ...units.filter(({ kind, fields }) => kind === 'anvisningsenhed' && fields.cvrNummer === undefined).map(lineFor('uden-cvr')),
    ...findEmptyTops(units).map(lineFor('uden-enheder')),
    ...findLookAlikes(units),
    ...findIllegal(units, rules),
  ]
}

function findMissing(unit: QualityUnit): QualityLine[] {
  const missing = fieldReaders[unit.kind].filter((reader) => reader.missing !== null && unit.fields[reader.field] === undefined)
  if (missing.length === 0) return []
  return [lineFor('felt-mangler')(unit, missing.map(({ field }) => field).join(', '))]
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
    if (other !== undefined) return [lineFor('ligner')(unit, `ligner ${other.nummer}`)]
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
    return [lineFor('ulovlig-kombination')(unit, `ejerform ${ejerformKode}, ${lovgrundlagKode}, type ${instType3}`)]
  })
}

/** A line about a unit: its name, and more when there is. */
export function lineFor(check: QualityCheck) {
  return ({ nummer, fields }: Pick<QualityUnit, 'nummer' | 'fields'>, more?: string | number): QualityLine => {
    const tekst = typeof more === 'string' ? `${fields.navn ?? ''}: ${more}` : (fields.navn ?? '')
    return { check, nummer, tekst }
  }
}
