import { type DeltaState, finalDeltaStates } from '../domain/flow.ts'
import type { JobRequest } from '../ports/jobs.ts'
import type { OutboxDelta } from '../ports/register/outbox.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'

/**
 * Marks as delivered every file among these deltas that has nothing left to send or to confirm, and asks for its second
 * receipt; asks for the night to be closed when the outbox has run dry.
 */
export function finishFiles(
  ctx: RegisterContext,
  tx: RegisterTx,
  deltas: readonly Pick<OutboxDelta, 'fileId' | 'date'>[],
): JobRequest[] {
  const next: JobRequest[] = []
  for (const fileId of new Set(deltas.map((delta) => delta.fileId))) {
    const file = tx.files.find(fileId)
    const counts = tx.outbox.countsByState({ fileId })
    const finished = (Object.keys(counts) as DeltaState[]).every((state) => isFinal(ctx, state))
    if (file?.state !== 'applied' || !finished || tx.files.holds({ fileId, state: 'open' }).length > 0) continue
    tx.files.update(fileId, { state: 'delivered' })
    next.push({ job: 'prepare-receipt', payload: { fileId, type: 'delivered' } })
  }
  if (deltasInMotion(ctx, tx) === 0)
    for (const { date } of tx.nights.openNights()) next.push({ job: 'close-night', payload: { date } })
  return next
}

/** Whether a delta in this state needs nothing more; without read-back the acknowledgement is the end. */
export function isFinal(ctx: RegisterContext, state: DeltaState): boolean {
  return (
    (finalDeltaStates as readonly DeltaState[]).includes(state) ||
    (state === 'acknowledged' && ctx.settings.unilogin.readBack === 'ingen')
  )
}

/**
 * How many deltas of any night move by themselves: under way, due now or later, or waiting for their read-back. While the
 * target is down those that can still make their cutoff; the rest goes by itself when it is back, and no night waits for it.
 */
export function deltasInMotion(ctx: RegisterContext, tx: RegisterTx): number {
  if (tx.outages.found() !== null)
    return tx.outbox.countInState('sent') + tx.outbox.countDue(ctx.settings.unilogin.attempts, 'in time')
  const unconfirmed = isFinal(ctx, 'acknowledged') ? 0 : tx.outbox.countUnconfirmed()
  return deltasOnTheWay(ctx, tx) + unconfirmed
}

/** How many deltas of any night are under way, or due now or later. */
export function deltasOnTheWay(ctx: RegisterContext, tx: RegisterTx): number {
  return tx.outbox.countInState('sent') + tx.outbox.countDue(ctx.settings.unilogin.attempts)
}
