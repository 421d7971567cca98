import { type Outage, outageAfter } from '../domain/outage.ts'
import { toIso } from '../domain/time.ts'
import type { OutboxDelta } from '../ports/register/outbox.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { isClear, type PushResult } from './push-batch.ts'

/**
 * Notes what a batch's calls say of the target: that it gives no answers, or gives them again; the ledger tells of both. Gives
 * the outage while the target counts as down.
 */
export function noteAnswers(
  ctx: RegisterContext,
  tx: RegisterTx,
  claimed: readonly OutboxDelta[],
  tried: readonly PushResult[],
): Outage | null {
  if (tried.length === 0) return tx.outages.found()
  const now = ctx.clock.now()
  const known = tx.outages.current()
  const foundAt = known?.foundAt ?? null
  const after = outageAfter(known, tried.map(toAnswer), {
    now,
    isProbe: foundAt !== null && claimed.some(({ sentAt }) => sentAt !== null && sentAt > foundAt),
    rule: ctx.settings.outage,
  })
  if (known !== null || after !== null) tx.outages.put(after, now)
  const isDown = after !== null && after.foundAt !== null
  if (isDown !== (foundAt !== null)) {
    const { sinceAt, probes } = (after ?? known) as Outage
    tx.ledger.append({ at: now, type: 'outage', subject: isDown ? 'begun' : 'ended', facts: { since: toIso(sinceAt), probes } })
  }
  return isDown ? after : null
}

function toAnswer({ sentAt, outcome }: PushResult) {
  return { sentAt, isClear: isClear(outcome), reason: 'reason' in outcome ? outcome.reason : '' }
}
