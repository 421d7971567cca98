import type { Command } from 'commander'
import { explainUnit } from '../app/explain-unit.ts'
import { example } from './example.ts'
import { exitCodes } from './exit-codes.ts'
import { aNumber } from './option-texts.ts'
import type { Parts } from './program.ts'
import { renderExplanation } from './render-unit.ts'
import type { Screen } from './screen.ts'
import { withRegister } from './with-program.ts'

/** `dagtilbud explain NUMBER`: why a unit is as it is. */
export function registerExplain(cli: Command, parts: Parts, { say, print, printJson, note }: Screen): void {
  cli
    .command('explain')
    .argument('<number>', say(aNumber))
    .description(
      say({
        da: 'for hver værdi af en enhed: siden hvornår, fra hvilken fil og linje, og hvad der blev af den hos Unilogin',
        en: 'for each value of a unit: since when, which file and line, and what became of it at Unilogin',
      }),
    )
    .option(
      '--json',
      say({
        da: 'skriv det som JSON; tider er millisekunder siden 1970, UTC',
        en: 'print it as JSON; times are milliseconds since 1970, UTC',
      }),
    )
    .addHelpText('after', example(say, 'dagtilbud explain G80001'))
    .action((nummer: string, options: { json?: boolean }) =>
      withRegister(parts, (register) => {
        const explanation = explainUnit(register, nummer)
        if (explanation === null) {
          note({ da: `Registret har ingen enhed ${nummer}.`, en: `The register has no unit ${nummer}.` })
          process.exitCode = exitCodes.no
        } else if (options.json) printJson({ format: 'dagtilbud-forklaring-1', ...explanation })
        else print(renderExplanation(explanation))
      }),
    )
}
