import { FatalError } from '../domain/errors.ts'
import type { JobRequest } from '../ports/jobs.ts'
import type { JobFailure } from '../ports/register.ts'
import type { OperatorContext } from './context.ts'
import { runStep } from './run-step.ts'

/**
 * Puts a failed job back in its queue, with who and why in the ledger. The step checks the state it finds, so a repeat of
 * what was done meanwhile does nothing.
 * @throws JOB_NOT_REQUEUABLE
 */
export async function requeueJob(ctx: OperatorContext, jobId: string, by: string, reason: string): Promise<JobFailure> {
  const failure = ctx.register.read((tx) => tx.failures.find(jobId))
  if (failure === null || failure.resolvedAt !== null) {
    const seen = failure === null ? 'which is not a failed job' : `which was re-queued by ${failure.resolvedBy}`
    throw new FatalError('JOB_NOT_REQUEUABLE', `re-queueing ${jobId}, ${seen}`, {
      dataState: 'nothing was changed',
      hint: 'see `dagtilbud jobs list` for the jobs that wait for a person',
    })
  }
  const request = { job: failure.job, payload: JSON.parse(failure.payload) } as JobRequest
  await ctx.queue.requeue(request)
  await runStep(ctx, 'requeue-job', { jobId, by, reason }, async ({ register, clock }) =>
    register.write((tx) => {
      const now = clock.now()
      tx.failures.resolve(jobId, by, reason, now)
      tx.ledger.append({ at: now, type: 'requeue', subject: jobId, facts: { by, reason, code: failure.code } })
    }),
  )
  return failure
}
