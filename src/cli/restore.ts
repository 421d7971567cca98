import { basename, dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { planRestore, type RestorePlan, type RestoreResult, restore } from '../app/restore.ts'
import type { BilingualText } from '../domain/bilingual-text.ts'
import { lines } from '../domain/lines.ts'
import { paragraph } from '../domain/paragraph.ts'
import { example } from './example.ts'
import { exitCodes } from './exit-codes.ts'
import { asJson } from './option-texts.ts'
import type { Parts } from './program.ts'
import type { Screen } from './screen.ts'

/** Numbers that are listed one by one. */
const listed = 20

/** `dagtilbud restore`: says what would be lost; with --yes it puts the backup in the register's place. */
export function registerRestore(cli: Command, parts: Parts, { say, print, printJson }: Screen): void {
  cli
    .command('restore')
    .argument(
      '<folder>',
      say({
        da: 'én sikkerhedskopi, fx data/backups/2026-11-24T051500.000Z',
        en: 'one backup, such as data/backups/2026-11-24T051500.000Z',
      }),
    )
    .description(
      say({
        da: 'læg en sikkerhedskopi i registrets sted; workeren skal være stoppet',
        en: 'put a backup in the place of the register; the worker must be stopped',
      }),
    )
    .option(
      '--yes',
      say({
        da: 'gør det; ellers siges kun, hvad der ville gå tabt',
        en: 'do it; without it, only say what would be lost',
      }),
    )
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud restore data/backups/2026-11-24T051500.000Z'))
    .action(async (folder: string, options: { yes?: boolean; json?: boolean }) => {
      const settings = parts.loadSettings()
      const path = resolve(folder)
      const ctx = await parts.openRestore(settings, dirname(path))
      const name = basename(path)
      if (options.yes !== true) {
        const plan = await planRestore(ctx, name)
        if (options.json) printJson({ format: 'dagtilbud-tilbagelaegning-1', done: false, ...plan })
        else
          print(
            lines(...describe(plan), {
              da: 'Intet er ændret. Gør det med: --yes',
              en: 'Nothing was changed. Do it with: --yes',
            }),
          )
        process.exitCode = exitCodes.no
        return
      }
      const result = await restore(ctx, name)
      await parts.clearQueue(settings)
      if (options.json) printJson({ format: 'dagtilbud-tilbagelaegning-1', done: true, ...result })
      else print(lines(...describe(result), ...describeDone(result)))
    })
}

function describe(plan: RestorePlan): BilingualText[] {
  const { manifest, lost, unreadable, floor } = plan
  const next = Object.entries(floor.numbers).map(([letter, value]) => `${letter}${String(value).padStart(5, '0')}`)
  const { name, night, ledger } = manifest
  const nights = lost.nights.join(', ')
  return [
    {
      da: `Sikkerhedskopi ${name}, ${night === null ? 'før første nat' : `efter nat ${night.date}`}, hovedbog til nr. ${ledger.seq}`,
      en: `Backup ${name}, ${night === null ? 'before the first night' : `after night ${night.date}`}, ledger up to no. ${ledger.seq}`,
    },
    ...(unreadable === null
      ? []
      : [
          paragraph({
            da: `Det nuværende register kan ikke læses (${unreadable}): hvad der går tabt, er ukendt.`,
            en: `The present register cannot be read (${unreadable}): what is lost is unknown.`,
          }),
        ]),
    paragraph({
      da: `Går tabt: ${lost.ledgerEntries} indførsler i hovedbogen, nætter: ${nights || 'ingen'}`,
      en: `Would be lost: ${lost.ledgerEntries} entries of the ledger, nights: ${nights || 'none'}`,
    }),
    ...lostNumbers(lost.numbers),
    {
      da: `Næste nye nummer: ${next.join(', ') || 'som indstillet'}`,
      en: `Next new number: ${next.join(', ') || 'as the settings say'}`,
    },
    ...(unreadable === null
      ? []
      : [
          {
            da: 'Sæt institutionsnummer.start over det højeste nummer i kvitteringerne, før natten kører.',
            en: 'Set institutionsnummer.start above the highest number in the receipts before a night is run.',
          },
        ]),
  ]
}

function lostNumbers(numbers: RestorePlan['lost']['numbers']): BilingualText[] {
  if (numbers.length === 0) return []
  const named = numbers
    .slice(0, listed)
    .map(({ nummer, supplierId, lokalId }) => `${nummer}${lokalId === null ? '' : ` (${supplierId}/${lokalId})`}`)
    .join(', ')
  const more = numbers.length - listed
  return [
    paragraph({
      da: `Numre udstedt siden, som registeret glemmer, men ikke udsteder igen: ${named}`,
      en: `Numbers given out since, which the register forgets and does not give out again: ${named}`,
    }),
    ...(more > 0 ? [{ da: `  og ${more} til; alle med --json`, en: `  and ${more} more; all of them with --json` }] : []),
  ]
}

function describeDone({ keptAt, blobsPutBack, restamped }: RestoreResult): BilingualText[] {
  return [
    {
      da: `Lagt på plads. ${blobsPutBack} filer hentet fra kopien, ${restamped} ændringer får en ny tid.`,
      en: `Put in place. ${blobsPutBack} files came from the backup, ${restamped} changes get a new time.`,
    },
    ...(keptAt === null
      ? []
      : [{ da: `Det udskiftede register ligger i ${keptAt}`, en: `The replaced register lies in ${keptAt}` }]),
    {
      da: 'Kør nu: dagtilbud doctor, og send derefter de tabte nætters filer igen.',
      en: 'Now run: dagtilbud doctor, and then send the files of the lost nights again.',
    },
  ]
}
