import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from '../ordeal.ts'

/** How long a worker's lock on a job holds here, and how long the worker stands still: well past it. Set CHAOS_STOP_MS=40000 for the real thing. */
const lockMs = 3_000
const stopMs = Number(process.env['CHAOS_STOP_MS'] ?? 8_000)

/** A worker stands still past its locks, as when its event loop is blocked or its machine is asleep, and comes back. */
export const standstills: readonly Fault[] = [
  {
    name: 'SIGSTOP, a second worker goes on',
    nights: 2,
    settings: { redis: { lockMs } },
    strike: async (night, random) => {
      const [first, second] = [night.worker('first'), night.worker('second')]
      first.start()
      const line = random.between(5, night.lines)
      await first.untilLine(line)
      second.start()
      await second.untilLine(3)
      first.signal('SIGSTOP')
      await pause(stopMs)
      first.signal('SIGCONT')
      await night.untilClosed(second)
      return [`line ${line}, ${stopMs} ms`]
    },
  },
  {
    name: 'SIGSTOP, alone',
    nights: 2,
    settings: { redis: { lockMs } },
    strike: async (night, random) => {
      const worker = night.worker()
      worker.start()
      const struck: string[] = []
      for (const line of [random.between(3, night.lines / 2), random.between(night.lines / 2, night.lines)].map(Math.round)) {
        await worker.untilLine(line)
        if (night.isClosed()) break
        worker.signal('SIGSTOP')
        await pause(stopMs)
        worker.signal('SIGCONT')
        struck.push(`line ${line}, ${stopMs} ms`)
      }
      await night.untilClosed(worker)
      return struck
    },
  },
]
