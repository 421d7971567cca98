import type { Instant } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { SandboxDatabase } from './open-sandbox-database.ts'

/** The sandbox's own time: the clock it was started with, plus an offset that can be turned and outlives a restart. */
export interface SandboxClock extends Clock {
  set(at: Instant): void
  advance(ms: number): void
}

export function openSandboxClock(database: SandboxDatabase, base: Clock): SandboxClock {
  const read = database.prepare<[], string>("SELECT value FROM meta WHERE name = 'clockOffsetMs'").pluck()
  const write = database.prepare<[string]>("INSERT OR REPLACE INTO meta (name, value) VALUES ('clockOffsetMs', ?)")
  let offsetMs = Number(read.get() ?? 0)
  const turn = (to: number) => {
    offsetMs = to
    write.run(String(to))
  }
  return {
    now: () => base.now() + offsetMs,
    set: (at) => turn(at - base.now()),
    advance: (ms) => turn(offsetMs + ms),
  }
}
