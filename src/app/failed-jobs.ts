import type { BilingualText } from '../domain/bilingual-text.ts'
import type { LedgerEntry } from '../domain/ledger.ts'
import { groupBy } from '../domain/lists.ts'
import type { JobFailure } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { whyNotRequeue } from './why-not-requeue.ts'

/** A failed job, what was done with it before, and why it may not run again; null when it may. */
export interface FailedJob {
  readonly failure: JobFailure
  readonly history: readonly LedgerEntry[]
  readonly whyNot: BilingualText | null
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
    const history = ctx.register.read((tx) => tx.ledger.of(failure.jobId))
    jobs.push({ failure, history, whyNot: await whyNotRequeue(ctx, failure) })
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
