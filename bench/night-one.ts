// A night by a worker in a process of its own, as `dagtilbud night run` with a worker beside it. Called by bench/night.ts with
// a file of settings. Prints what each job took, as JSON.
import { readdirSync, readFileSync } from 'node:fs'
import { runNight } from '../src/cli/run-night.ts'
import { toBusinessDate } from '../src/domain/time.ts'
import { parts } from '../src/main/parts.ts'
import type { EndedJob } from '../src/ports/job-watcher.ts'
import { peakMb } from './own-world.ts'

const jobs: EndedJob[] = []
const program = await parts.openQueue(parts.loadSettings(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'))))
const worker = await program.startWorker(['register', 'edge'], { traces: { jobEnded: (job) => void jobs.push(job) } })
const date = toBusinessDate(program.clock.now())
const cpu = process.cpuUsage()
const startedAt = program.clock.now()
const report = await runNight(program, { date, filesUntilAt: startedAt, onProgress: () => undefined })
const endedAt = program.clock.now()
const { user, system } = process.cpuUsage(cpu)
const redisMb = Math.max(...childrenOf(process.pid).map(peakMb), 0)
await worker.stop(5_000)
const deltas = program.register.register.read((tx) => tx.outbox.countsByState({ date }))
await program.close()
process.stdout.write(
  JSON.stringify({
    startedAt,
    ms: endedAt - startedAt,
    cpuMs: (user + system) / 1_000,
    workerMb: Math.round(process.resourceUsage().maxRSS / 1_024),
    redisMb,
    complete: report.complete,
    deltas,
    jobs: jobs.filter((job) => job.startedAt < endedAt),
  }),
)

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
}
