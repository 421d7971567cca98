import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Supplier } from '../../config/settings.ts'
import { systemClock } from '../../src/adapters/system/system-clock.ts'
import type { NightReport } from '../../src/app/night-report.ts'
import type { QueueProgram } from '../../src/cli/program.ts'
import { runNight } from '../../src/cli/run-night.ts'
import { fieldNames } from '../../src/domain/unit.ts'
import { parts } from '../../src/main/parts.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { JobWatcher } from '../../src/ports/job-watcher.ts'
import type { NightFile } from '../../src/sandbox/generator/night-files.ts'
import { dropFile, type SmallDenmark, startSmallDenmark } from '../../src/sandbox/start-small-denmark.ts'
import { fastFolder } from './builders.ts'

/** A worker's data folder beside a small Denmark of its own, both in a temporary folder. */
export interface SmallWorld {
  readonly dir: string
  readonly denmark: SmallDenmark
  /** What `loadSettings` merges over the defaults. */
  readonly settings: Readonly<Record<string, unknown>>
  drop(files: readonly Pick<NightFile, 'supplierId' | 'fileName' | 'bytes'>[]): void
  /** Opens the worker's parts here, runs the night to its end, closes them. */
  runNight(date: string): Promise<NightReport>
  /** Opens the worker's parts here for anything else. */
  withProgram<T>(work: (program: QueueProgram) => Promise<T>): Promise<T>
  /** Stops the servers and removes the folder. */
  close(): Promise<void>
}

/** Starts a small world, empty or as a copy of one that was stopped. */
export async function startSmallWorld(options: {
  readonly copyOf?: string
  readonly kommuner: readonly string[]
  readonly settings?: Readonly<Record<string, unknown>>
  /** The clock of its servers; the system's when not given. */
  readonly clock?: Clock
  /** Is told of every job of its nights. */
  readonly traces?: JobWatcher
  /** Other settings of the suppliers, given the world's folder. */
  readonly suppliers?: (own: readonly Supplier[], dir: string) => readonly Supplier[]
}): Promise<SmallWorld> {
  const dir = mkdtempSync(join(fastFolder(), 'dagtilbud-'))
  if (options.copyOf !== undefined) cpSync(options.copyOf, dir, { recursive: true, filter: (path) => !path.endsWith('.sock') })
  const sandboxDir = join(dir, 'sandbox')
  const denmark = await startSmallDenmark({
    dir: sandboxDir,
    clock: options.clock ?? systemClock,
    seed: 1,
    kommuner: options.kommuner,
  })
  const { unilogin } = denmark.settings
  const suppliers = options.suppliers?.(denmark.settings.suppliers, dir) ?? denmark.settings.suppliers
  const settings = {
    dataDir: join(dir, 'data'),
    log: { level: 'silent' },
    night: { settleMs: 20, lookEveryMs: 200, sweepEveryMs: 1_000 },
    suppliers,
    backup: { nightly: false },
    ...options.settings,
    unilogin: { ...unilogin, retryDelaysMs: [20, 50, 100], ...(options.settings?.['unilogin'] as object | undefined) },
  }
  const withProgram = async <T>(work: (program: QueueProgram) => Promise<T>): Promise<T> => {
    const program = await parts.openQueue(parts.loadSettings(settings))
    try {
      return await work(program)
    } finally {
      await program.close()
    }
  }
  return {
    dir,
    denmark,
    settings,
    drop: (files) => {
      for (const file of files) dropFile(sandboxDir, file)
    },
    withProgram,
    runNight: (date) =>
      withProgram(async (program) => {
        const worker = await program.startWorker(['register', 'edge'], { traces: options.traces ?? null })
        const report = await runNight(program, { date, filesUntilAt: program.clock.now(), onProgress: () => undefined })
        await worker.stop(5_000)
        return report
      }),
    close: async () => {
      await denmark.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/**
 * What a night came to, in terms that do not depend on the order in which files happened to be applied: units by the
 * supplier's own ids, every version of each, the deltas and their states, and what Unilogin holds.
 */
export function outcomeOf(world: Pick<SmallWorld, 'dir'>): {
  register: string[]
  deltas: string[]
  operations: string[]
  unilogin: string[]
  files: string[]
  holds: string[]
} {
  const register = new Database(join(world.dir, 'data/register.sqlite'), { readonly: true })
  const unilogin = new Database(join(world.dir, 'sandbox/unilogin.sqlite'), { readonly: true })
  try {
    const ids = register.prepare('select supplier_id, lokal_id, nummer from lokal_id').all() as Record<string, string>[]
    const nameOf = new Map(ids.map((row) => [row['nummer'], `${row['supplier_id']}/${row['lokal_id']}`]))
    const named = (text: string) => text.replace(/G\d{5}/g, (nummer) => nameOf.get(nummer) ?? `unnamed ${nummer}`)
    const all = (db: Database.Database, query: string) =>
      (db.prepare(query).all() as Record<string, unknown>[]).map((row) => named(JSON.stringify(row))).sort()
    const columns = fieldNames.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)).join(', ')
    return {
      register: all(
        register,
        `select nummer, kind, parent_nummer, status, ${columns}, actor, file_id, line, valid_to is null as current, recorded_to is null as held from unit_version`,
      ),
      deltas: all(register, 'select nummer, operation, state, record, file_id from outbox'),
      operations: register.prepare('select distinct operation from outbox order by 1').pluck().all() as string[],
      unilogin: all(unilogin, 'select instnr, version, closed, record from institution_version'),
      holds: all(register, 'select slice, count, of, state, kommune_kode from hold'),
      files: all(register, 'select file_id, state, accepted, rejected, unchanged from delivery_file'),
    }
  } finally {
    register.close()
    unilogin.close()
  }
}
