import type { BilingualText } from '../domain/bilingual-text.ts'
import type { LedgerEntry } from '../domain/ledger.ts'
import { groupBy } from '../domain/lists.ts'
import type { JobFailure } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { whyNotDismiss } from './dismiss-job.ts'
import { resolutionOf } from './open-failure.ts'
import { forecastRequeue } from './requeue-forecast.ts'
import { whyNotRequeue } from './why-not-requeue.ts'

/** A failed job, what was done with it before, and what can be done now. */
export interface FailedJob {
  readonly failure: JobFailure
  readonly history: readonly LedgerEntry[]
  /** What running it again would come to. */
  readonly forecast: BilingualText
  /** Why it may not run again; null when it may. */
  readonly whyNot: BilingualText | null
  /** Why it may not be dismissed; null when it may. */
  readonly whyNotDismiss: BilingualText | null
}

/** Failed jobs of one kind that failed for one reason. */
export interface FailureGroup {
  /** Step and code; names the group. */
  readonly key: string
  readonly job: JobFailure['job']
  readonly code: string
  readonly jobs: readonly FailedJob[]
}

/** Jobs that wait for a person, by cause: the cause that struck last first, and within it the newest job. */
export async function failedJobs(ctx: RegisterContext): Promise<readonly FailureGroup[]> {
  const open = ctx.register.read((tx) => tx.failures.open()).toReversed()
  const jobs: FailedJob[] = []
  for (const failure of open) {
    const whyNot = await whyNotRequeue(ctx, failure)
    const { history, forecast } = ctx.register.read((tx) => ({
      history: tx.ledger.of(failure.jobId),
      forecast: forecastRequeue(tx, failure),
    }))
    jobs.push({ failure, history, forecast, whyNot, whyNotDismiss: whyNotDismiss(ctx, failure, whyNot) })
  }
  return [...groupBy(jobs, ({ failure }) => groupOf(failure))].flatMap(([key, jobs]) => {
    const [first] = jobs
    return first === undefined ? [] : [{ key, job: first.failure.job, code: first.failure.code, jobs }]
  })
}

/** The name of the group that a failure belongs to. */
export function groupOf({ job, code }: Pick<JobFailure, 'job' | 'code'>): string {
  return `${job}.${code}`
}

/** Failed jobs that a person has dealt with, and how, newest first. */
export function resolvedJobs(
  ctx: RegisterContext,
  limit: number,
): readonly { readonly failure: JobFailure; readonly how: 'requeue' | 'dismissal' }[] {
  return ctx.register.read((tx) =>
    tx.failures.resolved(limit).map((failure) => ({ failure, how: resolutionOf(tx, failure.jobId) })),
  )
}
