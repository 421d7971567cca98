import { type Job, UnrecoverableError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { ConfigError, FatalError } from '../../domain/errors.ts'
import type { QueueName } from '../../ports/jobs.ts'
import type { Log } from '../../ports/log.ts'

/** A job as the worker gets it. */
export interface RunningJob {
  readonly id: string
  readonly name: string
  readonly payload: unknown
  /** 1 on the first try. */
  readonly attempt: number
  readonly lastAttempt: boolean
}

export interface QueueWorker {
  /** Takes no more jobs and waits for the running ones; after `graceMs` it stops waiting for them. */
  stop(graceMs: number): Promise<void>
}

/**
 * Runs a queue's jobs, `concurrency` at a time. A job that throws FatalError or ConfigError is not tried again; one whose
 * worker dies is given to another once its lock has run out, so every job must be safe to repeat.
 */
export function startQueueWorker(options: {
  readonly redis: Redis
  readonly prefix: string
  readonly queue: QueueName
  readonly concurrency: number
  /** A job whose lock is not renewed this long counts as lost and is run again. */
  readonly lockMs: number
  readonly log: Log
  readonly run: (job: RunningJob) => Promise<void>
}): QueueWorker {
  const { redis, prefix, queue, concurrency, lockMs, log, run } = options
  const worker = new Worker(queue, (job) => runOne(job, run), {
    connection: redis,
    prefix,
    concurrency,
    lockDuration: lockMs,
    stalledInterval: Math.max(1000, lockMs / 2),
    // Jobs are safe to repeat and the register decides what a repeat does, so a lost worker never fails a job by itself.
    maxStalledCount: 1000,
    drainDelay: 2,
  })
  worker.on('error', (error) => log.warn({ queue, error }, 'queue connection problem'))
  worker.on('stalled', (jobId) => log.warn({ queue, jobId }, 'job lost its worker and is run again'))
  return {
    stop: async (graceMs) => {
      // BullMQ's close cannot be hastened once it waits for running jobs; its pause waits for them just as well.
      const ended = worker.pause().then(
        () => true,
        () => false,
      )
      await worker.close(!(await within(graceMs, ended)))
    },
  }
}

/** What the promise came to, or false when it takes longer. */
function within(ms: number, promise: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false)
  })
  return Promise.race([promise, expired]).finally(() => clearTimeout(timer))
}

async function runOne(job: Job, run: (job: RunningJob) => Promise<void>): Promise<void> {
  const attempts = job.opts.attempts ?? 1
  try {
    await run({
      id: job.id ?? '',
      name: job.name,
      payload: job.data,
      attempt: job.attemptsMade + 1,
      lastAttempt: job.attemptsMade + 1 >= attempts,
    })
  } catch (error) {
    if (error instanceof FatalError || error instanceof ConfigError)
      throw new UnrecoverableError(`${error.code}: ${error.message}`)
    throw error
  }
}
