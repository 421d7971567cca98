import { z } from 'zod'
import { reconcile } from '../src/app/reconcile.ts'
import { edgeJob } from './define-job.ts'

/** Looks at what Unilogin holds of a share of all numbers. */
export const reconcileJob = edgeJob({
  name: 'reconcile',
  queue: 'confirm',
  payload: z.object({ date: z.string(), numbersSha256: z.string() }),
  attempts: 4,
  backoffMs: 2_000,
  deadlineMs: 900_000,
  run: (ctx, payload, signal) => reconcile(ctx, payload, signal),
})
