import { firstMissed, type MissedWhy } from '../domain/missed-cutoff.ts'
import { type Cutoff, cutoffKey, nextCutoff } from '../domain/next-cutoff.ts'
import type { BusinessDate } from '../domain/time.ts'
import type { OutboxDelta } from '../ports/register/outbox.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { pendingDeltas } from './pending-deltas.ts'

/** Changes that missed one cutoff for one reason. */
export interface MissedCutoff extends Cutoff {
  readonly why: MissedWhy
  readonly count: number
  /** Institution numbers; of what was held back, the hold. */
  readonly subjects: readonly string[]
}

/** What missed a cutoff: of a night, and of earlier ones where it is not acknowledged yet; earliest cutoff first. */
export function missedCutoffs(ctx: RegisterContext, tx: RegisterTx, date: BusinessDate): MissedCutoff[] {
  const earlier = pendingDeltas(tx).filter((delta) => delta.date < date)
  const groups = new Map<string, MissedCutoff & { count: number; subjects: string[] }>()
  const add = (cutoff: Cutoff, why: MissedWhy, count: number, subject: string) => {
    const key = `${cutoffKey(cutoff)}/${why}`
    const group = groups.get(key) ?? { ...cutoff, why, count: 0, subjects: [] }
    group.count += count
    group.subjects.push(subject)
    groups.set(key, group)
  }
  for (const delta of [...earlier, ...tx.outbox.ofNight(date)]) {
    const cutoff = delta.state === 'superseded' ? null : firstMissed(delta)
    if (cutoff !== null) add(cutoff, whyOf(delta), 1, delta.nummer)
  }
  const now = ctx.clock.now()
  for (const { holdId, count, openedAt, decidedAt } of tx.files.holds({ date })) {
    const cutoff = nextCutoff(ctx.settings.cutoffs, openedAt)
    if (cutoff !== null && cutoff.at < (decidedAt ?? now)) add(cutoff, 'tilbageholdt', count, holdId)
  }
  return [...groups.values()].sort((a, b) => a.at - b.at)
}

/** Acknowledged after its cutoff and not recorded as such yet, it was late. */
function whyOf({ missedWhy }: OutboxDelta): MissedWhy {
  return missedWhy ?? 'for-sent'
}
