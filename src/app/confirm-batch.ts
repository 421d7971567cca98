import { differingFields, type InstitutionRecord } from '../domain/institution-record.ts'
import type { JobPayloads, StepResult } from '../ports/jobs.ts'
import type { ExpectedRecord } from './claim-deliveries.ts'
import type { EdgeContext } from './context.ts'
import { getDocument, putDocument, trusted } from './documents.ts'

/** How one number at the target compares with what it should hold. */
export interface ReadBackResult {
  readonly nummer: string
  readonly verdict: 'equal' | 'missing' | 'still there' | 'different'
  /** Names of the fields that differ; never their values. */
  readonly fields: readonly string[]
  /** What the target held, kept for the proof; null when it does not know the number. */
  readonly seen: InstitutionRecord | null
}

/** Reads a batch of numbers back from the target and compares them with what was sent. */
export async function confirmBatch(ctx: EdgeContext, payload: JobPayloads['confirm'], signal: AbortSignal): Promise<StepResult> {
  const expected = await getDocument(ctx.files, payload.batchSha256, trusted<readonly ExpectedRecord[]>())
  const held = await ctx.target.readBack(
    expected.map((item) => item.nummer),
    signal,
  )
  const results = expected.map((item) => compareReadBack(item, held.get(item.nummer) ?? null))
  const { sha256: resultSha256 } = await putDocument(ctx.files, results)
  return {
    outcome: 'read back',
    next: [{ job: 'record-confirmation', payload: { batchId: payload.batchId, resultSha256 } }],
    facts: { numbers: results.length, different: results.filter((result) => result.verdict !== 'equal').length },
  }
}

/** Holds what the target has for a number against what it should have. */
export function compareReadBack({ nummer, record }: ExpectedRecord, seen: InstitutionRecord | null): ReadBackResult {
  if (record === null) return { nummer, verdict: seen === null ? 'equal' : 'still there', fields: [], seen }
  if (seen === null) return { nummer, verdict: 'missing', fields: [], seen }
  const fields = differingFields(record, seen)
  return { nummer, verdict: fields.length === 0 ? 'equal' : 'different', fields, seen }
}
