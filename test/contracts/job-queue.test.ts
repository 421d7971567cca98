import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createJobQueue, type JobPolicy } from '../../src/adapters/bullmq/create-job-queue.ts'
import { type QueueWorker, type RunningJob, startQueueWorker } from '../../src/adapters/bullmq/start-queue-worker.ts'
import { type ProvidedRedis, provideRedis } from '../../src/adapters/redis/provide-redis.ts'
import { ConfigError, FatalError, RetryableError, StandstillError } from '../../src/domain/errors.ts'
import type { JobQueue, JobRequest, QueueName } from '../../src/ports/jobs.ts'
import { silentLog } from '../kit/builders.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'dagtilbud-test-'))
let redis: ProvidedRedis
beforeAll(async () => {
  redis = await provideRedis({ url: undefined, dataDir })
})
afterAll(async () => {
  await redis.close()
  rmSync(dataDir, { recursive: true })
})

const details = { dataState: 'd', hint: 'h' }
let prefixes = 0

interface TestQueue {
  readonly queue: JobQueue
  /** The register's queue as BullMQ sees it. */
  readonly raw: Queue
  work(
    run: (job: RunningJob) => Promise<void>,
    options?: Partial<{ lockMs: number; concurrency: number; connection: Redis; queue: QueueName }>,
  ): QueueWorker
}

/** A queue of the test's own; everything is closed when the test has ended. */
function aQueue(policy: Partial<JobPolicy> = {}): TestQueue {
  prefixes += 1
  const prefix = `test-${prefixes}`
  const queue = createJobQueue(redis.connect(), prefix, (job) => ({
    queue: job === 'pull' ? 'pull' : 'register',
    attempts: 3,
    backoffMs: 1,
    ...policy,
  }))
  const raw = new Queue('register', { connection: redis.connect(), prefix })
  onTestFinished(async () => {
    await queue.close()
    await raw.close()
  })
  const work: TestQueue['work'] = (run, { connection = redis.connect(), ...options } = {}) => {
    const name: QueueName = 'register'
    const base = { redis: connection, prefix, queue: name, concurrency: 1, lockMs: 30_000, log: silentLog }
    const worker = startQueueWorker({ ...base, ...options, run })
    onTestFinished(() => worker.stop(0))
    return worker
  }
  return { queue, raw, work }
}

const plan = (fileId: string, delayMs?: number): JobRequest =>
  delayMs === undefined ? { job: 'plan', payload: { fileId } } : { job: 'plan', payload: { fileId }, delayMs }

/** Something that has not happened yet, and the means to make it happen. */
function aPromise(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

/** A connection that can be cut with those a worker has made from it, as when its process dies. */
function aConnection(): { readonly connection: Redis; readonly cut: () => void } {
  const connection = redis.connect()
  const all = [connection]
  const duplicate = connection.duplicate.bind(connection)
  connection.duplicate = (options) => {
    const other = duplicate(options)
    all.push(other)
    return other
  }
  return { connection, cut: () => all.forEach((each) => void each.disconnect()) }
}

const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 5 })

describe('a job', () => {
  it('is added once, however often it is asked for, in one call or in several', async () => {
    const { queue } = aQueue()

    await queue.add([plan('f-1'), plan('f-1'), plan('f-2')])
    await queue.add([plan('f-1')])

    expect((await queue.counts()).register).toMatchObject({ waiting: 2 })
  })

  it('goes to the queue of its definition', async () => {
    const { queue } = aQueue({})
    const look = { date: '2026-11-24', supplierId: 's', look: 1, knownSha256: null }

    await queue.add([{ job: 'pull', payload: look }, plan('f-1')])

    const counts = await queue.counts()
    expect([counts.pull['waiting'], counts.register['waiting'], counts.push['waiting']]).toEqual([1, 1, 0])
  })

  it('is run with its payload, and leaves nothing behind', async () => {
    const { queue, raw, work } = aQueue()
    const seen: RunningJob[] = []
    work(async (job) => void seen.push(job))

    await queue.add([plan('f-1')])

    await until(async () => expect(await raw.getJobCounts()).toMatchObject({ waiting: 0, active: 0, completed: 0, failed: 0 }))
    await until(() => expect(seen).toHaveLength(1))
    expect(seen).toEqual([{ id: 'plan.f-1', name: 'plan', payload: { fileId: 'f-1' }, attempt: 1, lastAttempt: false }])
  })

  it('may be asked for again once it is done', async () => {
    const { queue, work } = aQueue()
    let runs = 0
    work(async () => {
      runs += 1
    })
    for (const expected of [1, 2]) {
      await until(async () => {
        await queue.add([plan('f-1')])
        expect(runs).toBeGreaterThanOrEqual(expected)
      })
    }
  })

  it('waits for its time when it is delayed', async () => {
    const { queue, raw, work } = aQueue()
    const seen: string[] = []
    work(async (job) => void seen.push(job.id))

    await queue.add([plan('later', 3_600_000), plan('now')])

    await until(() => expect(seen).toEqual(['plan.now']))
    expect((await raw.getDelayed()).map((job) => [job.id, job.delay])).toEqual([['plan.later', 3_600_000]])
  })

  it('is pending while it waits, is delayed or runs, and not when it has failed', async () => {
    const { queue, work } = aQueue({ attempts: 1 })
    const hold = aPromise()
    work(async (job) => {
      if (job.id === 'plan.fails') throw new Error('no')
      await hold.promise
    })
    await queue.add([plan('fails')])
    await until(async () => expect((await queue.counts()).register['failed']).toBe(1))

    await queue.add([plan('runs')])
    await until(async () => expect((await queue.counts()).register['active']).toBe(1))
    await queue.add([plan('waits'), plan('delayed', 3_600_000)])
    await queue.add([{ job: 'pull', payload: { date: '2026-11-24', supplierId: 's', look: 1, knownSha256: null } }])

    expect([...(await queue.pendingIds())].sort()).toEqual(['plan.delayed', 'plan.runs', 'plan.waits', 'pull.2026-11-24.s.1'])
    hold.resolve()
  })
})

describe('a queue that is cleared', () => {
  it('has forgotten every job, and still runs one of the register at a time', async () => {
    const { queue, raw } = aQueue()
    await queue.add([plan('f-1'), plan('f-2', 3_600_000)])

    await queue.clear()

    expect(await queue.pendingIds()).toEqual(new Set())
    expect(await raw.getGlobalConcurrency()).toBe(1)
    await queue.add([plan('f-1')])
    expect(await queue.pendingIds()).toEqual(new Set(['plan.f-1']))
  })
})

describe('a job that fails', () => {
  it.each([
    ['cannot be helped', () => new FatalError('JOB_PAYLOAD_INVALID', 'm', details)],
    ['waits for a setting', () => new ConfigError('CONFIG_SETTING_INVALID', 'm', details)],
  ])('and %s is not tried again', async (_case, error) => {
    const { queue, raw, work } = aQueue()
    let runs = 0
    work(async () => {
      runs += 1
      throw error()
    })

    await queue.add([plan('f-1')])

    await until(async () =>
      expect((await queue.counts()).register).toMatchObject({ failed: 1, delayed: 0, waiting: 0, active: 0 }),
    )
    expect(runs).toBe(1)
    expect((await raw.getFailed())[0]?.failedReason).toContain(error().code)
  })

  it.each([
    ['a fault that may heal', () => new RetryableError('REDIS_UNREACHABLE', 'm', details)],
    ['a fault that nobody foresaw', () => new TypeError('undefined is not a function')],
  ])('by %s is tried as often as its definition says, and knows its last try', async (_case, error) => {
    const { queue, work } = aQueue()
    const tries: [number, boolean][] = []
    work(async ({ attempt, lastAttempt }) => {
      tries.push([attempt, lastAttempt])
      throw error()
    })

    await queue.add([plan('f-1')])

    await until(async () => expect((await queue.counts()).register['failed']).toBe(1))
    expect(tries).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ])
  })

  it('is run again in its place, and uses up no try, while the machine does not let it go on', async () => {
    const { queue, work } = aQueue({ attempts: 1 })
    const runs: RunningJob[] = []
    work(async (job) => {
      runs.push(job)
      if (runs.length < 3) throw new StandstillError('STORE_WRITE_FAILED', 'the disk is full', details)
    })

    await queue.add([plan('f-1')])

    await until(() => expect(runs.map(({ attempt }) => attempt)).toEqual([1, 1, 1]))
    await until(async () => expect((await queue.counts()).register).toMatchObject({ waiting: 0, active: 0, failed: 0 }))
  })

  it('waits before the next try, and longer each time', async () => {
    const { queue, raw, work } = aQueue({ backoffMs: 100_000, attempts: 4 })
    work(async () => {
      throw new Error('no')
    })
    await queue.add([plan('f-1')])
    const delays: number[] = []
    for (const tries of [1, 2, 3]) {
      await until(async () => {
        const [job] = await raw.getDelayed()
        expect(job?.attemptsMade).toBe(tries)
        delays[tries - 1] = job?.delay ?? 0
      })
      await (await raw.getDelayed())[0]?.promote()
    }

    for (const [i, delay] of delays.entries()) {
      expect(delay).toBeGreaterThanOrEqual(50_000 * 2 ** i)
      expect(delay).toBeLessThanOrEqual(100_000 * 2 ** i)
    }
  })

  it('stays until a person puts it back, and then starts with all its tries', async () => {
    const { queue, work } = aQueue({ attempts: 1 })
    const tries: number[] = []
    let broken = true
    work(async ({ attempt }) => {
      tries.push(attempt)
      if (broken) throw new Error('no')
    })
    await queue.add([plan('f-1')])
    await until(async () => expect((await queue.counts()).register['failed']).toBe(1))
    await queue.add([plan('f-1')])
    expect(await queue.pendingIds()).toEqual(new Set())

    broken = false
    await queue.requeue(plan('f-1'))

    await until(() => expect(tries).toEqual([1, 1]))
    await until(async () => expect((await queue.counts()).register).toMatchObject({ failed: 0, active: 0, waiting: 0 }))
  })

  it('can be put back although the queue was lost', async () => {
    const { queue } = aQueue()

    await queue.requeue(plan('f-1'))

    expect(await queue.pendingIds()).toEqual(new Set(['plan.f-1']))
  })

  it.each([
    ['waiting', undefined],
    ['delayed', 3_600_000],
  ])('cannot be put back while it is %s', async (state, delayMs) => {
    const { queue } = aQueue()
    await queue.add([plan('f-1', delayMs)])

    await expect(queue.requeue(plan('f-1'))).rejects.toMatchObject({
      code: 'JOB_NOT_REQUEUABLE',
      message: `re-queueing plan.f-1, which is ${state}`,
    })
    expect(await queue.pendingIds()).toEqual(new Set(['plan.f-1']))
  })

  it('cannot be put back while it runs', async () => {
    const { queue, work } = aQueue()
    const hold = aPromise()
    work(() => hold.promise)
    await queue.add([plan('f-1')])
    await until(async () => expect((await queue.counts()).register['active']).toBe(1))

    await expect(queue.requeue(plan('f-1'))).rejects.toMatchObject({ code: 'JOB_NOT_REQUEUABLE' })
    hold.resolve()
  })
})

describe('a worker', () => {
  it.each([
    ['pull', 3],
    ['register', 1],
  ] as const)('that may run three jobs at a time runs %s jobs %i at a time', async (name, expected) => {
    const { queue, work } = aQueue({ queue: name })
    const hold = aPromise()
    let running = 0
    let most = 0
    const run = async () => {
      running += 1
      most = Math.max(most, running)
      await hold.promise
      running -= 1
    }
    // Two workers, as two processes would be: the register still runs one step.
    const workers = [work(run, { concurrency: 2, queue: name }), work(run, { concurrency: 1, queue: name })]
    await queue.add(['a', 'b', 'c', 'd', 'e'].map((id) => plan(id)))
    await until(() => expect(running).toBe(expected))
    hold.resolve()
    await until(async () => expect((await queue.counts())[name]).toMatchObject({ waiting: 0, active: 0 }))
    await Promise.all(workers.map((worker) => worker.stop(1000)))

    expect(most).toBe(expected)
  })

  it('that stops takes nothing new and waits for what runs', async () => {
    const { queue, work } = aQueue()
    const hold = aPromise()
    const ended: string[] = []
    const worker = work(async (job) => {
      await hold.promise
      ended.push(job.id)
    })
    await queue.add([plan('a'), plan('b')])
    await until(async () => expect((await queue.counts()).register['active']).toBe(1))

    const stopped = worker.stop(60_000).then(() => ended.push('stopped'))
    hold.resolve()
    await stopped

    expect(ended).toEqual(['plan.a', 'stopped'])
    expect((await queue.counts()).register).toMatchObject({ waiting: 1, active: 0 })
  })

  it('gives back what still runs when its grace is over, with its tries as they were', async () => {
    const { queue, work } = aQueue({ attempts: 1 })
    const never = aPromise()
    const worker = work(() => never.promise)
    await queue.add([plan('f-1')])
    await until(async () => expect((await queue.counts()).register['active']).toBe(1))

    await worker.stop(0)

    expect((await queue.counts()).register).toMatchObject({ waiting: 1, active: 0, failed: 0 })
    const runs: RunningJob[] = []
    work(async (job) => void runs.push(job))
    await until(() => expect(runs).toEqual([expect.objectContaining({ id: 'plan.f-1', attempt: 1, lastAttempt: true })]))
    never.resolve()
  })

  it('that dies in the middle of a job loses it to the next one', async () => {
    const { queue, work } = aQueue({ attempts: 1 })
    const never = aPromise()
    const { connection, cut } = aConnection()
    const dead = work(() => never.promise, { lockMs: 300, connection })
    await queue.add([plan('f-1')])
    await until(async () => expect((await queue.counts()).register['active']).toBe(1))

    cut()
    const runs: string[] = []
    work(async (job) => void runs.push(job.id), { lockMs: 300 })

    await until(() => expect(runs).toEqual(['plan.f-1']))
    await until(async () => expect((await queue.counts()).register).toMatchObject({ failed: 0, active: 0, waiting: 0 }))
    never.resolve()
    await dead.stop(0)
  })

  it('that comes first to a private queue need not wait for the locks of the one that died', async () => {
    const { queue, work } = aQueue()
    const never = aPromise()
    const { connection, cut } = aConnection()
    const dead = work(() => never.promise, { lockMs: 3_600_000, connection })
    await queue.add([plan('f-1'), plan('f-2')])
    await until(async () => expect((await queue.counts()).register['active']).toBe(1))
    cut()

    const orphans = await queue.takeBackOrphans()

    expect(orphans).toEqual(['plan.f-1'])
    expect(await queue.pendingIds()).toEqual(new Set(['plan.f-1', 'plan.f-2']))
    const runs: string[] = []
    work(async (job) => void runs.push(job.id))
    await until(() => expect(runs.sort()).toEqual(['plan.f-1', 'plan.f-2']))
    never.resolve()
    await dead.stop(0)
  })
})

describe('a clock that was set back', () => {
  it('keeps no job waiting that was put off before, and leaves the others to their time', async () => {
    const { queue, work } = aQueue({ backoffMs: 60_000 })
    const runs: string[] = []
    const tries = work(async ({ id }) => {
      runs.push(id)
      if (runs.length === 1) throw new RetryableError('SFTP_CONNECTION_LOST', 'away', details)
    })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_000_000 })
    onTestFinished(() => void vi.useRealTimers())
    await queue.add([{ job: 'plan', payload: { fileId: 'f-1' } }])
    await until(async () => expect((await queue.counts()).register).toMatchObject({ delayed: 1, active: 0 }))
    await queue.add([{ job: 'plan', payload: { fileId: 'f-2' }, delayMs: 60_000 }])
    vi.useRealTimers()
    await queue.add([{ job: 'plan', payload: { fileId: 'f-3' }, delayMs: 60_000 }])

    await queue.wakeOverslept()

    await until(() => expect(runs.toSorted()).toEqual(['plan.f-1', 'plan.f-1', 'plan.f-2']))
    await tries.stop(0)
    expect(await queue.pendingIds()).toEqual(new Set(['plan.f-3']))
  })
})

describe('a Redis that does not answer', () => {
  it('is said to be away to who only wants to know, after two seconds', async () => {
    const connection = redis.connect()
    const queue = createJobQueue(connection, 'silent', () => ({ queue: 'register', attempts: 1, backoffMs: 1 }))
    await queue.counts()
    // It is silent for a moment only; the two seconds are the test's own.
    await redis.connect().client('PAUSE', 300)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(async () => {
      vi.useRealTimers()
      await queue.close()
    })

    const counting = queue.counts().catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(2_000)

    expect(await counting).toMatchObject({ code: 'REDIS_UNREACHABLE' })
  })
})
