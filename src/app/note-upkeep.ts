import { sha256Hex } from '../domain/ids.ts'
import type { RemovedBlob, UpkeepRun } from '../ports/register/upkeep.ts'
import type { RegisterContext } from './context.ts'
import { getDocument, putDocument, trusted } from './documents.ts'
import { runStep } from './run-step.ts'

/**
 * Notes how a run of upkeep went. What it found lies outside the register, on disks and in backups, so the note itself is the
 * step: run again, it says what was said.
 */
export function noteUpkeep(ctx: RegisterContext, run: UpkeepRun): Promise<void> {
  return runStep(ctx, 'note-upkeep', run, async ({ register }) => register.write((tx) => tx.upkeep.addRun(run)))
}

/** Notes that blobs are about to be taken out of the file store, with their hashes; the list itself is kept as a blob. */
export async function noteRemoval(ctx: RegisterContext, blobs: readonly RemovedBlob[]): Promise<void> {
  const { sha256 } = await putDocument(ctx.files, blobs)
  await repeatRemoval(ctx, { listSha256: sha256 })
}

/** Notes a removal whose list is kept. */
export async function repeatRemoval(ctx: RegisterContext, { listSha256 }: { readonly listSha256: string }): Promise<void> {
  const blobs = await getDocument(ctx.files, listSha256, trusted<readonly RemovedBlob[]>())
  await runStep(ctx, 'note-removal', { listSha256 }, async ({ register, clock }) =>
    register.write((tx) => {
      tx.upkeep.addRemoved(blobs)
      const list = sha256Hex(
        blobs
          .map((blob) => blob.sha256)
          .sort()
          .join('\n'),
      )
      tx.ledger.append({ at: clock.now(), type: 'upkeep', subject: 'retention', facts: { blobs: blobs.length, list } })
    }),
  )
}
