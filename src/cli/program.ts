import type { BaseAdapter } from '@bull-board/api/baseAdapter'
import type { Settings } from '../../config/settings.ts'
import type { EdgeContext, OperatorContext, RegisterContext } from '../app/context.ts'
import type { RestoreContext } from '../app/restore.ts'
import type { VerifyProgress, VerifyReport } from '../app/verify-register.ts'
import type { BusinessDate } from '../domain/time.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Backups } from '../ports/backups.ts'
import type { Clock } from '../ports/clock.ts'
import type { IdentityProvider } from '../ports/identity-provider.ts'
import type { JobWatcher } from '../ports/job-watcher.ts'
import type { JobQueue } from '../ports/jobs.ts'
import type { Log } from '../ports/log.ts'
import type { Metrics } from '../ports/metrics.ts'
import type { Probe } from '../worker/run-job.ts'
import type { RunningWorker } from '../worker/start-worker.ts'

export type Role = 'register' | 'edge'

/** Who looks on while jobs run. */
export interface WorkerOptions {
  readonly metrics?: Metrics
  readonly traces?: JobWatcher | null
  readonly probe?: Probe
}

/** The register alone: enough to read a night or decide nothing. */
export interface ReadingProgram {
  readonly settings: Settings
  readonly register: RegisterContext
  close(): Promise<void>
}

/** The register and the queue: what an operator's commands and the scheduler need. */
export interface QueueProgram extends ReadingProgram {
  readonly clock: Clock
  readonly log: Log
  readonly queue: JobQueue
  readonly operator: OperatorContext
  readonly redis: { readonly version: string; readonly policy: string; readonly private: boolean }
  /** The queues for Bull Board, to be looked at and not to be changed. */
  viewQueues(): Promise<BaseAdapter[]>
  startWorker(roles: readonly Role[], options?: WorkerOptions): Promise<RunningWorker>
}

/** The queue without the register: a further machine that runs edge jobs only and has no database file. */
export interface EdgeProgram {
  startWorker(roles: readonly Role[], options?: WorkerOptions): Promise<RunningWorker>
  close(): Promise<void>
}

/** Follows files through the jobs until it is closed; what is left is sent then. */
export interface Traces extends JobWatcher {
  close(): Promise<void>
}

/** A register to be examined. */
export interface Proof {
  /** Null when the night was never closed. */
  verify(night?: BusinessDate): Promise<VerifyReport | null>
  close(): void
}

/** How the doors get the parts; made in src/main. */
export interface Parts {
  loadSettings(overrides?: Readonly<Record<string, unknown>>): Settings
  openReading(settings: Settings): Promise<ReadingProgram>
  openQueue(settings: Settings, log?: Log): Promise<QueueProgram>
  openEdgeQueue(settings: Settings): Promise<EdgeProgram>
  openEdge(settings: Settings): Promise<EdgeContext & { close(): Promise<void> }>
  /** Who may use the console. */
  openAccounts(settings: Settings): Accounts
  /** Where people of an organisation sign in; null when the settings name none. */
  createIdentityProvider(settings: Settings): Promise<IdentityProvider | null>
  /** @param folder Another folder of backups than the setting's. */
  openBackups(settings: Settings, folder?: string): Backups
  /** The register's place and a folder of backups; opens no register. */
  openRestore(settings: Settings, backupFolder: string): Promise<RestoreContext>
  /** Forgets every job that waits or has failed; the sweep makes those anew that the register wants. */
  clearQueue(settings: Settings): Promise<void>
  openProof(settings: Settings, onProgress: (progress: VerifyProgress) => void): Promise<Proof>
  /** What is counted in this process, to be shown at /metrics. */
  createMetrics(): Promise<Metrics>
  /** Traces of every file, where the settings or the environment name a collector; else null. */
  openTraces(settings: Settings): Promise<Traces | null>
  /** Who may read the metrics when others than this machine reach the console; null when nobody may. */
  loadMetricsToken(settings: Settings): string | null
  createLog(options: { readonly level: string; readonly file?: string }): Log
}
