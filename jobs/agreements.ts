import { z } from 'zod'
import { askAgreements } from '../src/app/ask-agreements.ts'
import { edgeJob } from './define-job.ts'

/** Asks Unilogin which numbers have a data agreement. */
export const agreementsJob = edgeJob({
  name: 'agreements',
  queue: 'confirm',
  payload: z.object({ round: z.string() }),
  attempts: 4,
  backoffMs: 2_000,
  deadlineMs: 120_000,
  run: (ctx, payload, signal) => askAgreements(ctx, payload, signal),
})
