import { z } from 'zod'
import { dispatchDeliveries } from '../src/app/dispatch-deliveries.ts'
import { registerJob } from './define-job.ts'

/** Claims what may be sent or read back now. */
export const dispatchJob = registerJob({
  name: 'dispatch',
  payload: z.object({ wave: z.string() }),
  run: (ctx) => dispatchDeliveries(ctx),
})
