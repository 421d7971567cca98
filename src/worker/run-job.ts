import type { EdgeJob, RegisterJob, RegisterJobContext } from '../../jobs/define-job.ts'
import { jobs } from '../../jobs/index.ts'
import type { EdgeContext } from '../app/context.ts'
import { putDocument } from '../app/documents.ts'
import { runStep } from '../app/run-step.ts'
import { ConfigError, FatalError, RetryableError, StandstillError, SyncError } from '../domain/errors.ts'
import type { Clock } from '../ports/clock.ts'
import type { FileStore } from '../ports/file-store.ts'
import type { EndedJob, JobWatcher } from '../ports/job-watcher.ts'
import type { JobName, JobQueue, JobRequest, StepAbout, StepResult } from '../ports/jobs.ts'
import type { Log } from '../ports/log.ts'
import type { JobFailure } from '../ports/register.ts'

/** What a worker brings to its jobs; a worker without the register runs edge jobs only. */
export interface JobRunner {
  readonly clock: Clock
  readonly log: Log
  readonly files: FileStore
  readonly queue: JobQueue
  readonly register: RegisterJobContext | null
  readonly edge: EdgeContext | null
  /** Those who count and trace. */
  readonly watchers: readonly JobWatcher[]
  /** Called at the seams of every step; tests hold a step or end the process here. */
  readonly probe?: Probe
}

export type Probe = (moment: StepMoment, job: JobName) => void | Promise<void>

/** Before a step, after its commit, and after the next steps were queued. */
export type StepMoment = 'begin' | 'committed' | 'queued'

export interface RawJob {
  readonly id: string
  readonly name: string
  readonly payload: unknown
  readonly attempt: number
  readonly lastAttempt: boolean
}

/**
 * Runs one job: checks its payload, gives it its deadline, calls its use case, and queues what follows only after the
 * step has committed. One line in the log when it begins and one when it ends, with what it is about. A failure that is final is handed to the register.
 */
export async function runJob(runner: JobRunner, job: RawJob): Promise<void> {
  const log = runner.log.child({ job: job.name, jobId: job.id, attempt: job.attempt, ...idsOf(job.payload) })
  log.info({}, 'job begins')
  const definition = definitionOf(job.name, log)
  const startedAt = runner.clock.now()
  const tell = (ended: Pick<EndedJob, 'result' | 'outcome' | 'about'>) => {
    const { id: jobId, attempt } = job
    for (const watcher of runner.watchers)
      watcher.jobEnded({ ...ended, job: definition.name, jobId, attempt, startedAt, endedAt: runner.clock.now() })
  }
  try {
    await runner.probe?.('begin', definition.name)
    const result = await withDeadline(definition.deadlineMs, (signal) => call(runner, definition, job, signal))
    await runner.probe?.('committed', definition.name)
    await runner.queue.add(result.next)
    await runner.probe?.('queued', definition.name)
    log.info(
      { outcome: result.outcome, ms: runner.clock.now() - startedAt, next: result.next.length, ...result.facts },
      'job done',
    )
    tell({ result: 'done', outcome: result.outcome, about: result.about ?? aboutOf(job.payload) })
  } catch (error) {
    const final = isFinal(job, error)
    log[final ? 'error' : 'warn']({ error, ms: runner.clock.now() - startedAt }, final ? 'job failed' : 'job will be tried again')
    const outcome = error instanceof SyncError ? error.code : 'UNEXPECTED'
    tell({ result: final ? 'failed' : 'again', outcome, about: aboutOf(job.payload) })
    if (final) await noteFailure(runner, definition, job, error)
    throw error
  }
}

/** True when the job waits for a person now. What the machine keeps from going on is tried again, whichever try it was. */
function isFinal({ lastAttempt }: RawJob, error: unknown): boolean {
  if (error instanceof StandstillError) return false
  return lastAttempt || error instanceof FatalError || error instanceof ConfigError
}

/** What a payload names that a person looks for in the log: night, supplier, file, plan, batch, receipt, message. */
function idsOf(payload: unknown): Record<string, string> {
  const names = ['date', 'supplierId', 'fileId', 'planHash', 'batchId', 'receiptId', 'noticeId'] as const
  const given = Object(payload) as Readonly<Record<string, unknown>>
  return Object.fromEntries(names.flatMap((name) => (typeof given[name] === 'string' ? [[name, given[name]]] : [])))
}

/** The file that a payload is about: by its id, or by that of its receipt, which begins with it. */
function aboutOf(payload: unknown): StepAbout[] {
  const { fileId, receiptId } = Object(payload) as { readonly fileId?: unknown; readonly receiptId?: unknown }
  const [own] = typeof fileId === 'string' ? [fileId] : typeof receiptId === 'string' ? receiptId.split('.') : []
  return own === undefined ? [] : [{ fileId: own }]
}

type AnyDefinition = (typeof jobs)[JobName]

/** A job that no definition fits has no queue or payload the register could record; the log has it. */
function definitionOf(name: string, log: Log): AnyDefinition {
  if (Object.hasOwn(jobs, name)) return jobs[name as JobName]
  const error = new FatalError('JOB_PAYLOAD_INVALID', `a job named "${name}" came, which this version does not know`, {
    dataState: 'the register is untouched',
    hint: 'run the same version on every machine',
  })
  log.error({ error }, 'job failed')
  throw error
}

/** The definition's own payload type is proved by its schema, which TypeScript cannot follow through the table. */
function call(runner: JobRunner, definition: AnyDefinition, job: RawJob, signal: AbortSignal): Promise<StepResult> {
  const parsed = definition.payload.safeParse(job.payload)
  if (!parsed.success) {
    throw new FatalError('JOB_PAYLOAD_INVALID', `job ${job.id} carries a payload that does not fit: ${parsed.error.message}`, {
      dataState: 'the register is untouched',
      hint: 'run the same version on every machine; the sweep makes the job anew',
    })
  }
  if (definition.queue === 'register') {
    const { run } = definition as unknown as RegisterJob<JobName>
    const context = requireContext(runner.register, job)
    return runStep(context, definition.name, parsed.data, (ctx) => run(ctx, parsed.data as never, signal))
  }
  const { run } = definition as unknown as EdgeJob<JobName>
  return run(requireContext(runner.edge, job), parsed.data as never, signal)
}

function requireContext<T>(context: T | null, job: RawJob): T {
  if (context !== null) return context
  throw new FatalError('REGISTER_STATE_UNEXPECTED', `job ${job.id} came to a worker that has not got its role`, {
    dataState: 'the register is untouched',
    hint: 'start the worker with the role that the queue needs',
  })
}

/** Ends a step that takes too long, and tells it so. The timer goes with the step, however that ends. */
async function withDeadline(deadlineMs: number, work: (signal: AbortSignal) => Promise<StepResult>): Promise<StepResult> {
  const stop = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const passed = deadlinePassed(deadlineMs)
      reject(passed)
      stop.abort(passed)
    }, deadlineMs)
  })
  try {
    return await Promise.race([work(stop.signal), expired])
  } finally {
    clearTimeout(timer)
  }
}

function deadlinePassed(deadlineMs: number): RetryableError {
  return new RetryableError('JOB_DEADLINE_PASSED', `a step did not end within ${deadlineMs} ms`, {
    dataState: 'nothing of it was committed, or it was committed whole; the register knows which',
    hint: 'it is tried again; if it happens every night, look at what it waits for',
  })
}

async function noteFailure(runner: JobRunner, definition: AnyDefinition, job: RawJob, error: unknown): Promise<void> {
  const known = error instanceof SyncError ? error : null
  const failure: JobFailure = {
    jobId: job.id,
    queue: definition.queue,
    job: definition.name,
    payload: JSON.stringify(job.payload),
    code: known?.code ?? 'UNEXPECTED',
    message: error instanceof Error ? error.message : String(error),
    hint: known?.hint ?? 'a fault of ours: see the log line of this job, and report it',
    dataState: known?.dataState ?? 'the step was rolled back; everything before it stands',
    failedAt: runner.clock.now(),
    resolvedAt: null,
    resolvedBy: null,
    reason: null,
  }
  // A failure to note a failure must not be noted in turn; the sweep and the log still have it.
  if (definition.name === 'record-failure') return
  const { sha256: failureSha256 } = await putDocument(runner.files, failure)
  const request: JobRequest = { job: 'record-failure', payload: { failureSha256 } }
  await runner.queue.add([request])
}
