import type { Instant } from '../domain/time.ts'
import type { JobName, StepAbout } from './jobs.ts'

/** One try of a job, once it has ended. Ids and codes only. */
export interface EndedJob {
  readonly job: JobName
  readonly jobId: string
  readonly attempt: number
  readonly startedAt: Instant
  readonly endedAt: Instant
  /** `again`: it failed and is tried again; `failed`: it waits for a person. */
  readonly result: 'done' | 'again' | 'failed'
  /** The step's own word for what it came to, or the code of the error. */
  readonly outcome: string
  readonly about: readonly StepAbout[]
}

/** Is told of every try of every job of this process; may neither fail nor take its time. */
export interface JobWatcher {
  jobEnded(job: EndedJob): void
}
