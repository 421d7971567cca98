import { argv, pid } from 'node:process'
import type { QueueProgram } from '../../src/cli/program.ts'
import { runNight } from '../../src/cli/run-night.ts'
import { parts } from '../../src/main/parts.ts'
import type { Probe, StepMoment } from '../../src/worker/run-job.ts'

/** One night among several, and the seam of the line where it is held until the process is killed. */
export interface DoomedNight {
  /** What `loadSettings` merges over the defaults. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly date: string
  readonly job: string
  readonly moment: StepMoment
}

/*
 * Several nights in a process of their own, each on its own data folder and as `dagtilbud night run --wait` runs it. Once
 * a step of a night comes to its seam, no step of that night passes any seam; when every night stands so, the process ends
 * itself with SIGKILL. Argument: the nights as JSON. Exit 3 when a night came to its end without its seam.
 */
const nights = JSON.parse(argv[2] ?? '[]') as DoomedNight[]
const standing = new Set<DoomedNight>()
await Promise.all(
  nights.map(async (night) => {
    const program = await parts.openQueue(parts.loadSettings(night.settings))
    await runUntilSeam(program, night)
  }),
)

async function runUntilSeam(program: QueueProgram, night: DoomedNight): Promise<void> {
  const probe: Probe = (moment, job) => {
    if (!standing.has(night) && (job !== night.job || moment !== night.moment)) return
    standing.add(night)
    if (standing.size === nights.length) process.kill(pid, 'SIGKILL')
    return new Promise<never>(() => undefined)
  }
  await program.startWorker(['register', 'edge'], { probe })
  await runNight(program, { date: night.date, filesUntilAt: program.clock.now(), onProgress: () => undefined })
  process.stderr.write(`the night came to its end without a step ${night.job} to be held at\n`)
  process.exit(3)
}
