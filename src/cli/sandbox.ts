import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { Clock } from '../ports/clock.ts'
import { startSmallDenmark } from '../sandbox/start-small-denmark.ts'
import { print } from './output.ts'
import { untilSignal } from './start.ts'

/** `dagtilbud sandbox`: the small Denmark alone, to point a worker at. */
export function registerSandbox(cli: Command, clock: Clock): void {
  cli
    .command('sandbox')
    .description('run the small Denmark: suppliers behind SFTP and a Unilogin, on loopback')
    .option('--dir <folder>', 'where its keys, folders and memory live', './data/sandbox')
    .option('--seed <number>', 'decides every lot it draws', Number, 1)
    .option('--ready-file <file>', 'write the addresses here, as JSON, once it runs')
    .action(async (options: { dir: string; seed: number; readyFile?: string }) => {
      const denmark = await startSmallDenmark({ dir: options.dir, clock, seed: options.seed })
      const addresses = {
        configFile: denmark.configFile,
        sftp: `${denmark.sftp.host}:${denmark.sftp.port}`,
        unilogin: denmark.unilogin.url,
        sideDoor: denmark.unilogin.sideDoorUrl,
      }
      if (options.readyFile !== undefined) writeFileSync(options.readyFile, JSON.stringify(addresses))
      print(`SFTP      ${addresses.sftp}\nUnilogin  ${addresses.unilogin}\nSidedør   ${addresses.sideDoor}/_sandbox/`)
      print(`Worker:   DAGTILBUD_CONFIG=${addresses.configFile} dagtilbud start`)
      await untilSignal()
      await denmark.close()
    })
}
