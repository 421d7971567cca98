import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'

/**
 * Whether the list of agreements should be fetched now: something waits for one, the last look was too long ago or before
 * the night that is open, and no such job has failed and waits for a person.
 */
export function agreementsDue(ctx: RegisterContext, tx: RegisterTx): boolean {
  const { agreements, agreementsEveryMs } = ctx.settings.unilogin
  if (agreements === 'ingen' || tx.agreements.awaited().length === 0 || hasFailed(tx)) return false
  const lookedAt = tx.agreements.lastCheck()?.at ?? null
  return lookedAt === null || ctx.clock.now() - lookedAt >= agreementsEveryMs || isBeforeNight(tx, lookedAt)
}

/** How many changes keep a night open because nobody has looked since it began whether their agreement has come. */
export function unlookedAgreements(ctx: RegisterContext, tx: RegisterTx): number {
  if (ctx.settings.unilogin.agreements === 'ingen' || hasFailed(tx)) return 0
  const lookedAt = tx.agreements.lastCheck()?.at ?? null
  return lookedAt === null || isBeforeNight(tx, lookedAt) ? tx.agreements.awaited().length : 0
}

function isBeforeNight(tx: RegisterTx, at: number): boolean {
  return tx.nights.openNights().some((night) => at < night.openedAt)
}

function hasFailed(tx: RegisterTx): boolean {
  return tx.failures.open().some(({ job }) => job === 'agreements' || job === 'record-agreements')
}
