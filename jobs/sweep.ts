import { z } from 'zod'
import { sweep } from '../src/app/sweep.ts'
import { registerJob } from './define-job.ts'

/** Rebuilds the queue from the register. */
export const sweepJob = registerJob({
  name: 'sweep',
  payload: z.object({ reason: z.string() }),
  run: (ctx) => sweep(ctx, ctx.queue),
})
