import { type BilingualText, inBoth } from '../domain/bilingual-text.ts'
import type { Evidence } from '../domain/code-tables.ts'
import type { Finding, FindingLevel } from '../domain/finding.ts'
import { renderFinding } from '../domain/rules/render-finding.ts'
import { ruleTable } from '../domain/rules/rule-table.ts'
import type { UnitKind } from '../domain/unit.ts'
import { levelWords } from '../domain/words.ts'

/** A finding as it stands in our JSON documents. */
export interface FindingDocument {
  readonly kode: string
  readonly niveau: FindingLevel
  readonly linje: number | null
  readonly kolonne: number | null
  readonly art: UnitKind | null
  readonly noegle: string | null
  readonly felt: string | null
  readonly vaerdi: string | null
  readonly tekst: BilingualText
  readonly ret: BilingualText
  readonly evidens: Evidence | null
  readonly kilde: string | null
}

/** A finding with its texts, its evidence and its source. */
export function toFindingDocument(finding: Finding): FindingDocument {
  const rule = ruleTable.get(finding.code)
  const { seen, change } = renderFinding(finding)
  return {
    kode: finding.code,
    niveau: finding.level,
    linje: finding.line,
    kolonne: finding.column,
    art: finding.kind,
    noegle: finding.key,
    felt: finding.field,
    vaerdi: finding.value,
    tekst: seen,
    ret: change,
    evidens: rule?.evidens ?? null,
    kilde: rule?.source ?? null,
  }
}

/** Columns of a finding in our CSV documents, in the order of `toFindingCells`. */
export const findingColumns = [
  'niveau',
  'kode',
  'linje',
  'kolonne',
  'art',
  'noegle',
  'felt',
  'vaerdi',
  'tekst',
  'ret',
  'text',
  'change',
  'evidens',
] as const

/** A finding as one line of a CSV document. */
export function toFindingCells(finding: Finding): (string | number | null)[] {
  const { tekst, ret, evidens } = toFindingDocument(finding)
  return [
    levelWords[finding.level].da,
    finding.code,
    finding.line,
    finding.column,
    finding.kind,
    finding.key,
    finding.field,
    finding.value,
    tekst.da,
    ret.da,
    tekst.en,
    ret.en,
    evidens,
  ]
}

/** A finding as one line for a screen: place, code, what was seen, what to change. */
export function toFindingLine(finding: Finding): BilingualText {
  const { tekst, ret } = toFindingDocument(finding)
  const { line, column, code, level } = finding
  const place =
    line === null
      ? { da: 'filen', en: 'the file' }
      : { da: `linje ${line}, kolonne ${column}`, en: `line ${line}, column ${column}` }
  return inBoth((say) => `${say(place)} [${code}, ${say(levelWords[level])}] ${say(tekst)} ${say(ret)}`.trimEnd())
}
