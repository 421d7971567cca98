import type { Command } from 'commander'
import { backUp } from '../app/back-up.ts'
import { print, printJson } from './output.ts'
import type { Parts } from './program.ts'

/** `dagtilbud backup`: a backup now, while the worker runs. */
export function registerBackup(cli: Command, parts: Parts): void {
  cli
    .command('backup')
    .description('back up the register and every file it names, also while the worker runs')
    .option('--to <folder>', 'folder of backups; backup.folder when not given')
    .option('--json', 'print it as JSON')
    .action(async (options: { to?: string; json?: boolean }) => {
      const settings = parts.loadSettings()
      const backups = parts.openBackups(settings, options.to)
      const { register, close } = await parts.openReading(settings)
      try {
        const { manifest, added, removed, ok } = await backUp(register, backups)
        const { blobs } = manifest
        if (options.json) printJson({ folder: `${backups.folder}/${manifest.name}`, ok, added, removed, manifest })
        else {
          print(`Sikkerhedskopi: ${backups.folder}/${manifest.name}`)
          print(`  register ${megabytes(manifest.register.sizeBytes)} MB, hovedbog til nr. ${manifest.ledger.seq}`)
          print(`  ${blobs.count} filer, ${added} nye siden sidst${removed.length > 0 ? `; fjernet: ${removed.join(', ')}` : ''}`)
          for (const sha256 of blobs.missing) print(`  MANGLER i fillageret: ${sha256}`)
          for (const sha256 of blobs.corrupt) print(`  ØDELAGT i fillageret: ${sha256}`)
          if (!ok) print('Kopien er gemt, men den er ikke hel. Kør: dagtilbud doctor')
        }
        if (!ok) process.exitCode = 1
      } finally {
        await close()
      }
    })
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
