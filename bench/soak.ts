// Night after night in one worker that is never restarted, each on the next date, and what is left behind after each: memory once the
// garbage is collected, open files, timers and sockets, files in the data folder, rows in each table, keys in Redis. Retention is on
// with few days, so what is kept for some days stands still once they are over. Ends with 1 when something grows that should not.
// The register's history is meant to grow by each night's news (`history` below); it is told, and held to that pace.
// Needs Linux and redis-server (Debian: apt-get install redis-server).
// Usage: npm run soak [-- 30]: nights. Prints a table and one line of JSON.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import Database from 'better-sqlite3'
import { provideRedis } from '../src/adapters/redis/provide-redis.ts'
import { followUpkeep } from '../src/cli/follow-upkeep.ts'
import type { QueueProgram } from '../src/cli/program.ts'
import { runNight } from '../src/cli/run-night.ts'
import { addDays, dayMs, toBusinessDate } from '../src/domain/time.ts'
import { createDenmark } from '../src/sandbox/generator/create-denmark.ts'
import { nextDay } from '../src/sandbox/generator/next-day.ts'
import { buildNightFiles } from '../src/sandbox/generator/night-files.ts'
import { sandboxSuppliers } from '../src/sandbox/generator/suppliers.ts'
import { startSmallWorld } from '../test/kit/small-world.ts'

const nights = Number(process.argv[2] ?? 30)
const kommuner = ['165', '185', '253', '665']
const keepDays = 5
/** Nights until everything that is kept for some days is full. */
const warmUp = Math.min(keepDays + 3, Math.floor(nights / 3))
/** Tables that keep what happened, and the blobs that only the ledger names, for ever: they grow by the night's news and by nothing else. */
const history = new Set(
  (
    'night_run night_supplier delivery_file arrival finding change_plan hold receipt unit unit_version unit_link removed_blob upkeep lokal_id ' +
    'outbox outbox_need proof_files cutoff_passed forecast night_pace delivery_attempt source_clock ledger agreement agreement_check drift_run notice outage'
  ).split(' '),
)
/** How far the mean of the last third may be above that of the first third after the warm-up. */
const allowed: Readonly<Record<string, { readonly ratio: number; readonly more: number }>> = {
  rssMb: { ratio: 0.15, more: 10 },
  heapMb: { ratio: 0.1, more: 4 },
  fds: { ratio: 0, more: 6 },
  // Pauses and pooled connections are there or not when it is counted.
  handles: { ratio: 0, more: 15 },
  // One for each table that was ever written.
  seal: { ratio: 0, more: 5 },
  redisKeys: { ratio: 0, more: 3 },
  files: { ratio: 0.15, more: 20 },
}

type Sizes = Readonly<Record<string, number>>

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
// The nights lie a day apart for everybody in this process: worker, sandbox and queue.
const [realNow, firstDay] = [Date.now, Date.now()]
let passedMs = 0
Date.now = () => realNow() + passedMs

const world = await startSmallWorld({
  kommuner,
  settings: {
    retention: { filesDays: keepDays, receiptsDays: keepDays },
    backup: { nightly: true, keep: 3 },
    unilogin: { agreements: 'ingen' },
  },
})
process.once('exit', () => rmSync(world.dir, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
const seen = await world.withProgram(soak)
await world.close()
report(seen)

async function soak(program: QueueProgram): Promise<Sizes[]> {
  const redis = await provideRedis({ url: program.settings.redis.url, dataDir: program.settings.dataDir })
  const client = redis.connect()
  const worker = await program.startWorker(['register', 'edge'])
  const sizes: Sizes[] = []
  let denmark = createDenmark({ seed: 'soak', kommuner })
  for (let night = 0; night < nights; night += 1) {
    passedMs = night * dayMs
    const date = addDays(toBusinessDate(firstDay), night)
    const dannet = new Date(Date.now()).toISOString()
    world.drop(buildNightFiles(denmark, sandboxSuppliers, { loebenummer: night + 1, dannet }))
    await runNight(program, { date, filesUntilAt: program.clock.now(), onProgress: () => undefined })
    await followUpkeep(program.register)
    emptySuppliers()
    collectGarbage()
    await new Promise((wake) => setImmediate(wake))
    collectGarbage()
    sizes.push({
      ...processSizes(),
      redisKeys: await client.dbsize(),
      ...fileSizes(program),
      ...tableSizes(),
    })
    tell(night, sizes.at(-1) ?? {})
    denmark = nextDay(denmark, { seed: `soak-${night}` }).denmark
  }
  await worker.stop(5_000)
  await redis.close()
  return sizes
}

/** Suppliers clear their folders, and what was read, once in a while. */
function emptySuppliers(): void {
  for (const { id } of sandboxSuppliers)
    for (const entry of readdirSync(join(world.dir, 'sandbox/sftp', id), { recursive: true, withFileTypes: true }))
      if (entry.isFile()) rmSync(join(entry.parentPath, entry.name))
}

function processSizes(): Sizes {
  const { rss, heapUsed } = process.memoryUsage()
  const [rssMb, heapMb] = [rss, heapUsed].map((bytes) => Math.round(bytes / 1_048_576)) as [number, number]
  return { rssMb, heapMb, fds: readdirSync('/proc/self/fd').length, handles: process.getActiveResourcesInfo().length }
}

/** Files in the data folder, backups included, without those that only the ledger names: they stay as a proof. */
function fileSizes({ settings, register }: QueueProgram): Sizes {
  const named = register.register.read((tx) => tx.upkeep.namedBlobs())
  const inUse = new Set(named.filter(({ use }) => use !== 'ledger').map(({ sha256 }) => sha256))
  const inProof = new Set(named.map(({ sha256 }) => sha256).filter((sha256) => !inUse.has(sha256)))
  const names = readdirSync(settings.dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const proof = names.filter(({ name }) => inProof.has(name)).length
  return { files: names.length - proof, proof_files: proof }
}

function tableSizes(): Sizes {
  const register = new Database(join(world.dir, 'data/register.sqlite'), { readonly: true })
  try {
    const tables = register
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all()
    const sizes = (tables as string[]).map((name) => [name, register.prepare(`SELECT count(*) FROM "${name}"`).pluck().get()])
    return Object.fromEntries(sizes) as Sizes
  } finally {
    register.close()
  }
}

function tell(night: number, { rssMb, heapMb, fds, handles, redisKeys, files }: Sizes): void {
  process.stderr.write(
    `night ${night + 1}: ${rssMb} MB, heap ${heapMb} MB, ${fds} fds, ${handles} handles, ${redisKeys} keys in Redis, ${files} files\n`,
  )
}

/** Each size at the begin, after the warm-up and at the end, and whether it may have grown so. */
function report(all: readonly Sizes[]): void {
  const steady = all.slice(warmUp)
  const third = Math.max(1, Math.floor(steady.length / 3))
  const rows = Object.keys(all[0] ?? {}).map((name) => {
    const of = (sizes: readonly Sizes[]) => sizes.map((size) => size[name] ?? 0)
    const [early, late] = [mean(of(steady.slice(0, third))), mean(of(steady.slice(-third)))]
    const { ratio, more } = allowed[name] ?? { ratio: 0, more: 0 }
    const grows = history.has(name) ? outpaces(of(steady)) : late > early * (1 + ratio) + more
    return { name, first: of(all)[0] ?? 0, early, late, history: history.has(name), grows }
  })
  for (const { name, first, early, late, history: kept, grows } of rows)
    process.stdout.write(
      `${name.padEnd(18)} first ${String(first).padStart(6)}, early ${early.toFixed(0).padStart(6)}, late ${late.toFixed(0).padStart(6)}  ${grows ? 'GROWS' : kept ? 'history' : 'flat'}\n`,
    )
  process.stdout.write(`${JSON.stringify({ soak: nights, keepDays, rows })}\n`)
  process.exit(rows.some(({ grows }) => grows) ? 1 : 0)
}

/** True when history grows twice as fast in the end as in the beginning: something is written for what was, not for what is new. */
function outpaces(sizes: readonly number[]): boolean {
  const half = Math.floor(sizes.length / 2)
  const [first = 0, middle = 0, last = 0] = [sizes[0], sizes[half], sizes.at(-1)]
  return last - middle > 2 * (middle - first) + 20
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
