import { dayMs, type Instant } from '../domain/time.ts'
import type { BlobUse, NamedBlob, RemovedBlob } from '../ports/register/upkeep.ts'
import type { RegisterTx } from '../ports/register.ts'
import { blobsOfReceipts } from './blobs-of-receipts.ts'
import type { RegisterContext } from './context.ts'
import { noteRemoval, noteUpkeep } from './note-upkeep.ts'

/** Blobs that go in one run; the next night takes the rest. */
const mostAtOnce = 10_000

/** What belongs to the bytes that came and went, and what to the answers we gave. */
const usesOf = {
  filesDays: ['file', 'staged', 'rejected-refs', 'exchanges'],
  receiptsDays: ['receipt', 'plan'],
} as const satisfies Readonly<Record<string, readonly BlobUse[]>>

/** What a run of retention came to. */
export interface RetentionResult {
  readonly outcome: 'done' | 'kept for ever' | 'a night is open'
  readonly removed: number
  readonly sizeBytes: number
}

/**
 * Takes out of the file store what is past its days and belongs only to files that have come to their end. That it goes is
 * committed before it does, with its hash, so a later proof can tell what was removed from what was lost. Does nothing while a
 * night is open: a file that is being read may have the bytes of an old one.
 */
export async function removeExpired(ctx: RegisterContext): Promise<RetentionResult> {
  const { retention } = ctx.settings
  if (retention.filesDays === undefined && retention.receiptsDays === undefined) return nothing('kept for ever')
  const at = ctx.clock.now()
  const read = ctx.register.read((tx) => (tx.nights.openNights().length > 0 ? null : findNamed(tx, ctx, at)))
  if (read === null) return nothing('a night is open')
  const expired = await findExpired(ctx, read)
  if (expired.length > 0)
    await noteRemoval(
      ctx,
      expired.map((blob) => ({ ...blob, removedAt: at })),
    )
  for (const { sha256 } of expired) await ctx.files.remove(sha256)
  const sizeBytes = expired.reduce((sum, blob) => sum + blob.sizeBytes, 0)
  const facts = { removed: expired.length, sizeBytes }
  await noteUpkeep(ctx, { task: 'retention', at, ok: true, facts })
  return { outcome: 'done', ...facts }
}

interface Named {
  readonly named: readonly NamedBlob[]
  /** Of each use, the files it may be removed of. */
  readonly finished: ReadonlyMap<BlobUse, ReadonlySet<string>>
}

function findNamed(tx: RegisterTx, ctx: RegisterContext, at: Instant): Named {
  const unreceipted = new Set(tx.files.withoutReceipt().map(({ fileId }) => fileId))
  const finished = new Map<BlobUse, ReadonlySet<string>>()
  for (const setting of ['filesDays', 'receiptsDays'] as const) {
    const days = ctx.settings.retention[setting]
    if (days === undefined) continue
    const files = tx.upkeep.finishedBefore(at - days * dayMs).filter((fileId) => !unreceipted.has(fileId))
    for (const use of usesOf[setting]) finished.set(use, new Set(files))
  }
  return { named: tx.upkeep.namedBlobs(), finished }
}

/** Blobs all of whose uses are past their days. What only the ledger names it names as a proof, not as work. */
async function findExpired(ctx: RegisterContext, { named, finished }: Named): Promise<readonly Omit<RemovedBlob, 'removedAt'>[]> {
  const uses = [...named, ...(await blobsOfReceipts(ctx.files, named))].filter(({ use }) => use !== 'ledger')
  const isPast = ({ use, fileId }: NamedBlob) => fileId !== null && finished.get(use)?.has(fileId) === true
  const kept = new Set(uses.filter((blob) => !isPast(blob)).map(({ sha256 }) => sha256))
  const past = new Map(uses.filter(({ sha256 }) => !kept.has(sha256)).map(({ sha256, use }) => [sha256, use]))
  const expired: Omit<RemovedBlob, 'removedAt'>[] = []
  for (const [sha256, use] of past) {
    const sizeBytes = await ctx.files.sizeOf(sha256)
    if (sizeBytes === null) continue
    expired.push({ sha256, sizeBytes, reason: `retention: ${use}` })
    if (expired.length >= mostAtOnce) break
  }
  return expired
}

function nothing(outcome: RetentionResult['outcome']): RetentionResult {
  return { outcome, removed: 0, sizeBytes: 0 }
}
