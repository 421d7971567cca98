import type { SFTPWrapper } from 'ssh2'
import type { SftpConnection } from './connect-supplier.ts'
import { type SftpCall, sftpStatus } from './explain-call-error.ts'

/** What the server says of one name, links not followed. */
export interface RemoteStat {
  readonly isFile: boolean
  readonly isFolder: boolean
  readonly sizeBytes: number
  /** Whole seconds, the server's clock. */
  readonly modifiedAt: number
}

/** Null when there is nothing under the name; every other refusal is an error, so "could not look" is never taken for "is gone". */
export function remoteStat(connection: SftpConnection, call: SftpCall, path: string): Promise<RemoteStat | null> {
  return connection.call(call, ({ protocol }) => lstat(protocol, path))
}

/** As remoteStat, inside a call that is already under way. */
export function lstat(protocol: SFTPWrapper, path: string): Promise<RemoteStat | null> {
  return new Promise((resolve, reject) => {
    protocol.lstat(path, (error, stats) => {
      if (error !== undefined && error !== null) {
        if ('code' in error && error.code === sftpStatus.noSuchFile) resolve(null)
        else reject(error)
        return
      }
      resolve({ isFile: stats.isFile(), isFolder: stats.isDirectory(), sizeBytes: stats.size, modifiedAt: stats.mtime })
    })
  })
}
