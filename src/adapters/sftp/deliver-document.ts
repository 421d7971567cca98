import { Readable } from 'node:stream'
import { RetryableError, SyncError } from '../../domain/errors.ts'
import type { SftpConnection } from './connect-supplier.ts'
import { type SftpCall, sftpStatus } from './explain-call-error.ts'
import { streamRemote } from './fetch-file.ts'
import { joinRemote, temporaryName } from './remote-path.ts'
import { remoteStat } from './remote-stat.ts'

/** Bytes per write, so that a long document shows progress to the deadline. */
const writeBytes = 32 * 1024

interface Delivery {
  readonly connection: SftpConnection
  readonly call: SftpCall
  readonly content: Buffer
  readonly temporaryPath: string
  readonly targetPath: string
}

/**
 * Puts a document into a folder so that nobody sees half of it: written under a temporary name, its size checked, then
 * renamed. Whether a rename replaces an existing file differs per server (OpenSSH and ProFTPD refuse, SFTPGo replaces), so
 * that is never relied on; and as the answer to a rename that worked can get lost, both names are looked at before it counts as failed.
 * Safe to repeat: the same bytes under the name are left alone.
 * @throws SFTP_WRITE_FAILED, SFTP_CONNECTION_LOST, SFTP_DEADLINE_PASSED
 */
export async function deliverDocument(
  connection: SftpConnection,
  folder: string,
  name: string,
  content: Uint8Array,
): Promise<void> {
  const delivery: Delivery = {
    connection,
    call: {
      tried: `delivery of "${name}"`,
      dataState: 'the document is kept here and can be delivered again; what stood under the name before may be gone',
      failCode: 'SFTP_WRITE_FAILED',
    },
    content: Buffer.from(content),
    temporaryPath: joinRemote(folder, temporaryName(name, content)),
    targetPath: joinRemote(folder, name),
  }
  const target = await lookAtTarget(delivery)
  if (target === 'same') return
  try {
    await writeTemporary(delivery)
    if (target === 'absent') await moveIntoPlace(delivery)
    else await replaceTarget(delivery)
  } catch (error) {
    if (answeredByServer(error)) await removeTemporary(delivery)
    throw error
  }
}

/** What stands under the document's name. A folder or link there is never replaced. */
async function lookAtTarget(delivery: Delivery): Promise<'absent' | 'same' | 'other'> {
  const { connection, call, content, targetPath } = delivery
  const stat = await remoteStat(connection, call, targetPath)
  if (stat === null) return 'absent'
  if (!stat.isFile) throw writeFailed(delivery, 'a folder or link has that name')
  if (stat.sizeBytes !== content.length) return 'other'
  let offset = 0
  for await (const chunk of streamRemote(connection, targetPath, () => call)) {
    if (!chunk.equals(content.subarray(offset, offset + chunk.length))) return 'other'
    offset += chunk.length
  }
  return offset === content.length ? 'same' : 'other'
}

async function writeTemporary(delivery: Delivery): Promise<void> {
  const { connection, call, content, temporaryPath } = delivery
  await connection.call(call, ({ client, stillMoving }) => client.put(Readable.from(pieces(content, stillMoving)), temporaryPath))
  const written = await remoteStat(connection, call, temporaryPath)
  if (written?.sizeBytes !== content.length) {
    throw writeFailed(
      delivery,
      `${content.length} bytes were sent, the server has ${written === null ? 'no file' : `${written.sizeBytes} bytes`}`,
    )
  }
}

/** A piece is asked for once the one before has been taken, so each one is a sign of life. */
function* pieces(content: Buffer, stillMoving: () => void): Generator<Buffer> {
  for (let at = 0; at < content.length; at += writeBytes) {
    stillMoving()
    yield content.subarray(at, at + writeBytes)
  }
}

/** The plain rename, onto a name that was free a moment ago. */
async function moveIntoPlace(delivery: Delivery): Promise<void> {
  const { connection, call, temporaryPath, targetPath } = delivery
  try {
    await connection.call(call, ({ client }) => client.rename(temporaryPath, targetPath))
  } catch (error) {
    if (!answeredByServer(error)) throw error
    const target = await lookAtTarget(delivery)
    if (target === 'absent') throw error
    // 'same': the rename worked and only its answer was wrong, or another try delivered the same document meanwhile.
    if (target === 'same') await removeTemporary(delivery)
    else await replaceTarget(delivery)
  }
}

/** The atomic rename where the server has it; else the old document goes first, and for a moment the name is empty. */
async function replaceTarget(delivery: Delivery): Promise<void> {
  const { connection, call, temporaryPath, targetPath } = delivery
  try {
    await connection.call(call, ({ client }) => client.posixRename(temporaryPath, targetPath))
    return
  } catch (error) {
    if (!answeredByServer(error)) throw error
    if ((await lookAtTarget(delivery)) === 'same') {
      await removeTemporary(delivery)
      return
    }
    if (error instanceof SyncError && error.facts['status'] === sftpStatus.permissionDenied) throw error
  }
  await connection.call(call, ({ client }) => client.delete(targetPath, true))
  try {
    await connection.call(call, ({ client }) => client.rename(temporaryPath, targetPath))
  } catch (error) {
    if (!answeredByServer(error) || (await lookAtTarget(delivery)) !== 'same') throw error
  }
}

/** Best effort: a temporary file that stays is written over by the next try and is no input to anyone. */
async function removeTemporary({ connection, call, temporaryPath }: Delivery): Promise<void> {
  await connection.call(call, ({ client }) => client.delete(temporaryPath, true)).catch(() => undefined)
}

/** True when the connection is alive and the server said no; false when it is gone and nothing more can be asked. */
function answeredByServer(error: unknown): boolean {
  return error instanceof SyncError && error.code === 'SFTP_WRITE_FAILED'
}

function writeFailed({ connection, call }: Delivery, seen: string): RetryableError {
  return new RetryableError('SFTP_WRITE_FAILED', `${call.tried} at supplier "${connection.peer.supplierId}": ${seen}`, {
    dataState: call.dataState,
    hint: 'tried again by itself; if it stays, ask the supplier to look at the folder and the free space',
    facts: { ...connection.peer },
  })
}
