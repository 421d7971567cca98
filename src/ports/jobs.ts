import type { BusinessDate, Instant } from '../domain/time.ts'
import type { UpkeepTask } from './register/upkeep.ts'

/** The queues. `register` runs one job at a time in one process and is the only one that writes SQLite; the others may run anywhere. */
export const queueNames = ['register', 'pull', 'validate', 'push', 'confirm', 'receipt', 'notify'] as const
export type QueueName = (typeof queueNames)[number]

/** Payload of every job: ids and hashes only, never personal data. */
export interface JobPayloads {
  /** `start` tells one start of a night from another; the night itself is one per date. `filesUntilAt` overrides the setting. */
  'open-night': {
    readonly date: BusinessDate
    readonly trigger: NightTrigger
    readonly start: string
    readonly filesUntilAt: number | null
  }
  /** `round` names the look at the list of data agreements. */
  agreements: { readonly round: string }
  'record-agreements': { readonly round: string; readonly listSha256: string }
  pull: { readonly date: BusinessDate; readonly supplierId: string; readonly look: number; readonly knownSha256: string | null }
  intake: { readonly date: BusinessDate; readonly supplierId: string; readonly look: number; readonly resultSha256: string }
  validate: { readonly fileId: string; readonly inputSha256: string }
  'record-validation': { readonly fileId: string; readonly resultSha256: string }
  plan: { readonly fileId: string }
  apply: { readonly fileId: string; readonly planHash: string }
  /** `wave` names what made more deltas ready. */
  dispatch: { readonly wave: string }
  push: { readonly batchId: string; readonly batchSha256: string }
  'record-delivery': { readonly batchId: string; readonly exchangesSha256: string }
  confirm: { readonly batchId: string; readonly batchSha256: string }
  'record-confirmation': { readonly batchId: string; readonly resultSha256: string }
  'prepare-receipt': { readonly fileId: string; readonly type: ReceiptType }
  receipt: { readonly receiptId: string; readonly inputSha256: string }
  'record-receipt': { readonly receiptId: string; readonly inputSha256: string }
  /** `numbersSha256` names the numbers to look up; empty where there is a list of all. */
  reconcile: { readonly date: BusinessDate; readonly numbersSha256: string }
  'record-drift': { readonly date: BusinessDate; readonly numbersSha256: string; readonly seenSha256: string }
  'record-failure': { readonly failureSha256: string }
  sweep: { readonly reason: string }
  'close-night': { readonly date: BusinessDate }
  upkeep: { readonly date: BusinessDate; readonly task: UpkeepTask }
  /** `inputSha256` names the list of the files to put on the server. */
  export: { readonly date: BusinessDate; readonly inputSha256: string }
  /** Looks for what a person must know of. */
  watch: { readonly reason: string }
  /** `messageSha256` names what it says, and over which channel. */
  notify: { readonly noticeId: string; readonly attempt: number; readonly messageSha256: string }
  /** `problem` is an error code; null when the message was sent. */
  'record-notice': { readonly noticeId: string; readonly attempt: number; readonly problem: string | null }
  'record-export': { readonly date: BusinessDate; readonly inputSha256: string }
}
export type JobName = keyof JobPayloads

/** Who started a night. */
export type NightTrigger = 'schedule' | 'catch-up' | 'operator'

/** `received` says what became of each row, `delivered` that Unilogin confirmed it. */
export type ReceiptType = 'received' | 'delivered'

/** A step that should run next. Its id is derived from its payload, so asking twice is harmless. */
export type JobRequest = {
  [N in JobName]: { readonly job: N; readonly payload: JobPayloads[N]; readonly delayMs?: number }
}[JobName]

/** The fixed id of a job. BullMQ ids may not be all digits and may not hold a colon. */
export function jobIdOf(request: JobRequest): string {
  return [request.job, ...keyOf(request)].join('.')
}

function keyOf(request: JobRequest): readonly (string | number)[] {
  switch (request.job) {
    case 'open-night':
      return [request.payload.date, request.payload.start]
    case 'close-night':
    case 'reconcile':
    case 'record-drift':
    case 'export':
    case 'record-export':
      return [request.payload.date]
    case 'agreements':
    case 'record-agreements':
      return [request.payload.round]
    case 'pull':
    case 'intake':
      return [request.payload.date, request.payload.supplierId, request.payload.look]
    case 'validate':
    case 'record-validation':
    case 'plan':
      return [request.payload.fileId]
    case 'apply':
      return [request.payload.fileId, request.payload.planHash.slice(0, 16)]
    case 'dispatch':
      return [request.payload.wave]
    case 'push':
    case 'record-delivery':
    case 'confirm':
    case 'record-confirmation':
      return [request.payload.batchId]
    case 'prepare-receipt':
      return [request.payload.fileId, request.payload.type]
    case 'receipt':
    case 'record-receipt':
      return [request.payload.receiptId, request.payload.inputSha256.slice(0, 16)]
    case 'record-failure':
      return [request.payload.failureSha256.slice(0, 32)]
    case 'sweep':
    case 'watch':
      return [request.payload.reason]
    case 'notify':
    case 'record-notice':
      return [request.payload.noticeId, request.payload.attempt]
    case 'upkeep':
      return [request.payload.date, request.payload.task]
  }
}

/** A file that a step was about, and the change of it, for those who trace. */
export interface StepAbout {
  readonly fileId: string
  readonly deltaId?: string
  /** A call that the step only took the answer of: which step made it, from when to when, and what it came to. */
  readonly call?: { readonly job: JobName; readonly from: Instant; readonly until: Instant; readonly outcome: string }
}

/** What a use case hands back: what it came to, and the steps that follow. Nothing is queued before its transaction is committed. */
export interface StepResult {
  /** One word for the log: `validated`, `held`, `skipped`. */
  readonly outcome: string
  readonly next: readonly JobRequest[]
  /** Facts for the log line at the end of the job. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>
  /** The files it was about, where its payload does not say so. */
  readonly about?: readonly StepAbout[]
}

/**
 * Carries the next step, and nothing else: it can be wiped at any moment and is rebuilt from the register by `sweep`.
 * Delivery is at least once.
 */
export interface JobQueue {
  /** Adds jobs; one whose id is already waiting, running or failed is left as it is. @throws REDIS_UNREACHABLE */
  add(requests: readonly JobRequest[]): Promise<void>
  /** Ids of jobs that are waiting, delayed or running, per queue. */
  pendingIds(): Promise<ReadonlySet<string>>
  /**
   * Gives jobs back that were running when their worker died, without waiting for their locks to run out. Only for the
   * first to come to a queue that nobody else can be working on. Returns their ids.
   */
  takeBackOrphans(): Promise<readonly string[]>
  /** Sends on the jobs that were put off by a clock which was set back since. */
  wakeOverslept(): Promise<void>
  /** Adds a job again after removing the failed one of the same id. @throws JOB_NOT_REQUEUABLE when it is not failed */
  requeue(request: JobRequest): Promise<void>
  /** Forgets every job, whatever its state; for when the register behind them has been replaced. */
  clear(): Promise<void>
  /** Jobs by queue and state. @throws REDIS_UNREACHABLE when it does not answer within two seconds */
  counts(): Promise<Readonly<Record<QueueName, Readonly<Record<string, number>>>>>
  close(): Promise<void>
}
