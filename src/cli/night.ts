import type { Command } from 'commander'
import { nightReport } from '../app/night-report.ts'
import { renderNightReport } from '../app/render-night-report.ts'
import { toBusinessDate } from '../domain/time.ts'
import type { NightProgress } from './follow-night.ts'
import { followUpkeep } from './follow-upkeep.ts'
import { print, printJson } from './output.ts'
import type { Parts } from './program.ts'
import { runNight } from './run-night.ts'

/** `dagtilbud night run` and `dagtilbud night show`. */
export function registerNight(cli: Command, parts: Parts): void {
  const night = cli.command('night').description('run or report a night')

  night
    .command('run')
    .description('open the night of a date, or take it up again, and run it here')
    .option('--date <date>', 'business date, YYYY-MM-DD; today in Copenhagen when not given')
    .option('--wait', 'follow it to its end and print the report; exit 1 when not all of it arrived')
    .option('--look-for <seconds>', 'look for files this long, instead of until night.filesUntil', Number)
    .option('--json', 'print the report as JSON')
    .action(async (options: { date?: string; wait?: boolean; lookFor?: number; json?: boolean }) => {
      const settings = parts.loadSettings()
      const program = await parts.openQueue(settings, parts.createLog({ level: options.wait ? 'silent' : settings.log.level }))
      const date = options.date ?? toBusinessDate(program.clock.now())
      const filesUntilAt = options.lookFor === undefined ? null : program.clock.now() + options.lookFor * 1000
      try {
        if (options.wait !== true) {
          const start = `operator-${program.clock.now()}`
          await program.queue.add([{ job: 'open-night', payload: { date, trigger: 'operator', start, filesUntilAt } }])
          print(`Natten ${date} er bestilt; en kørende worker tager den. Følg den med: dagtilbud night show ${date}`)
          return
        }
        const worker = await program.startWorker(['register', 'edge'])
        const report = await runNight(program, {
          date,
          filesUntilAt,
          onProgress: options.json ? () => undefined : progressWriter(),
        })
        await followUpkeep(program.register)
        await worker.stop(10_000)
        if (options.json) printJson(report)
        else print(`\n${renderNightReport(report)}`)
        if (!report.complete) process.exitCode = 1
      } finally {
        await program.close()
      }
    })

  night
    .command('show')
    .argument('[date]', 'business date; the latest night when not given')
    .description('report a night')
    .option('--json', 'print it as JSON')
    .action(async (date: string | undefined, options: { json?: boolean }) => {
      const { register, close } = await parts.openReading(parts.loadSettings())
      try {
        const wanted = date ?? register.register.read((tx) => tx.nights.latest()?.date)
        const report = wanted === undefined ? null : nightReport(register, wanted)
        if (report === null) {
          print(wanted === undefined ? 'Der er ingen nætter endnu.' : `Der er ingen nat ${wanted}.`)
          process.exitCode = 1
        } else if (options.json) printJson(report)
        else print(renderNightReport(report))
      } finally {
        await close()
      }
    })
}

/** Least time between two lines of progress where they cannot be rewritten in place. */
const lineEveryMs = 2_000

/** Shows where the night is: one line, rewritten in place on a terminal, else a new one now and then. */
export function progressWriter(): (progress: NightProgress) => void {
  let writtenAt = Number.NEGATIVE_INFINITY
  return ({ filesSeen, files, total, acknowledged, confirmed, receipts, suppliers }) => {
    const now = performance.now()
    const parts = [
      `${filesSeen} filer${files > 0 ? `, ${files} i arbejde` : ''}`,
      `${acknowledged} af ${total} ændringer kvitteret, ${confirmed} læst tilbage`,
      ...(receipts > 0 ? [`${receipts} kvitteringer på vej`] : []),
      ...(suppliers > 0 ? [`venter på filer fra ${suppliers} leverandører`] : []),
    ]
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K  ${parts.join('; ')}`)
    else if (now - writtenAt >= lineEveryMs) {
      process.stderr.write(`  ${parts.join('; ')}\n`)
      writtenAt = now
    }
  }
}
