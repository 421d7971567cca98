import { z } from 'zod'
import { recordDrift } from '../src/app/record-drift.ts'
import { registerJob } from './define-job.ts'

/** Notes where Unilogin differs from the register. */
export const recordDriftJob = registerJob({
  name: 'record-drift',
  payload: z.object({ date: z.string(), numbersSha256: z.string(), seenSha256: z.string() }),
  run: (ctx, payload) => recordDrift(ctx, payload),
})
