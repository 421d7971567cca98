import { z } from 'zod'
import { planChanges } from '../src/app/plan-changes.ts'
import { registerJob } from './define-job.ts'

/** Compares a file with the register and guards the changes. */
export const planJob = registerJob({
  name: 'plan',
  payload: z.object({ fileId: z.string() }),
  run: (ctx, payload) => planChanges(ctx, payload),
})
