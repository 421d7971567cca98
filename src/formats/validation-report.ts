import { type BilingualText, inBoth, joined } from '../domain/bilingual-text.ts'
import type { DeliveryHeader } from '../domain/delivery-file.ts'
import { toDanishDate } from '../domain/time.ts'
import type { ValidationResult } from '../domain/validation.ts'
import { toSafeCsv } from './csv-cell.ts'
import { findingColumns, toFindingCells, toFindingDocument, toFindingLine } from './finding-document.ts'

/** What a supplier's own check found in one file. */
export interface CheckedFile {
  readonly fileName: string
  readonly result: ValidationResult
}

/** godkendt: all of it would be used. delvist: some records would be refused. afvist: the whole file would be. */
function outcomeOf({ result }: CheckedFile): 'godkendt' | 'delvist' | 'afvist' {
  if (result.verdict === 'rejected') return 'afvist'
  return result.counts.rejected > 0 ? 'delvist' : 'godkendt'
}

/** True when the file, or a record of it, would be refused. */
export function hasErrors(file: CheckedFile): boolean {
  return outcomeOf(file) !== 'godkendt'
}

/** What `dagtilbud validate --json` prints. Schema: config/schemas/tjek-1.schema.json. */
export function toCheckDocument(files: readonly CheckedFile[]) {
  const documents = files.map(({ fileName, result }) => ({
    fil: fileName,
    udfald: outcomeOf({ fileName, result }),
    laestSom: result.takenFor,
    hoved: result.header,
    antal: { laest: result.counts.read, accepteret: result.counts.accepted, afvist: result.counts.rejected },
    fund: result.findings.map(toFindingDocument),
    fundAntal: result.findingCounts,
    regelsaet: result.ruleSet,
  }))
  return { format: 'dagtilbud-tjek-1' as const, filer: documents }
}

/** The findings as CSV that is safe to open in a spreadsheet. */
export function buildCheckCsv(files: readonly CheckedFile[]): string {
  const lines = [
    ['fil', ...findingColumns],
    ...files.flatMap(({ fileName, result }) => result.findings.map((finding) => [fileName, ...toFindingCells(finding)])),
  ]
  return toSafeCsv(lines)
}

/** The check for a screen: what the file was taken for and why, the outcome, and every finding with its place. */
export function buildCheckText(files: readonly CheckedFile[]): BilingualText {
  return joined(files.map(toText), '\n')
}

const outcomeWords = {
  godkendt: { da: 'godkendt', en: 'accepted' },
  delvist: { da: 'delvist godkendt', en: 'accepted in part' },
  afvist: { da: 'AFVIST', en: 'REFUSED' },
} as const

function toText(file: CheckedFile): BilingualText {
  const { fileName, result } = file
  const { header, counts, findings, findingCounts, takenFor, verdict } = result
  const { read, accepted, rejected } = counts
  const hidden = Object.values(findingCounts).reduce((sum, count) => sum + count, 0) - findings.length
  const lines = [
    inBoth((say) => `${fileName}: ${say(outcomeWords[outcomeOf(file)])}`),
    ...(takenFor.length === 0 ? [] : [takenForText(joined(takenFor, '; '))]),
    ...(header === null ? [] : headerLines(header, verdict === 'validated')),
    {
      da: `  ${read} læst = ${accepted} accepteret + ${rejected} afvist`,
      en: `  ${read} read = ${accepted} accepted + ${rejected} rejected`,
    },
    ...findings.map((finding) => inBoth((say) => `  ${say(toFindingLine(finding))}`)),
    ...(hidden > 0 ? [hiddenText(hidden, findingCounts)] : []),
  ]
  return inBoth((say) => `${say(joined(lines, '\n'))}\n`)
}

function takenForText({ da, en }: BilingualText): BilingualText {
  return { da: `  læst som ${da}`, en: `  read as ${en}` }
}

function headerLines({ kommuneKode, art, loebenummer, niveauer, gyldigFra }: DeliveryHeader, stands: boolean): BilingualText[] {
  const levels = niveauer.join(', ')
  return [
    {
      da: `  kommune ${kommuneKode}, ${art}, løbenummer ${loebenummer}, niveauer ${levels}`,
      en: `  municipality ${kommuneKode}, ${art}, running number ${loebenummer}, levels ${levels}`,
    },
    ...(gyldigFra === null || !stands
      ? []
      : [{ da: `  træder i kraft ${toDanishDate(gyldigFra)}`, en: `  takes effect on ${gyldigFra}` }]),
  ]
}

function hiddenText(hidden: number, counts: Readonly<Record<string, number>>): BilingualText {
  const listed = Object.entries(counts)
    .map(([code, count]) => `${code} ${count}`)
    .join(', ')
  return { da: `  … og ${hidden} fund mere: ${listed}`, en: `  … and ${hidden} more findings: ${listed}` }
}
