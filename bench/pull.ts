// Megabytes a second and the processor's time of pulling files over SFTP into a store by hash, beside OpenSSH's `sftp` and `rclone`, all from
// the same OpenSSH server on loopback: 200 files of 50 KB, and one of 200 MB. Ours is a whole process, too: Node starts, every file
// is hashed, flushed to disk and looked at again at the server, which the others do not do. The best of so many rounds counts.
// Needs sshd, sftp and GNU time (Debian: apt-get install openssh-server openssh-client time); rclone is left out where it is missing.
// Usage: npm run bench:pull [-- 3]: rounds. Prints one line of JSON and a short table.
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { type OpenSshServer, startOpenSsh } from '../test/kit/openssh.ts'
import { ownWorld } from './own-world.ts'

interface Measure {
  readonly load: string
  readonly tool: string
  readonly ms: number
  /** Of the client's process; the server's is the same for all. */
  readonly cpuMs: number
  readonly mbPerSecond: number
  readonly peakRssMb: number
}

const root = new URL('../', import.meta.url).pathname
const rounds = Number(process.argv[2] ?? 3)
const loads = [
  { name: '200 x 50 KB', files: 200, bytes: 50_000 },
  { name: '1 x 200 MB', files: 1, bytes: 200_000_000 },
]
const hasRclone = spawnSync('rclone', ['version']).error === undefined
// Plain JavaScript, as it is installed: a loader in the process would count as ours.
const built = join(root, 'dist/bench')
spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', root, '--outDir', built], { stdio: 'ignore' })

const world = ownWorld('pull')
const served = join(world.folder, 'served')
mkdirSync(served)
const ssh = await startOpenSsh({ root: served })
world.atEnd(() => void ssh.close())
const measures: Measure[] = []
for (const { name, files, bytes } of loads) {
  const from = join(served, name.replaceAll(' ', ''))
  mkdirSync(from)
  for (let n = 0; n < files; n++) writeFileSync(join(from, `fil-${n}.xml`), randomBytes(bytes))
  const sums = readdirSync(from).map((file) => sha256(join(from, file)))
  const tools = Object.entries(commands(ssh, name.replaceAll(' ', '')))
  const best = new Map<string, Measure>()
  // Round by round, so that a busy moment of the machine does not meet one of them only.
  for (let round = 0; round < rounds; round++)
    for (const [tool, command] of tools) {
      const measured = { load: name, tool, ...run(command, sums, files * bytes) }
      if (measured.ms < (best.get(tool)?.ms ?? Number.POSITIVE_INFINITY)) best.set(tool, measured)
    }
  measures.push(...best.values())
}
await ssh.close()

const machine = { node: process.version, cpu: cpus()[0]?.model ?? '', cores: cpus().length }
process.stdout.write(`${JSON.stringify({ bench: 'pull', machine, rounds, measures })}\n`)
for (const { load, tool, ms, cpuMs, mbPerSecond, peakRssMb } of measures) {
  const ours = measures.find((each) => each.load === load && each.tool === 'ours')
  const ratio = tool === 'ours' ? '' : `  ours takes ${((ours?.ms ?? 0) / ms).toFixed(2)} of its time`
  process.stdout.write(
    `${load.padEnd(12)} ${tool.padEnd(8)} ${ms.toFixed(0).padStart(6)} ms ${mbPerSecond.toFixed(0).padStart(4)} MB/s, processor ${cpuMs.toFixed(0).padStart(5)} ms, peak ${String(peakRssMb).padStart(3)} MB${ratio}\n`,
  )
}
if (!hasRclone) process.stdout.write('rclone is not installed (apt-get install rclone) and was not measured\n')
process.exit(0)

type Command = (into: string) => { readonly args: readonly string[]; readonly input?: string }

function commands({ host, port, username, privateKeyFile, fingerprint }: OpenSshServer, folder: string) {
  const login = ['-P', `${port}`, '-i', privateKeyFile, '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null']
  const supplier = { id: 'maaling', navn: 'Måling', host, port, username, privateKeyFile, folder, kommuner: 'alle' }
  const settings = JSON.stringify({ ...supplier, hostKeys: { current: fingerprint } })
  const remote = `:sftp,host=${host},port=${port},user=${username},key_file="${privateKeyFile}",shell_type=none:${folder}`
  const all: Record<string, Command> = {
    ours: (into) => ({ args: [process.execPath, join(built, 'bench/pull-one.js'), settings, into] }),
    sftp: (into) => ({ args: ['sftp', '-q', '-b', '-', ...login, `${username}@${host}`], input: `get ${folder}/* ${into}\n` }),
  }
  if (hasRclone)
    all['rclone'] = (into) => ({ args: ['rclone', '--config', '/dev/null', '--transfers', '4', 'copy', remote, into] })
  return all
}

/** One pull into an empty folder. @throws when it failed or not every file came whole */
function run(command: Command, sums: readonly string[], bytes: number) {
  const into = join(world.folder, 'into')
  mkdirSync(into)
  try {
    const { args, input = '' } = command(into)
    const start = performance.now()
    const { status, stderr } = spawnSync('/usr/bin/time', ['-f', 'peak %M %U %S', ...args], { encoding: 'utf8', input })
    const ms = performance.now() - start
    if (status !== 0) throw new Error(`${args[0]} failed: ${stderr}`)
    const came = readdirSync(into, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const got = came.map((entry) => sha256(join(entry.parentPath, entry.name)))
    if (got.sort().join() !== [...sums].sort().join()) throw new Error(`${args[0]} did not bring what the server has`)
    const [kilobytes = 0, user = 0, system = 0] = (/peak (.+)/.exec(stderr)?.[1] ?? '').split(' ').map(Number)
    const cpuMs = (user + system) * 1_000
    return { ms, cpuMs, mbPerSecond: bytes / ms / 1_000, peakRssMb: Math.round(kilobytes / 1_024) }
  } finally {
    rmSync(into, { recursive: true })
  }
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
