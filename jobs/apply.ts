import { z } from 'zod'
import { applyPlan } from '../src/app/apply-plan.ts'
import { registerJob } from './define-job.ts'

/** Applies a plan to the register. */
export const applyJob = registerJob({
  name: 'apply',
  payload: z.object({ fileId: z.string(), planHash: z.string() }),
  run: (ctx, payload) => applyPlan(ctx, payload),
})
