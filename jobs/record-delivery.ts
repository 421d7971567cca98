import { z } from 'zod'
import { recordDelivery } from '../src/app/record-delivery.ts'
import { registerJob } from './define-job.ts'

/** Records what Unilogin answered. */
export const recordDeliveryJob = registerJob({
  name: 'record-delivery',
  payload: z.object({ batchId: z.string(), exchangesSha256: z.string() }),
  run: (ctx, payload) => recordDelivery(ctx, payload),
})
