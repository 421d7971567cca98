import { z } from 'zod'
import { recordValidation } from '../src/app/record-validation.ts'
import { registerJob } from './define-job.ts'

/** Records what validation found in a file. */
export const recordValidationJob = registerJob({
  name: 'record-validation',
  payload: z.object({ fileId: z.string(), resultSha256: z.string() }),
  run: (ctx, payload) => recordValidation(ctx, payload),
})
