import { z } from 'zod'
import { prepareReceipt } from '../src/app/prepare-receipt.ts'
import { registerJob } from './define-job.ts'

/** Writes a receipt from what the register holds. */
export const prepareReceiptJob = registerJob({
  name: 'prepare-receipt',
  payload: z.object({ fileId: z.string(), type: z.enum(['received', 'delivered']) }),
  run: (ctx, payload) => prepareReceipt(ctx, payload),
})
