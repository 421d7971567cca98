// Records a second and peak memory of planning and applying a night in which one record in a hundred is another, beside the
// sqlite3 command line, which imports the same records, takes the difference by sets and upserts (bench/baseline/*.sql).
// Ours keeps history, outbox, seals and ledger; the other keeps the current state only. Needs sqlite3 and GNU time
// (Debian: apt-get install sqlite3 time).
// Usage: npm run bench:register [-- 10000 1000000]. Prints one line of JSON and a short table.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'

interface Measure {
  readonly tool: string
  readonly records: number
  readonly files: number
  readonly ms: number
  /** Time of the processor, which other work on the machine does not change. */
  readonly cpuMs: number
  readonly recordsPerSecond: number
  readonly peakRssMb: number
  readonly [detail: string]: string | number
}

const root = new URL('../', import.meta.url).pathname
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 1_000_000]
/** A whole country comes as a file for each municipality; the single file is the worst case for memory. */
const fileCounts = [98, 1]

// Plain JavaScript, as it is installed: a loader in the process would count as ours.
const built = join(root, 'dist/bench')
spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', root, '--outDir', built], { stdio: 'ignore' })

const measures: Measure[] = []
const reads: Record<string, unknown>[] = []
for (const records of sizes)
  for (const files of fileCounts) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-register-'))
    try {
      const { loadMs } = ours('load', folder, records, files)
      process.stderr.write(`${records} records in ${files} files: loaded in ${loadMs} ms\n`)
      const other = sqliteShell(folder, records, files)
      const { ms = 0, cpuMs = 0, rssMb = 0, ...details } = ours('night', folder, records, files)
      const times = Math.round((ms / other.ms) * 10) / 10
      measures.push(other, { ...toMeasure('plan and apply', { records, files, ms, cpuMs, rssMb }), times, ...details })
      if (files === fileCounts[0]) reads.push({ records, ...ours('as-of', folder, records, files) })
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
const machine = { node: process.version, cpu: cpus()[0]?.model ?? '', cores: cpus().length }
process.stdout.write(`${JSON.stringify({ bench: 'register', machine, measures, reads })}\n`)
for (const { tool, records, files, ms, cpuMs, recordsPerSecond, peakRssMb, planMs, applyMs, times } of measures) {
  const parts = planMs === undefined ? '' : `${times} times as long; plan ${planMs} ms, apply ${applyMs} ms`
  process.stdout.write(
    `${String(records).padStart(9)} in ${String(files).padStart(2)}  ${tool.padEnd(24)} ${String(ms).padStart(7)} ms, processor ${String(cpuMs).padStart(7)} ms ${String(recordsPerSecond).padStart(9)}/s ${String(peakRssMb).padStart(5)} MB  ${parts}\n`,
  )
}
for (const { versions, medianUs, p99Us } of reads)
  process.stdout.write(`one unit as of a moment, ${versions} versions: median ${medianUs} µs, 99 % ${p99Us} µs\n`)

function ours(part: string, folder: string, records: number, files: number): Record<string, number> {
  const script = join(built, 'bench/register-one.js')
  const { stdout, stderr } = spawnSync(process.execPath, [script, part, folder, `${records}`, `${files}`], { encoding: 'utf8' })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

/** The whole process: import, difference, upsert, commit. The table of the night before is there when it starts. */
function sqliteShell(folder: string, records: number, files: number): Measure {
  const database = join(folder, 'baseline.sqlite')
  const script = (name: string) => `.read ${join(root, 'bench/baseline', name)}`
  const importInto = (table: string, csv: string) => ['.mode csv', '.separator ;', `.import ${join(folder, csv)} ${table}`]
  shell([database, 'PRAGMA journal_mode = WAL', script('tables.sql'), ...importInto('unit', 'before.csv')])
  const { ms, cpuMs, rssMb, stdout } = shell([database, ...importInto('staged', 'after.csv'), script('night.sql')])
  return { ...toMeasure('sqlite3 import and upsert', { records, files, ms, cpuMs, rssMb }), changes: stdout.trim() }
}

/** Runs sqlite3 under GNU time, which tells its peak memory. */
function shell(args: readonly string[]) {
  const start = performance.now()
  const { stderr, stdout, status } = spawnSync('/usr/bin/time', ['-f', 'peak %M %U %S', 'sqlite3', ...args], { encoding: 'utf8' })
  const ms = Math.round(performance.now() - start)
  if (status !== 0) throw new Error(`sqlite3 failed: ${stderr.slice(-500)}`)
  const [kilobytes = 0, user = 0, system = 0] = (/peak (.+)/.exec(stderr)?.[1] ?? '').split(' ').map(Number)
  return { ms, stdout, cpuMs: Math.round((user + system) * 1000), rssMb: Math.round(kilobytes / 1024) }
}

function toMeasure(tool: string, parts: { records: number; files: number; ms: number; cpuMs: number; rssMb: number }): Measure {
  const { records, files, ms, cpuMs, rssMb } = parts
  return { tool, records, files, ms, cpuMs, recordsPerSecond: Math.round((records / ms) * 1000), peakRssMb: rssMb }
}
