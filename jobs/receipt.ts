import { z } from 'zod'
import { deliverReceipt } from '../src/app/deliver-receipt.ts'
import { edgeJob } from './define-job.ts'

/** Puts a receipt on the supplier's server. */
export const receiptJob = edgeJob({
  name: 'receipt',
  queue: 'receipt',
  payload: z.object({ receiptId: z.string(), inputSha256: z.string() }),
  attempts: 6,
  backoffMs: 2_000,
  deadlineMs: 300_000,
  run: (ctx, payload) => deliverReceipt(ctx, payload),
})
