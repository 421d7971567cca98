import { connect as connectSocket } from 'node:net'
import ssh2 from 'ssh2'
import { RetryableError } from '../../domain/errors.ts'
import { describeHostKey, type SeenHostKey } from './host-key.ts'

export interface ShowHostKeyOptions {
  readonly host: string
  readonly port: number
  readonly deadlineMs: number
}

/**
 * The host key a server shows, for an operator to compare with what the supplier said over another channel. The key exchange is
 * broken off at that point, so no user name or credential is sent. It is the key our client would see at a login, also when the server has several.
 * @throws SFTP_HOST_UNREACHABLE, SFTP_DEADLINE_PASSED
 */
export async function showHostKey({ host, port, deadlineMs }: ShowHostKeyOptions): Promise<SeenHostKey> {
  const socket = connectSocket({ host, port })
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<SeenHostKey>((resolve, reject) => {
      timer = setTimeout(() => reject(failed('SFTP_DEADLINE_PASSED', `nothing came for ${deadlineMs} ms`)), deadlineMs)
      const client = new ssh2.Client()
      // After the key was seen, breaking off is an error to ssh2; the promise is settled by then.
      client.on('error', (cause) => reject(failed('SFTP_HOST_UNREACHABLE', cause.message, cause)))
      client.on('close', () => reject(failed('SFTP_HOST_UNREACHABLE', 'the connection was closed before a key was shown')))
      client.connect({
        sock: socket,
        username: '',
        readyTimeout: 0,
        hostVerifier: (wireKey: Buffer) => {
          resolve(describeHostKey(wireKey))
          return false
        },
      })
    })
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }

  function failed(code: 'SFTP_DEADLINE_PASSED' | 'SFTP_HOST_UNREACHABLE', seen: string, cause?: unknown): RetryableError {
    return new RetryableError(code, `look at the host key of ${host}:${port}: ${seen}`, {
      dataState: 'nothing was sent but the greeting',
      hint: 'check host and port, and firewalls on the way',
      facts: { host, port },
      cause,
    })
  }
}
