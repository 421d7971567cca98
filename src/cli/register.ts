import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import type { Command } from 'commander'
import { momentOf } from '../app/export-register.ts'
import { type LoadResult, loadBaseline } from '../app/load-baseline.ts'
import { showUnit } from '../app/show-unit.ts'
import { parseMomentOrNull } from '../domain/moment.ts'
import { buildCheckJson, buildCheckText, hasErrors } from '../formats/validation-report.ts'
import { print, printJson } from './output.ts'
import type { Parts } from './program.ts'
import { renderUnit, toVersionDocument } from './render-unit.ts'

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
export function registerRegister(cli: Command, parts: Parts): void {
  const group = cli.command('register').description('load a baseline into the register, or look a unit up')

  group
    .command('load')
    .argument('<file>', 'CSV in the public layout, combined or of one level, that brings the institution numbers')
    .description('load a baseline into the register, all or nothing; nothing is sent to Unilogin')
    .requiredOption('--source <text>', 'where the file is from')
    .requiredOption('--as-of <date>', 'the date it describes')
    .requiredOption('--by <name>', 'who loads it')
    .option('--dry-run', 'check everything and write nothing')
    .option('--json', 'print the result as JSON')
    .action(async (path: string, options: LoadOptions) => {
      const { register, close } = await parts.openReading(parts.loadSettings())
      try {
        const { source, asOf, by, dryRun = false } = options
        const content = () => createReadStream(path)
        const result = await loadBaseline(register, { fileName: basename(path), content, source, asOf, by, dryRun })
        const checked = { fileName: path, result: result.validation }
        if (options.json) printJson({ ...toLoadDocument(result, dryRun), tjek: JSON.parse(buildCheckJson([checked])) })
        else print(`${buildCheckText([checked])}\n${loadText(result, dryRun)}`)
        if (hasErrors(checked)) process.exitCode = 1
      } finally {
        await close()
      }
    })

  group
    .command('show')
    .argument('<number>', 'an institution number')
    .description('how a unit is or was, what stands above and below it, and where it is from')
    .option('--as-of <date>', 'how it was then; a date is its midnight in Copenhagen')
    .option('--known-at <time>', 'what the register held then')
    .option('--history', 'every version, those no longer held included')
    .option('--json', 'print it as JSON')
    .action(async (nummer: string, options: ShowOptions) => {
      const asked = { gaelder: parseMomentOrNull(options.asOf), kendt: parseMomentOrNull(options.knownAt) }
      const { register, close } = await parts.openReading(parts.loadSettings())
      try {
        const shown = showUnit(register, nummer, momentOf(asked), options.history === true)
        if (shown === null) {
          print(`Registret har ingen enhed ${nummer} på det tidspunkt.`)
          process.exitCode = 1
        } else if (options.json) {
          const { unit, origin, parent, children, links, agreement, history } = shown
          const versions = history.map((entry) => toVersionDocument(entry.version, entry.origin))
          printJson({
            enhed: toVersionDocument(unit, origin),
            over: parent,
            under: children,
            slaegtskab: links,
            aftale: agreement,
            historik: versions,
          })
        } else print(renderUnit(shown))
      } finally {
        await close()
      }
    })
}

function toLoadDocument({ loaded, kommuner, sha256 }: LoadResult, dryRun: boolean) {
  return { proeve: dryRun, indlaest: loaded, kommuner, sha256 }
}

function loadText({ validation, loaded, kommuner, sha256 }: LoadResult, dryRun: boolean): string {
  if (validation.verdict === 'rejected') return 'Intet er indlæst: filen er afvist.'
  const { daginstitution, anvisningsenhed, alternativAdresse } = loaded
  const units = `${daginstitution} daginstitutioner, ${anvisningsenhed} anvisningsenheder og ${alternativAdresse} alternative adresser i ${kommuner} kommuner`
  if (dryRun) return `Prøve: ${units} ville blive indlæst. Intet er skrevet.`
  return `Indlæst som grunddata: ${units}.\nIntet sendes til Unilogin. Filen ligger i fillageret som ${sha256}.`
}
