import type { Settings } from '../../config/settings.ts'
import { batchesPerCall } from '../app/claim-deliveries.ts'
import type { QueueName } from '../ports/jobs.ts'
import type { Log } from '../ports/log.ts'
import { type JobRunner, type RawJob, runJob } from './run-job.ts'

/** Starts the loop of one queue; the adapter behind it is BullMQ. */
export type StartQueue = (options: {
  readonly queue: QueueName
  readonly concurrency: number
  readonly run: (job: RawJob) => Promise<void>
}) => { stop(graceMs: number): Promise<void> }

export interface RunningWorker {
  /** Quiet: takes nothing new. Drain: waits for running steps. Stop: gives up after `graceMs`; what is cut off is run again by the next worker. */
  stop(graceMs: number): Promise<void>
}

/** How many jobs of each queue run side by side. The register's is 1, always: a single writer. Of pushes more than calls, which take turns. */
function concurrencyOf(settings: Settings): Readonly<Record<QueueName, number>> {
  return {
    register: 1,
    pull: settings.sftp.parallelSuppliers,
    validate: 2,
    push: settings.unilogin.parallel * batchesPerCall,
    confirm: 2,
    receipt: settings.sftp.parallelSuppliers,
  }
}

/** Runs the queues that the runner has a role for, and sweeps the register now and then when it has the register. */
export function startWorker(runner: JobRunner, settings: Settings, log: Log, startQueue: StartQueue): RunningWorker {
  const widths = concurrencyOf(settings)
  const queues = (Object.keys(widths) as QueueName[]).filter(
    (queue) => (queue === 'register' ? runner.register : runner.edge) !== null,
  )
  const running = queues.map((queue) => startQueue({ queue, concurrency: widths[queue], run: (job) => runJob(runner, job) }))
  const timer = runner.register === null ? undefined : setInterval(() => void askForSweep('timer'), settings.night.sweepEveryMs)
  const askForSweep = (reason: string) =>
    runner.queue
      .add([{ job: 'sweep', payload: { reason } }])
      .catch((error: unknown) => log.warn({ error }, 'the sweep could not be queued'))
  if (runner.register !== null) void askForSweep('start')
  log.info({ queues }, 'worker started')
  return {
    stop: async (graceMs) => {
      clearInterval(timer)
      await Promise.all(running.map((queue) => queue.stop(graceMs)))
      log.info({ queues }, 'worker stopped')
    },
  }
}
