import { z } from 'zod'
import { deliverDrop } from '../src/app/drop-export.ts'
import { edgeJob } from './define-job.ts'

/** Puts the night's exports on the server of the setting `export.sftp`. */
export const exportJob = edgeJob({
  name: 'export',
  queue: 'receipt',
  payload: z.object({ date: z.string(), inputSha256: z.string() }),
  attempts: 6,
  backoffMs: 10_000,
  deadlineMs: 900_000,
  run: (ctx, payload) => deliverDrop(ctx, payload),
})
