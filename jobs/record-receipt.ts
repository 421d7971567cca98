import { z } from 'zod'
import { recordReceipt } from '../src/app/record-receipt.ts'
import { registerJob } from './define-job.ts'

/** Records that a receipt stands at the supplier's. */
export const recordReceiptJob = registerJob({
  name: 'record-receipt',
  payload: z.object({ receiptId: z.string(), inputSha256: z.string() }),
  run: (ctx, payload) => recordReceipt(ctx, payload),
})
