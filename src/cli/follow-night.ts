import type { RegisterContext } from '../app/context.ts'
import { type OpenWork, openWork } from '../app/open-work.ts'
import type { BusinessDate } from '../domain/time.ts'
import { follow } from './follow.ts'

/** What a running night looks like from outside. */
export interface NightProgress extends OpenWork {
  readonly filesSeen: number
  readonly acknowledged: number
  readonly confirmed: number
  readonly total: number
}

/** Follows a night until it is closed after its `starts`th start, telling of every change. */
export async function followNight(
  ctx: RegisterContext,
  date: BusinessDate,
  starts: number,
  onProgress: (progress: NightProgress) => void,
): Promise<void> {
  await follow(
    () => lookAtNight(ctx, date, starts),
    ({ closed }) => closed,
    { onChange: ({ progress }) => onProgress(progress), keyOf: ({ progress }) => progress },
  )
}

function lookAtNight(
  ctx: RegisterContext,
  date: BusinessDate,
  starts: number,
): { readonly closed: boolean; readonly progress: NightProgress } {
  return ctx.register.read((tx) => {
    const night = tx.nights.find(date)
    const states = tx.outbox.countsByState({ date })
    const confirmed = states.confirmed ?? 0
    const acknowledged = confirmed + (states.acknowledged ?? 0) + (states.mismatched ?? 0)
    const total = Object.values(states).reduce((sum, count) => sum + count, 0)
    const filesSeen = tx.files.countOfNight(date)
    const closed = night?.state === 'closed' && night.starts >= starts
    return { closed, progress: { ...openWork(ctx, tx, date), filesSeen, acknowledged, confirmed, total } }
  })
}
