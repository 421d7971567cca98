import { createWriteStream, renameSync, rmSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Command } from 'commander'
import { changesPerPage, exportChanges } from '../app/export-changes.ts'
import { openExport } from '../app/export-register.ts'
import { parseExportRequest, parseLimit } from '../app/export-request.ts'
import { printJson } from './output.ts'
import type { Parts } from './program.ts'

interface ExportOptions {
  readonly kommune?: string
  readonly format: string
  readonly level: string
  readonly asOf?: string
  readonly knownAt?: string
  readonly out?: string
}

/** `dagtilbud export` and `dagtilbud export changes`: the register for those who read it. */
export function registerExport(cli: Command, parts: Parts): void {
  const group = cli.command('export').description('write the register out, or what has changed in it')

  group
    .command('full', { isDefault: true })
    .description('all units of the register, of a municipality or a level, as they are or were')
    .option('--kommune <code>', 'units that one municipality administers')
    .option('--format <format>', 'csv or json', 'csv')
    .option('--level <level>', 'samlet, daginstitution, anvisningsenhed or alternativ-adresse', 'samlet')
    .option('--as-of <date>', 'how they were then; a date is its midnight in Copenhagen')
    .option('--known-at <time>', 'what the register held then')
    .option('--out <file>', 'where to write; standard output when not given')
    .action(async (options: ExportOptions) => {
      const request = parseExportRequest(options)
      const { register, close } = await parts.openReading(parts.loadSettings())
      const opened = openExport(register, request)
      try {
        if (options.out === undefined) await writeOut(opened.chunks)
        else {
          await writeFile(options.out, opened.chunks)
          process.stderr.write(`${options.out}: ${opened.units()} enheder; ændringer herefter: --since ${opened.cursor}\n`)
        }
      } finally {
        opened.close()
        await close()
      }
    })

  group
    .command('changes')
    .description('what was told after a position, in order and without a gap, as one page of JSON')
    .requiredOption('--since <position>', 'the "naeste" of the page or export before; 0 for everything')
    .option('--limit <number>', `changes in the page, at most ${changesPerPage.most}`, String(changesPerPage.default))
    .action(async (options: { since: string; limit: string }) => {
      const limit = parseLimit(options.limit, changesPerPage.most)
      const { register, close } = await parts.openReading(parts.loadSettings())
      try {
        printJson(exportChanges(register, { since: options.since, limit }))
      } finally {
        await close()
      }
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
