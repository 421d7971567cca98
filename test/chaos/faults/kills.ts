import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from '../ordeal.ts'
import { killAgain } from './kill-again.ts'

/** How often a night is killed. */
const killsANight = 8

/** The worker is killed with SIGKILL at any instant, in a step or between two, and started again at once. */
export const kills: readonly Fault[] = [
  {
    name: 'SIGKILL',
    nights: 25,
    strike: (night, random) =>
      killAgain(night, killsANight, async (worker) => {
        // A worker that is started again writes some lines before it comes to what is left of the night.
        const line = random.between(0, Math.ceil((2 * night.lines) / killsANight))
        const ms = random.between(0, 30)
        await worker.untilLine(line)
        await pause(ms)
        await worker.kill()
        return `line ${line} + ${ms} ms`
      }),
  },
]
