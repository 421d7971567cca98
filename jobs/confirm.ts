import { z } from 'zod'
import { confirmBatch } from '../src/app/confirm-batch.ts'
import { edgeJob } from './define-job.ts'

/** Reads a batch of numbers back from Unilogin. */
export const confirmJob = edgeJob({
  name: 'confirm',
  queue: 'confirm',
  payload: z.object({ batchId: z.string(), batchSha256: z.string() }),
  attempts: 6,
  backoffMs: 2_000,
  deadlineMs: 300_000,
  run: (ctx, payload, signal) => confirmBatch(ctx, payload, signal),
})
