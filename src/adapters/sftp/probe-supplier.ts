import { connectSupplier } from './connect-supplier.ts'
import type { SftpInboxOptions } from './create-sftp-inbox.ts'
import { findSupplier } from './find-supplier.ts'
import { listFolder } from './list-folder.ts'

/** What a working supplier looks like from here. */
export interface SupplierProbe {
  /** The host key the server showed, and which of the pinned ones it is. */
  readonly fingerprint: string
  readonly keyType: string
  readonly pin: 'current' | 'next'
  /** Plain files in the supplier's folder. */
  readonly fileCount: number
  /** From the first packet to the end of the listing. */
  readonly elapsedMs: number
}

/**
 * Connects, checks the host key, logs in, lists the folder and leaves. Changes nothing.
 * @throws as SupplierInbox.open and list; host key errors carry the seen fingerprint in `facts.seenFingerprint`
 */
export async function probeSupplier({ suppliers, sftp, log }: SftpInboxOptions, supplierId: string): Promise<SupplierProbe> {
  const supplier = findSupplier(suppliers, supplierId)
  const startedAt = performance.now()
  const connection = await connectSupplier({ supplier, sftp, log })
  try {
    const entries = await listFolder(connection, supplier.folder, log)
    return { ...connection.hostKey, pin: connection.pin, fileCount: entries.length, elapsedMs: performance.now() - startedAt }
  } finally {
    await connection.close()
  }
}
