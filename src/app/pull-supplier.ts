import { z } from 'zod'
import { RetryableError, SyncError } from '../domain/errors.ts'
import { toIso } from '../domain/time.ts'
import { classifyEntry, parseChecksum } from '../formats/sidecars.ts'
import type { JobPayloads, StepResult } from '../ports/jobs.ts'
import type { InboxEntry, InboxSession } from '../ports/supplier-inbox.ts'
import type { EdgeContext } from './context.ts'
import { getDocument, putDocument } from './documents.ts'
import { declaredBy, fileIdOf } from './file-id.ts'

const Entry = z.object({ name: z.string(), sizeBytes: z.number(), modifiedAt: z.number() })
const Entries = z.array(Entry)

/** What one look at a supplier found, handed from pull to intake. */
export const PullResult = z.object({
  /** Whole files, with the hash of their bytes in the file store. */
  stored: z.array(Entry.extend({ sha256: z.string(), promisedSha256: z.string().nullable() })),
  /** Files that are there but still growing, or that could not be fetched this time. */
  unsettled: z.array(Entry),
  /** Error code when the supplier could not be reached or a file could not be fetched; null when all went well. */
  problem: z.string().nullable(),
  /** True when looking again tonight cannot help and could do harm: a refused login, a changed host key, a wrong setting. */
  lasting: z.boolean(),
})
export type PullResult = z.infer<typeof PullResult>

/**
 * Looks at a supplier's folder and fetches what is new and settled. A supplier that cannot be reached is a result, not a
 * failure: the night looks again until its time for files is over.
 */
export async function pullSupplier(ctx: EdgeContext, payload: JobPayloads['pull'], signal: AbortSignal): Promise<StepResult> {
  const { date, supplierId, look, knownSha256 } = payload
  const known = knownSha256 === null ? [] : await getDocument(ctx.files, knownSha256, Entries)
  const result = await lookAtFolder(ctx, supplierId, new Set(known.map(entryKey)), signal)
  const { sha256: resultSha256 } = await putDocument(ctx.files, { ...result, seenAt: toIso(ctx.clock.now()) })
  return {
    outcome: result.problem ?? 'pulled',
    next: [{ job: 'intake', payload: { date, supplierId, look, resultSha256 } }],
    facts: { stored: result.stored.length, unsettled: result.unsettled.length },
    about: result.stored.map(({ sha256, name }) => ({ fileId: fileIdOf({ supplierId, sha256, declared: declaredBy(name) }) })),
  }
}

async function lookAtFolder(
  ctx: EdgeContext,
  supplierId: string,
  known: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<PullResult> {
  const result: PullResult = { stored: [], unsettled: [], problem: null, lasting: false }
  let session: InboxSession | undefined
  try {
    session = await ctx.inbox.open(supplierId)
    const folder = session
    const { settled, unsettled, checksums } = await findSettled(folder, known, ctx.settings.night.settleMs, signal)
    result.unsettled.push(...unsettled)
    await inParallel(ctx.settings.sftp.parallelFiles, settled, async (entry) => {
      try {
        const { sha256 } = await ctx.files.put(folder.fetch(entry))
        result.stored.push({ ...entry, sha256, promisedSha256: await promisedFor(folder, entry, checksums) })
      } catch (error) {
        noteProblem(ctx, supplierId, result, error)
        result.unsettled.push(entry)
      }
    })
  } catch (error) {
    noteProblem(ctx, supplierId, result, error)
    result.lasting = !(error instanceof RetryableError)
  } finally {
    await session?.close().catch(() => undefined)
  }
  result.stored.sort((a, b) => (a.name < b.name ? -1 : 1))
  return result
}

/** What a folder holds that is ready to be fetched. */
interface SettledFiles {
  readonly settled: InboxEntry[]
  readonly unsettled: InboxEntry[]
  /** Checksum files, by the name of the delivery they speak of. */
  readonly checksums: ReadonlyMap<string, InboxEntry>
}

/** Two looks at the folder; a file whose size and time stood still between them is settled, as is one that a side file vouches for. */
async function findSettled(
  session: InboxSession,
  known: ReadonlySet<string>,
  settleMs: number,
  signal: AbortSignal,
): Promise<SettledFiles> {
  const isNew = (entry: InboxEntry) => classifyEntry(entry.name).kind === 'delivery' && !known.has(entryKey(entry))
  const first = await session.list()
  const { vouched, checksums } = readSidecars(first)
  if (first.filter(isNew).every((entry) => vouched.has(entry.name)))
    return { settled: first.filter(isNew), unsettled: [], checksums }
  await pause(settleMs, signal)
  const second = (await session.list()).filter(isNew)
  const before = new Set(first.map(entryKey))
  const isSettled = (entry: InboxEntry) => before.has(entryKey(entry)) || vouched.has(entry.name)
  return { settled: second.filter(isSettled), unsettled: second.filter((entry) => !isSettled(entry)), checksums }
}

function readSidecars(entries: readonly InboxEntry[]): {
  vouched: ReadonlySet<string>
  checksums: ReadonlyMap<string, InboxEntry>
} {
  const vouched = new Set<string>()
  const checksums = new Map<string, InboxEntry>()
  for (const entry of entries) {
    const side = classifyEntry(entry.name)
    if (side.kind === 'checksum') checksums.set(side.of, entry)
    if (side.kind === 'checksum' || side.kind === 'done') vouched.add(side.of)
  }
  return { vouched, checksums }
}

/** The hash that a checksum file promises for a delivery; a checksum file that cannot be read as one promises what no file has. */
async function promisedFor(
  session: InboxSession,
  entry: InboxEntry,
  checksums: ReadonlyMap<string, InboxEntry>,
): Promise<string | null> {
  const side = checksums.get(entry.name)
  if (side === undefined) return null
  const chunks: Buffer[] = []
  for await (const chunk of session.fetch(side)) chunks.push(chunk)
  return parseChecksum(Buffer.concat(chunks).toString('utf8'), entry.name) ?? 'unreadable'
}

function entryKey(entry: InboxEntry): string {
  return JSON.stringify([entry.name, entry.sizeBytes, entry.modifiedAt])
}

function noteProblem(ctx: EdgeContext, supplierId: string, result: PullResult, error: unknown): void {
  if (!(error instanceof SyncError)) throw error
  ctx.log.warn({ supplierId, code: error.code, tried: error.message, hint: error.hint, facts: error.facts }, 'supplier problem')
  result.problem = error.code
}

async function inParallel<T>(width: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items]
  const lane = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane))
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}
