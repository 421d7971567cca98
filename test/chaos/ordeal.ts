import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { Supplier } from '../../config/settings.ts'
import { addDays, type BusinessDate } from '../../src/domain/time.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { createRandom, type Random } from '../../src/sandbox/generator/random.ts'
import { brokenPromises, wholeOutcomeOf } from '../kit/promises-hold.ts'
import { type SmallWorld, startSmallWorld } from '../kit/small-world.ts'
import { onlyExpected, twoNights } from '../kit/two-nights.ts'
import { linesOf, type WorkerProcess, type Wrapping, workerProcess } from './worker-process.ts'

/** A night that has not ended after this long never will. */
const longestNightMs = 120_000

/** Something that goes wrong, and that a night must live through without anybody's help. */
export interface Fault {
  readonly name: string
  /** Nights it strikes in each round. */
  readonly nights: number
  /** Why it cannot be tried on this machine; null when it can. */
  readonly missing?: () => string | null
  readonly settings?: Readonly<Record<string, unknown>>
  /** Starts what the world needs before there is one; gives what ends it. */
  readonly before?: () => Promise<() => Promise<void> | undefined>
  /** How the world's suppliers are reached, given its folder. */
  readonly suppliers?: (own: readonly Supplier[], dir: string) => readonly Supplier[]
  /** The night's date by the clock below; today's when not given. */
  readonly date?: BusinessDate
  /** The clock of the world's servers; the system's when not given. */
  readonly clock?: Clock
  /** Lets the night begin and strikes, as often as it likes; gives what was done, for the report. */
  readonly strike: (night: Night, random: Random) => Promise<readonly string[]>
}

/** The night that a fault strikes; nothing of it runs yet. */
export interface Night {
  readonly world: SmallWorld
  readonly date: BusinessDate
  /** Lines that the worker writes to its log in a night on which nothing goes wrong. */
  readonly lines: number
  /** A worker's process on the world's data folder; each has a name of its own, and is ended with the night. */
  worker(name?: string, wrapping?: Wrapping): WorkerProcess
  isClosed(): boolean
  /** Keeps a worker running until the night is closed, as a service manager does. @throws when it does not end */
  untilClosed(worker: WorkerProcess): Promise<void>
  /** Is called once the workers of the night are gone, however it ended. */
  afterwards(undo: () => void | Promise<void>): void
  /** Is called when the world was examined. */
  atLast(undo: () => void | Promise<void>): void
}

/** What became of a night. */
export interface Ordeal {
  readonly fault: string
  readonly seed: string
  readonly struck: readonly string[]
  readonly broken: readonly string[]
  readonly seconds: number
  /** The world's folder, kept when a promise was broken. */
  readonly dir: string | null
}

/** A world before its second night, and what that night comes to when nothing goes wrong. */
export interface Country {
  readonly date: BusinessDate
  live(fault: Fault, seed: string): Promise<Ordeal>
  close(): Promise<void>
}

const calmSettings = {
  night: { cron: '0 0 * * *', filesUntil: '23:59', settleMs: 20, lookEveryMs: 200, sweepEveryMs: 1_000 },
  console: { port: 0 },
  // Any renaming waits for a person, so that the night has a hold as well.
  guards: { omdoeb: { ratio: 0, floor: 0 } },
  drift: { source: 'opslag', nights: 2 },
}

/** Lets the first night pass, and the second once without a fault. */
export async function prepareCountry(options: {
  readonly seed: string
  readonly kommuner: readonly string[]
  readonly date: BusinessDate
}): Promise<Country> {
  const { seed, kommuner, date } = options
  const dates = [addDays(date, -1), date] as const
  const files = twoNights({ seed, kommuner, dates })
  const baseline = await startSmallWorld({ kommuner, settings: calmSettings, suppliers: onlyExpected })
  baseline.drop(files.first)
  await baseline.runNight(dates[0])
  await baseline.denmark.close()

  const open = async (fault: Pick<Fault, 'settings' | 'suppliers' | 'clock'>) => {
    const world = await startSmallWorld({
      copyOf: baseline.dir,
      kommuner,
      settings: { ...calmSettings, ...fault.settings },
      suppliers: (own, dir) => fault.suppliers?.(onlyExpected(own), dir) ?? onlyExpected(own),
      ...(fault.clock === undefined ? {} : { clock: fault.clock }),
    })
    world.drop(files.second)
    return world
  }
  const calm = openNight(await open({}), date, 0)
  const worker = calm.worker()
  await calm.untilClosed(worker)
  await calm.end()
  const lines = linesOf(worker.logFile)
  const unbroken = wholeOutcomeOf(calm.world)
  const broken = await brokenPromises(calm.world, dates, unbroken)
  await calm.world.close()
  if (broken.length > 0) throw new Error(`promises are broken without any fault: ${broken.join('\n')}`)

  return {
    date,
    live: async (fault, nightSeed) => {
      const begin = performance.now()
      const after = await fault.before?.()
      const night = openNight(await open(fault), fault.date ?? date, lines)
      const struck: string[] = []
      const broken: string[] = []
      try {
        struck.push(...(await fault.strike(night, createRandom(nightSeed, fault.name))))
        await night.end()
        broken.push(...(await brokenPromises(night.world, [dates[0], night.date], unbroken)))
      } catch (error) {
        broken.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
      }
      await night.end()
      await after?.()
      if (broken.length === 0) await night.release()
      if (broken.length === 0) await night.world.close()
      else await night.world.denmark.close()
      const dir = broken.length === 0 ? null : night.world.dir
      return { fault: fault.name, seed: nightSeed, struck, broken, seconds: (performance.now() - begin) / 1_000, dir }
    },
    close: () => baseline.close(),
  }
}

function openNight(
  world: SmallWorld,
  date: BusinessDate,
  lines: number,
): Night & { end(): Promise<void>; release(): Promise<void> } {
  const workers: WorkerProcess[] = []
  const undos: (() => void | Promise<void>)[] = []
  const last: typeof undos = []
  const isClosed = () => stateOf(world, date) === 'closed'
  return {
    world,
    date,
    lines,
    worker: (name = 'worker', wrapping = {}) => {
      const made = workerProcess(world, name, wrapping)
      workers.push(made)
      return made
    },
    isClosed,
    untilClosed: async (worker) => {
      const until = performance.now() + longestNightMs
      while (!isClosed()) {
        if (performance.now() > until) throw new Error(`the night did not end within ${longestNightMs / 1_000} s`)
        if (!worker.isRunning()) worker.start()
        await pause(50)
      }
    },
    afterwards: (undo) => void undos.unshift(undo),
    atLast: (undo) => void last.unshift(undo),
    release: async () => {
      for (const undo of last.splice(0)) await undo()
    },
    end: async () => {
      await Promise.all(workers.splice(0).map((worker) => worker.stop()))
      for (const undo of undos.splice(0)) await undo()
    },
  }
}

/** How the night stands in the register's file; null while it cannot be read. */
function stateOf(world: SmallWorld, date: BusinessDate): string | null {
  const path = join(world.dir, 'data/register.sqlite')
  if (!existsSync(path)) return null
  try {
    const register = new Database(path, { readonly: true })
    try {
      return (register.prepare('SELECT state FROM night_run WHERE date = ?').pluck().get(date) ?? null) as string | null
    } finally {
      register.close()
    }
  } catch (error) {
    if (error instanceof Database.SqliteError && /^SQLITE_(BUSY|CANTOPEN|IOERR)/.test(error.code)) return null
    throw error
  }
}
