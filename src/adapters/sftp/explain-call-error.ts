import { FatalError, RetryableError, type SyncError } from '../../domain/errors.ts'

/** What a call is for, so that its errors can say it. */
export interface SftpCall {
  /** Begins every message: `list of folder "ind"`. */
  readonly tried: string
  /** What happens to the data when the call fails. */
  readonly dataState: string
  /** The code when the server answers with an error. */
  readonly failCode: 'SFTP_CALL_FAILED' | 'SFTP_WRITE_FAILED'
}

/** Whom a call goes to. */
export interface SftpPeer {
  readonly supplierId: string
  readonly host: string
  readonly port: number
}

/** Status codes of the SFTP protocol, version 3 (draft-ietf-secsh-filexfer-02, section 7). */
export const sftpStatus = { noSuchFile: 2, permissionDenied: 3, failure: 4, unsupported: 8 } as const

const statusText: Readonly<Record<number, string>> = {
  2: 'no such file',
  3: 'permission denied',
  4: 'failure',
  5: 'bad message',
  8: 'operation not supported',
}

/**
 * The status a server answered with. Null when it did not answer: the connection broke under the call.
 * A request the server does not offer is refused by ssh2 itself, by text only.
 */
export function answeredStatus(error: unknown): number | null {
  if (!(error instanceof Error)) return null
  if (/does not support this extended request/.test(error.message)) return sftpStatus.unsupported
  return 'code' in error && typeof error.code === 'number' ? error.code : null
}

/** The error for a call the server answered with a status other than OK. Permission cannot heal by itself; the rest may. */
export function explainStatus(call: SftpCall, peer: SftpPeer, status: number, cause: unknown): SyncError {
  const message = `${call.tried} at supplier "${peer.supplierId}": the server answered "${statusText[status] ?? 'error'}" (status ${status})`
  const facts = { ...peer, status }
  if (status === sftpStatus.permissionDenied) {
    return new FatalError(call.failCode, message, {
      dataState: call.dataState,
      hint: 'ask the supplier to give our account the right to do this',
      facts,
      cause,
    })
  }
  return new RetryableError(call.failCode, message, {
    dataState: call.dataState,
    hint:
      status === sftpStatus.noSuchFile
        ? 'check with the supplier that the folder named in the settings is there'
        : 'tried again by itself; if it stays, ask the supplier what their server logs, such as a full disk',
    facts,
    cause,
  })
}

/** The error for a call that got no answer in time. */
export function explainDeadline(call: SftpCall, peer: SftpPeer, deadlineMs: number): SyncError {
  return new RetryableError(
    'SFTP_DEADLINE_PASSED',
    `${call.tried} at supplier "${peer.supplierId}": nothing came for ${deadlineMs} ms; the connection was cut`,
    {
      dataState: call.dataState,
      hint: 'tried again by itself; if it stays, ask the supplier whether the server is up, and check firewalls on the way',
      facts: { ...peer, deadlineMs },
    },
  )
}

/** The error for a call whose connection broke before the answer. */
export function explainLoss(call: SftpCall, peer: SftpPeer, cause: unknown): SyncError {
  return new RetryableError(
    'SFTP_CONNECTION_LOST',
    `${call.tried} at supplier "${peer.supplierId}": the connection was lost before the answer`,
    {
      dataState: call.dataState,
      hint: 'tried again by itself; if it stays, ask the supplier whether their server restarts or limits sessions',
      facts: { ...peer },
      cause,
    },
  )
}
