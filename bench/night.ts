// A whole national night from the suppliers' folders to the last acknowledgement: our worker on its own Redis, beside a shell script
// as a capable administrator would write it (bench/baseline/national.sh: sftp, xmllint, xsltproc, sqlite3, curl). Both fetch the same
// files from the same OpenSSH server, know the country from the night before, and send to a Unilogin that answers 20 ms
// late, eight calls at a time. For ours also what each step took and when nothing was under way.
// Needs Linux and sshd, sftp, xmllint, xsltproc, sqlite3, curl and GNU time (Debian: apt-get install openssh-server
// openssh-client libxml2-utils xsltproc sqlite3 curl time).
// Usage: npm run bench:night [-- 1 10 100]: times the size of Denmark. Prints one line of JSON and tables.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { institutionstyper } from '../src/domain/code-tables.ts'
import { kommuner, regioner } from '../src/domain/kommuner.ts'
import { feedService } from '../src/formats/unilogin/soap-service.ts'
import { parts } from '../src/main/parts.ts'
import type { EndedJob } from '../src/ports/job-watcher.ts'
import { toSupplierSettings } from '../src/sandbox/generator/suppliers.ts'
import { type OpenSshServer, startOpenSsh } from '../test/kit/openssh.ts'
import { layFiles, nightCountry, nightSuppliers, toRecords, toVersions } from './night-country.ts'
import { firstLine, ownWorld, peakMb } from './own-world.ts'

const root = new URL('../', import.meta.url).pathname
const schema = join(root, 'config/schemas/leverance-1.xsd')
const scales = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1]
const lateMs = 20
const parallel = 8
const settleMs = 500
const batch = 5_000
const lacks =
  'files that are still being written, sums, who may speak for whom, order of numbers, cross-field rules, guards and holds, ' +
  'history, proof, signatures, retries, receipts, read-back, a report, and it cannot go on where it was killed'

if (!existsSync('/proc/self/status')) throw new Error('this bench reads /proc: it needs Linux')
for (const [program, args] of Object.entries({
  sftp: '-h',
  xmllint: '--version',
  xsltproc: '--version',
  sqlite3: '-version',
  curl: '-V',
}))
  if (spawnSync(program, [args]).error !== undefined)
    throw new Error(`${program} is missing; see the first lines of bench/night.ts`)
if (!existsSync('/usr/bin/time')) throw new Error('GNU time is missing: apt-get install time')

const world = ownWorld('night')
// Plain JavaScript, as it is installed: a loader in the process would count as ours.
const built = join(root, 'dist/bench')
spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', root, '--outDir', built], { stdio: 'ignore' })

const measures: Measure[] = []
for (const scale of scales) measures.push(await measure(scale))
const machine = { node: process.version, cpu: cpus()[0]?.model ?? '', cores: cpus().length }
process.stdout.write(`${JSON.stringify({ bench: 'night', machine, lateMs, parallel, settleMs, measures })}\n`)
for (const each of measures) print(each)
process.stdout.write(`The script does without: ${lacks}.\n`)
process.exit(0)

interface OurNight {
  readonly startedAt: number
  readonly ms: number
  readonly cpuMs: number
  readonly workerMb: number
  readonly redisMb: number
  readonly complete: boolean
  readonly deltas: Readonly<Record<string, number>>
  readonly jobs: readonly EndedJob[]
}

interface StepTime {
  readonly job: string
  readonly count: number
  /** Of all its jobs together. */
  readonly sumMs: number
  /** Begin of the first and end of the last, from the begin of the night. */
  readonly fromMs: number
  readonly untilMs: number
}

interface Measure {
  readonly scale: number
  readonly units: number
  readonly files: number
  readonly ours: Omit<OurNight, 'jobs'> & { readonly steps: readonly StepTime[]; readonly idleMs: number }
  readonly script: {
    readonly ms: number
    readonly cpuMs: number
    readonly largestMb: number
    readonly steps: Readonly<Record<string, number>>
    readonly acknowledged: string
  }
  readonly uniloginMb: number
  /** Times the script's: below 1 we are faster. */
  readonly ratio: number
}

async function measure(scale: number): Promise<Measure> {
  const folder = join(world.folder, `x${scale}`)
  mkdirSync(folder)
  const country = nightCountry(scale)
  const servers = world.spawn(process.execPath, [join(built, 'bench/night-servers.js'), join(folder, 'sandbox'), `${lateMs}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const { unilogin, unsigned, sideDoors } = await firstLine<Servers>(servers)
  const records = toRecords(country.units)
  for (let from = 0; from < records.length; from += batch) {
    const body = JSON.stringify(records.slice(from, from + batch).map((record) => ({ record })))
    for (const door of sideDoors) {
      const { ok, status } = await fetch(`${door}/_sandbox/institutions`, { method: 'PUT', body })
      if (!ok) throw new Error(`the sandbox did not take its institutions: ${status}`)
    }
  }
  const ssh = await startOpenSsh({ root: join(folder, 'ssh') })
  world.atEnd(() => void ssh.close())
  layFiles(join(folder, 'ssh/ours'), country.files)
  layFiles(join(folder, 'ssh/plain'), country.files)
  note(`${scale} x Denmark: ${country.units.length} units in ${country.files.length} files; loading the night before`)

  const script = runScript(folder, ssh, `${unsigned}${feedService.path}`, unilogin['caFile'] as string, country)
  note(`the script took ${script.ms} ms`)
  const { jobs, ...night } = await runOurs(folder, ssh, unilogin, country)
  note(`ours took ${night.ms} ms`)
  const uniloginMb = peakMb(servers.pid)
  servers.stdin?.end()
  await ssh.close()
  const ours = { ...night, steps: toSteps(jobs, night.startedAt), idleMs: night.ms - busyMs(jobs) }
  const sizes = { units: country.units.length, files: country.files.length }
  return { scale, ...sizes, ours, script, uniloginMb, ratio: night.ms / script.ms }
}

interface Servers {
  readonly unilogin: Readonly<Record<string, unknown>>
  readonly unsigned: string
  readonly sideDoors: readonly string[]
}
type Country = ReturnType<typeof nightCountry>

async function runOurs(folder: string, ssh: OpenSshServer, unilogin: Servers['unilogin'], { units }: Country): Promise<OurNight> {
  const suppliers = nightSuppliers.map((supplier) => ({
    ...toSupplierSettings(supplier, { ...ssh, folder: `ours/${supplier.id}/ud` }),
    ...(supplier.readFolder === null ? {} : { readFolder: `ours/${supplier.id}/${supplier.readFolder}` }),
  }))
  const settings = {
    dataDir: join(folder, 'data'),
    log: { level: 'error' },
    night: { settleMs },
    suppliers,
    unilogin: { ...unilogin, parallel, readBack: 'ingen', agreements: 'ingen' },
    backup: { nightly: false },
    limits: { fileBytes: 2_000_000_000 },
  }
  const settingsFile = join(folder, 'settings.json')
  writeFileSync(settingsFile, JSON.stringify(settings))
  const { register, close } = await parts.openReading(parts.loadSettings(settings))
  const versions = toVersions(units)
  for (let from = 0; from < versions.length; from += batch)
    register.register.write((tx) => tx.units.write(versions.slice(from, from + batch)))
  await close()
  const { stdout, stderr } = spawnSync(process.execPath, [join(built, 'bench/night-one.js'), settingsFile], {
    encoding: 'utf8',
    maxBuffer: 1_000_000_000,
  })
  if (stdout === '') throw new Error(`our night did not end: ${stderr}`)
  const night = JSON.parse(stdout) as OurNight
  if (!night.complete) note('our night is not complete: changes wait for a person')
  return night
}

/** The script on a register of its own, which it made itself out of the files of the day before. */
function runScript(folder: string, ssh: OpenSshServer, url: string, ca: string, { before }: Country): Measure['script'] {
  const own = join(folder, 'script')
  const baseline = (name: string) => join(root, 'bench/baseline', name)
  layFiles(join(own, 'before'), before)
  const codes = [...kommuner.values()].map(({ kommuneKode, navn, regionKode }) => [
    kommuneKode,
    navn,
    regionKode,
    regioner.get(regionKode),
  ])
  writeFileSync(join(own, 'kommune.tsv'), codes.map((row) => `${row.join('\t')}\n`).join(''))
  const types = [...institutionstyper].map(([kode, { tekst }]) => `${kode}\t${tekst}\n`)
  writeFileSync(join(own, 'institutionstype.tsv'), types.join(''))
  const load =
    `find before -name '*.xml' -print0 | xargs -0 xsltproc ${baseline('rows.xsl')} >before.tsv && sqlite3 register.sqlite ` +
    `'PRAGMA journal_mode = WAL' '.read ${baseline('national-tables.sql')}' '.mode ascii' '.separator "\t" "\n"' ` +
    `'.import before.tsv unit' '.import kommune.tsv kommune' '.import institutionstype.tsv institutionstype' "UPDATE unit SET lokal_id = ''"`
  const loaded = spawnSync('sh', ['-c', load], { cwd: own, encoding: 'utf8' })
  if (loaded.status !== 0) throw new Error(`the script's register was not loaded: ${loaded.stderr}`)

  const args = [baseline('national.sh'), own, schema, `${ssh.port}`, ssh.privateKeyFile, url, ca, `${parallel}`]
  const { stdout, stderr, status } = spawnSync('/usr/bin/time', ['-f', 'peak %M %U %S', 'sh', ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the script failed: ${stderr}`)
  const marks = [...stdout.matchAll(/^step (\w+) ([\d.]+)$/gm)].map(([, name = '', at]) => ({ name, at: Number(at) * 1_000 }))
  const steps = marks.slice(0, -1).map(({ name, at }, n) => [name, Math.round((marks[n + 1]?.at ?? at) - at)] as const)
  const [kilobytes = 0, user = 0, system = 0] = (/peak (.+)/.exec(stderr)?.[1] ?? '').split(' ').map(Number)
  return {
    ms: steps.reduce((sum, [, ms]) => sum + ms, 0),
    cpuMs: (user + system) * 1_000,
    largestMb: Math.round(kilobytes / 1_024),
    steps: Object.fromEntries(steps),
    acknowledged: /acknowledged (.+)/.exec(stdout)?.[1] ?? '',
  }
}

function toSteps(jobs: readonly EndedJob[], startedAt: number): StepTime[] {
  const steps = [...new Set(jobs.map(({ job }) => job))].map((name): StepTime => {
    const own = jobs.filter(({ job }) => job === name)
    const sumMs = own.reduce((sum, job) => sum + job.endedAt - job.startedAt, 0)
    const fromMs = own.reduce((first, job) => Math.min(first, job.startedAt), Number.POSITIVE_INFINITY) - startedAt
    const untilMs = own.reduce((last, job) => Math.max(last, job.endedAt), 0) - startedAt
    return { job: name, count: own.length, sumMs, fromMs, untilMs }
  })
  return steps.sort((a, b) => a.fromMs - b.fromMs)
}

/** How long at least one job was under way. */
function busyMs(jobs: readonly EndedJob[]): number {
  let [busy, until] = [0, 0]
  for (const job of [...jobs].sort((a, b) => a.startedAt - b.startedAt)) {
    busy += Math.max(0, job.endedAt - Math.max(job.startedAt, until))
    until = Math.max(until, job.endedAt)
  }
  return busy
}

function print({ scale, units, files, ours, script, uniloginMb, ratio }: Measure): void {
  const line = (text: string) => process.stdout.write(`${text}\n`)
  const acknowledged = `${(ours.deltas['acknowledged'] ?? 0) + (ours.deltas['confirmed'] ?? 0)} of ${Object.values(ours.deltas).reduce((sum, n) => sum + n, 0)}`
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`
  line(`${scale} x Denmark, ${units} units in ${files} files`)
  for (const { job, count, sumMs, fromMs, untilMs } of ours.steps)
    line(
      `  ${job.padEnd(20)} ${String(count).padStart(6)} jobs ${seconds(sumMs).padStart(9)} together, ${seconds(fromMs)} to ${seconds(untilMs)}`,
    )
  const waits = 1 - ours.cpuMs / ours.ms
  line(
    `  ours    ${seconds(ours.ms).padStart(8)}, acknowledged ${acknowledged}; processor ${seconds(ours.cpuMs)}; ${(100 * waits).toFixed(0)} % of the time it waits, ${seconds(ours.idleMs)} with no job under way`,
  )
  line(
    `  script  ${seconds(script.ms).padStart(8)}, acknowledged ${script.acknowledged}; processor ${seconds(script.cpuMs)}; ${Object.entries(
      script.steps,
    )
      .map(([name, ms]) => `${name} ${seconds(ms)}`)
      .join(', ')}`,
  )
  line(
    `  ours takes ${ratio.toFixed(2)} of the script's time; peak memory: worker ${ours.workerMb} MB, Redis ${ours.redisMb} MB, largest of the script ${script.largestMb} MB, the sandbox's Unilogins ${uniloginMb} MB`,
  )
}

function note(text: string): void {
  process.stderr.write(`${text}\n`)
}
