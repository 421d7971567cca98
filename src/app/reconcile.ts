import type { InstitutionRecord } from '../domain/institution-record.ts'
import type { UniloginRow } from '../domain/match-units.ts'
import type { BusinessDate, Instant } from '../domain/time.ts'
import type { JobPayloads, JobRequest, StepResult } from '../ports/jobs.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { EdgeContext, RegisterContext } from './context.ts'
import { getDocument, putDocument, trusted } from './documents.ts'
import { readUniloginList } from './read-unilogin-list.ts'

/** What Unilogin holds, as it was seen: of the numbers asked about, or of all there are. */
export type SeenAtUnilogin = { readonly asOfAt: Instant } & (
  | { readonly source: 'opslag'; readonly held: readonly (readonly [nummer: string, record: InstitutionRecord | null])[] }
  | { readonly source: 'liste'; readonly rows: readonly UniloginRow[] }
)

/**
 * Whether the night should still look at what Unilogin holds: once a night, when everything else of it is done; not while the
 * target is down, nor when it could not be read.
 */
export function isReconcileDue({ settings }: RegisterContext, tx: RegisterTx, date: BusinessDate): boolean {
  if (settings.drift.source === 'ingen' || tx.outages.found() !== null || tx.drift.lastRun()?.date === date) return false
  return !tx.failures.open().some(({ jobId }) => jobId === `reconcile.${date}` || jobId === `record-drift.${date}`)
}

/** The look of a night, with the numbers to look up: a share of all, so that each has its turn within the nights of the setting. */
export async function requestReconcile(ctx: RegisterContext, date: BusinessDate): Promise<JobRequest> {
  const { source, nights } = ctx.settings.drift
  const numbers = ctx.register.read((tx) =>
    source === 'liste' ? [] : tx.drift.due(Math.ceil(tx.drift.coverage(0).numbers / nights)),
  )
  return { job: 'reconcile', payload: { date, numbersSha256: (await putDocument(ctx.files, numbers)).sha256 } }
}

/** Reads back what Unilogin holds of these numbers, or the list that somebody has got of all. @throws as the target's `readBack`; CONFIG_FILE_UNREADABLE, UNILOGIN_LIST_UNREADABLE */
export async function reconcile(ctx: EdgeContext, payload: JobPayloads['reconcile'], signal: AbortSignal): Promise<StepResult> {
  const { date, numbersSha256 } = payload
  const seen = ctx.settings.drift.source === 'liste' ? await readList(ctx) : await lookUp(ctx, numbersSha256, signal)
  const { sha256: seenSha256 } = await putDocument(ctx.files, seen)
  return {
    outcome: 'looked',
    next: [{ job: 'record-drift', payload: { date, numbersSha256, seenSha256 } }],
    facts: { institutions: seen.source === 'liste' ? seen.rows.length : seen.held.length },
  }
}

async function readList(ctx: EdgeContext): Promise<SeenAtUnilogin> {
  const { content, at } = await ctx.openUniloginList()
  return { source: 'liste', asOfAt: at, rows: await readUniloginList(content) }
}

async function lookUp(ctx: EdgeContext, numbersSha256: string, signal: AbortSignal): Promise<SeenAtUnilogin> {
  const numbers = await getDocument(ctx.files, numbersSha256, trusted<readonly string[]>())
  const asOfAt = ctx.clock.now()
  const held = await ctx.target.readBack(numbers, signal)
  return { source: 'opslag', asOfAt, held: numbers.map((nummer) => [nummer, held.get(nummer) ?? null]) }
}
