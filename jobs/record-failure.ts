import { z } from 'zod'
import { recordFailure } from '../src/app/record-failure.ts'
import { registerJob } from './define-job.ts'

/** Notes a job that used up its attempts. */
export const recordFailureJob = registerJob({
  name: 'record-failure',
  payload: z.object({ failureSha256: z.string() }),
  run: (ctx, payload) => recordFailure(ctx, payload),
})
