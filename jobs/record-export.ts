import { z } from 'zod'
import { recordDrop } from '../src/app/drop-export.ts'
import { registerJob } from './define-job.ts'

/** Records that the night's exports stand on their server. */
export const recordExportJob = registerJob({
  name: 'record-export',
  payload: z.object({ date: z.string(), inputSha256: z.string() }),
  run: (ctx, payload) => recordDrop(ctx, payload),
})
