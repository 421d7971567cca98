import { z } from 'zod'
import { closeNight } from '../src/app/close-night.ts'
import { registerJob } from './define-job.ts'

/** Closes a night that has come to its end. */
export const closeNightJob = registerJob({
  name: 'close-night',
  payload: z.object({ date: z.string() }),
  run: (ctx, payload) => closeNight(ctx, payload),
})
