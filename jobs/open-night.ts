import { z } from 'zod'
import { openNight } from '../src/app/open-night.ts'
import { registerJob } from './define-job.ts'

/** Opens a night, or takes it up again. */
export const openNightJob = registerJob({
  name: 'open-night',
  payload: z.object({
    date: z.string(),
    trigger: z.enum(['schedule', 'catch-up', 'operator']),
    start: z.string(),
    filesUntilAt: z.number().nullable(),
  }),
  run: (ctx, payload) => openNight(ctx, payload),
})
