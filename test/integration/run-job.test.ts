import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { RegisterJobContext } from '../../jobs/define-job.ts'
import { jobs } from '../../jobs/index.ts'
import { createBackupFolder } from '../../src/adapters/files/create-backup-folder.ts'
import { createFolderFileStore } from '../../src/adapters/files/create-folder-file-store.ts'
import { openRegister } from '../../src/adapters/sqlite/open-register.ts'
import type { EdgeContext } from '../../src/app/context.ts'
import { FatalError, RetryableError, StandstillError } from '../../src/domain/errors.ts'
import type { FileStore } from '../../src/ports/file-store.ts'
import { type JobQueue, type JobRequest, jobIdOf } from '../../src/ports/jobs.ts'
import type { Log, LogFields } from '../../src/ports/log.ts'
import type { Register } from '../../src/ports/register.ts'
import { type JobRunner, type RawJob, runJob } from '../../src/worker/run-job.ts'
import { aClock, aFile, aFolder, aNight, aNightRun, someSettings } from '../kit/builders.ts'

interface TestRunner extends JobRunner {
  readonly store: Register
  /** What happened, in order: moments of the step, and jobs that were queued. */
  readonly events: string[]
  readonly queued: JobRequest[]
  readonly lines: { readonly level: string; readonly message: string; readonly fields: LogFields }[]
}

/** A runner on a real register and file store, whose queue and log remember. */
async function aRunner(
  parts: { readonly files?: Partial<FileStore>; readonly onAdd?: (store: Register) => void } = {},
): Promise<TestRunner> {
  const folder = aFolder()
  const store = openRegister(join(folder, 'register.sqlite'))
  onTestFinished(() => store.close())
  const files = await createFolderFileStore(join(folder, 'files'))
  const events: string[] = []
  const queued: JobRequest[] = []
  const lines: TestRunner['lines'] = []
  const log = aLog(lines)
  const queue: JobQueue = {
    add: async (requests) => {
      parts.onAdd?.(store)
      queued.push(...requests)
      events.push(...requests.map((request) => `queue ${jobIdOf(request)}`))
    },
    pendingIds: async () => new Set(),
    takeBackOrphans: async () => [],
    wakeOverslept: async () => undefined,
    requeue: async () => undefined,
    clear: async () => undefined,
    counts: async () => ({}) as never,
    close: async () => undefined,
  }
  const settings = someSettings()
  const clock = aClock()
  const backups = createBackupFolder(join(folder, 'backups'), join(folder, 'files'))
  const register: RegisterJobContext = {
    clock,
    log,
    settings,
    files: { ...files, ...parts.files },
    register: store,
    queue,
    backups,
  }
  const probe = (moment: string, job: string) => void events.push(`${moment} ${job}`)
  return { clock, log, files, queue, register, edge: null, watchers: [], probe, store, events, queued, lines }
}

function aLog(lines: TestRunner['lines'], own: LogFields = {}): Log {
  const at = (level: string) => (fields: LogFields, message: string) =>
    void lines.push({ level, message, fields: { ...own, ...fields } })
  return {
    child: (fields) => aLog(lines, { ...own, ...fields }),
    debug: () => undefined,
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  }
}

const openNight: JobRequest = {
  job: 'open-night',
  payload: { date: '2026-11-24', trigger: 'schedule', start: 'schedule', filesUntilAt: null },
}

function asRaw(request: JobRequest, parts: Partial<RawJob> = {}): RawJob {
  return { id: jobIdOf(request), name: request.job, payload: request.payload, attempt: 1, lastAttempt: false, ...parts }
}

/** A job whose input cannot be read, for the reason given. */
function runnerThatFails(error: unknown): Promise<TestRunner> {
  return aRunner({ files: { get: () => Promise.reject(error) } })
}
const applied: JobRequest = { job: 'apply', payload: { fileId: 'f-1', planHash: 'a'.repeat(64) } }

/** Runs what the runner has queued as `record-failure` and gives the failures that are then open. */
async function recordedFailures(runner: TestRunner) {
  const recorder = { ...runner, register: runner.register && { ...runner.register, files: runner.files } }
  for (const request of runner.queued.filter(({ job }) => job === 'record-failure')) await runJob(recorder, asRaw(request))
  return runner.store.read((tx) => tx.failures.open())
}

const details = { dataState: 'urørt', hint: 'vent' }
const retryable = new RetryableError('STORE_WRITE_FAILED', 'the disk is full', details)
const fatal = new FatalError('STORE_BLOB_CORRUPT', 'the bytes are not those of the hash', details)

describe('a step', () => {
  it('begins, commits, and only then queues what follows', async () => {
    const seen: unknown[] = []
    const runner = await aRunner({ onAdd: (store) => seen.push(store.read((tx) => tx.nights.find('2026-11-24')?.state)) })

    await runJob(runner, asRaw(openNight))

    expect(runner.events).toEqual([
      'begin open-night',
      'committed open-night',
      'queue close-night.2026-11-24',
      'queued open-night',
    ])
    expect(seen).toEqual(['open'])
  })

  it('queues nothing when it fails before its commit', async () => {
    const runner = await runnerThatFails(retryable)

    await expect(runJob(runner, asRaw(applied))).rejects.toBe(retryable)

    expect(runner.events).toEqual(['begin apply'])
  })

  it('is run again after a crash between its commit and the queue, and then queues what follows', async () => {
    const runner = await aRunner()
    const crash = { ...runner, queue: { ...runner.queue, add: () => Promise.reject(new Error('connection lost')) } }

    await expect(runJob(crash, asRaw(openNight))).rejects.toThrow('connection lost')
    await runJob(runner, asRaw({ ...openNight, payload: { ...openNight.payload, trigger: 'operator' } }))

    expect(runner.queued.map(jobIdOf)).toEqual(['close-night.2026-11-24'])
    expect(runner.store.read((tx) => tx.nights.openNights())).toHaveLength(1)
  })

  it('leaves a line in the log when it begins and one when it ends, with what it is about and its outcome', async () => {
    const runner = await aRunner()

    await runJob(runner, asRaw(openNight, { attempt: 2 }))

    const about = { job: 'open-night', jobId: jobIdOf(openNight), attempt: 2, date: '2026-11-24' }
    expect(runner.lines).toEqual([
      { level: 'info', message: 'job begins', fields: about },
      { level: 'info', message: 'job done', fields: { ...about, outcome: 'opened', ms: 0, next: 1, suppliers: 0 } },
    ])
  })

  it.each([
    ['apply', { fileId: 'f-1', planHash: 'p-1' }],
    ['pull', { date: '2026-11-24', supplierId: 'nordsystem' }],
    ['push', { batchId: 'b-1' }],
    ['receipt', { receiptId: 'f-1.received' }],
    ['notify', { noticeId: 'a-1.begyndt.mail' }],
  ])('of %s names in both lines what a person looks for, also when it fails', async (name, ids) => {
    const runner = await aRunner()

    await runJob(runner, asRaw(applied, { name, payload: { ...ids, batchSha256: 'x', knownSha256: 7 } })).catch(() => undefined)

    expect(runner.lines.map(({ message }) => message)).toEqual(['job begins', 'job failed'])
    for (const { fields } of runner.lines) expect(fields).toMatchObject(ids)
    for (const { fields } of runner.lines) expect(fields).not.toHaveProperty('knownSha256')
  })
})

describe('a payload that does not fit', () => {
  it('ends the job as failed at its first try, recorded with what to do', async () => {
    const runner = await aRunner()
    const payload = { fileId: 7, planHash: null }

    await expect(runJob(runner, asRaw(applied, { payload }))).rejects.toMatchObject({ code: 'JOB_PAYLOAD_INVALID' })

    expect(await recordedFailures(runner)).toEqual([
      expect.objectContaining({
        jobId: jobIdOf(applied),
        queue: 'register',
        job: 'apply',
        payload: JSON.stringify(payload),
        code: 'JOB_PAYLOAD_INVALID',
        hint: expect.stringContaining('same version'),
        failedAt: aNight,
      }),
    ])
  })

  it('leaves no deadline behind that would end the process later', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const runner = await aRunner()

    await runJob(runner, asRaw(applied, { payload: null })).catch(() => undefined)
    await runJob(runner, asRaw(openNight))

    expect(vi.getTimerCount()).toBe(0)
  })

  it.each(['no-such-job', 'constructor', '__proto__'])(
    'neither fits a job named %s: it fails and says so in the log',
    async (name) => {
      const runner = await aRunner()

      await expect(runJob(runner, asRaw(applied, { name }))).rejects.toMatchObject({
        code: 'JOB_PAYLOAD_INVALID',
        message: expect.stringContaining(name),
      })
      expect(runner.lines.slice(1)).toEqual([expect.objectContaining({ level: 'error', message: 'job failed' })])
    },
  )
})

describe('a step that does not end', () => {
  it('is given up at its deadline, to be tried again, and is told to stop', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const runner = await aRunner()
    let signal: AbortSignal | undefined
    const hanging = vi.spyOn(jobs.pull, 'run').mockImplementation((_ctx, _payload, given) => {
      signal = given
      return new Promise(() => undefined)
    })
    onTestFinished(() => hanging.mockRestore())
    const look: JobRequest = { job: 'pull', payload: { date: '2026-11-24', supplierId: 's', look: 1, knownSha256: null } }

    const ended = runJob({ ...runner, edge: {} as EdgeContext }, asRaw(look)).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(jobs.pull.deadlineMs - 1)
    expect([runner.lines.length, signal?.aborted]).toEqual([1, false])
    await vi.advanceTimersByTimeAsync(1)

    expect(await ended).toMatchObject({
      code: 'JOB_DEADLINE_PASSED',
      message: expect.stringContaining(`${jobs.pull.deadlineMs} ms`),
    })
    expect(runner.lines.slice(1)).toEqual([expect.objectContaining({ level: 'warn', message: 'job will be tried again' })])
    expect(runner.queued).toEqual([])
    expect(signal?.reason).toMatchObject({ code: 'JOB_DEADLINE_PASSED' })
  })
})

describe('a failure', () => {
  it.each([
    ['that may heal is not recorded while tries are left', retryable, false, null],
    ['that may heal is recorded at the last try', retryable, true, 'STORE_WRITE_FAILED'],
    ['that cannot heal is recorded at the first try', fatal, false, 'STORE_BLOB_CORRUPT'],
    ['that nobody foresaw is not recorded while tries are left', new TypeError('x is undefined'), false, null],
    ['that nobody foresaw is recorded at the last try', new TypeError('x is undefined'), true, 'UNEXPECTED'],
  ])('%s', async (_case, error, lastAttempt, code) => {
    const runner = await runnerThatFails(error)

    await expect(runJob(runner, asRaw(applied, { lastAttempt }))).rejects.toBe(error)

    const failures = await recordedFailures(runner)
    expect(failures.map((failure) => [failure.code, failure.message])).toEqual(code === null ? [] : [[code, error.message]])
    expect(runner.lines[1]?.level).toBe(code === null ? 'warn' : 'error')
  })

  it('is none while the machine does not let the job go on, at its last try as well', async () => {
    const runner = await runnerThatFails(new StandstillError('STORE_WRITE_FAILED', 'the disk is full', details))

    await expect(runJob(runner, asRaw(applied, { lastAttempt: true }))).rejects.toThrow(StandstillError)

    expect(runner.queued).toEqual([])
    expect(runner.lines.map(({ level, message }) => [level, message])).toContainEqual(['warn', 'job will be tried again'])
  })

  it('keeps its hint and what became of the data for the person who looks', async () => {
    const runner = await runnerThatFails(fatal)
    await runJob(runner, asRaw(applied)).catch(() => undefined)

    expect((await recordedFailures(runner))[0]).toMatchObject(details)
  })

  it('of noting a failure is not noted in turn', async () => {
    const runner = await runnerThatFails(fatal)
    const note: JobRequest = { job: 'record-failure', payload: { failureSha256: 'a'.repeat(64) } }

    await expect(runJob(runner, asRaw(note, { lastAttempt: true }))).rejects.toBe(fatal)

    expect(runner.queued).toEqual([])
    expect(runner.lines.slice(1)).toEqual([expect.objectContaining({ level: 'error' })])
  })

  it('lets the night it kept open come to its end', async () => {
    const runner = await runnerThatFails(fatal)
    runner.store.write((tx) => {
      tx.nights.insert(aNightRun())
      tx.files.insert(aFile('f-1', { state: 'planned', planHash: 'a'.repeat(64) }))
    })

    await runJob(runner, asRaw(applied)).catch(() => undefined)
    await recordedFailures(runner)

    expect(runner.queued.map(jobIdOf)).toContain('close-night.2026-11-24')
  })

  it('of a job that came to a worker without its role names the job', async () => {
    const runner = await aRunner()
    const look: JobRequest = { job: 'pull', payload: { date: '2026-11-24', supplierId: 's', look: 1, knownSha256: null } }

    await expect(runJob(runner, asRaw(look))).rejects.toMatchObject({
      code: 'REGISTER_STATE_UNEXPECTED',
      message: expect.stringContaining('pull.2026-11-24.s.1'),
    })
  })
})
