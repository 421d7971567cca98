import { FatalError } from '../domain/errors.ts'
import type { JobRequest } from '../ports/jobs.ts'
import type { Hold } from '../ports/register/files.ts'
import type { OperatorContext } from './context.ts'

/** A person's word on a hold. */
export interface HoldDecision {
  readonly holdId: string
  readonly decision: 'approved' | 'refused'
  readonly by: string
  readonly reason: string
}

/**
 * Approves or refuses a hold, once. An approval is tied to the exact changes that were held: the file is planned again,
 * and only if the same slice comes out does it pass; otherwise it is held anew.
 * @throws HOLD_NOT_OPEN, HOLD_PLAN_CHANGED
 */
export async function decideHold(ctx: OperatorContext, { holdId, decision, by, reason }: HoldDecision): Promise<Hold> {
  const { hold, next } = ctx.register.write((tx) => {
    const now = ctx.clock.now()
    const hold = tx.files.findHold(holdId)
    if (hold === null || hold.state !== 'open') {
      throw new FatalError('HOLD_NOT_OPEN', `deciding hold ${holdId}, which is ${hold?.state ?? 'not known'}`, {
        dataState: 'nothing was changed',
        hint: 'see `dagtilbud hold list` for the holds that are open',
      })
    }
    const file = tx.files.find(hold.fileId)
    const last = file?.header ? tx.files.lastApplied(file.supplierId, file.header.kommuneKode) : null
    const newer = last !== null && last.loebenummer > (file?.header?.loebenummer ?? 0)
    if (decision === 'approved' && newer) {
      throw new FatalError(
        'HOLD_PLAN_CHANGED',
        `approving hold ${holdId}, but a newer file of the municipality has been applied`,
        {
          dataState: 'nothing was changed; the hold is still open',
          hint: 'decide the hold of the newer file instead, and refuse this one',
        },
      )
    }
    tx.files.updateHold(holdId, { state: decision, decidedBy: by, reason, decidedAt: now })
    tx.ledger.append({ at: now, type: 'decision', subject: holdId, facts: { decision, by, reason, sliceHash: hold.sliceHash } })
    const next: JobRequest[] =
      decision === 'approved'
        ? [{ job: 'plan', payload: { fileId: hold.fileId } }]
        : [{ job: 'prepare-receipt', payload: { fileId: hold.fileId, type: 'received' } }]
    return { hold: { ...hold, state: decision }, next }
  })
  await ctx.queue.add(next)
  return hold
}
