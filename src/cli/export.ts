import { createWriteStream, renameSync, rmSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Command, Option } from 'commander'
import { changesPerPage, exportChanges } from '../app/export-changes.ts'
import { openExport } from '../app/export-register.ts'
import { levelNames, parseExportRequest, parseLimit } from '../app/export-request.ts'
import { example } from './example.ts'
import { asOfDate, knownAtTime } from './option-texts.ts'
import type { Parts } from './program.ts'
import type { Screen } from './screen.ts'
import { withRegister } from './with-program.ts'

interface ExportOptions {
  readonly kommune?: string
  readonly format: string
  readonly level: string
  readonly asOf?: string
  readonly knownAt?: string
  readonly out?: string
}

/** `dagtilbud export` and `dagtilbud export changes`: the register for those who read it. */
export function registerExport(cli: Command, parts: Parts, { say, note, printJson }: Screen): void {
  const group = cli
    .command('export')
    .description(
      say({ da: 'skriv registret ud, eller hvad der er ændret i det', en: 'write the register out, or what has changed in it' }),
    )

  group
    .command('full', { isDefault: true })
    .description(
      say({
        da: 'alle enheder i registret, i en kommune eller på et niveau, som de er eller var',
        en: 'all units of the register, of a municipality or a level, as they are or were',
      }),
    )
    .option(
      '--kommune <code>',
      say({ da: 'enheder, som én kommune administrerer', en: 'units that one municipality administers' }),
    )
    .addOption(new Option('--format <format>', say({ da: 'formatet', en: 'its format' })).choices(['csv', 'json']).default('csv'))
    .addOption(
      new Option('--level <level>', say({ da: 'niveauet; samlet er alle tre', en: 'the level; samlet is all three' }))
        .choices([...levelNames.keys()])
        .default('samlet'),
    )
    .option('--as-of <date>', say(asOfDate))
    .option('--known-at <time>', say(knownAtTime))
    .option(
      '--out <file>',
      say({ da: 'hvor der skrives; ellers standard output', en: 'where to write; standard output when not given' }),
    )
    .addHelpText('after', example(say, 'dagtilbud export full --kommune 101 --format json --out 101.json'))
    .action(async (options: ExportOptions) => {
      const request = parseExportRequest(options)
      await withRegister(parts, async (register) => {
        const opened = openExport(register, request)
        try {
          if (options.out === undefined) await writeOut(opened.chunks)
          else {
            await writeFile(options.out, opened.chunks)
            const [units, since] = [opened.units(), `--since ${opened.cursor}`]
            note({
              da: `${options.out}: ${units} enheder; ændringer herefter: ${since}`,
              en: `${options.out}: ${units} units; changes from here: ${since}`,
            })
          }
        } finally {
          opened.close()
        }
      })
    })

  group
    .command('changes')
    .description(
      say({
        da: 'hvad der er fortalt efter et sted, i rækkefølge og uden huller, som én side JSON',
        en: 'what was told after a position, in order and without a gap, as one page of JSON',
      }),
    )
    .requiredOption(
      '--since <position>',
      say({
        da: '"naeste" fra siden eller eksporten før; 0 for alt',
        en: 'the "naeste" of the page or export before; 0 for everything',
      }),
    )
    .option(
      '--limit <number>',
      say({
        da: `ændringer på siden, højst ${changesPerPage.most}`,
        en: `changes in the page, at most ${changesPerPage.most}`,
      }),
      String(changesPerPage.default),
    )
    .addHelpText('after', example(say, 'dagtilbud export changes --since 0 --limit 500'))
    .action(async (options: { since: string; limit: string }) => {
      const limit = parseLimit(options.limit, changesPerPage.most)
      await withRegister(parts, (register) => printJson(exportChanges(register, { since: options.since, limit })))
    })
}

/** To standard output; whoever reads it may have had enough. */
async function writeOut(chunks: Iterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(chunks), process.stdout, { end: false })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  }
}

/** Under a temporary name, so that nobody finds half of it under its own. */
async function writeFile(path: string, chunks: Iterable<string>): Promise<void> {
  const temporary = `${path}.tmp`
  try {
    await pipeline(Readable.from(chunks), createWriteStream(temporary))
    renameSync(temporary, path)
  } finally {
    rmSync(temporary, { force: true })
  }
}
