import { diffAgreements } from '../domain/agreement.ts'
import type { JobPayloads, StepResult } from '../ports/jobs.ts'
import { claimDeliveries } from './claim-deliveries.ts'
import type { RegisterContext } from './context.ts'
import { requestClaimed } from './dispatch-deliveries.ts'
import { getDocument, trusted } from './documents.ts'
import { finishFiles } from './finish-files.ts'

/** Notes which numbers have an agreement, and lets go what waited for one that has come. A suspect list changes nothing. */
export async function recordAgreements(ctx: RegisterContext, payload: JobPayloads['record-agreements']): Promise<StepResult> {
  const { listSha256 } = payload
  const listed = await getDocument(ctx.files, listSha256, trusted<readonly string[]>())
  const done = ctx.register.write((tx) => {
    const at = ctx.clock.now()
    const { approved, lapsed, suspect } = diffAgreements(
      tx.agreements.approved(),
      listed,
      ctx.settings.unilogin.agreementsLostRatio,
    )
    tx.agreements.addCheck({ at, listed: listed.length, approved: approved.length, lapsed: lapsed.length, suspect, listSha256 })
    tx.agreements.note(approved, 'godkendt', at)
    tx.agreements.note(lapsed, 'bortfaldet', at)
    const freed = tx.agreements
      .awaited()
      .map(({ nummer }) => nummer)
      .filter((nummer) => tx.agreements.isApproved(nummer))
    tx.outbox.release(tx.agreements.needsOf(freed))
    const pushes = claimDeliveries(ctx, tx)
    const facts = { listed: listed.length, approved: approved.length, lapsed: lapsed.length, freed: freed.length }
    return { suspect, facts, pushes, confirmations: [], finished: finishFiles(ctx, tx, []) }
  })
  if (done.suspect) ctx.log.error(done.facts, 'the list of data agreements lacks too many at once; nothing was changed')
  return {
    outcome: done.suspect ? 'suspect' : 'recorded',
    next: [...(await requestClaimed(ctx, done)), ...done.finished],
    facts: done.facts,
  }
}
