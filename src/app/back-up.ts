import { programVersion } from '../../config/package-root.ts'
import { toIso } from '../domain/time.ts'
import type { BackupDraft, Backups, BlobOutcome } from '../ports/backups.ts'
import type { RegisterCopy } from '../ports/register.ts'
import { BackupManifest, blobListSha256, keptName } from './backup-manifest.ts'
import { blobsOfReceipts } from './blobs-of-receipts.ts'
import type { RegisterContext } from './context.ts'
import { noteUpkeep } from './note-upkeep.ts'

/** What a backup came to. */
export interface BackupResult {
  readonly manifest: BackupManifest
  /** Blobs that this backup added to the folder; the others were there. */
  readonly added: number
  /** Older backups that were removed. */
  readonly removed: readonly string[]
  /** The copy is sound, and every blob is there. */
  readonly ok: boolean
}

/**
 * Copies the register while it is in use, then every blob the copy names: what a register names is in the store before it
 * is named. Keeps the newest `backup.keep`; a backup with a fault takes nobody's place.
 * @throws BACKUP_WRITE_FAILED, STORE_BLOB_CORRUPT
 */
export async function backUp(ctx: RegisterContext, backups: Backups, signal?: AbortSignal): Promise<BackupResult> {
  const at = ctx.clock.now()
  const name = keptName(at)
  const draft = await backups.begin(name)
  try {
    const copy = await ctx.register.copyTo(draft.registerPath)
    const named = [...copy.blobs, ...(await blobsOfReceipts(ctx.files, copy.blobs))].map(({ sha256 }) => sha256)
    const outcomes = await addBlobs(draft, named, signal)
    const manifest = toManifest({ name, at, copy, outcomes })
    await draft.finish(`${JSON.stringify(manifest, null, 2)}\n`, listOf(outcomes))
    const ok = copy.problems.length === 0 && manifest.blobs.missing.length + manifest.blobs.corrupt.length === 0
    const removed = ok ? await removeOld(backups, ctx.settings.backup.keep) : []
    const added = [...outcomes.values()].filter((outcome) => outcome === 'added').length
    const { sizeBytes } = manifest.register
    const facts = { name, ok, sizeBytes, blobs: manifest.blobs.count, added, problems: copy.problems.slice(0, 5) }
    const { missing, corrupt } = manifest.blobs
    await noteUpkeep(ctx, { task: 'backup', at, ok, facts: { ...facts, missing: missing.length, corrupt: corrupt.length } })
    return { manifest, added, removed, ok }
  } finally {
    await draft.discard()
  }
}

async function addBlobs(
  draft: BackupDraft,
  named: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<string, BlobOutcome>> {
  const outcomes = new Map<string, BlobOutcome>()
  for (const sha256 of [...new Set(named)].sort()) {
    signal?.throwIfAborted()
    outcomes.set(sha256, await draft.addBlob(sha256))
  }
  return outcomes
}

function toManifest(parts: {
  readonly name: string
  readonly at: number
  readonly copy: RegisterCopy
  readonly outcomes: ReadonlyMap<string, BlobOutcome>
}): BackupManifest {
  const { name, at, copy, outcomes } = parts
  const { sha256, sizeBytes, schema, ledger, position, numbers, night } = copy
  const having = (wanted: BlobOutcome) => [...outcomes].filter(([, outcome]) => outcome === wanted).map(([hash]) => hash)
  const removed = (hash: string) => copy.removed.has(hash)
  const list = listOf(outcomes)
  return BackupManifest.parse({
    format: 'dagtilbud-backup-1',
    name,
    takenAt: toIso(at),
    programVersion,
    register: { sha256, sizeBytes, schema },
    ledger,
    position,
    numbers,
    night,
    blobs: {
      count: list.length,
      sha256: blobListSha256(list),
      missing: having('missing').filter((hash) => !removed(hash)),
      corrupt: having('corrupt'),
    },
  } satisfies BackupManifest)
}

function listOf(outcomes: ReadonlyMap<string, BlobOutcome>): string[] {
  return [...outcomes].filter(([, outcome]) => outcome === 'added' || outcome === 'there').map(([hash]) => hash)
}

async function removeOld(backups: Backups, keep: number): Promise<readonly string[]> {
  const old = (await backups.names()).slice(keep)
  for (const name of old) await backups.remove(name)
  if (old.length > 0) await backups.removeUnlistedBlobs()
  return old
}
