import { argv, pid } from 'node:process'
import { runNight } from '../../src/cli/run-night.ts'
import { parts } from '../../src/main/parts.ts'
import type { StepMoment } from '../../src/worker/run-job.ts'

/*
 * A night in a process of its own, as `dagtilbud night run --wait` runs it, that ends itself with SIGKILL at a seam of the
 * line. Arguments: settings as JSON, date, job and moment to die at (or '-' to live).
 */
const [settingsJson = '{}', date = '', job = '-', moment = '-'] = argv.slice(2)
const settings = parts.loadSettings(JSON.parse(settingsJson))
const program = await parts.openQueue(settings)
await program.startWorker(['register', 'edge'], (seen: StepMoment, step) => {
  if (step === job && seen === moment) process.kill(pid, 'SIGKILL')
})
await runNight(program, { date, filesUntilAt: program.clock.now(), onProgress: () => undefined })
process.exit(0)
