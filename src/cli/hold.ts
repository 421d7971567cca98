import type { Command } from 'commander'
import { decideHold } from '../app/decide-hold.ts'
import { paragraph } from '../app/paragraph.ts'
import { type HoldView, showHold } from '../app/show-hold.ts'
import { causeText } from '../domain/hold-causes.ts'
import { kommuner } from '../domain/kommuner.ts'
import { type Instant, toWallTime } from '../domain/time.ts'
import type { Hold } from '../ports/register/files.ts'
import { print, printJson } from './output.ts'
import type { Parts } from './program.ts'
import { renderChanges } from './render-changes.ts'

/** `dagtilbud hold list|show|approve|refuse`: changes that wait for a person. */
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
          for (const line of paragraph(`    ${causeText(row).da}`, 4)) print(line)
          if (row.firstBy !== null) print(`    godkendt af ${row.firstBy}; venter på en anden person`)
        }
      } finally {
        await close()
      }
    })

  hold
    .command('show')
    .argument('<hold>', 'the id that `hold list` shows')
    .description('a hold with its cause, its numbers and every change that waits')
    .option('--json', 'print it as JSON')
    .action(async (holdId: string, options: { json?: boolean }) => {
      const { register, close } = await parts.openReading(parts.loadSettings())
      try {
        const view = await showHold(register, holdId)
        if (options.json) printJson(view)
        else print(renderHold(view))
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
          const { state } = await decideHold(program.operator, { holdId, decision, by, reason })
          print(`${holdId} ${outcomes[state]}.`)
        } finally {
          await program.close()
        }
      })
  }
}

const outcomes = {
  open: 'er godkendt af den første person og venter på en anden',
  approved: 'er godkendt; ændringerne planlægges igen',
  refused: 'er afvist; registret er urørt',
  expired: 'er bortfaldet; registret er urørt',
} as const

/** A hold as a Danish text, at most 100 columns wide. */
export function renderHold({ hold, fileName, changes, needsSecondPerson }: HoldView): string {
  const { holdId, slice, count, of, allowed, kommuneKode, supplierId, planHash, openedAt, state } = hold
  const clock = (at: Instant) => toWallTime(at).replace('T', ' ')
  const said = (by: string | null, reason: string | null, at: Instant | null) =>
    paragraph(`  ${by ?? 'ingen'}, ${at === null ? '' : clock(at)}: ${reason ?? ''}`, 4)
  return [
    `${holdId}  ${slice} i kommune ${kommuneKode} ${kommuner.get(kommuneKode)?.navn ?? ''}, fra ${supplierId}`,
    ...paragraph(`Fil ${fileName}, natten ${hold.date}; tilbageholdt ${clock(openedAt)}`),
    ...paragraph(`Plan ${planHash}`),
    '',
    ...paragraph(`Årsag: ${causeText(hold).da}`),
    `Antal: ${count} af ${of} enheder${allowed === null ? '' : `; ${allowed} ville gå igennem uden en person`}`,
    ...(hold.firstBy === null ? [] : ['Godkendt først af', ...said(hold.firstBy, hold.firstReason, hold.firstAt)]),
    ...(state === 'open' ? [waitsFor(hold, needsSecondPerson)] : [`Afgjort: ${outcomes[state]}`]),
    ...(hold.decidedAt === null ? [] : said(hold.decidedBy, hold.reason, hold.decidedAt)),
    '',
    ...renderChanges(changes),
  ].join('\n')
}

function waitsFor({ firstBy }: Hold, needsSecondPerson: boolean): string {
  if (firstBy !== null) return 'Venter på en anden person end den første.'
  return needsSecondPerson ? 'Venter på to personers godkendelse.' : 'Venter på en persons afgørelse.'
}
