import type { JobPayloads, StepResult } from '../ports/jobs.ts'
import type { EdgeContext } from './context.ts'
import { putDocument } from './documents.ts'

/** Fetches the numbers for which our system has an approved data agreement. */
export async function askAgreements(
  ctx: EdgeContext,
  payload: JobPayloads['agreements'],
  signal: AbortSignal,
): Promise<StepResult> {
  const numbers = await ctx.target.agreements(signal)
  const { sha256: listSha256 } = await putDocument(ctx.files, numbers)
  return {
    outcome: 'listed',
    next: [{ job: 'record-agreements', payload: { round: payload.round, listSha256 } }],
    facts: { numbers: numbers.length },
  }
}
