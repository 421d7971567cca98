import type { BusinessDate } from '../domain/time.ts'
import type { StepResult } from '../ports/jobs.ts'
import type { RegisterContext } from './context.ts'
import { keepPaces } from './keep-forecasts.ts'
import { isDone, openWork } from './open-work.ts'
import { passCutoffs } from './pass-cutoffs.ts'
import { isReconcileDue, requestReconcile } from './reconcile.ts'
import { dueUpkeep } from './upkeep.ts'

const reconciling = 'to be reconciled'

/**
 * Closes the night when nothing of it moves by itself any more and it was held against Unilogin, and asks for the upkeep;
 * otherwise says what it waits for.
 */
export async function closeNight(ctx: RegisterContext, { date }: { readonly date: BusinessDate }): Promise<StepResult> {
  const result = ctx.register.write((tx): StepResult => {
    const night = tx.nights.find(date)
    if (night === null || night.state === 'closed') return { outcome: 'skipped', next: [] }
    passCutoffs(ctx, tx)
    const work = openWork(ctx, tx, date)
    if (!isDone(work)) return { outcome: 'open', next: [], facts: { ...work } }
    if (isReconcileDue(ctx, tx, date)) return { outcome: reconciling, next: [] }
    tx.nights.update(date, { state: 'closed', closedAt: ctx.clock.now() })
    keepPaces(ctx, tx, date)
    return { outcome: 'closed', next: dueUpkeep(ctx, tx) }
  })
  if (result.outcome === reconciling) return { ...result, next: [await requestReconcile(ctx, date)] }
  if (result.outcome === 'closed') ctx.register.anchor()
  return result
}
