import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'

/**
 * Whether the list of agreements should be fetched now: a change began to wait for one after the last look, or one still
 * waits and the last look was long ago; and no such job has failed and waits for a person, and the target is not down.
 */
export function agreementsDue(ctx: RegisterContext, tx: RegisterTx): boolean {
  const { agreements, agreementsEveryMs } = ctx.settings.unilogin
  if (agreements === 'ingen' || tx.agreements.awaited().length === 0 || hasFailed(tx)) return false
  if (tx.outages.found() !== null) return false
  const lookedAt = tx.agreements.lastCheck()?.at ?? null
  // A look later than now was made by a clock that was set back since.
  const isOld = (at: number) => at > ctx.clock.now() || ctx.clock.now() - at >= agreementsEveryMs
  return lookedAt === null || isOld(lookedAt) || unlookedAgreements(ctx, tx) > 0
}

/** Numbers for which nobody has looked since their change began to wait: its agreement may be there, so a night stays open for it. */
export function unlookedAgreements(ctx: RegisterContext, tx: RegisterTx): number {
  if (ctx.settings.unilogin.agreements === 'ingen' || hasFailed(tx)) return 0
  const lookedAt = tx.agreements.lastCheck()?.at ?? null
  return tx.agreements.awaited().filter(({ since }) => lookedAt === null || since > lookedAt).length
}

function hasFailed(tx: RegisterTx): boolean {
  return tx.failures.open().some(({ job }) => job === 'agreements' || job === 'record-agreements')
}
