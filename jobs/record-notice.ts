import { z } from 'zod'
import { recordNotice } from '../src/app/record-notice.ts'
import { registerJob } from './define-job.ts'

/** Records whether a message was sent. */
export const recordNoticeJob = registerJob({
  name: 'record-notice',
  payload: z.object({ noticeId: z.string(), attempt: z.number(), problem: z.string().nullable() }),
  run: (ctx, payload) => recordNotice(ctx, payload),
})
