import type { Command } from 'commander'
import { decideHold } from '../app/decide-hold.ts'
import { causeText } from '../app/prepare-receipt.ts'
import { toWallTime } from '../domain/time.ts'
import { print, printJson } from './output.ts'
import type { Parts } from './program.ts'

/** `dagtilbud hold list|approve|refuse`: changes that wait for a person. */
export function registerHold(cli: Command, parts: Parts): void {
  const hold = cli.command('hold').description('see and decide changes that are held')

  hold
    .command('list')
    .description('holds that are open')
    .option('--json', 'print them as JSON')
    .action(async (options: { json?: boolean }) => {
      const { register, close } = await parts.openReading(parts.loadSettings())
      try {
        const holds = register.register.read((tx) => tx.files.holds({ state: 'open' }))
        if (options.json) return printJson(holds)
        if (holds.length === 0) return print('Intet er tilbageholdt.')
        for (const row of holds) {
          const { holdId, slice, count, of, kommuneKode, supplierId, openedAt } = row
          print(
            `${holdId}  ${slice}: ${count} af ${of}, kommune ${kommuneKode}, ${supplierId}, siden ${toWallTime(openedAt).replace('T', ' ')}`,
          )
          print(`    ${causeText(row).da}`)
        }
      } finally {
        await close()
      }
    })

  for (const [name, decision, text] of [
    ['approve', 'approved', 'let the held changes pass; they are planned again and applied if they are still the same'],
    ['refuse', 'refused', 'leave the register as it is'],
  ] as const) {
    hold
      .command(name)
      .argument('<hold>', 'the id that `hold list` shows')
      .description(text)
      .requiredOption('--by <name>', 'who decides')
      .requiredOption('--reason <text>', 'why')
      .action(async (holdId: string, { by, reason }: { by: string; reason: string }) => {
        const program = await parts.openQueue(parts.loadSettings())
        try {
          await decideHold(program.operator, { holdId, decision, by, reason })
          print(
            `${holdId} er ${decision === 'approved' ? 'godkendt; ændringerne planlægges igen' : 'afvist; registret er urørt'}.`,
          )
        } finally {
          await program.close()
        }
      })
  }
}
