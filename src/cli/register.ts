import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import type { Command } from 'commander'
import { momentOf } from '../app/export-register.ts'
import { type LoadResult, loadBaseline } from '../app/load-baseline.ts'
import { type ShownUnit, showUnit } from '../app/show-unit.ts'
import { type BilingualText, joined } from '../domain/bilingual-text.ts'
import { parseMomentOrNull } from '../domain/moment.ts'
import { buildCheckText, hasErrors, toCheckDocument } from '../formats/validation-report.ts'
import { example } from './example.ts'
import { exitCodes } from './exit-codes.ts'
import { aNumber, asJson, asOfDate, knownAtTime } from './option-texts.ts'
import type { Parts } from './program.ts'
import { renderUnit, toVersionDocument } from './render-unit.ts'
import type { Screen } from './screen.ts'
import { withRegister } from './with-program.ts'

interface LoadOptions {
  readonly source: string
  readonly asOf: string
  readonly by: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

interface ShowOptions {
  readonly asOf?: string
  readonly knownAt?: string
  readonly history?: boolean
  readonly json?: boolean
}

/** `dagtilbud register load` and `dagtilbud register show`. */
export function registerRegister(cli: Command, parts: Parts, { say, print, printJson, note }: Screen): void {
  const group = cli.command('register').description(
    say({
      da: 'indlæs grunddata i registret, eller slå en enhed op',
      en: 'load a baseline into the register, or look a unit up',
    }),
  )

  group
    .command('load')
    .argument(
      '<file>',
      say({
        da: 'CSV i det offentlige format, samlet eller for ét niveau, med institutionsnumrene i',
        en: 'CSV in the public layout, combined or of one level, that brings the institution numbers',
      }),
    )
    .description(
      say({
        da: 'indlæs grunddata i registret, alt eller intet; intet sendes til Unilogin',
        en: 'load a baseline into the register, all or nothing; nothing is sent to Unilogin',
      }),
    )
    .requiredOption('--source <text>', say({ da: 'hvor filen er fra', en: 'where the file is from' }))
    .requiredOption('--as-of <date>', say({ da: 'den dato, den beskriver', en: 'the date it describes' }))
    .requiredOption('--by <name>', say({ da: 'hvem der indlæser den', en: 'who loads it' }))
    .option('--dry-run', say({ da: 'kontrollér alt, og skriv intet', en: 'check everything and write nothing' }))
    .option('--json', say(asJson))
    .addHelpText(
      'after',
      example(say, 'dagtilbud register load dst.csv --source "Danmarks Statistik" --as-of 2019-08-01 --by "Anna Holm"'),
    )
    .action((path: string, options: LoadOptions) =>
      withRegister(parts, async (register) => {
        const { source, asOf, by, dryRun = false } = options
        const content = () => createReadStream(path)
        const result = await loadBaseline(register, { fileName: basename(path), content, source, asOf, by, dryRun })
        const checked = { fileName: path, result: result.validation }
        if (options.json) printJson({ ...toLoadDocument(result, dryRun), tjek: toCheckDocument([checked]) })
        else print(joined([buildCheckText([checked]), loadText(result, dryRun)], '\n'))
        if (hasErrors(checked)) process.exitCode = exitCodes.no
      }),
    )

  group
    .command('show')
    .argument('<number>', say(aNumber))
    .description(
      say({
        da: 'hvordan en enhed er eller var, hvad der er over og under den, og hvor den er fra',
        en: 'how a unit is or was, what stands above and below it, and where it is from',
      }),
    )
    .option('--as-of <date>', say(asOfDate))
    .option('--known-at <time>', say(knownAtTime))
    .option(
      '--history',
      say({
        da: 'hver version, også dem, der ikke holdes fast ved længere',
        en: 'every version, those no longer held included',
      }),
    )
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud register show G80001 --as-of 2026-03-29 --history'))
    .action((nummer: string, options: ShowOptions) => {
      const asked = { gaelder: parseMomentOrNull(options.asOf), kendt: parseMomentOrNull(options.knownAt) }
      return withRegister(parts, (register) => {
        const shown = showUnit(register, nummer, momentOf(asked), options.history === true)
        if (shown === null) {
          note({
            da: `Registret har ingen enhed ${nummer} på det tidspunkt.`,
            en: `The register has no unit ${nummer} at that time.`,
          })
          process.exitCode = exitCodes.no
        } else if (options.json) printJson(toUnitDocument(shown))
        else print(renderUnit(shown))
      })
    })
}

function toUnitDocument({ unit, origin, parent, children, links, agreement, history }: ShownUnit) {
  return {
    format: 'dagtilbud-enhed-1' as const,
    enhed: toVersionDocument(unit, origin),
    over: parent,
    under: children,
    slaegtskab: links,
    aftale: agreement,
    historik: history.map((entry) => toVersionDocument(entry.version, entry.origin)),
  }
}

function toLoadDocument({ loaded, kommuner, sha256 }: LoadResult, dryRun: boolean) {
  return { format: 'dagtilbud-grunddata-1' as const, proeve: dryRun, indlaest: loaded, kommuner, sha256 }
}

function loadText({ validation, loaded, kommuner, sha256 }: LoadResult, dryRun: boolean): BilingualText {
  if (validation.verdict === 'rejected')
    return { da: 'Intet er indlæst: filen er afvist.', en: 'Nothing was loaded: the file is refused.' }
  const { daginstitution, anvisningsenhed, alternativAdresse } = loaded
  const { da, en } = {
    da: `${daginstitution} daginstitutioner, ${anvisningsenhed} anvisningsenheder og ${alternativAdresse} alternative adresser i ${kommuner} kommuner`,
    en: `${daginstitution} daycare institutions, ${anvisningsenhed} placement units and ${alternativAdresse} alternative addresses in ${kommuner} municipalities`,
  }
  if (dryRun)
    return {
      da: `Prøve: ${da} ville blive indlæst. Intet er skrevet.`,
      en: `A trial: ${en} would be loaded. Nothing was written.`,
    }
  return {
    da: `Indlæst som grunddata: ${da}.\nIntet sendes til Unilogin. Filen ligger i fillageret som ${sha256}.`,
    en: `Loaded as a baseline: ${en}.\nNothing is sent to Unilogin. The file lies in the file store as ${sha256}.`,
  }
}
