import type { JobPayloads, StepResult } from '../ports/jobs.ts'
import type { EdgeContext } from './context.ts'
import { getDocument, trusted } from './documents.ts'
import { supplierOf } from './mandate-of.ts'
import type { ReceiptDelivery } from './prepare-receipt.ts'

/** Puts a receipt's documents on the supplier's server, and moves the files it is about when the supplier wants that. */
export async function deliverReceipt(ctx: EdgeContext, payload: JobPayloads['receipt']): Promise<StepResult> {
  const { supplierId, documents, read } = await getDocument(ctx.files, payload.inputSha256, trusted<ReceiptDelivery>())
  const session = await ctx.inbox.open(supplierId)
  try {
    for (const { name, sha256 } of documents) await session.deliver(name, await ctx.files.get(sha256))
    if (supplierOf(ctx.settings, supplierId).readFolder !== undefined) for (const name of read) await session.moveToRead(name)
  } finally {
    await session.close().catch(() => undefined)
  }
  return {
    outcome: 'delivered',
    next: [{ job: 'record-receipt', payload: { receiptId: payload.receiptId, inputSha256: payload.inputSha256 } }],
    facts: { documents: documents.length },
  }
}
