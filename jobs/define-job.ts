import type { z } from 'zod'
import type { EdgeContext, RegisterContext } from '../src/app/context.ts'
import type { Backups } from '../src/ports/backups.ts'
import type { JobName, JobPayloads, JobQueue, QueueName, StepResult } from '../src/ports/jobs.ts'

/** A register job may look at the queue (the sweep does) but never adds to it: what follows is in its result. */
export type RegisterJobContext = RegisterContext & {
  readonly queue: Pick<JobQueue, 'pendingIds'>
  readonly backups: Backups
}

interface CommonDefinition<N extends JobName> {
  readonly name: N
  readonly payload: z.ZodType<JobPayloads[N]>
  /** Tries in all; the job fails when they are used up. */
  readonly attempts: number
  /** Wait before the second try; doubled for each further one. */
  readonly backoffMs: number
  /** The step is told to stop after this long. */
  readonly deadlineMs: number
}

/** A job that reads and writes the register. */
export interface RegisterJob<N extends JobName> extends CommonDefinition<N> {
  readonly queue: 'register'
  readonly run: (ctx: RegisterJobContext, payload: JobPayloads[N], signal: AbortSignal) => Promise<StepResult>
}

/** A job that reads its input by hash and hands its result over by hash; it has no register. */
export interface EdgeJob<N extends JobName> extends CommonDefinition<N> {
  readonly queue: Exclude<QueueName, 'register'>
  readonly run: (ctx: EdgeContext, payload: JobPayloads[N], signal: AbortSignal) => Promise<StepResult>
}

/** Checks a register job's definition against its payload; deadlines and tries are the same for all of them unless said otherwise. */
export function registerJob<N extends JobName>(
  definition: Omit<RegisterJob<N>, 'queue' | 'attempts' | 'backoffMs' | 'deadlineMs'> & Partial<RegisterJob<N>>,
): RegisterJob<N> {
  return { attempts: 5, backoffMs: 500, deadlineMs: 120_000, ...definition, queue: 'register' }
}

/** Checks an edge job's definition against its payload. */
export function edgeJob<N extends JobName>(definition: EdgeJob<N>): EdgeJob<N> {
  return definition
}
