import { z } from 'zod'
import { recordConfirmation } from '../src/app/record-confirmation.ts'
import { registerJob } from './define-job.ts'

/** Records what was read back. */
export const recordConfirmationJob = registerJob({
  name: 'record-confirmation',
  payload: z.object({ batchId: z.string(), resultSha256: z.string() }),
  run: (ctx, payload) => recordConfirmation(ctx, payload),
})
