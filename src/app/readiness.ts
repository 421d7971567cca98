import { SyncError } from '../domain/errors.ts'
import type { Instant } from '../domain/time.ts'
import type { OperatorContext } from './context.ts'

/** What the worker needs to do its work. */
type Part = 'register' | 'redis' | 'files' | 'scheduler'

/** Whether the worker can do its work; of each part `ok`, or the code of what is wrong with it. */
export interface Readiness {
  readonly ready: boolean
  readonly parts: Readonly<Record<Part, string>>
}

/** Tries each part: reads the register, asks Redis, writes to the file store, and asks the scheduler for its next night. */
export async function checkReadiness(ctx: OperatorContext & { nextNight(): Instant | null }): Promise<Readiness> {
  const attempts: Readonly<Record<Part, () => unknown>> = {
    register: () => ctx.register.read((tx) => tx.nights.latest()),
    redis: () => ctx.queue.counts(),
    files: () => ctx.files.check(),
    scheduler: () => {
      if (ctx.nextNight() === null) throw new Error('no night is scheduled')
    },
  }
  const seen = await Promise.all(
    Object.entries(attempts).map(async ([part, attempt]) => [part, await tryPart(ctx, part, attempt)]),
  )
  const parts = Object.fromEntries(seen) as Readiness['parts']
  return { ready: Object.values(parts).every((found) => found === 'ok'), parts }
}

async function tryPart({ log }: OperatorContext, part: string, attempt: () => unknown): Promise<string> {
  try {
    await attempt()
    return 'ok'
  } catch (error) {
    log.warn({ part, error }, 'not ready')
    return error instanceof SyncError ? error.code : 'failed'
  }
}
