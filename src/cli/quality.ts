import { createReadStream } from 'node:fs'
import type { Command } from 'commander'
import { kommuneOf } from '../app/export-request.ts'
import { kommuneOfRow, type QualityReport, qualityReport } from '../app/quality-report.ts'
import { readUniloginList } from '../app/read-unilogin-list.ts'
import { type BilingualText, inBoth, joined, nothing } from '../domain/bilingual-text.ts'
import { cut } from '../domain/cut.ts'
import { kommuner } from '../domain/kommuner.ts'
import { lines } from '../domain/lines.ts'
import type { Match, UniloginRow } from '../domain/match-units.ts'
import { width } from '../domain/paragraph.ts'
import { type QualityCheck, qualityCheckNames, qualityChecks } from '../domain/quality.ts'
import { toIso, toMinute } from '../domain/time.ts'
import { actorWords, fileStateWords } from '../domain/words.ts'
import { example } from './example.ts'
import { asJson } from './option-texts.ts'
import type { Parts } from './program.ts'
import type { Screen } from './screen.ts'
import { withRegister } from './with-program.ts'

/** Lines of one check that are shown; all are in the JSON. */
const mostLines = 12
/** Rows without a municipality that are named. */
const homelessShown = 8

/** `dagtilbud quality [KOMMUNE]`: what in a municipality's part of the register somebody should look at, and who. */
export function registerQuality(cli: Command, parts: Parts, { say, print, printJson }: Screen): void {
  cli
    .command('quality')
    .argument(
      '[kommune]',
      say({
        da: 'en kommunekode; ellers hver kommune med enheder eller filer',
        en: 'a municipality code; every municipality with units or files when not given',
      }),
    )
    .description(
      say({
        da: 'hold kommuners filer, registret og Unilogin op mod hinanden, og sig, hvem der skal gøre hvad',
        en: "compare municipalities' files, the register and Unilogin, and say who must act on what",
      }),
    )
    .option(
      '--unilogin <file>',
      say({
        da: 'CSV over institutioner i Unilogin: instnr;instnavn;adresse;postnr;kommunenr',
        en: 'CSV of institutions in Unilogin: instnr;instnavn;adresse;postnr;kommunenr',
      }),
    )
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud quality 101 --unilogin unilogin-101.csv'))
    .action(async (kommune: string | undefined, options: { unilogin?: string; json?: boolean }) => {
      const asked = kommune === undefined ? [...kommuner.keys()] : [kommuneOf(kommune)]
      const unilogin = options.unilogin === undefined ? null : await readUniloginList(createReadStream(options.unilogin))
      await withRegister(parts, async (register) => {
        const reports: QualityReport[] = []
        for (const kommuneKode of asked) {
          const report = await qualityReport(register, kommuneKode, unilogin)
          if (kommune !== undefined || report.units + report.files.length + report.lines.length > 0) reports.push(report)
        }
        const homeless = (unilogin ?? []).filter((row) => kommuneOfRow(row) === null)
        if (options.json) printJson({ format: 'dagtilbud-kvalitet-1', kommuner: reports.map(toDocument), udenKommune: homeless })
        else print(joined([...reports.map(renderQuality), ...homelessText(homeless)], '\n'))
      })
    })
}

/** A municipality's report, at most 100 columns wide. */
export function renderQuality(report: QualityReport): BilingualText {
  const { kommuneKode, navn, madeAt, units, files, baseline, lines: found } = report
  const head = `${kommuneKode} ${navn}, ${toMinute(madeAt)}`
  const checks = qualityCheckNames.flatMap((check) => {
    const own = found.filter((line) => line.check === check)
    return own.length === 0 ? [] : [nothing, ...sectionOf(check, own)]
  })
  const text = lines(
    { da: `KVALITET  ${head}`, en: `QUALITY  ${head}` },
    {
      da: `${units} åbne enheder; ${baseline.units} står som grunddata, ${baseline.confirmed} af dem bekræftet af en fuld fil`,
      en: `${units} open units; ${baseline.units} stand as baseline, ${baseline.confirmed} of them confirmed by a full file`,
    },
    ...files.map(fileText),
    ...(checks.length === 0 ? [nothing, { da: 'Ingen skal gøre noget.', en: 'Nobody needs to do anything.' }] : checks),
  )
  return inBoth(
    (say) =>
      `${say(text)
        .split('\n')
        .map((line) => cut(line, width))
        .join('\n')}\n`,
  )
}

function fileText({ supplierId, name, date, state }: QualityReport['files'][number]): BilingualText {
  const standing = fileStateWords[state]
  return {
    da: `seneste fil fra ${supplierId}: ${name}, natten ${date}, ${standing.da}`,
    en: `newest file from ${supplierId}: ${name}, night ${date}, ${standing.en}`,
  }
}

function sectionOf(check: QualityCheck, found: QualityReport['lines']): BilingualText[] {
  const { titel, hvem, goer } = qualityChecks[check]
  const hidden = found.length - mostLines
  return [
    inBoth((say) => `${say(titel).toUpperCase()} (${found.length})`),
    inBoth((say) => `  ${say(actorWords[hvem])}: ${say(goer)}`),
    ...found
      .slice(0, mostLines)
      .flatMap(({ nummer, tekst, forslag }) => [
        inBoth((say) => `    ${(nummer ?? '').padEnd(8)}${say(tekst)}`),
        ...(forslag ?? []).map(matchText),
        ...(forslag?.length === 0
          ? [{ da: '      ingen enhed i kommunen ligner', en: '      no unit of the municipality looks like it' }]
          : []),
      ]),
    ...(hidden > 0
      ? [{ da: `    … og ${hidden} til (--json viser alle)`, en: `    … and ${hidden} more (--json shows all)` }]
      : []),
  ]
}

function matchText({ nummer, navn, score, grunde }: Match): BilingualText {
  const why = joined(grunde, ', ')
  const unit = `${nummer} ${navn} (${score}: `
  return { da: `      måske ${unit}${why.da})`, en: `      perhaps ${unit}${why.en})` }
}

function toDocument({ kommuneKode, navn, madeAt, units, files, baseline, cutoff, lines: found }: QualityReport) {
  return {
    kommuneKode,
    navn,
    lavet: toIso(madeAt),
    enheder: units,
    filer: files,
    grunddata: { enheder: baseline.units, bekraeftet: baseline.confirmed },
    naesteFrist: cutoff === null ? null : { navn: cutoff.navn, tidspunkt: toIso(cutoff.at) },
    linjer: found.map(({ check, nummer, tekst, forslag }) => {
      const { hvem, goer } = qualityChecks[check]
      return { emne: check, hvem, nummer, tekst, goer, ...(forslag === undefined ? {} : { forslag }) }
    }),
  }
}

function homelessText(rows: readonly UniloginRow[]): BilingualText[] {
  if (rows.length === 0) return []
  const numbers = rows.slice(0, homelessShown).map(({ instnr }) => instnr)
  const named = `${numbers.join(', ')}${rows.length > homelessShown ? ' …' : ''}`
  return [
    {
      da: `${rows.length} rækker fra Unilogin kan ikke henføres til en kommune: ${named}`,
      en: `${rows.length} rows from Unilogin belong to no municipality that we can tell: ${named}`,
    },
  ]
}
