import type { JobPayloads, StepResult } from '../ports/jobs.ts'
import type { JobFailure } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { getDocument, trusted } from './documents.ts'
import { nextPlans } from './record-validation.ts'

/** Notes a job that used up its attempts, so that the night can end without it and a person finds it. */
export async function recordFailure(ctx: RegisterContext, payload: JobPayloads['record-failure']): Promise<StepResult> {
  const failure = await getDocument(ctx.files, payload.failureSha256, trusted<JobFailure>())
  return ctx.register.write((tx) => {
    tx.failures.put(failure)
    // The next night tries again; until then nobody asks for it anew.
    if (failure.job === 'export')
      tx.upkeep.addRun({ task: 'export', at: ctx.clock.now(), ok: false, facts: { code: failure.code } })
    // A file that cannot be validated no longer keeps its supplier's other files waiting.
    const plans = ctx.settings.suppliers.flatMap(({ id }) => nextPlans(tx, id))
    const nights = tx.nights.openNights().map(({ date }) => ({ job: 'close-night', payload: { date } }) as const)
    return { outcome: failure.code, next: [...plans, ...nights] }
  })
}
