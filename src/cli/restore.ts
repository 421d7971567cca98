import { basename, dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { planRestore, type RestorePlan, type RestoreResult, restore } from '../app/restore.ts'
import { print, printJson } from './output.ts'
import type { Parts } from './program.ts'

/** Numbers that are listed one by one. */
const listed = 20

/** `dagtilbud restore`: says what would be lost; with --yes it puts the backup in the register's place. */
export function registerRestore(cli: Command, parts: Parts): void {
  cli
    .command('restore')
    .argument('<folder>', 'one backup, such as data/backups/2026-11-24T051500.000Z')
    .description('put a backup in the place of the register; the worker must be stopped')
    .option('--yes', 'do it; without it, only say what would be lost')
    .option('--json', 'print it as JSON')
    .action(async (folder: string, options: { yes?: boolean; json?: boolean }) => {
      const settings = parts.loadSettings()
      const path = resolve(folder)
      const ctx = await parts.openRestore(settings, dirname(path))
      const name = basename(path)
      if (options.yes !== true) {
        const plan = await planRestore(ctx, name)
        if (options.json) printJson(plan)
        else print([...describe(plan), 'Intet er ændret. Gør det med: --yes'].join('\n'))
        process.exitCode = 1
        return
      }
      const result = await restore(ctx, name)
      await parts.clearQueue(settings)
      if (options.json) printJson(result)
      else print([...describe(result), ...describeDone(result)].join('\n'))
    })
}

function describe({ manifest, lost, unreadable, floor }: RestorePlan): string[] {
  const night = manifest.night === null ? 'før første nat' : `efter nat ${manifest.night.date}`
  const numbers = lost.numbers.map(
    ({ nummer, supplierId, lokalId }) => `${nummer}${lokalId === null ? '' : ` (${supplierId}/${lokalId})`}`,
  )
  const next = Object.entries(floor.numbers).map(([letter, value]) => `${letter}${String(value).padStart(5, '0')}`)
  return [
    `Sikkerhedskopi ${manifest.name}, ${night}, hovedbog til nr. ${manifest.ledger.seq}`,
    ...(unreadable === null ? [] : [`Det nuværende register kan ikke læses (${unreadable}): hvad der går tabt, er ukendt.`]),
    `Går tabt: ${lost.ledgerEntries} indførsler i hovedbogen, nætter: ${lost.nights.join(', ') || 'ingen'}`,
    ...(numbers.length === 0
      ? []
      : [`Numre udstedt siden, som registeret glemmer, men ikke udsteder igen: ${numbers.slice(0, listed).join(', ')}`]),
    ...(numbers.length > listed ? [`  og ${numbers.length - listed} til; alle med --json`] : []),
    `Næste nye nummer: ${next.join(', ') || 'som indstillet'}`,
    ...(unreadable !== null ? ['Sæt institutionsnummer.start over det højeste nummer i kvitteringerne, før natten kører.'] : []),
  ]
}

function describeDone({ keptAt, blobsPutBack, restamped }: RestoreResult): string[] {
  return [
    `Lagt på plads. ${blobsPutBack} filer hentet fra kopien, ${restamped} ændringer får en ny tid.`,
    ...(keptAt === null ? [] : [`Det udskiftede register ligger i ${keptAt}`]),
    'Kør nu: dagtilbud doctor, og send derefter de tabte nætters filer igen.',
  ]
}
