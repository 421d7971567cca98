import { resolve } from 'node:path'
import type { Command } from 'commander'
import { example } from './example.ts'
import { exitCodes } from './exit-codes.ts'
import type { Parts } from './program.ts'
import type { Screen } from './screen.ts'

/** `dagtilbud demo`: a baseline night and a night of changes for all of Denmark, on real parts. */
export function registerDemo(cli: Command, parts: Parts, screen: Screen): void {
  const { say } = screen
  cli
    .command('demo')
    .description(
      say({
        da: 'kør to nætter for alle 98 kommuner mod det lille Danmark',
        en: 'run two nights for all 98 municipalities against the small Denmark',
      }),
    )
    .option(
      '--dir <folder>',
      say({
        da: 'hvor alt gemmes; næste kørsel går videre derfra',
        en: 'where everything is kept; a further run goes on from it',
      }),
      './data/demo',
    )
    .option('--fresh', say({ da: 'glem først en tidligere kørsel', en: 'forget an earlier run first' }))
    .option(
      '--keep',
      say({ da: 'lad alt køre videre bagefter, til Ctrl-C', en: 'leave everything running afterwards, until Ctrl-C' }),
    )
    .option('--json', say({ da: 'skriv resultatet som JSON', en: 'print the result as JSON' }))
    .addHelpText('after', example(say, 'dagtilbud demo --dir ./data/demo --fresh'))
    .action(async (options: { dir: string; fresh?: boolean; keep?: boolean; json?: boolean }) => {
      // Loaded when it is asked for: the small Denmark is most of what there is to load.
      const { runDemo } = await import('./run-demo.ts')
      const complete = await runDemo(parts, resolve(options.dir), options, screen)
      if (!complete) process.exitCode = exitCodes.no
    })
}
