import { z } from 'zod'
import { pullSupplier } from '../src/app/pull-supplier.ts'
import { edgeJob } from './define-job.ts'

/** Looks at a supplier's folder and fetches what is new. */
export const pullJob = edgeJob({
  name: 'pull',
  queue: 'pull',
  payload: z.object({ date: z.string(), supplierId: z.string(), look: z.number().int(), knownSha256: z.string().nullable() }),
  attempts: 3,
  backoffMs: 2_000,
  deadlineMs: 1_800_000,
  run: (ctx, payload, signal) => pullSupplier(ctx, payload, signal),
})
