import { SyncError } from '../domain/errors.ts'
import type { Instant } from '../domain/time.ts'
import type { JobRequest } from '../ports/jobs.ts'
import type { JobFailure } from '../ports/register.ts'
import type { OperatorContext, RegisterContext } from './context.ts'
import { findOpenFailure, refusal } from './open-failure.ts'
import { runStep } from './run-step.ts'
import { whyNotRequeue } from './why-not-requeue.ts'

/**
 * Puts a failed job back in its queue, with who and why in the ledger; its payload stays as it was. The step checks the state
 * it finds, so a repeat of what was done meanwhile does nothing. Of two who ask at once, one is told that the other did it.
 * @throws JOB_NOT_REQUEUABLE also when the job would fail the same way again
 */
export async function requeueJob(ctx: OperatorContext, jobId: string, by: string, reason: string): Promise<JobFailure> {
  if (by.trim() === '' || reason.trim() === '')
    throw refusal('re-queueing', jobId, 'without a name or without a reason', 'give both: --by and --reason')
  const failure = ctx.register.read((tx) => findOpenFailure(tx, 're-queueing', jobId))
  const why = await whyNotRequeue(ctx, failure)
  if (why !== null)
    throw refusal(
      're-queueing',
      jobId,
      `which would fail again. ${why.en}`,
      'see what the message asks for; the job stays in the list meanwhile',
    )
  // Queued before it is noted: if the process dies in between, the job stays in the list, and a repeat does nothing.
  await ctx.queue.requeue({ job: failure.job, payload: JSON.parse(failure.payload) } as JobRequest)
  await noteRequeue(ctx, { jobId, by, reason }, failure.failedAt)
  return failure
}

/** Notes that a person had a failed job run again. @param failedAt When it failed; a failure of another time is a new one and stays. */
export function noteRequeue(
  ctx: RegisterContext,
  said: { readonly jobId: string; readonly by: string; readonly reason: string },
  failedAt?: Instant,
): Promise<void> {
  const { jobId, by, reason } = said
  return runStep(ctx, 'requeue-job', said, async ({ register, clock }) =>
    register.write((tx) => {
      const failure = findOpenFailure(tx, 're-queueing', jobId)
      if (failedAt !== undefined && failure.failedAt !== failedAt) throw refusal('re-queueing', jobId, 'which has failed again')
      const now = clock.now()
      tx.failures.resolve(jobId, by, reason, now)
      tx.ledger.append({ at: now, type: 'requeue', subject: jobId, facts: { by, reason, code: failure.code } })
    }),
  )
}

/** What became of one of several jobs: back in its queue, or not and why. */
export interface Requeued {
  readonly jobId: string
  readonly refusal: SyncError | null
}

/** Re-queues several jobs, one after another; one that cannot be does not keep the others. @throws what is no refusal, such as REDIS_UNREACHABLE */
export async function requeueJobs(
  ctx: OperatorContext,
  jobIds: readonly string[],
  by: string,
  reason: string,
): Promise<readonly Requeued[]> {
  const results: Requeued[] = []
  for (const jobId of jobIds) {
    try {
      await requeueJob(ctx, jobId, by, reason)
      results.push({ jobId, refusal: null })
    } catch (error) {
      if (!(error instanceof SyncError) || error.code !== 'JOB_NOT_REQUEUABLE') throw error
      results.push({ jobId, refusal: error })
    }
  }
  return results
}
