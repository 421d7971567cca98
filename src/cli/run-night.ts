import type { NightReport } from '../app/night-report.ts'
import { nightReport } from '../app/night-report.ts'
import type { BusinessDate, Instant } from '../domain/time.ts'
import { followNight, type NightProgress } from './follow-night.ts'
import type { QueueProgram } from './program.ts'

/** Opens a night by hand, or takes it up again, and follows it to its end. A worker must be running somewhere. */
export async function runNight(
  program: QueueProgram,
  options: {
    readonly date: BusinessDate
    /** Until when files are looked for; the setting when null. */
    readonly filesUntilAt: Instant | null
    readonly onProgress: (progress: NightProgress) => void
  },
): Promise<NightReport> {
  const { date, filesUntilAt, onProgress } = options
  const starts = startsOf(program, date)
  const start = `operator-${starts + 1}`
  await program.queue.add([{ job: 'open-night', payload: { date, trigger: 'operator', start, filesUntilAt } }])
  await followNight(program.register, date, starts + 1, onProgress)
  return nightReport(program.register, date) as NightReport
}

function startsOf(program: QueueProgram, date: BusinessDate): number {
  return program.register.register.read((tx) => tx.nights.find(date)?.starts ?? 0)
}
