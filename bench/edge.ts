// Validations a second with 0, 1, 2, ... edge workers on hosts of their own beside the host with the register (0: it validates itself), all on
// one Redis and one shared folder. Every host is a network namespace with an address and a cable of its own; the folder is shared, as NFS
// would be. Then once more with two, where the cable of one is pulled in the middle of a job: its job must be done by the other once its
// lock has run out, and the register must end the same. On one machine all hosts share its cores: more workers than cores gain nothing.
// Needs Linux, root for `ip netns`, and redis-server (Debian: apt-get install iproute2 redis-server). Where namespaces are not
// permitted the hosts are processes on loopback, and the one that is cut off is killed instead.
// Usage: npm run bench:edge [-- 2 5]: most edge workers, times the size of Denmark. Prints one line of JSON and a table.
import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { toSupplierSettings } from '../src/sandbox/generator/suppliers.ts'
import { nightSuppliers } from './night-country.ts'
import { ownWorld } from './own-world.ts'

const root = new URL('../', import.meta.url).pathname
const [most = 2, scale = 5] = process.argv.slice(2).map(Number)
/** Of the files, when the cable is pulled. */
const cutAtShare = 0.7
const name = (host: string) => `dgt${process.pid}-${host}`

// Plain JavaScript, as it is installed: a loader in the process would count as ours.
const built = join(root, 'dist/bench')
spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', root, '--outDir', built], { stdio: 'ignore' })

const world = ownWorld('edge')
const hasHosts = layHub()
const redisHost = hasHosts ? '10.77.0.1' : '127.0.0.1'
const redisPort = 21_000 + (process.pid % 10_000)
const redis = on('hub', 'redis-server', ['--bind', redisHost, '--port', `${redisPort}`, '--protected-mode', 'no', '--save', ''])
await once(redis.stdout ?? redis, 'data')

const measures: Measure[] = []
for (let workers = 0; workers <= most; workers++) measures.push(told(await measure(workers, false)))
measures.push(told(await measure(2, true)))
const same = new Set(measures.map(({ outcome }) => outcome)).size === 1
const machine = { node: process.version, cpu: cpus()[0]?.model ?? '', cores: cpus().length }
process.stdout.write(
  `${JSON.stringify({ bench: 'edge', machine, hosts: hasHosts ? 'network namespaces' : 'loopback', scale, same, measures })}\n`,
)
for (const { workers, cut, files, ms, perSecond, again } of measures)
  process.stdout.write(
    `${workers} edge workers${cut ? ', one cut off' : ''}: ${files} files in ${(ms / 1_000).toFixed(1)} s, ${perSecond.toFixed(1)} validations/s, ${again} done again\n`,
  )
process.stdout.write(
  `hosts are ${hasHosts ? 'network namespaces' : 'processes on loopback: namespaces are not permitted here'}; the register ended ${same ? 'the same each time' : 'DIFFERENTLY'}\n`,
)
process.exit(same ? 0 : 1)

interface Measure {
  readonly workers: number
  readonly cut: boolean
  readonly files: number
  readonly ms: number
  readonly perSecond: number
  /** Validations that were begun more than once. */
  readonly again: number
  readonly outcome: string
}

function told(measured: Measure): Measure {
  process.stderr.write(`${JSON.stringify(measured)}\n`)
  return measured
}

async function measure(workers: number, cut: boolean): Promise<Measure> {
  const run = `${workers}${cut ? '-cut' : ''}`
  const folder = join(world.folder, run)
  mkdirSync(join(folder, 'hub/files'), { recursive: true })
  const settings = settingsOf(run)
  const hubSettings = join(folder, 'hub.json')
  writeFileSync(hubSettings, JSON.stringify({ ...settings, dataDir: join(folder, 'hub') }))
  const roles = workers === 0 ? 'register,edge' : 'register'
  const hub = on('hub', process.execPath, [join(built, 'bench/edge-hub.js'), hubSettings, roles, `${scale}`])
  const lines = createInterface(hub.stdout as NodeJS.ReadableStream)[Symbol.asyncIterator]()
  const next = async () => {
    const { done, value } = await lines.next()
    if (done) throw new Error('the host with the register ended early; see the lines above')
    return JSON.parse(value) as { files?: number; left?: number; ms?: number; outcome?: string }
  }
  const { files = 0 } = await next()
  const edges = Array.from({ length: workers }, (_, n) => startEdge(folder, n + 1, settings))
  while (edges.some(({ logFile }) => !readFileSync(logFile, 'utf8').includes('worker started')))
    await new Promise((wake) => setTimeout(wake, 100))
  hub.stdin?.write('go\n')

  let isCut = false
  for (;;) {
    const { left, ms, outcome } = await next()
    if (cut && !isCut && left !== undefined && left < files * cutAtShare) {
      isCut = true
      if (hasHosts) ip('-n', name('hub'), 'link', 'set', 'to-1', 'down')
      else edges[0]?.child.kill('SIGKILL')
    }
    if (ms === undefined || outcome === undefined) continue
    for (const { child } of edges) child.kill('SIGKILL')
    if (hasHosts && cut) ip('-n', name('hub'), 'link', 'set', 'to-1', 'up')
    const begun = edges.map(
      ({ logFile }) => [...readFileSync(logFile, 'utf8').matchAll(/"job":"validate".*"job begins"/g)].length,
    )
    const again = workers === 0 ? 0 : begun.reduce((sum, n) => sum + n, 0) - files
    return { workers, cut, files, ms, perSecond: (files * 1_000) / ms, again, outcome }
  }
}

function settingsOf(run: string) {
  const access = {
    host: 'localhost',
    port: 22,
    username: 'u',
    passwordFile: '/dev/null',
    fingerprint: 'A'.repeat(43),
    folder: '.',
  }
  return {
    redis: { url: `redis://${redisHost}:${redisPort}`, prefix: `edge-${run}` },
    log: { level: 'warn' },
    suppliers: nightSuppliers.map((supplier) => toSupplierSettings(supplier, access)),
    unilogin: { baseUrl: 'https://localhost:1' },
  }
}

/** The program as it is installed, on a host of its own: settings and data folder are its own, the file store is the shared folder. */
function startEdge(folder: string, n: number, settings: ReturnType<typeof settingsOf>) {
  const own = join(folder, `edge-${n}`)
  mkdirSync(own)
  symlinkSync(join(folder, 'hub/files'), join(own, 'files'))
  const [config, logFile] = [join(own, 'dagtilbud.yaml'), join(own, 'log')]
  writeFileSync(config, JSON.stringify({ ...settings, log: { level: 'info' }, dataDir: own }))
  writeFileSync(logFile, '')
  layHost(n)
  const command = `exec ${process.execPath} ${join(built, 'src/main/dagtilbud.js')} worker --roles edge >${logFile} 2>&1`
  const child = on(`edge${n}`, 'sh', ['-c', command], { DAGTILBUD_CONFIG: config })
  return { child, logFile }
}

/** The host with register and Redis, and the switch that the others are plugged into. False when namespaces are not permitted. */
function layHub(): boolean {
  const hub = name('hub')
  if (spawnSync('ip', ['netns', 'add', hub], { stdio: 'ignore' }).status !== 0) return false
  world.atEnd(() => void spawnSync('ip', ['netns', 'del', hub]))
  ip('-n', hub, 'link', 'add', 'switch', 'type', 'bridge')
  ip('-n', hub, 'addr', 'add', '10.77.0.1/24', 'dev', 'switch')
  for (const device of ['lo', 'switch']) ip('-n', hub, 'link', 'set', device, 'up')
  return true
}

/** A host with a cable to the switch; it is there already when a run before has laid it. */
function layHost(n: number): void {
  const [hub, host] = [name('hub'), name(`edge${n}`)]
  if (!hasHosts || spawnSync('ip', ['netns', 'add', host], { stdio: 'ignore' }).status !== 0) return
  world.atEnd(() => void spawnSync('ip', ['netns', 'del', host]))
  ip('-n', hub, 'link', 'add', `to-${n}`, 'type', 'veth', 'peer', 'name', 'cable', 'netns', host)
  ip('-n', hub, 'link', 'set', `to-${n}`, 'master', 'switch', 'up')
  ip('-n', host, 'addr', 'add', `10.77.0.${10 + n}/24`, 'dev', 'cable')
  for (const device of ['lo', 'cable']) ip('-n', host, 'link', 'set', device, 'up')
}

function ip(...args: string[]): void {
  execFileSync('ip', args)
}

function on(host: string, program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const [started, all] = onHost(host, program, args)
  return world.spawn(started, all, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } })
}

function onHost(host: string, program: string, args: readonly string[]): [string, string[]] {
  return hasHosts ? ['ip', ['netns', 'exec', name(host), program, ...args]] : [program, [...args]]
}
