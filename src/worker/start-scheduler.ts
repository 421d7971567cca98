import { schedule } from 'node-cron'
import type { Settings } from '../../config/settings.ts'
import { businessZone, type Instant, toBusinessDate } from '../domain/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { JobQueue } from '../ports/jobs.ts'
import type { Log } from '../ports/log.ts'
import type { Register } from '../ports/register.ts'

export interface Scheduler {
  /** When the next night starts by the clock. */
  nextRun(): Instant | null
  stop(): Promise<void>
}

/**
 * Starts the night by the clock, Copenhagen time, and catches up tonight's, at start and with every sweep, when its time has
 * passed and nobody has opened it: its job may have been lost with the queue, and the machine may have stood still when it was
 * due. Any number of schedulers may run: the night is one per business date.
 */
export async function startScheduler(deps: {
  readonly settings: Settings
  readonly clock: Clock
  readonly log: Log
  readonly register: Register
  readonly queue: JobQueue
}): Promise<Scheduler> {
  const { settings, clock, log, register, queue } = deps
  const open = async (trigger: 'schedule' | 'catch-up') => {
    const date = toBusinessDate(clock.now())
    log.info({ date, trigger }, 'night is due')
    await queue.add([{ job: 'open-night', payload: { date, trigger, start: trigger, filesUntilAt: null } }])
  }
  const task = schedule(settings.night.cron, () => open('schedule'), { timezone: businessZone, name: 'night' })
  const catchUp = async () => {
    if (isMissed(task.getNextRuns(1)[0], clock, register)) await open('catch-up')
  }
  await catchUp()
  const timer = setInterval(
    () => void catchUp().catch((error: unknown) => log.warn({ error }, 'the night could not be asked for')),
    settings.night.sweepEveryMs,
  )
  return {
    nextRun: () => task.getNextRun()?.getTime() ?? null,
    stop: async () => {
      clearInterval(timer)
      await task.destroy()
    },
  }
}

/** True when tonight's start lies behind us: the next one is on a later date, and today has no night yet. */
function isMissed(nextRun: Date | undefined, clock: Clock, register: Register): boolean {
  const today = toBusinessDate(clock.now())
  const nextIsLater = nextRun === undefined || toBusinessDate(nextRun.getTime()) > today
  return nextIsLater && register.read((tx) => tx.nights.find(today)) === null
}
