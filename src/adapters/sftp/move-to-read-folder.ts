import { RetryableError, SyncError } from '../../domain/errors.ts'
import type { SftpConnection } from './connect-supplier.ts'
import type { SftpCall } from './explain-call-error.ts'
import { freeNameCandidates, joinRemote } from './remote-path.ts'
import { remoteStat } from './remote-stat.ts'

/**
 * Moves a file out of the supplier's folder, under a name that is free in the folder of read files; that folder is made
 * when it is missing. A file that is gone is no error: an earlier try moved it, or the supplier took it back.
 * @throws SFTP_CALL_FAILED, SFTP_CONNECTION_LOST, SFTP_DEADLINE_PASSED
 */
export async function moveToReadFolder(
  connection: SftpConnection,
  folder: string,
  readFolder: string,
  name: string,
): Promise<void> {
  const call: SftpCall = {
    tried: `move of "${name}" to "${readFolder}"`,
    dataState: 'the file has been stored here already; it is either still in its folder or in the folder of read files',
    failCode: 'SFTP_CALL_FAILED',
  }
  const sourcePath = joinRemote(folder, name)
  if ((await remoteStat(connection, call, sourcePath)) === null) return
  await makeFolder(connection, call, readFolder)

  for (const candidate of freeNameCandidates(name)) {
    const path = joinRemote(readFolder, candidate)
    if ((await remoteStat(connection, call, path)) !== null) continue
    try {
      await connection.call(call, ({ client }) => client.rename(sourcePath, path))
      return
    } catch (error) {
      if (!(error instanceof SyncError) || error.code !== 'SFTP_CALL_FAILED') throw error
      // The server said no: what happened is seen by the names. Gone from here means moved, by this call or another.
      if ((await remoteStat(connection, call, sourcePath)) === null) return
      if ((await remoteStat(connection, call, path)) === null) throw error
      // The name was taken between the look and the rename: on to the next one.
    }
  }
  throw new RetryableError(
    'SFTP_CALL_FAILED',
    `${call.tried} at supplier "${connection.peer.supplierId}": no free name was found`,
    {
      dataState: call.dataState,
      hint: 'ask the supplier to empty the folder of read files',
      facts: { ...connection.peer },
    },
  )
}

/** Makes every level that is missing. A level that appears meanwhile is as good as made. */
async function makeFolder(connection: SftpConnection, call: SftpCall, folder: string): Promise<void> {
  const levels = folder.split('/')
  for (let n = 1; n <= levels.length; n++) {
    const path = levels.slice(0, n).join('/')
    if (path === '' || path === '.' || path === '..') continue
    if ((await remoteStat(connection, call, path)) !== null) continue
    try {
      await connection.call(call, ({ protocol }) => mkdir(protocol, path))
    } catch (error) {
      if (!(error instanceof SyncError) || error.code !== 'SFTP_CALL_FAILED') throw error
      if ((await remoteStat(connection, call, path)) === null) throw error
    }
  }
}

function mkdir(protocol: { mkdir(path: string, callback: (error?: Error | null) => void): void }, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    protocol.mkdir(path, (error) => (error ? reject(error) : resolve()))
  })
}
