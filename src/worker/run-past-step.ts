import type { RegisterJob } from '../../jobs/define-job.ts'
import { jobs } from '../../jobs/index.ts'
import { commandSteps } from '../app/command-steps.ts'
import type { RegisterContext } from '../app/context.ts'
import type { StepRunner } from '../app/replay-ledger.ts'
import { runStep } from '../app/run-step.ts'
import { FatalError } from '../domain/errors.ts'
import type { JobName, JobQueue } from '../ports/jobs.ts'

/** Runs a job or a command of the past again, as it was run then; what it would queue is not queued. */
export const runPastStep: StepRunner = (ctx, name, input) => {
  const command = commandSteps[name]
  if (command !== undefined) return command({ ...ctx, queue: deafQueue }, input as never)
  const definition = Object.hasOwn(jobs, name) ? jobs[name as JobName] : null
  if (definition?.queue !== 'register') return null
  const { run } = definition as unknown as RegisterJob<JobName>
  const never = new AbortController().signal
  return runStep(ctx, name, input, (step) => run(withoutOutside(step), input as never, never))
}

/** A queue that nothing waits in and that takes nothing in. */
const deafQueue: JobQueue = {
  add: async () => undefined,
  pendingIds: async () => new Set(),
  takeBackOrphans: async () => [],
  wakeOverslept: async () => undefined,
  requeue: async () => undefined,
  clear: async () => undefined,
  counts: () => Promise.reject(noOutside()),
  close: async () => undefined,
}

function withoutOutside(ctx: RegisterContext): Parameters<RegisterJob<JobName>['run']>[0] {
  const backups = new Proxy({}, { get: () => () => Promise.reject(noOutside()) })
  return { ...ctx, queue: deafQueue, backups: backups as never }
}

function noOutside(): FatalError {
  return new FatalError('REGISTER_STATE_UNEXPECTED', 'a step that is run again asked for something outside the register', {
    dataState: 'nothing was changed',
    hint: 'a fault of ours: what a step finds outside belongs in its input; report it',
  })
}
