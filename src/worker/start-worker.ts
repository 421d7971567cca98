import { channelsOf } from '../../config/alert-channels.ts'
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
    notify: 2,
  }
}

/** Runs the queues that the runner has a role for, and sweeps and watches the register now and then when it has the register. */
export function startWorker(runner: JobRunner, settings: Settings, log: Log, startQueue: StartQueue): RunningWorker {
  const widths = concurrencyOf(settings)
  const hasChannels = channelsOf(settings).length > 0
  const queues = (Object.keys(widths) as QueueName[]).filter(
    (queue) => (queue === 'register' ? runner.register : runner.edge) !== null && (queue !== 'notify' || hasChannels),
  )
  const running = queues.map((queue) => startQueue({ queue, concurrency: widths[queue], run: (job) => runJob(runner, job) }))
  const askFor = (job: 'sweep' | 'watch', reason: string) =>
    runner.queue
      .add([{ job, payload: { reason } }])
      .catch((error: unknown) => log.warn({ error }, `the ${job} could not be queued`))
  const wake = () =>
    runner.queue.wakeOverslept().catch((error: unknown) => log.warn({ error }, 'jobs that overslept could not be woken'))
  const timers: NodeJS.Timeout[] = []
  if (runner.register !== null) {
    timers.push(setInterval(() => void wake().then(() => askFor('sweep', 'timer')), settings.night.sweepEveryMs))
    if (hasChannels) timers.push(setInterval(() => void askFor('watch', 'timer'), settings.alerts.everyMs))
    void askFor('sweep', 'start')
  }
  log.info({ queues }, 'worker started')
  return {
    stop: async (graceMs) => {
      for (const timer of timers) clearInterval(timer)
      await Promise.all(running.map((queue) => queue.stop(graceMs)))
      log.info({ queues }, 'worker stopped')
    },
  }
}
