import type { JobPayloads, StepResult } from '../ports/jobs.ts'
import type { RegisterContext } from './context.ts'
import { closeNight } from './record-validation.ts'

/** Records that a receipt stands on the supplier's server; a newer one that was prepared meanwhile stays to be delivered. */
export async function recordReceipt(
  ctx: RegisterContext,
  { receiptId, inputSha256 }: JobPayloads['record-receipt'],
): Promise<StepResult> {
  return ctx.register.write((tx) => {
    const receipt = tx.files.findReceipt(receiptId)
    if (receipt === null || receipt.state === 'delivered' || receipt.inputSha256 !== inputSha256)
      return { outcome: 'skipped', next: [] }
    const now = ctx.clock.now()
    tx.files.putReceipt({ ...receipt, state: 'delivered', deliveredAt: now })
    tx.ledger.append({ at: now, type: 'receipt', subject: receiptId, facts: { inputSha256 } })
    const file = tx.files.find(receipt.fileId)
    return { outcome: 'delivered', next: file === null ? [] : [closeNight(file)] }
  })
}
