import type { Command } from 'commander'
import { cutoffOverview } from '../app/cutoff-overview.ts'
import { toCutoffsDocument } from '../formats/cutoffs-document.ts'
import { print, printJson } from './output.ts'
import type { Parts } from './program.ts'
import { renderCutoffs } from './render-cutoffs.ts'

/** `dagtilbud cutoffs`: the cutoffs ahead with their forecasts, those behind with their outcome. */
export function registerCutoffs(cli: Command, parts: Parts): void {
  cli
    .command('cutoffs')
    .description('the cutoffs of the next 14 days with their forecasts, and how those behind us went')
    .option('--json', 'print them as JSON')
    .action(async (options: { json?: boolean }) => {
      const { register, close } = await parts.openReading(parts.loadSettings())
      try {
        const overview = cutoffOverview(register)
        if (options.json) printJson(toCutoffsDocument(overview))
        else print(renderCutoffs(overview))
      } finally {
        await close()
      }
    })
}
