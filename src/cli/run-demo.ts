import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { packageRoot } from '../../config/package-root.ts'
import type { NightReport } from '../app/night-report.ts'
import { renderNightReport } from '../app/render-night-report.ts'
import { type BilingualText, inBoth } from '../domain/bilingual-text.ts'
import { lines } from '../domain/lines.ts'
import { paragraph } from '../domain/paragraph.ts'
import { addDays, type BusinessDate, toBusinessDate } from '../domain/time.ts'
import { applyIssuedNumbers } from '../sandbox/generator/apply-issued-numbers.ts'
import { breakFiles } from '../sandbox/generator/broken-files.ts'
import { leftOutOf } from '../sandbox/generator/change-story.ts'
import { createDenmark } from '../sandbox/generator/create-denmark.ts'
import type { Denmark } from '../sandbox/generator/denmark.ts'
import { nextDay } from '../sandbox/generator/next-day.ts'
import { buildNightFiles, type NightFile } from '../sandbox/generator/night-files.ts'
import { sandboxSuppliers } from '../sandbox/generator/suppliers.ts'
import { dropFile, readReceipts } from '../sandbox/start-small-denmark.ts'
import type { NightProgress } from './follow-night.ts'
import { progressWriter } from './night.ts'
import type { Parts, QueueProgram } from './program.ts'
import { runNight } from './run-night.ts'
import type { Screen } from './screen.ts'
import { untilSignal } from './until-signal.ts'

const seed = 'lille-danmark'
/** How long the second night looks for files; the late one comes within it. */
const lookForMs = 8_000
const lateMs = 1_500
const graceMs = 10_000

/** What a demo that was run before left behind, so that a further run goes on from it. */
const DemoState = z.object({ baseline: z.string(), second: z.string(), dropped: z.array(z.string()) })
type DemoState = z.infer<typeof DemoState>

/** One night of the demo as `--json` gives it. */
interface DemoNight {
  readonly report: NightReport
  readonly seconds: number
  /** Entries the ledger grew by: 0 when everything had been done before. */
  readonly ledgerEntries: number
}

/** Runs the two nights, and says how they went; true when everything accepted has arrived. */
export async function runDemo(
  parts: Parts,
  dir: string,
  options: { readonly fresh?: boolean; readonly keep?: boolean; readonly json?: boolean },
  screen: Screen,
): Promise<boolean> {
  const tell = options.json ? () => undefined : screen.print
  const onProgress = options.json ? () => undefined : progressWriter(screen)
  const startedAt = performance.now()
  if (options.fresh) rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const sandboxDir = join(dir, 'sandbox')
  tell({ da: `Det lille Danmark starter i ${dir}`, en: `The small Denmark starts in ${dir}` })
  const sandbox = await startSandbox(sandboxDir)
  const program = await parts.openQueue(
    demoSettings(parts, dir, sandbox.configFile),
    parts.createLog({ level: 'info', file: join(dir, 'worker.log') }),
  )
  const worker = await program.startWorker(['register', 'edge'])
  try {
    const state = loadState(dir, program)
    const [redis, log] = [`Redis ${program.redis.version}`, join(dir, 'worker.log')]
    tell({
      da: `SFTP på ${sandbox.sftp}, Unilogin på ${sandbox.unilogin}, ${redis}; log i ${log}\n\n`,
      en: `SFTP at ${sandbox.sftp}, Unilogin at ${sandbox.unilogin}, ${redis}; log in ${log}\n\n`,
    })

    const day1 = createDenmark({ seed })
    const files1 = buildNightFiles(day1, sandboxSuppliers, { loebenummer: 1, dannet: `${state.baseline}T20:00:00Z` })
    const [count1, suppliers] = [files1.length, sandboxSuppliers.length]
    tell({
      da: `Nat 1 af 2, ${state.baseline}: ${count1} filer fra ${suppliers} leverandører, hele landet for første gang`,
      en: `Night 1 of 2, ${state.baseline}: ${count1} files of ${suppliers} suppliers, the whole country for the first time`,
    })
    const first = await demoNight(program, state.baseline, {
      dir,
      sandboxDir,
      state,
      files: files1,
      onProgress,
    })

    const numbered = withNumbersFromReceipts(day1, sandboxDir)
    const { denmark: day2, story } = nextDay(numbered, { seed })
    const dannet = `${state.second}T20:00:00Z`
    const sound = buildNightFiles(day2, sandboxSuppliers, { loebenummer: 2, dannet, leftOut: leftOutOf(story) })
    const night2 = breakFiles({ seed, files: sound, earlierFiles: files1, denmark: day2, story, lateMs })
    const count2 = night2.files.length
    tell({
      da: `\nNat 2 af 2, ${state.second}: ${count2} filer med en dags ændringer, en afbrudt fil, en forkert side, en gensendt og en sen fil`,
      en: `\nNight 2 of 2, ${state.second}: ${count2} files with a day's changes, a file cut off, a wrong page, one sent twice and a late one`,
    })
    const second = await demoNight(program, state.second, {
      dir,
      sandboxDir,
      state,
      files: night2.files,
      onProgress,
    })

    const memory = peakMemory(sandbox.child)
    const seconds = (performance.now() - startedAt) / 1000
    const nights = [first, second]
    const complete = nights.every((night) => night.report.complete)
    if (options.json) screen.printJson({ format: 'dagtilbud-demo-1', complete, seconds, peakMemoryMb: memory, nights })
    else {
      for (const { report } of nights) screen.print(inBoth((own) => `\n${own(renderNightReport(report))}`))
      screen.print(closingText({ nights, seconds, memory, dir, complete }))
    }
    if (options.keep) {
      const look = `DAGTILBUD_DATA_DIR=${dir} DAGTILBUD_CONFIG=${sandbox.configFile} dagtilbud night show`
      tell({
        da: `Alt kører videre; stop med Ctrl-C. Se med: ${look}`,
        en: `Everything runs on; stop it with Ctrl-C. Look with: ${look}`,
      })
      await untilSignal()
    }
    return complete
  } finally {
    await worker.stop(graceMs)
    await program.close()
    await stop(sandbox.child)
  }
}

async function demoNight(
  program: QueueProgram,
  date: BusinessDate,
  options: {
    readonly dir: string
    readonly sandboxDir: string
    readonly state: DemoState
    readonly files: readonly NightFile[]
    readonly onProgress: (progress: NightProgress) => void
  },
): Promise<DemoNight> {
  const { dir, sandboxDir, state, files, onProgress } = options
  const startedAt = performance.now()
  const ledgerBefore = ledgerLength(program)
  const drop = (file: NightFile) => {
    dropFile(sandboxDir, file)
    state.dropped.push(dropKey(date, file))
    saveState(dir, state)
  }
  const missing = files.filter((file) => !state.dropped.includes(dropKey(date, file)))
  for (const file of missing.filter(({ lateMs: late }) => late === undefined)) drop(file)
  const lateFiles = missing.filter((file) => file.lateMs !== undefined)
  const timers = lateFiles.map((file) => setTimeout(() => drop(file), file.lateMs))
  const filesUntilAt = program.clock.now() + (lateFiles.length > 0 ? lookForMs : 0)
  const report = await runNight(program, { date, filesUntilAt, onProgress })
  for (const timer of timers) clearTimeout(timer)
  return { report, seconds: (performance.now() - startedAt) / 1000, ledgerEntries: ledgerLength(program) - ledgerBefore }
}

/** The suppliers read their receipts, so that their next files carry the numbers. */
function withNumbersFromReceipts(denmark: Denmark, sandboxDir: string): Denmark {
  const Receipt = z.object({ udstedteNumre: z.array(z.object({ lokalId: z.string(), nummer: z.string() })) })
  return sandboxSuppliers.reduce((country, { id }) => {
    const issued = readReceipts(sandboxDir, id, '.kvittering.json').flatMap((receipt) => Receipt.parse(receipt).udstedteNumre)
    return applyIssuedNumbers(country, id, issued)
  }, denmark)
}

interface RunningSandbox {
  readonly child: ChildProcess
  readonly configFile: string
  readonly sftp: string
  readonly unilogin: string
}

/** The small Denmark runs in a process of its own, as the real servers would. */
async function startSandbox(dir: string): Promise<RunningSandbox> {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const readyFile = join(dir, 'ready.json')
  rmSync(readyFile, { force: true })
  const [script = ''] = process.argv.slice(1)
  const args = [...process.execArgv, script, 'sandbox', '--dir', dir, '--ready-file', readyFile]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], cwd: packageRoot })
  const ended = once(child, 'exit').then(() => {
    throw new Error('the small Denmark ended before it was ready; see the lines above')
  })
  await Promise.race([ended, untilFile(readyFile)])
  ended.catch(() => undefined)
  const Addresses = z.object({ configFile: z.string(), sftp: z.string(), unilogin: z.string() })
  return { child, ...Addresses.parse(JSON.parse(readFileSync(readyFile, 'utf8'))) }
}

async function untilFile(file: string): Promise<void> {
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') await new Promise((wake) => setTimeout(wake, 50))
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

/** The sandbox's settings, and short waits: the sandbox is close by and nobody sleeps. */
function demoSettings(parts: Parts, dir: string, configFile: string): ReturnType<Parts['loadSettings']> {
  process.env['DAGTILBUD_CONFIG'] = configFile
  return parts.loadSettings({
    dataDir: dir,
    night: { lookEveryMs: 2_000, settleMs: 500, sweepEveryMs: 5_000 },
    unilogin: { parallel: 8, retryDelaysMs: [500, 2_000, 5_000] },
    redis: { prefix: 'dagtilbud-demo' },
  })
}

function loadState(dir: string, program: QueueProgram): DemoState {
  const file = join(dir, 'demo.json')
  if (existsSync(file)) return DemoState.parse(JSON.parse(readFileSync(file, 'utf8')))
  const today = toBusinessDate(program.clock.now())
  return { baseline: addDays(today, -1), second: today, dropped: [] }
}

function saveState(dir: string, state: DemoState): void {
  writeFileSync(join(dir, 'demo.json'), JSON.stringify(state))
}

function dropKey(date: BusinessDate, file: NightFile): string {
  return `${date}/${file.supplierId}/${file.fileName}`
}

function ledgerLength(program: QueueProgram): number {
  return program.register.register.read((tx) => tx.ledger.last()?.seq ?? 0)
}

/** Megabytes at their highest: this process with worker and register, and the sandbox (0 where /proc does not tell). */
function peakMemory(sandbox: ChildProcess): { worker: number; sandbox: number } {
  const worker = Math.round(process.resourceUsage().maxRSS / 1024)
  try {
    const status = readFileSync(`/proc/${sandbox.pid}/status`, 'utf8')
    return { worker, sandbox: Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024) }
  } catch {
    return { worker, sandbox: 0 }
  }
}

function closingText(result: {
  readonly nights: readonly DemoNight[]
  readonly seconds: number
  readonly memory: { readonly worker: number; readonly sandbox: number }
  readonly dir: string
  readonly complete: boolean
}): BilingualText {
  const { nights, seconds, memory, dir, complete } = result
  const again = nights.every((night) => night.ledgerEntries === 0)
  const each = (name: string) => nights.map((night) => `${name} ${night.seconds.toFixed(1)} s`).join(', ')
  const total = seconds.toFixed(1)
  const [register, log] = [join(dir, 'register.sqlite'), join(dir, 'worker.log')]
  return lines(
    complete
      ? {
          da: 'Alt, der blev godtaget, er nået frem til Unilogin og læst tilbage.',
          en: 'Everything that was accepted has reached Unilogin and was read back.',
        }
      : {
          da: 'IKKE alt, der blev godtaget, er nået frem; se ovenfor.',
          en: 'NOT everything that was accepted has arrived; see above.',
        },
    ...(again
      ? [
          {
            da: 'Begge nætter var kørt før: intet er gjort to gange (0 nye linjer i hovedbogen).',
            en: 'Both nights were run before: nothing was done twice (0 new lines in the ledger).',
          },
        ]
      : []),
    {
      da: `Tid ${total} s (${each('nat')}); hukommelse højst ${memory.worker} MB worker, ${memory.sandbox} MB sandkasse.`,
      en: `Time ${total} s (${each('night')}); memory at most ${memory.worker} MB worker, ${memory.sandbox} MB sandbox.`,
    },
    paragraph({
      da: `Se selv: kvitteringer i ${join(dir, 'sandbox/sftp/<leverandør>/ud')}, registret i ${register}, log i ${log}.`,
      en: `See for yourself: receipts in ${join(dir, 'sandbox/sftp/<supplier>/ud')}, the register in ${register}, log in ${log}.`,
    }),
  )
}
