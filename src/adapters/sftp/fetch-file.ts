import { PassThrough } from 'node:stream'
import { FatalError, RetryableError } from '../../domain/errors.ts'
import type { InboxEntry } from '../../ports/supplier-inbox.ts'
import type { SftpConnection } from './connect-supplier.ts'
import type { SftpCall } from './explain-call-error.ts'
import { joinRemote } from './remote-path.ts'
import { type RemoteStat, remoteStat } from './remote-stat.ts'

const dataState = 'nothing was stored; the file stays at the supplier'

/**
 * Bytes asked for at a time. One request is under way, so this is what a way there and back brings; OpenSSH answers up to 255 KiB
 * at once, servers that give less are asked again for the rest.
 */
const readBytes = 255 * 1024
/** Handed on to ssh2 as they are; the client's types leave the first one out. */
const readStreamOptions = { highWaterMark: readBytes, autoClose: true } as const

/**
 * The bytes of a listed file. They may be kept only once the iteration has ended without an error: the last two checks
 * (size and time once more, count of bytes) come after the last chunk. No answer to a request for the call deadline ends
 * the transfer; a slow reader does not. Never the parallel `fastGet`, which is known to give a wrong file with some servers and say nothing.
 * @throws SFTP_FILE_TOO_LARGE, SFTP_FILE_CHANGED, SFTP_FILE_TRUNCATED, SFTP_CONNECTION_LOST, SFTP_DEADLINE_PASSED, SFTP_CALL_FAILED
 */
export async function* fetchFile(
  connection: SftpConnection,
  folder: string,
  entry: InboxEntry,
  maxFileBytes: number,
): AsyncGenerator<Buffer, void, undefined> {
  const path = joinRemote(folder, entry.name)
  if (entry.sizeBytes > maxFileBytes) throw tooLarge(connection, entry, maxFileBytes)
  assertUnchanged(connection, entry, await remoteStat(connection, fetchCall(entry, 0), path), 0)

  let bytes = 0
  for await (const chunk of streamRemote(connection, path, () => fetchCall(entry, bytes))) {
    bytes += chunk.length
    if (bytes > entry.sizeBytes) break
    yield chunk
  }

  assertUnchanged(connection, entry, await remoteStat(connection, fetchCall(entry, bytes), path), bytes)
  if (bytes !== entry.sizeBytes) throw truncated(connection, entry, bytes)
}

/**
 * The chunks of a remote file as they come, at most one buffer ahead of the reader, each waited for no longer than the
 * call deadline. Leaving the loop early closes the file on the server.
 */
export async function* streamRemote(
  connection: SftpConnection,
  path: string,
  what: () => SftpCall,
): AsyncGenerator<Buffer, void, undefined> {
  const through = new PassThrough({ highWaterMark: readBytes })
  const chunks: AsyncIterator<Buffer> = through[Symbol.asyncIterator]()
  // An error of the stream reaches the reader through the iterator; this keeps it from being uncaught when nobody reads.
  through.on('error', () => undefined)
  let started = false
  try {
    while (true) {
      const { done, value } = await connection.call(what(), ({ client }) => {
        if (!started) {
          started = true
          client.get(path, through, { readStreamOptions }).catch((error: unknown) => {
            through.destroy(error instanceof Error ? error : new Error(String(error)))
          })
        }
        return chunks.next()
      })
      if (done) return
      yield value
    }
  } finally {
    // The client closes the remote file when its target fails, and only then.
    through.destroy(new Error('the reader has left'))
  }
}

function fetchCall(entry: InboxEntry, bytes: number): SftpCall {
  return {
    tried: `fetch of "${entry.name}" (${count(bytes)} of ${count(entry.sizeBytes)} bytes)`,
    dataState,
    failCode: 'SFTP_CALL_FAILED',
  }
}

function assertUnchanged(connection: SftpConnection, entry: InboxEntry, now: RemoteStat | null, bytesRead: number): void {
  if (now?.isFile && now.sizeBytes === entry.sizeBytes && now.modifiedAt === entry.modifiedAt) return
  const seen =
    now === null
      ? 'it is gone'
      : !now.isFile
        ? 'it is no plain file any more'
        : now.sizeBytes !== entry.sizeBytes
          ? `it has ${count(now.sizeBytes)} bytes now`
          : 'its time stamp is another one now'
  throw new RetryableError(
    'SFTP_FILE_CHANGED',
    `fetch of "${entry.name}" at supplier "${connection.peer.supplierId}": listed with ${count(entry.sizeBytes)} bytes, ${seen}`,
    {
      dataState,
      hint: 'the supplier is writing or replacing it; it is fetched when it stands still',
      facts: {
        ...connection.peer,
        name: entry.name,
        bytesRead,
        listedBytes: entry.sizeBytes,
        listedModifiedAt: entry.modifiedAt,
        seenBytes: now?.sizeBytes ?? null,
        seenModifiedAt: now?.modifiedAt ?? null,
      },
    },
  )
}

function truncated(connection: SftpConnection, entry: InboxEntry, bytes: number): RetryableError {
  const seen =
    bytes < entry.sizeBytes
      ? `stopped at ${count(bytes)} of ${count(entry.sizeBytes)} bytes`
      : `gave more than ${count(entry.sizeBytes)} bytes`
  return new RetryableError(
    'SFTP_FILE_TRUNCATED',
    `fetch of "${entry.name}" at supplier "${connection.peer.supplierId}" ${seen}, with no error from the server`,
    {
      dataState,
      hint: 'fetched again by itself; if it stays, the server and its own listing disagree and the supplier must look',
      facts: { ...connection.peer, name: entry.name, bytesRead: bytes, listedBytes: entry.sizeBytes },
    },
  )
}

function tooLarge(connection: SftpConnection, entry: InboxEntry, maxFileBytes: number): FatalError {
  return new FatalError(
    'SFTP_FILE_TOO_LARGE',
    `fetch of "${entry.name}" at supplier "${connection.peer.supplierId}" was not begun: ${count(entry.sizeBytes)} bytes, the limit is ${count(maxFileBytes)}`,
    {
      dataState,
      hint: 'ask the supplier what the file is; if it is right, raise sftp.maxFileBytes',
      facts: { ...connection.peer, name: entry.name, listedBytes: entry.sizeBytes, maxFileBytes },
    },
  )
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}
