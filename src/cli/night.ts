import type { Command } from 'commander'
import { nightReport, toNightDocument } from '../app/night-report.ts'
import { renderNightReport } from '../app/render-night-report.ts'
import { type BilingualText, inBoth, joined } from '../domain/bilingual-text.ts'
import { toBusinessDate } from '../domain/time.ts'
import { example } from './example.ts'
import { exitCodes } from './exit-codes.ts'
import type { NightProgress } from './follow-night.ts'
import { followUpkeep } from './follow-upkeep.ts'
import { parseNightDate } from './night-date.ts'
import { asJson } from './option-texts.ts'
import type { Parts } from './program.ts'
import { runNight } from './run-night.ts'
import type { Screen } from './screen.ts'
import { watchNight } from './watch-night.ts'
import { withRegister } from './with-program.ts'

interface RunOptions {
  readonly date?: string
  readonly wait?: boolean
  readonly lookFor?: number
  readonly json?: boolean
}

/** `dagtilbud night run`, `night show` and `night watch`. */
export function registerNight(cli: Command, parts: Parts, screen: Screen): void {
  const { say, print, printJson, note } = screen
  const night = cli.command('night').description(say({ da: 'kør en nat, eller se den', en: 'run or report a night' }))

  night
    .command('run')
    .description(
      say({
        da: 'begynd natten for en dato, eller tag den op igen',
        en: 'open the night of a date, or take it up again',
      }),
    )
    .option(
      '--date <date>',
      say({
        da: 'nattens dato, ÅÅÅÅ-MM-DD; ellers i dag i København',
        en: 'business date, YYYY-MM-DD; today in Copenhagen when not given',
      }),
    )
    .option(
      '--wait',
      say({
        da: 'kør den her, følg den til ende, og skriv rapporten; 1, når ikke alt nåede frem',
        en: 'run it here, follow it to its end and print the report; exit 1 when not all of it arrived',
      }),
    )
    .option(
      '--look-for <seconds>',
      say({
        da: 'led efter filer så længe, i stedet for til night.filesUntil',
        en: 'look for files this long, instead of until night.filesUntil',
      }),
      Number,
    )
    .option('--json', say({ da: 'skriv rapporten som JSON', en: 'print the report as JSON' }))
    .addHelpText('after', example(say, 'dagtilbud night run --date 2026-11-24 --wait'))
    .action(async (options: RunOptions) => {
      const asked = options.date === undefined ? null : parseNightDate(options.date)
      const settings = parts.loadSettings()
      const program = await parts.openQueue(settings, parts.createLog({ level: options.wait ? 'silent' : settings.log.level }))
      const date = asked ?? toBusinessDate(program.clock.now())
      const filesUntilAt = options.lookFor === undefined ? null : program.clock.now() + options.lookFor * 1000
      try {
        if (options.wait !== true) {
          const start = `operator-${program.clock.now()}`
          await program.queue.add([{ job: 'open-night', payload: { date, trigger: 'operator', start, filesUntilAt } }])
          if (options.json) return printJson({ format: 'dagtilbud-nat-bestilt-1', nat: date })
          return print({
            da: `Natten ${date} er bestilt; en kørende worker tager den. Følg den med: dagtilbud night watch --date ${date}`,
            en: `Night ${date} is asked for; a running worker takes it. Follow it with: dagtilbud night watch --date ${date}`,
          })
        }
        const worker = await program.startWorker(['register', 'edge'])
        const onProgress = options.json ? () => undefined : progressWriter(screen)
        const report = await runNight(program, { date, filesUntilAt, onProgress })
        await followUpkeep(program.register)
        await worker.stop(10_000)
        if (options.json) printJson(toNightDocument(report))
        else print(inBoth((own) => `\n${own(renderNightReport(report))}`))
        if (!report.complete) process.exitCode = exitCodes.no
      } finally {
        await program.close()
      }
    })

  night
    .command('show')
    .argument('[date]', say({ da: 'nattens dato; ellers den seneste', en: 'business date; the latest night when not given' }))
    .description(say({ da: 'morgenrapporten for en nat', en: 'report a night' }))
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud night show 2026-11-24'))
    .action((date: string | undefined, options: { json?: boolean }) =>
      withRegister(parts, (register) => {
        const wanted = date ?? register.register.read((tx) => tx.nights.latest()?.date)
        const report = wanted === undefined ? null : nightReport(register, wanted)
        if (report === null) {
          note(noNight(wanted))
          process.exitCode = exitCodes.no
        } else if (options.json) printJson(toNightDocument(report))
        else print(renderNightReport(report))
      }),
    )

  night
    .command('watch')
    .description(
      say({
        da: 'følg en nat, mens den kører, til den er lukket; 1, når ikke alt nåede frem',
        en: 'follow a night while it runs, until it is closed; exit 1 when not all of it arrived',
      }),
    )
    .option(
      '--date <date>',
      say({
        da: 'nattens dato, også før den er begyndt; ellers den seneste',
        en: 'business date, also before it has begun; the latest night when not given',
      }),
    )
    .option('--json', say({ da: 'skriv en linje JSON for hver ændring', en: 'print a line of JSON for each change' }))
    .addHelpText('after', example(say, 'dagtilbud night watch --json'))
    .action((options: { date?: string; json?: boolean }) =>
      withRegister(parts, async (register) => {
        const latest = () => register.register.read((tx) => tx.nights.latest()?.date)
        const date = options.date === undefined ? latest() : parseNightDate(options.date)
        if (date === undefined) {
          note(noNight(date))
          process.exitCode = exitCodes.no
          return
        }
        const { report } = await watchNight(register, date, screen, { json: options.json === true })
        if (!report.complete) process.exitCode = exitCodes.no
      }),
    )
}

function noNight(date: string | undefined): BilingualText {
  if (date === undefined) return { da: 'Der er ingen nætter endnu.', en: 'There are no nights yet.' }
  return { da: `Der er ingen nat ${date}.`, en: `There is no night ${date}.` }
}

/** Least time between two lines of progress where they cannot be rewritten in place. */
const lineEveryMs = 2_000

/** Shows where the night is: one line, rewritten in place on a terminal, else a new one now and then. */
export function progressWriter({ say, note }: Screen): (progress: NightProgress) => void {
  let writtenAt = Number.NEGATIVE_INFINITY
  return (progress) => {
    const now = performance.now()
    const text = inBoth((own) => `  ${own(progressText(progress))}`)
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${say(text)}`)
    else if (now - writtenAt >= lineEveryMs) {
      note(text)
      writtenAt = now
    }
  }
}

function progressText(progress: NightProgress): BilingualText {
  const { filesSeen, files, total, acknowledged, confirmed, receipts, suppliers } = progress
  const told = [
    {
      da: `${filesSeen} filer${files > 0 ? `, ${files} i arbejde` : ''}`,
      en: `${filesSeen} files${files > 0 ? `, ${files} under way` : ''}`,
    },
    {
      da: `${acknowledged} af ${total} ændringer kvitteret, ${confirmed} læst tilbage`,
      en: `${acknowledged} of ${total} changes acknowledged, ${confirmed} read back`,
    },
    ...(receipts > 0 ? [{ da: `${receipts} kvitteringer på vej`, en: `${receipts} receipts under way` }] : []),
    ...(suppliers > 0
      ? [{ da: `venter på filer fra ${suppliers} leverandører`, en: `waits for files of ${suppliers} suppliers` }]
      : []),
  ]
  return joined(told, '; ')
}
