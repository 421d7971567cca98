import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { same } from '../domain/bilingual-text.ts'
import { lines } from '../domain/lines.ts'
import type { Clock } from '../ports/clock.ts'
import { example } from './example.ts'
import { asJson } from './option-texts.ts'
import type { Screen } from './screen.ts'
import { untilSignal } from './until-signal.ts'

/** `dagtilbud sandbox`: the small Denmark alone, to point a worker at. */
export function registerSandbox(cli: Command, clock: Clock, { say, print, printJsonLine }: Screen): void {
  cli
    .command('sandbox')
    .description(
      say({
        da: 'kør det lille Danmark: leverandører bag SFTP og en Unilogin, kun på denne maskine',
        en: 'run the small Denmark: suppliers behind SFTP and a Unilogin, on loopback',
      }),
    )
    .option(
      '--dir <folder>',
      say({ da: 'hvor nøgler, mapper og hukommelse ligger', en: 'where its keys, folders and memory live' }),
      './data/sandbox',
    )
    .option('--seed <number>', say({ da: 'bestemmer hvert lod, det trækker', en: 'decides every lot it draws' }), Number, 1)
    .option(
      '--ready-file <file>',
      say({ da: 'skriv adresserne her, som JSON, når det kører', en: 'write the addresses here, as JSON, once it runs' }),
    )
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud sandbox --dir ./data/sandbox'))
    .action(async (options: { dir: string; seed: number; readyFile?: string; json?: boolean }) => {
      // Loaded when it is asked for: other commands need no servers.
      const { startSmallDenmark } = await import('../sandbox/start-small-denmark.ts')
      const denmark = await startSmallDenmark({ dir: options.dir, clock, seed: options.seed })
      const addresses = {
        format: 'dagtilbud-sandkasse-1' as const,
        configFile: denmark.configFile,
        sftp: `${denmark.sftp.host}:${denmark.sftp.port}`,
        unilogin: denmark.unilogin.url,
        sideDoor: denmark.unilogin.sideDoorUrl,
      }
      if (options.readyFile !== undefined) writeFileSync(options.readyFile, JSON.stringify(addresses))
      if (options.json) printJsonLine(addresses)
      else
        print(
          lines(
            same(`SFTP      ${addresses.sftp}`),
            same(`Unilogin  ${addresses.unilogin}`),
            { da: `Sidedør   ${addresses.sideDoor}/_sandbox/`, en: `Side door ${addresses.sideDoor}/_sandbox/` },
            same(`Worker:   DAGTILBUD_CONFIG=${addresses.configFile} dagtilbud start`),
          ),
        )
      await untilSignal()
      await denmark.close()
    })
}
