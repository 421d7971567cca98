import { dayMs } from '../domain/time.ts'
import type { JobRequest } from '../ports/jobs.ts'
import type { DeliveryFile, Hold } from '../ports/register/files.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { finishFiles } from './finish-files.ts'
import { speaksFor } from './mandate-of.ts'

/** Ends every hold that nobody has decided in time; the register stays as it is. Returns what is to be done next. */
export function expireHolds(ctx: RegisterContext, tx: RegisterTx): JobRequest[] {
  const days = ctx.settings.guards.holdExpiresAfterDays
  const before = ctx.clock.now() - days * dayMs
  return tx.files
    .holds({ state: 'open' })
    .filter((hold) => hold.openedAt <= before)
    .flatMap((hold) => expire(ctx, tx, hold, `not decided within ${days} days`))
}

/**
 * Ends the holds that a plan has made void: those of older files of the same supplier and municipality, since the newer one
 * speaks for itself; those of a supplier that the municipality has left; and those of the file itself that it no longer asks for.
 */
export function expireVoidHolds(
  ctx: RegisterContext,
  tx: RegisterTx,
  file: DeliveryFile,
  kommuneKode: string,
  stillHeld: ReadonlySet<string>,
): JobRequest[] {
  return tx.files.holds({ state: 'open' }).flatMap((hold) => {
    if (hold.fileId === file.fileId)
      return stillHeld.has(hold.sliceHash) ? [] : expire(ctx, tx, hold, 'the file asks for something else now')
    const replaced = hold.supplierId === file.supplierId || !speaksFor(ctx.settings, hold.supplierId, kommuneKode, file.date)
    return hold.kommuneKode === kommuneKode && replaced ? expire(ctx, tx, hold, `replaced by file ${file.fileId}`) : []
  })
}

/** Ends the holds of a file that a person has given up. */
export function endHoldsOf(ctx: RegisterContext, tx: RegisterTx, fileId: string, reason: string): JobRequest[] {
  return tx.files.holds({ fileId, state: 'open' }).flatMap((hold) => expire(ctx, tx, hold, reason))
}

/** What follows when a hold ends without being applied: the supplier is told, and the file may be done. */
export function afterUnapplied(ctx: RegisterContext, tx: RegisterTx, fileId: string): JobRequest[] {
  const file = tx.files.find(fileId)
  const finished = file === null ? [] : finishFiles(ctx, tx, [file])
  return [{ job: 'prepare-receipt', payload: { fileId, type: 'received' } }, ...finished]
}

function expire(
  ctx: RegisterContext,
  tx: RegisterTx,
  { holdId, fileId, planHash, sliceHash }: Hold,
  reason: string,
): JobRequest[] {
  const at = ctx.clock.now()
  tx.files.updateHold(holdId, { state: 'expired', decidedAt: at, reason })
  tx.ledger.append({ at, type: 'decision', subject: holdId, facts: { decision: 'expired', reason, planHash, sliceHash } })
  return afterUnapplied(ctx, tx, fileId)
}
