import type { JobRequest, StepResult } from '../ports/jobs.ts'
import { claimConfirmations, claimDeliveries, requestConfirmation, requestPush } from './claim-deliveries.ts'
import type { RegisterContext } from './context.ts'

/** Claims what may be sent or read back now, and asks to be called again when something becomes due later, or the target is to be tried again. */
export async function dispatchDeliveries(ctx: RegisterContext): Promise<StepResult> {
  const claimed = ctx.register.write((tx) => ({ pushes: claimDeliveries(ctx, tx), confirmations: claimConfirmations(ctx, tx) }))
  return { outcome: 'dispatched', next: await requestClaimed(ctx, claimed), facts: { batches: claimed.pushes.length } }
}

/** The jobs of claimed batches, and a later dispatch when deltas wait for their time. */
export async function requestClaimed(
  ctx: RegisterContext,
  claimed: { readonly pushes: readonly string[]; readonly confirmations: readonly string[] },
): Promise<JobRequest[]> {
  const pushes = await Promise.all(claimed.pushes.map((batchId) => requestPush(ctx, batchId)))
  const confirmations = await Promise.all(claimed.confirmations.map((batchId) => requestConfirmation(ctx, batchId)))
  return [...pushes, ...confirmations, ...requestLaterDispatch(ctx)]
}

function requestLaterDispatch(ctx: RegisterContext): JobRequest[] {
  const { unilogin } = ctx.settings
  const now = ctx.clock.now()
  const { retryAt, probeAt, unconfirmed } = ctx.register.read((tx) => ({
    retryAt: tx.outbox.nextDueAt(now, unilogin.attempts),
    probeAt: tx.outages.found()?.nextProbeAt ?? null,
    unconfirmed: tx.outbox.countUnconfirmed() > 0,
  }))
  const readAt = unconfirmed && unilogin.readBack === 'alle' && unilogin.lagMs > 0 ? now + unilogin.lagMs : null
  const due = [retryAt, probeAt, readAt].filter((at) => at !== null && at > now) as number[]
  if (due.length === 0) return []
  const at = Math.min(...due)
  return [{ job: 'dispatch', payload: { wave: `at-${at}` }, delayMs: at - now }]
}
