import type { Command } from 'commander'
import { cutoffOverview } from '../app/cutoff-overview.ts'
import { toCutoffsDocument } from '../formats/cutoffs-document.ts'
import { example } from './example.ts'
import { asJson } from './option-texts.ts'
import type { Parts } from './program.ts'
import { renderCutoffs } from './render-cutoffs.ts'
import type { Screen } from './screen.ts'
import { withRegister } from './with-program.ts'

/** `dagtilbud cutoffs`: the cutoffs ahead with their forecasts, those behind with their outcome. */
export function registerCutoffs(cli: Command, parts: Parts, { say, print, printJson }: Screen): void {
  cli
    .command('cutoffs')
    .description(
      say({
        da: 'frister i de næste 14 dage med deres prognoser, og hvordan de seneste gik',
        en: 'the cutoffs of the next 14 days with their forecasts, and how those behind us went',
      }),
    )
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud cutoffs --json'))
    .action((options: { json?: boolean }) =>
      withRegister(parts, (register) => {
        const overview = cutoffOverview(register)
        if (options.json) printJson(toCutoffsDocument(overview))
        else print(renderCutoffs(overview))
      }),
    )
}
