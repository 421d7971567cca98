import type { Command } from 'commander'
import { explainUnit } from '../app/explain-unit.ts'
import { print, printJson } from './output.ts'
import type { Parts } from './program.ts'
import { renderExplanation } from './render-unit.ts'

/** `dagtilbud explain NUMBER`: why a unit is as it is. */
export function registerExplain(cli: Command, parts: Parts): void {
  cli
    .command('explain')
    .argument('<number>', 'an institution number')
    .description('for each value of a unit: since when, which file and line, and what became of it at Unilogin')
    .option('--json', 'print it as JSON; times are milliseconds since 1970, UTC')
    .action(async (nummer: string, options: { json?: boolean }) => {
      const { register, close } = await parts.openReading(parts.loadSettings())
      try {
        const explanation = explainUnit(register, nummer)
        if (explanation === null) {
          print(`Registret har ingen enhed ${nummer}.`)
          process.exitCode = 1
        } else if (options.json) printJson(explanation)
        else print(renderExplanation(explanation))
      } finally {
        await close()
      }
    })
}
