import { z } from 'zod'
import { validateFile } from '../src/app/validate-file.ts'
import { edgeJob } from './define-job.ts'

/** Checks a file by all rules. */
export const validateJob = edgeJob({
  name: 'validate',
  queue: 'validate',
  payload: z.object({ fileId: z.string(), inputSha256: z.string() }),
  attempts: 3,
  backoffMs: 1_000,
  deadlineMs: 1_800_000,
  run: (ctx, payload, signal) => validateFile(ctx, payload, signal),
})
