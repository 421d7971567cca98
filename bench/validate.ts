// Records a second and peak memory of validation, beside xmllint with the schema and sqlite3's import, on the same files.
// Usage: npm run bench:validate [-- 10000 100000 1000000]. Prints one line of JSON and a short table.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeCsvFile, writeXmlFile } from './delivery-files.ts'

interface Measure {
  readonly tool: string
  readonly records: number
  /** Wall time of the work: inside the process for ours, of the whole process for the others. */
  readonly ms: number
  /** Wall time of the whole process, its start included. */
  readonly processMs: number
  readonly recordsPerSecond: number
  readonly peakRssMb: number
}

const root = new URL('../', import.meta.url).pathname
const schema = join(root, 'config/schemas/leverance-1.xsd')
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 100_000, 1_000_000]
const folder = mkdtempSync(join(tmpdir(), 'bench-validate-'))

// Plain JavaScript, as it is installed: a loader in the process would count as ours.
const built = join(root, 'dist/bench')
spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', root, '--outDir', built], { stdio: 'ignore' })

const measures: Measure[] = []
try {
  for (const records of sizes) {
    const xml = await writeXmlFile(folder, records)
    const csv = await writeCsvFile(folder, records)
    const times = records > 200_000 ? 1 : 3
    measures.push(best(times, () => ours('validate XML', xml, records)))
    measures.push(
      best(times, () => timed('xmllint --stream --schema', records, ['xmllint', '--noout', '--stream', '--schema', schema, xml])),
    )
    measures.push(best(times, () => ours('validate CSV', csv, records)))
    measures.push(
      best(times, () =>
        timed('sqlite3 .import', records, ['sqlite3', ':memory:', '.mode csv', '.separator ;', `.import ${csv} t`]),
      ),
    )
    process.stderr.write(`${records} records: XML ${megabytes(xml)} MB, CSV ${megabytes(csv)} MB\n`)
    rmSync(xml)
    rmSync(csv)
  }
} finally {
  rmSync(folder, { recursive: true })
}
const machine = { node: process.version, cpu: cpus()[0]?.model ?? '', cores: cpus().length }
process.stdout.write(`${JSON.stringify({ bench: 'validate', machine, measures })}\n`)
for (const { tool, records, ms, processMs, recordsPerSecond, peakRssMb } of measures) {
  process.stdout.write(
    `${String(records).padStart(9)}  ${tool.padEnd(26)} ${String(ms).padStart(7)} ms, process ${String(processMs).padStart(7)} ms ${String(recordsPerSecond).padStart(9)}/s ${String(peakRssMb).padStart(5)} MB\n`,
  )
}

function ours(tool: string, path: string, records: number): Measure {
  const start = performance.now()
  const { stdout, stderr } = spawnSync(process.execPath, [join(built, 'bench/validate-one.js'), path], { encoding: 'utf8' })
  const processMs = Math.round(performance.now() - start)
  if (stdout === '') throw new Error(stderr)
  const { verdict, staged, ms, rssMb, findings } = JSON.parse(stdout)
  if (verdict !== 'validated' || staged !== records)
    throw new Error(`${tool} did not accept the file: ${JSON.stringify(findings)}`)
  return toMeasure(tool, records, ms, processMs, rssMb)
}

/** Runs a program under GNU time, which tells its peak memory. */
function timed(tool: string, records: number, command: readonly string[]): Measure {
  const start = performance.now()
  const { stderr, status } = spawnSync('/usr/bin/time', ['-f', 'peak %M', ...command], { encoding: 'utf8' })
  const ms = Math.round(performance.now() - start)
  if (status !== 0) throw new Error(`${tool} failed: ${stderr.slice(-500)}`)
  return toMeasure(tool, records, ms, ms, Math.round(Number(/peak (\d+)/.exec(stderr)?.[1] ?? 0) / 1024))
}

function toMeasure(tool: string, records: number, ms: number, processMs: number, peakRssMb: number): Measure {
  return { tool, records, ms, processMs, recordsPerSecond: Math.round((records / ms) * 1000), peakRssMb }
}

function best(times: number, run: () => Measure): Measure {
  return Array.from({ length: times }, run).reduce((a, b) => (b.ms < a.ms ? b : a))
}

function megabytes(path: string): number {
  return Math.round(statSync(path).size / 1e6)
}
