import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { FatalError, RetryableError, StandstillError } from '../../domain/errors.ts'
import { type JobQueue, type JobRequest, jobIdOf, type QueueName, queueNames } from '../../ports/jobs.ts'

/** A Redis that is away answers nothing: ioredis waits for it to come back. Who only wants to know does not wait. */
const countsDeadlineMs = 2_000

/** How often and how patiently a job is tried, as its definition in jobs/ says. */
export interface JobPolicy {
  readonly queue: QueueName
  readonly attempts: number
  /** Wait before the second try; doubled for each further one, with up to half of it as jitter. */
  readonly backoffMs: number
}

const pendingTypes = ['wait', 'delayed', 'active', 'prioritized'] as const

/**
 * The job queue on BullMQ. Completed jobs are removed at once, since the register is what remembers; failed ones stay
 * until a person re-queues them. A job whose id is there already, in any state, is not added again.
 */
export function createJobQueue(redis: Redis, prefix: string, policyOf: (job: JobRequest['job']) => JobPolicy): JobQueue {
  const queues = new Map(queueNames.map((name) => [name, new Queue(name, { connection: redis, prefix })]))
  const queueOf = (name: QueueName) => queues.get(name) as Queue
  // One register step at a time, however many processes offer to run them: a single writer.
  const limited = queueOf('register').setGlobalConcurrency(1)
  limited.catch(() => undefined)
  const toBull = (request: JobRequest) => {
    const { attempts, backoffMs } = policyOf(request.job)
    return {
      name: request.job,
      data: request.payload,
      opts: {
        jobId: jobIdOf(request),
        attempts,
        backoff: { type: 'exponential', delay: backoffMs, jitter: 0.5 },
        removeOnComplete: true,
        removeOnFail: false,
        ...(request.delayMs === undefined ? {} : { delay: request.delayMs }),
      },
    }
  }

  return {
    add: async (requests) => {
      await limited
      for (const [name, queue] of queues) {
        const own = requests.filter((request) => policyOf(request.job).queue === name)
        if (own.length > 0) await queue.addBulk(own.map(toBull)).catch(refused)
      }
    },
    pendingIds: async () => {
      const lists = await Promise.all([...queues.values()].map((queue) => queue.getRanges([...pendingTypes], 0, -1)))
      return new Set(lists.flat())
    },
    takeBackOrphans: async () => {
      const orphans: string[] = []
      for (const queue of queues.values()) {
        for (const id of await queue.getRanges(['active'], 0, -1)) {
          await redis.del(`${queue.toKey(id)}:lock`)
          const job = await queue.getJob(id)
          if (job === undefined) continue
          await job.remove()
          await queue.add(job.name, job.data, { ...job.opts, delay: 0 })
          orphans.push(id)
        }
      }
      return orphans
    },
    wakeOverslept: async () => {
      for (const queue of queues.values()) {
        for (const job of await queue.getDelayed()) {
          const score = await redis.zscore(queue.toKey('delayed'), job.id ?? '')
          // BullMQ keeps twelve bits of a counter below the time. One that has its turn meanwhile is not asleep any more.
          const dueAt = Number(score ?? 0) / 0x1000
          if (dueAt - job.delay > Date.now()) await job.promote().catch(() => undefined)
        }
      }
    },
    requeue: async (request) => {
      const queue = queueOf(policyOf(request.job).queue)
      const job = await queue.getJob(jobIdOf(request))
      const state = await job?.getState()
      if (job !== undefined && state !== 'failed' && state !== 'unknown') {
        throw new FatalError('JOB_NOT_REQUEUABLE', `re-queueing ${jobIdOf(request)}, which is ${state}`, {
          dataState: 'the job goes on as it is',
          hint: 'wait for it to end; only a failed job can be re-queued',
        })
      }
      await job?.remove()
      const { name, data, opts } = toBull(request)
      await queue.add(name, data, opts)
    },
    clear: async () => {
      await limited
      for (const queue of queues.values()) await queue.obliterate({ force: true })
      // What was forgotten with the rest.
      await queueOf('register').setGlobalConcurrency(1)
    },
    counts: async () => {
      const all = Promise.all([...queues].map(async ([name, queue]) => [name, await queue.getJobCounts()] as const))
      return Object.fromEntries(await withinDeadline(all)) as Awaited<ReturnType<JobQueue['counts']>>
    },
    close: async () => {
      await Promise.all([...queues.values()].map((queue) => queue.close()))
    },
  }
}

/** @throws REDIS_WRITE_FAILED when Redis itself says no; a Redis that is away is waited for */
function refused(cause: unknown): never {
  if (!(cause instanceof Error) || cause.name !== 'ReplyError') throw cause
  throw new StandstillError('REDIS_WRITE_FAILED', `asking for the next jobs: Redis answered ${cause.message}`, {
    dataState: 'the register has what was done; the job is run again until Redis takes what follows, and does nothing twice',
    hint: 'give Redis memory and disk, and see that it is no read-only replica',
    cause,
  })
}

/** @throws REDIS_UNREACHABLE when the deadline passes first */
async function withinDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const passed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(silent()), countsDeadlineMs)
  })
  return Promise.race([work, passed]).finally(() => clearTimeout(timer))
}

function silent(): RetryableError {
  return new RetryableError('REDIS_UNREACHABLE', `counting the jobs: Redis did not answer within ${countsDeadlineMs} ms`, {
    dataState: 'the register is untouched; the queue is rebuilt from it once Redis answers',
    hint: 'see whether Redis runs and has room',
  })
}
