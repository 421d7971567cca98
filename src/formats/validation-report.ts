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

/** The check as JSON; schema: config/schemas/tjek-1.schema.json. */
export function buildCheckJson(files: readonly CheckedFile[]): string {
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
  return `${JSON.stringify({ format: 'dagtilbud-tjek-1', filer: documents }, null, 2)}\n`
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
export function buildCheckText(files: readonly CheckedFile[]): string {
  return files.map(toText).join('\n')
}

const outcomeWords = { godkendt: 'godkendt', delvist: 'delvist godkendt', afvist: 'AFVIST' } as const

function toText(file: CheckedFile): string {
  const { fileName, result } = file
  const { header, counts, findings, findingCounts, takenFor } = result
  const lines = [`${fileName}: ${outcomeWords[outcomeOf(file)]}`]
  if (takenFor.length > 0) lines.push(`  læst som ${takenFor.join('; ')}`)
  if (header !== null) {
    lines.push(
      `  kommune ${header.kommuneKode}, ${header.art}, løbenummer ${header.loebenummer}, niveauer ${header.niveauer.join(', ')}`,
    )
    if (header.gyldigFra !== null && result.verdict === 'validated')
      lines.push(`  træder i kraft ${toDanishDate(header.gyldigFra)}`)
  }
  lines.push(`  ${counts.read} læst = ${counts.accepted} accepteret + ${counts.rejected} afvist`)
  lines.push(...findings.map((finding) => `  ${toFindingLine(finding)}`))
  const hidden = Object.values(findingCounts).reduce((sum, count) => sum + count, 0) - findings.length
  if (hidden > 0)
    lines.push(
      `  … og ${hidden} fund mere: ${Object.entries(findingCounts)
        .map(([code, count]) => `${code} ${count}`)
        .join(', ')}`,
    )
  return `${lines.join('\n')}\n`
}
