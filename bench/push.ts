// Deltas a second through the whole line beside what the target's pace allows: dispatch, push and record-delivery as the worker
// runs them, on a real Redis, register and file store, signed, against the sandbox over HTTPS in a process of its own that
// answers so many ms late. Families of a daginstitution and two units are opened, changed and closed again, so that parents must come
// before children and closes the other way: the sandbox refuses whatever is out of order, and one refusal ends the run. Beside
// it the processor's time per delta, and what xmlsec1 takes to sign one message.
// Usage: npm run bench:push [-- 5000 20 100 500]: deltas, then latencies in ms. For one of them other deltas, or another number of
// calls at a time: 500x1000, 20@2. Prints one line of JSON and a short table.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { parse } from 'yaml'
import { type AppliedChange, linkDeltas } from '../src/domain/link-deltas.ts'
import type { UnitFields } from '../src/domain/unit.ts'
import { parts } from '../src/main/parts.ts'
import type { RegisterTx } from '../src/ports/register.ts'
import { aFile, aNightRun, aVersion } from '../test/kit/builders.ts'
import { signingCase } from './signing-case.ts'

const familiesPerFile = 12
const kommuneKode = '101'
const [deltas = 5_000, ...latencies] = process.argv.length > 2 ? process.argv.slice(2) : ['5000', '20', '100', '500']

const measures = []
for (const latency of latencies) {
  const [, latencyMs, count = deltas, parallel = 8] = /^(\d+)(?:x(\d+))?(?:@(\d+))?$/.exec(latency) ?? []
  measures.push(await measure({ latencyMs: Number(latencyMs), count: Number(count), parallel: Number(parallel) }))
  process.stderr.write(`${JSON.stringify(measures.at(-1))}\n`)
}
const xmlsecCpuMs = await xmlsecCpu()
const machine = { node: process.version, cpu: cpus()[0]?.model ?? '', cores: cpus().length }
process.stdout.write(`${JSON.stringify({ bench: 'push', machine, measures, xmlsecCpuMs })}\n`)
for (const { latencyMs, count, parallel, perSecond, idealPerSecond, ofIdeal, ofMeasured, callMs, cpuMs } of measures)
  process.stdout.write(
    `${String(latencyMs).padStart(4)} ms, ${parallel} at a time, ${String(count).padStart(5)} deltas: ${perSecond.toFixed(1).padStart(6)}/s of ${idealPerSecond.toFixed(1).padStart(6)}, ${ofIdeal.toFixed(2)}; calls took ${callMs.toFixed(1)} ms, ${ofMeasured.toFixed(2)} of what that allows; processor ${cpuMs.toFixed(1)} ms a delta\n`,
  )
process.stdout.write(`xmlsec1 signs one message in ${xmlsecCpuMs.toFixed(1)} ms of the processor\n`)

interface Case {
  readonly latencyMs: number
  readonly count: number
  readonly parallel: number
}

/** One run on a folder, a Redis and a sandbox of its own. */
async function measure(own: Case) {
  const { count, latencyMs, parallel } = own
  const folder = mkdtempSync(join(tmpdir(), 'bench-push-'))
  const sandbox = await startSandbox(join(folder, 'sandbox'), latencyMs)
  try {
    const { unilogin } = parse(readFileSync(sandbox.configFile, 'utf8'))
    const program = await parts.openQueue(
      parts.loadSettings({
        dataDir: join(folder, 'data'),
        log: { level: 'error' },
        unilogin: { ...unilogin, parallel, readBack: 'ingen', agreements: 'ingen' },
      }),
    )
    const { register } = program.register
    register.write((tx) => fill(tx, count))
    const worker = await program.startWorker(['register', 'edge'])
    const cpu = process.cpuUsage()
    const begin = Date.now()
    await program.queue.add([{ job: 'dispatch', payload: { wave: 'bench' } }])
    while (register.read((tx) => tx.outbox.countInState('acknowledged')) < count) {
      if (register.read((tx) => tx.outbox.countInState('refused')) > 0) throw new Error('a delta was refused')
      await new Promise((wake) => setTimeout(wake, 100))
    }
    const { user, system } = process.cpuUsage(cpu)
    await worker.stop(5_000)
    await program.close()
    return { ...own, cpuMs: (user + system) / 1_000 / count, ...pace(folder, own, begin) }
  } finally {
    sandbox.child.kill()
    await once(sandbox.child, 'exit')
    rmSync(folder, { recursive: true })
  }
}

/** From the moment that dispatch was asked for to the last acknowledgement recorded. */
function pace(folder: string, { count, latencyMs, parallel }: Case, begin: number) {
  const db = new Database(join(folder, 'data/register.sqlite'), { readonly: true })
  const { end } = db.prepare('SELECT max(acknowledged_at) AS end FROM outbox').get() as { end: number }
  const calls = db.prepare('SELECT count(*) AS calls, avg(answered_at - sent_at) AS callMs FROM delivery_attempt').get()
  const { calls: made, callMs } = calls as { calls: number; callMs: number }
  db.close()
  if (made !== count) throw new Error(`${made} calls for ${count} deltas`)
  const perSecond = (count * 1_000) / (end - begin)
  const idealPerSecond = (parallel * 1_000) / latencyMs
  return {
    callMs,
    perSecond,
    idealPerSecond,
    ofIdeal: perSecond / idealPerSecond,
    ofMeasured: (perSecond * callMs) / (parallel * 1_000),
  }
}

/** The sandbox as `dagtilbud sandbox` starts it, every delta answered so many ms late. */
async function startSandbox(dir: string, delayMs: number) {
  const readyFile = `${dir}.ready`
  const root = new URL('../', import.meta.url).pathname
  const program = ['--import', 'tsx', join(root, 'src/main/dagtilbud.ts'), 'sandbox', '--dir', dir, '--ready-file', readyFile]
  const child: ChildProcess = spawn(process.execPath, program, { stdio: ['ignore', 'ignore', 'inherit'] })
  while (!existsSync(readyFile) || readFileSync(readyFile, 'utf8') === '') await new Promise((wake) => setTimeout(wake, 50))
  const { configFile, sideDoor } = JSON.parse(readFileSync(readyFile, 'utf8')) as { configFile: string; sideDoor: string }
  await fetch(`${sideDoor}/_sandbox/weather`, { method: 'PUT', body: JSON.stringify([{ kind: 'slow', delayMs }]) })
  return { child, configFile }
}

/** Families in the outbox as plans leave them: opened from the top, changed, closed from below. */
function fill(tx: RegisterTx, count: number): void {
  const date = '2026-11-24'
  tx.nights.insert(aNightRun({ date, state: 'closed', closedAt: Date.now() }))
  let left = count
  for (let file = 0; left > 0; file += 1) {
    const families = Array.from({ length: familiesPerFile }, (_, i) => aFamily(file * familiesPerFile + i))
    const changes = [0, 1, 2, 3, 4].flatMap((step) => families.flatMap((family) => family[step] ?? []))
    const fileId = `f-${file}`
    tx.files.insert(aFile(fileId, { state: 'delivered' }))
    tx.units.write(changes.filter(({ operation }) => operation === 'opret').map(({ nummer, kind }) => aVersion(nummer, { kind })))
    const linked = linkDeltas(changes, fileId, new Map()).slice(0, left)
    tx.outbox.insert(linked, { fileId, planHash: fileId, date, cutoffNavn: null, cutoffAt: null, createdAt: Date.now() })
    left -= linked.length
  }
}

/** The changes of one family, in the five steps in which they must come. */
function aFamily(i: number): AppliedChange[][] {
  const [top = '', ...below] = [0, 1, 2].map((n) => `Z${String(i * 3 + n).padStart(5, '0')}`)
  const place: UnitFields = { kommuneKode, postNummer: '2000', vejNavn: 'Prøvevej', husNummer: '1' }
  const unit = (nummer: string, kind: 'daginstitution' | 'anvisningsenhed', navn: string) => {
    const fields = kind === 'daginstitution' ? { navn, admKommuneKode: kommuneKode } : { navn, instType3: '6012', ...place }
    const parentNummer = kind === 'daginstitution' ? null : top
    return { nummer, kind, fields, parentNummer, admKommuneKode: kommuneKode }
  }
  const change = (operation: 'opret' | 'opdater', nummer: string, kind: 'daginstitution' | 'anvisningsenhed', navn: string) => {
    return { operation, kind, nummer, after: unit(nummer, kind, navn), parentBefore: null } as const
  }
  const close = (nummer: string, kind: 'daginstitution' | 'anvisningsenhed', parentBefore: string | null) =>
    ({ operation: 'nedlaeg', kind, nummer, after: null, parentBefore }) as const
  return [
    [change('opret', top, 'daginstitution', 'Klyngen Ærtebjerg')],
    below.map((nummer) => change('opret', nummer, 'anvisningsenhed', 'Børnehuset')),
    below.map((nummer) => change('opdater', nummer, 'anvisningsenhed', 'Børnehuset Ærten')),
    below.map((nummer) => close(nummer, 'anvisningsenhed', top)),
    [close(top, 'daginstitution', null)],
  ]
}

/** Processor time of a process of xmlsec1 that signs one message, in ms: user and system, as the shell counts its children. */
async function xmlsecCpu(): Promise<number> {
  const times = 20
  const { signOptions, remove } = await signingCase()
  const command = `for i in $(seq ${times}); do xmlsec1 ${signOptions().join(' ')} > /dev/null || exit 1; done; times`
  const { stdout, status } = spawnSync('sh', ['-c', command], { encoding: 'utf8' })
  remove()
  if (status !== 0) throw new Error('xmlsec1 --sign failed')
  const [, children = ''] = stdout.trim().split('\n')
  const ms = [...children.matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60_000 + Number(seconds) * 1_000,
  )
  return ms.reduce((sum, one) => sum + one, 0) / times
}
