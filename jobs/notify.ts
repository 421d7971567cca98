import { z } from 'zod'
import { sendNotice } from '../src/app/send-notice.ts'
import { edgeJob } from './define-job.ts'

/** Sends one message over one channel. A message that does not get through is tried again by `watch`. */
export const notifyJob = edgeJob({
  name: 'notify',
  queue: 'notify',
  payload: z.object({ noticeId: z.string(), attempt: z.number(), messageSha256: z.string() }),
  attempts: 2,
  backoffMs: 5_000,
  deadlineMs: 120_000,
  run: (ctx, payload, signal) => sendNotice(ctx, payload, signal),
})
