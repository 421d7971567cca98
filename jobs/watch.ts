import { z } from 'zod'
import { watchAlerts } from '../src/app/watch-alerts.ts'
import { registerJob } from './define-job.ts'

/** Notes what a person must know of, and asks for the messages. */
export const watchJob = registerJob({
  name: 'watch',
  payload: z.object({ reason: z.string() }),
  run: (ctx) => watchAlerts(ctx),
})
