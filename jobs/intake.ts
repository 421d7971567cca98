import { z } from 'zod'
import { intakeFiles } from '../src/app/intake-files.ts'
import { registerJob } from './define-job.ts'

/** Takes in what a look at a supplier found. */
export const intakeJob = registerJob({
  name: 'intake',
  payload: z.object({ date: z.string(), supplierId: z.string(), look: z.number().int(), resultSha256: z.string() }),
  run: (ctx, payload) => intakeFiles(ctx, payload),
})
