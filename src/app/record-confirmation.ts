import type { JobPayloads, StepResult } from '../ports/jobs.ts'
import { claimConfirmations } from './claim-deliveries.ts'
import type { ReadBackResult } from './confirm-batch.ts'
import type { RegisterContext } from './context.ts'
import { requestClaimed } from './dispatch-deliveries.ts'
import { getDocument, trusted } from './documents.ts'
import { finishFiles } from './finish-files.ts'

/** Records the read-back: what equals is confirmed, what differs is shown to a person and never pushed again by itself. */
export async function recordConfirmation(ctx: RegisterContext, payload: JobPayloads['record-confirmation']): Promise<StepResult> {
  const { batchId, resultSha256 } = payload
  const results = await getDocument(ctx.files, resultSha256, trusted<readonly ReadBackResult[]>())
  const byNumber = new Map(results.map((result) => [result.nummer, result]))
  const done = ctx.register.write((tx) => {
    const now = ctx.clock.now()
    const own = tx.outbox.ofBatch(batchId).filter((delta) => delta.state === 'acknowledged')
    // What was read may be of a later change: it is read once more.
    const overtaken = new Set(tx.outbox.overtakenIn(batchId))
    let mismatched = 0
    for (const { deltaId, nummer } of own) {
      const result = byNumber.get(nummer)
      if (result?.verdict === 'equal') {
        tx.outbox.update(deltaId, { state: 'confirmed', confirmedAt: now, batchId: null })
      } else if (result !== undefined && overtaken.has(deltaId)) {
        tx.outbox.update(deltaId, { batchId: null })
      } else {
        mismatched += 1
        const replyText = `read-back: ${result?.verdict ?? 'no answer'} ${result?.fields.join(', ') ?? ''}`.trim()
        tx.outbox.update(deltaId, { state: 'mismatched', batchId: null, replyText })
      }
    }
    if (own.length > 0)
      tx.ledger.append({
        at: now,
        type: 'confirmation',
        subject: batchId,
        facts: { resultSha256, numbers: own.length, mismatched },
      })
    const about = own.map(({ fileId, deltaId }) => ({ fileId, deltaId }))
    return { mismatched, about, finished: finishFiles(ctx, tx, own), confirmations: claimConfirmations(ctx, tx), pushes: [] }
  })
  return {
    outcome: done.mismatched === 0 ? 'confirmed' : 'mismatched',
    next: [...(await requestClaimed(ctx, done)), ...done.finished],
    facts: { mismatched: done.mismatched },
    about: done.about,
  }
}
