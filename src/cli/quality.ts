import { createReadStream } from 'node:fs'
import type { Command } from 'commander'
import { kommuneOf } from '../app/export-request.ts'
import { kommuneOfRow, type QualityReport, qualityReport } from '../app/quality-report.ts'
import { readUniloginList } from '../app/read-unilogin-list.ts'
import { cut } from '../domain/cut.ts'
import { kommuner } from '../domain/kommuner.ts'
import type { UniloginRow } from '../domain/match-units.ts'
import { type QualityCheck, qualityChecks } from '../domain/quality.ts'
import { toIso, toMinute } from '../domain/time.ts'
import { print, printJson } from './output.ts'
import { width } from './paragraph.ts'
import type { Parts } from './program.ts'

/** Lines of one check that are shown; all are in the JSON. */
const mostLines = 12

/** `dagtilbud quality [KOMMUNE]`: what in a municipality's part of the register somebody should look at, and who. */
export function registerQuality(cli: Command, parts: Parts): void {
  cli
    .command('quality')
    .argument('[kommune]', 'a municipality code; every municipality with units or files when not given')
    .description("compare municipalities' files, the register and Unilogin, and say who must act on what")
    .option('--unilogin <file>', 'CSV of institutions in Unilogin: instnr;instnavn;adresse;postnr;kommunenr')
    .option('--json', 'print it as JSON')
    .action(async (kommune: string | undefined, options: { unilogin?: string; json?: boolean }) => {
      const asked = kommune === undefined ? [...kommuner.keys()] : [kommuneOf(kommune)]
      const unilogin = options.unilogin === undefined ? null : await readUniloginList(createReadStream(options.unilogin))
      const { register, close } = await parts.openReading(parts.loadSettings())
      try {
        const reports: QualityReport[] = []
        for (const kommuneKode of asked) {
          const report = await qualityReport(register, kommuneKode, unilogin)
          if (kommune !== undefined || report.units + report.files.length + report.lines.length > 0) reports.push(report)
        }
        const homeless = (unilogin ?? []).filter((row) => kommuneOfRow(row) === null)
        if (options.json) printJson({ kommuner: reports.map(toDocument), udenKommune: homeless })
        else print(`${reports.map(renderQuality).join('\n')}${homelessText(homeless)}`)
      } finally {
        await close()
      }
    })
}

/** A municipality's report as Danish text, at most 100 columns wide. */
export function renderQuality(report: QualityReport): string {
  const { kommuneKode, navn, madeAt, units, files, baseline, lines } = report
  const head = [
    `KVALITET  ${kommuneKode} ${navn}, ${toMinute(madeAt)}`,
    `${units} åbne enheder; ${baseline.units} står som grunddata, ${baseline.confirmed} af dem bekræftet af en fuld fil`,
    ...files.map((file) => `seneste fil fra ${file.supplierId}: ${file.name}, natten ${file.date}, ${file.state}`),
  ]
  const sections = (Object.keys(qualityChecks) as QualityCheck[]).flatMap((check) => {
    const own = lines.filter((line) => line.check === check)
    return own.length === 0 ? [] : ['', ...sectionOf(check, own)]
  })
  const body = sections.length === 0 ? ['', 'Ingen skal gøre noget.'] : sections
  return `${[...head, ...body].map((line) => cut(line, width)).join('\n')}\n`
}

function sectionOf(check: QualityCheck, lines: QualityReport['lines']): string[] {
  const { titel, hvem, goer } = qualityChecks[check]
  const shown = lines.slice(0, mostLines)
  return [
    `${titel.toUpperCase()} (${lines.length})`,
    `  ${hvem}: ${goer}`,
    ...shown.flatMap(({ nummer, tekst, forslag }) => [
      `    ${(nummer ?? '').padEnd(8)}${tekst}`,
      ...(forslag ?? []).map((match) => `      måske ${match.nummer} ${match.navn} (${match.score}: ${match.grunde.join(', ')})`),
      ...(forslag?.length === 0 ? ['      ingen enhed i kommunen ligner'] : []),
    ]),
    ...(lines.length > shown.length ? [`    … og ${lines.length - shown.length} til (--json viser alle)`] : []),
  ]
}

function toDocument({ kommuneKode, navn, madeAt, units, files, baseline, cutoff, lines }: QualityReport) {
  return {
    kommuneKode,
    navn,
    lavet: toIso(madeAt),
    enheder: units,
    filer: files,
    grunddata: { enheder: baseline.units, bekraeftet: baseline.confirmed },
    naesteFrist: cutoff === null ? null : { navn: cutoff.navn, tidspunkt: toIso(cutoff.at) },
    linjer: lines.map(({ check, nummer, tekst, forslag }) => {
      const { hvem, goer } = qualityChecks[check]
      return { emne: check, hvem, nummer, tekst, goer, ...(forslag === undefined ? {} : { forslag }) }
    }),
  }
}

function homelessText(rows: readonly UniloginRow[]): string {
  if (rows.length === 0) return ''
  const numbers = rows.map(({ instnr }) => instnr)
  return `\n${rows.length} rækker fra Unilogin kan ikke henføres til en kommune: ${numbers.slice(0, 8).join(', ')}${rows.length > 8 ? ' …' : ''}\n`
}
