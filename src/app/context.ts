import type { Settings } from '../../config/settings.ts'
import type { Channels } from '../ports/channels.ts'
import type { Clock } from '../ports/clock.ts'
import type { FileStore } from '../ports/file-store.ts'
import type { JobQueue } from '../ports/jobs.ts'
import type { Log } from '../ports/log.ts'
import type { Register } from '../ports/register.ts'
import type { SupplierInbox } from '../ports/supplier-inbox.ts'
import type { OpenUniloginList } from '../ports/unilogin-list.ts'
import type { UniloginTarget } from '../ports/unilogin-target.ts'

/** What every step has. */
export interface StepContext {
  readonly clock: Clock
  readonly log: Log
  readonly settings: Settings
  readonly files: FileStore
}

/** What an edge step has beside it: the outside world, and no register. */
export interface EdgeContext extends StepContext {
  readonly inbox: SupplierInbox
  readonly target: UniloginTarget
  readonly openUniloginList: OpenUniloginList
  /** The ways to tell an operator that the settings name. */
  readonly channels: Channels
}

/** What a register step has beside it: the register, and no outside world. */
export interface RegisterContext extends StepContext {
  readonly register: Register
}

/** What an operator's command has: the register and the queue. */
export interface OperatorContext extends RegisterContext {
  readonly queue: JobQueue
}
