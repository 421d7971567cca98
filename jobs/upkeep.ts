import { z } from 'zod'
import { doUpkeep } from '../src/app/upkeep.ts'
import { registerJob } from './define-job.ts'

/** Keeps the register and its files sound once a night is closed: a check, a backup, what is past its days. */
export const upkeepJob = registerJob({
  name: 'upkeep',
  payload: z.object({ date: z.string(), task: z.enum(['check', 'backup', 'retention', 'export']) }),
  attempts: 3,
  backoffMs: 5_000,
  // The first backup of a large store takes all of it.
  deadlineMs: 3_600_000,
  run: (ctx, payload, signal) => doUpkeep(ctx, payload, signal),
})
