import type { FileStore } from '../ports/file-store.ts'
import type { NamedBlob } from '../ports/register/upkeep.ts'
import { getDocument, trusted } from './documents.ts'
import type { ReceiptDelivery } from './prepare-receipt.ts'

/** The documents that receipts consist of, which only the receipts' own blobs name. One that is not there names none. */
export async function blobsOfReceipts(files: FileStore, named: readonly NamedBlob[]): Promise<NamedBlob[]> {
  const documents: NamedBlob[] = []
  for (const receipt of named.filter(({ use }) => use === 'receipt')) {
    if (!(await files.has(receipt.sha256))) continue
    const delivery = await getDocument(files, receipt.sha256, trusted<ReceiptDelivery>())
    documents.push(...delivery.documents.map(({ sha256 }) => ({ ...receipt, sha256 })))
  }
  return documents
}
