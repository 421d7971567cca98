import type { Command } from 'commander'
import { type BackupResult, backUp } from '../app/back-up.ts'
import type { BilingualText } from '../domain/bilingual-text.ts'
import { lines } from '../domain/lines.ts'
import { example } from './example.ts'
import { exitCodes } from './exit-codes.ts'
import { asJson } from './option-texts.ts'
import type { Parts } from './program.ts'
import type { Screen } from './screen.ts'
import { withRegister } from './with-program.ts'

/** `dagtilbud backup`: a backup now, while the worker runs. */
export function registerBackup(cli: Command, parts: Parts, { say, print, printJson }: Screen): void {
  cli
    .command('backup')
    .description(
      say({
        da: 'tag en sikkerhedskopi af registret og hver fil, det nævner, også mens workeren kører',
        en: 'back up the register and every file it names, also while the worker runs',
      }),
    )
    .option(
      '--to <folder>',
      say({
        da: 'mappe til sikkerhedskopier; ellers backup.folder',
        en: 'folder of backups; backup.folder when not given',
      }),
    )
    .option('--json', say(asJson))
    .addHelpText('after', example(say, 'dagtilbud backup --to /mnt/backup/dagtilbud'))
    .action((options: { to?: string; json?: boolean }) =>
      withRegister(parts, async (register, settings) => {
        const backups = parts.openBackups(settings, options.to)
        const result = await backUp(register, backups)
        const folder = `${backups.folder}/${result.manifest.name}`
        if (options.json) printJson({ format: 'dagtilbud-sikkerhedskopi-1', folder, ...result })
        else print(renderBackup(result, folder))
        if (!result.ok) process.exitCode = exitCodes.no
      }),
    )
}

function renderBackup({ manifest, added, removed, ok }: BackupResult, folder: string): BilingualText {
  const { blobs, register, ledger } = manifest
  const [size, gone] = [(register.sizeBytes / 1e6).toFixed(1), removed.join(', ')]
  return lines(
    { da: `Sikkerhedskopi: ${folder}`, en: `Backup: ${folder}` },
    { da: `  register ${size} MB, hovedbog til nr. ${ledger.seq}`, en: `  register ${size} MB, ledger up to no. ${ledger.seq}` },
    {
      da: `  ${blobs.count} filer, ${added} nye siden sidst${gone === '' ? '' : `; fjernet: ${gone}`}`,
      en: `  ${blobs.count} files, ${added} new since the last one${gone === '' ? '' : `; removed: ${gone}`}`,
    },
    ...blobs.missing.map((sha256) => ({
      da: `  MANGLER i fillageret: ${sha256}`,
      en: `  MISSING in the file store: ${sha256}`,
    })),
    ...blobs.corrupt.map((sha256) => ({
      da: `  ØDELAGT i fillageret: ${sha256}`,
      en: `  BROKEN in the file store: ${sha256}`,
    })),
    ...(ok
      ? []
      : [
          {
            da: 'Kopien er gemt, men den er ikke hel. Kør: dagtilbud doctor',
            en: 'The copy is kept, but it is not whole. Run: dagtilbud doctor',
          },
        ]),
  )
}
