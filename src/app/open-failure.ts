import { FatalError } from '../domain/errors.ts'
import type { JobFailure, RegisterTx } from '../ports/register.ts'

/** What a person can do about a failed job. */
export type Deed = 're-queueing' | 'dismissing'

const codes = { 're-queueing': 'JOB_NOT_REQUEUABLE', dismissing: 'JOB_NOT_DISMISSABLE' } as const

/** A failed job that waits for a person. @throws JOB_NOT_REQUEUABLE, JOB_NOT_DISMISSABLE when it does not, or does no longer */
export function findOpenFailure(tx: RegisterTx, deed: Deed, jobId: string): JobFailure {
  const failure = tx.failures.find(jobId)
  if (failure === null) throw refusal(deed, jobId, 'which is not a failed job')
  if (failure.resolvedAt === null) return failure
  const done = resolutionOf(tx, jobId) === 'dismissal' ? 'dismissed' : 're-queued'
  throw refusal(deed, jobId, `which was ${done} by ${failure.resolvedBy}`)
}

/** What was last done about a failed job. */
export function resolutionOf(tx: RegisterTx, jobId: string): 'requeue' | 'dismissal' {
  const last = tx.ledger.of(jobId).findLast(({ type }) => type === 'requeue' || type === 'dismissal')
  return last?.type === 'dismissal' ? 'dismissal' : 'requeue'
}

/** Why something is not done about a failed job. */
export function refusal(
  deed: Deed,
  jobId: string,
  seen: string,
  hint = 'see `dagtilbud jobs list` for the jobs that wait for a person',
): FatalError {
  return new FatalError(codes[deed], `${deed} ${jobId}, ${seen}`, { dataState: 'nothing was changed', hint })
}
