import { z } from 'zod'
import { pushBatch } from '../src/app/push-batch.ts'
import { edgeJob } from './define-job.ts'

/** Sends a batch of deltas to Unilogin. */
export const pushJob = edgeJob({
  name: 'push',
  queue: 'push',
  payload: z.object({ batchId: z.string(), batchSha256: z.string() }),
  attempts: 5,
  backoffMs: 2_000,
  deadlineMs: 900_000,
  run: (ctx, payload, signal) => pushBatch(ctx, payload, signal),
})
