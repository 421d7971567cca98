import { z } from 'zod'
import { recordAgreements } from '../src/app/record-agreements.ts'
import { registerJob } from './define-job.ts'

/** Notes which numbers have a data agreement. */
export const recordAgreementsJob = registerJob({
  name: 'record-agreements',
  payload: z.object({ round: z.string(), listSha256: z.string() }),
  run: (ctx, payload) => recordAgreements(ctx, payload),
})
