import { setMaxListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { ConfigError, FatalError, StandstillError } from '../../domain/errors.ts'
import type { QueueName } from '../../ports/jobs.ts'
import type { Log } from '../../ports/log.ts'

/** Redis has this long to take running jobs back when the worker gives up. */
const giveBackMs = 2_000
/** Between two tries of a job that the machine keeps from going on; doubled each time. */
const standstillMs = { first: 100, longest: 15_000 }

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
  /** Takes no more jobs and waits for the running ones; after `graceMs` it gives those back, for another worker to run. */
  stop(graceMs: number): Promise<void>
}

/**
 * Runs a queue's jobs, `concurrency` at a time. A job that throws FatalError or ConfigError is not tried again; one that throws
 * StandstillError runs again in its place until it does not; one whose
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
  const givingUp = new AbortController()
  // Two listeners for each running job, one of them while it stands still.
  setMaxListeners(2 * concurrency, givingUp.signal)
  const worker = new Worker(
    queue,
    (job, token) => runOrGiveBack(job, token, runOne(job, run, givingUp.signal), givingUp.signal),
    {
      connection: redis,
      prefix,
      concurrency,
      lockDuration: lockMs,
      stalledInterval: Math.max(1000, lockMs / 2),
      // Jobs are safe to repeat and the register decides what a repeat does, so a lost worker never fails a job by itself.
      maxStalledCount: 1000,
      drainDelay: 2,
    },
  )
  worker.on('error', (error) => log.warn({ queue, error }, 'queue connection problem'))
  worker.on('stalled', (jobId) => log.warn({ queue, jobId }, 'job lost its worker and is run again'))
  return {
    stop: async (graceMs) => {
      // BullMQ's close waits for running jobs and cannot be hastened, so after the grace they are made to end.
      const closed = worker.close()
      if (await endsWithin(graceMs, closed)) return
      givingUp.abort()
      await endsWithin(giveBackMs, closed)
    },
  }
}

/** Waits for a job, or puts it back into the queue with its tries as they were when the worker gives up. */
async function runOrGiveBack(job: Job, token: string | undefined, work: Promise<void>, givingUp: AbortSignal): Promise<void> {
  const ended = await new Promise<boolean>((resolve, reject) => {
    const giveUp = () => resolve(false)
    if (givingUp.aborted) giveUp()
    givingUp.addEventListener('abort', giveUp, { once: true })
    work.then(() => resolve(true), reject).finally(() => givingUp.removeEventListener('abort', giveUp))
  })
  if (ended) return
  await job.moveToWait(token)
  throw new WaitingError()
}

/** True when the promise ends in time. */
async function endsWithin(ms: number, promise: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false)
  })
  return Promise.race([promise.then(() => true), expired]).finally(() => clearTimeout(timer))
}

async function runOne(job: Job, run: (job: RunningJob) => Promise<void>, givingUp: AbortSignal): Promise<void> {
  const attempts = job.opts.attempts ?? 1
  const running: RunningJob = {
    id: job.id ?? '',
    name: job.name,
    payload: job.data,
    attempt: job.attemptsMade + 1,
    lastAttempt: job.attemptsMade + 1 >= attempts,
  }
  try {
    await throughStandstill(() => run(running), givingUp)
  } catch (error) {
    if (error instanceof FatalError || error instanceof ConfigError)
      throw new UnrecoverableError(`${error.code}: ${error.message}`)
    throw error
  }
}

/**
 * Runs until the machine lets it. The job keeps its place meanwhile and is not put back into the queue: what it waits for may be
 * Redis, and the other jobs stand still for the same reason.
 */
async function throughStandstill(run: () => Promise<void>, givingUp: AbortSignal): Promise<void> {
  for (let pauseMs = standstillMs.first; ; pauseMs = Math.min(2 * pauseMs, standstillMs.longest)) {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof StandstillError)) throw error
    }
    await pause(pauseMs, undefined, { signal: givingUp })
  }
}
