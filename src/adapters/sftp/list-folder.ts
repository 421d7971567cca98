import { constants } from 'node:fs'
import type { FileEntryWithStats, SFTPWrapper } from 'ssh2'
import type { Log } from '../../ports/log.ts'
import type { InboxEntry } from '../../ports/supplier-inbox.ts'
import type { SftpConnection } from './connect-supplier.ts'
import { isPlainName, isTemporaryName, joinRemote } from './remote-path.ts'
import { lstat } from './remote-stat.ts'

/** The plain files of a folder by name, without those that say themselves that they are not finished (`.….tmp`). */
export async function listFolder(connection: SftpConnection, folder: string, log: Log): Promise<readonly InboxEntry[]> {
  const call = {
    tried: `list of folder "${folder}"`,
    dataState: 'nothing was fetched; the files stay at the supplier',
    failCode: 'SFTP_CALL_FAILED',
  } as const
  const listed = await connection.call(call, ({ protocol }) => readdir(protocol, folder))

  const entries: InboxEntry[] = []
  let unusable = 0
  for (const item of listed) {
    if (isTemporaryName(item.filename) || item.filename === '.' || item.filename === '..') continue
    if (!isPlainName(item.filename)) {
      unusable += 1
      continue
    }
    const kind = item.attrs.mode & constants.S_IFMT
    if (kind === constants.S_IFREG) {
      entries.push({ name: item.filename, sizeBytes: item.attrs.size, modifiedAt: item.attrs.mtime })
    } else if (kind === 0) {
      // A few servers leave the kind out of listings; then only a stat can tell a file from a folder.
      const stat = await connection.call(call, (handles) => lstat(handles.protocol, joinRemote(folder, item.filename)))
      if (stat?.isFile) entries.push({ name: item.filename, sizeBytes: stat.sizeBytes, modifiedAt: stat.modifiedAt })
    }
  }
  if (unusable > 0) {
    log.warn(
      { supplierId: connection.peer.supplierId, folder, files: unusable },
      'files with unusable names were left out of the listing',
    )
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

function readdir(protocol: SFTPWrapper, folder: string): Promise<FileEntryWithStats[]> {
  return new Promise((resolve, reject) => {
    protocol.readdir(folder, (error, list) => {
      if (error !== undefined && error !== null) reject(error)
      else resolve(list)
    })
  })
}
