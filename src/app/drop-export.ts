import { z } from 'zod'
import { exportServerId } from '../../config/settings.ts'
import type { BusinessDate } from '../domain/time.ts'
import { unitKinds } from '../domain/unit.ts'
import type { JobPayloads, StepResult } from '../ports/jobs.ts'
import type { EdgeContext, RegisterContext } from './context.ts'
import { getDocument, putDocument } from './documents.ts'
import { openExport, registerId } from './export-register.ts'
import type { ExportRequest } from './export-request.ts'

/** What is put there each night: the four CSV files of the public layout, and everything as JSON. */
const requests: readonly ExportRequest[] = [
  ...[null, ...unitKinds].map((niveau) => ({ format: 'csv' as const, niveau })),
  { format: 'json' as const, niveau: null },
].map((what) => ({ ...what, kommune: null, gaelder: null, kendt: null }))

/** The list of the files, put there last: who finds it finds them all, of one moment. */
const listName = 'dagtilbud-eksport.json'

const DroppedFile = z.object({ navn: z.string(), sha256: z.string(), bytes: z.number(), enheder: z.number() })
/** The list as it stands on the server, and as the later steps read it. */
const Drop = z.object({
  format: z.literal('dagtilbud-eksportliste-1'),
  nat: z.string(),
  register: z.string(),
  naeste: z.string(),
  filer: z.array(DroppedFile),
})
type Drop = z.infer<typeof Drop>

/** Writes the register's exports into the file store, all of one moment. A register step; it changes nothing. */
export async function prepareDrop(ctx: RegisterContext, date: BusinessDate): Promise<StepResult> {
  const snapshot = ctx.register.snapshot()
  try {
    const filer: z.infer<typeof DroppedFile>[] = []
    let naeste = '0'
    for (const request of requests) {
      const opened = openExport(ctx, request, snapshot)
      const { sha256, sizeBytes } = await ctx.files.put(bytesOf(opened.chunks))
      filer.push({ navn: opened.fileName, sha256, bytes: sizeBytes, enheder: opened.units() })
      naeste = opened.cursor
    }
    const register = registerId(snapshot.ledger)
    const drop: Drop = { format: 'dagtilbud-eksportliste-1', nat: date, register, naeste, filer }
    const { sha256: inputSha256 } = await putDocument(ctx.files, drop)
    return { outcome: 'prepared', next: [{ job: 'export', payload: { date, inputSha256 } }], facts: { files: filer.length } }
  } finally {
    snapshot.close()
  }
}

/** Puts the files on the server, each under a temporary name and then renamed, the list last. An edge step; safe to repeat. */
export async function deliverDrop(ctx: EdgeContext, payload: JobPayloads['export']): Promise<StepResult> {
  const { filer } = await getDocument(ctx.files, payload.inputSha256, Drop)
  const session = await ctx.inbox.open(exportServerId)
  try {
    for (const { navn, sha256 } of filer) await session.deliver(navn, await ctx.files.get(sha256))
    await session.deliver(listName, await ctx.files.get(payload.inputSha256))
  } finally {
    await session.close().catch(() => undefined)
  }
  return { outcome: 'delivered', next: [{ job: 'record-export', payload }], facts: { files: filer.length } }
}

/** Notes that the files stand there. What failed in earlier nights needs nobody any more. */
export async function recordDrop(ctx: RegisterContext, { date, inputSha256 }: JobPayloads['record-export']): Promise<StepResult> {
  const { filer, naeste } = await getDocument(ctx.files, inputSha256, Drop)
  return ctx.register.write((tx) => {
    const at = ctx.clock.now()
    const sizeBytes = filer.reduce((sum, { bytes }) => sum + bytes, 0)
    tx.upkeep.addRun({ task: 'export', at, ok: true, facts: { date, files: filer.length, sizeBytes, naeste } })
    tx.ledger.append({ at, type: 'upkeep', subject: 'export', facts: { date, list: inputSha256 } })
    for (const { job, jobId } of tx.failures.open())
      if (job === 'export') tx.failures.resolve(jobId, 'dagtilbud', `en senere eksport nåede frem (${date})`, at)
    return { outcome: 'recorded', next: [] }
  })
}

async function* bytesOf(chunks: Iterable<string>): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk)
}
