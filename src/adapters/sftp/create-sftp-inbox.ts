import type { Sftp, Supplier } from '../../../config/settings.ts'
import { FatalError } from '../../domain/errors.ts'
import type { Log } from '../../ports/log.ts'
import type { InboxSession, SupplierInbox } from '../../ports/supplier-inbox.ts'
import { connectSupplier, type SftpConnection } from './connect-supplier.ts'
import { deliverDocument } from './deliver-document.ts'
import { fetchFile } from './fetch-file.ts'
import { findSupplier } from './find-supplier.ts'
import { listFolder } from './list-folder.ts'
import { moveToReadFolder } from './move-to-read-folder.ts'
import { isPlainName } from './remote-path.ts'

export interface SftpInboxOptions {
  readonly suppliers: readonly Supplier[]
  readonly sftp: Pick<Sftp, 'connectDeadlineMs' | 'callDeadlineMs' | 'keepaliveMs' | 'maxFileBytes'>
  readonly log: Log
}

/** The suppliers' folders, reached over SFTP. Each session is one connection; calls on it may run side by side. */
export function createSftpInbox({ suppliers, sftp, log }: SftpInboxOptions): SupplierInbox {
  return {
    async open(supplierId) {
      const supplier = findSupplier(suppliers, supplierId)
      const connection = await connectSupplier({ supplier, sftp, log })
      return sessionOf({ connection, supplier, maxFileBytes: sftp.maxFileBytes, log })
    },
  }
}

interface SessionParts {
  readonly connection: SftpConnection
  readonly supplier: Supplier
  readonly maxFileBytes: number
  readonly log: Log
}

function sessionOf({ connection, supplier, maxFileBytes, log }: SessionParts): InboxSession {
  const { folder, readFolder } = supplier
  return {
    list: () => listFolder(connection, folder, log),
    fetch: (entry) => {
      assertPlainName(connection, entry.name)
      return fetchFile(connection, folder, entry, maxFileBytes)
    },
    async deliver(name, content) {
      assertPlainName(connection, name)
      await deliverDocument(connection, folder, name, content)
    },
    async moveToRead(name) {
      assertPlainName(connection, name)
      if (readFolder !== undefined) await moveToReadFolder(connection, folder, readFolder, name)
    },
    close: () => connection.close(),
  }
}

/** Names come from listings, which are checked; this keeps a wrong one from ever leaving the supplier's folder. */
function assertPlainName({ peer }: SftpConnection, name: string): void {
  if (isPlainName(name)) return
  throw new FatalError(
    'SFTP_CALL_FAILED',
    `refused to use ${JSON.stringify(name)} as a file name at supplier "${peer.supplierId}"`,
    {
      dataState: 'nothing was read or written',
      hint: 'a file name must not hold separators or control characters; report this as a fault of the program',
      facts: { ...peer },
    },
  )
}
