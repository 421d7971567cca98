import { connect as connectSocket, type Socket } from 'node:net'
import type { Client, ConnectConfig, SFTPWrapper } from 'ssh2'
import SftpClient from 'ssh2-sftp-client'
import type { Sftp, Supplier } from '../../../config/settings.ts'
import type { SyncError } from '../../domain/errors.ts'
import type { Log } from '../../ports/log.ts'
import {
  answeredStatus,
  explainDeadline,
  explainLoss,
  explainStatus,
  type SftpCall,
  type SftpPeer,
} from './explain-call-error.ts'
import { type ConnectStage, explainConnectError } from './explain-connect-error.ts'
import { describeHostKey, type HostKeyVerdict, judgeHostKey, type SeenHostKey } from './host-key.ts'
import { loadSupplierLogin, type SupplierLogin } from './load-supplier-login.ts'

/** Unanswered keepalives after which the connection counts as dead. */
const keepaliveCountMax = 3
/** How long a goodbye may take before the socket is destroyed. */
const goodbyeMs = 1_000

/** What a call may use. */
interface SftpHandles {
  readonly client: SftpClient
  /**
   * The bare protocol under the client, for what the client's translation loses: it reads "failure" on a stat as
   * "no such file", and takes the kind of a file from the server's free text.
   */
  readonly protocol: SFTPWrapper
  /** Starts the call's deadline anew; to be called whenever bytes have moved. */
  stillMoving(): void
}

/** A logged-in connection. Every call through it ends: with the answer, the server's refusal, the deadline or the loss of the connection. */
export interface SftpConnection {
  readonly peer: SftpPeer
  readonly hostKey: SeenHostKey
  readonly pin: 'current' | 'next'
  /** @throws SFTP_DEADLINE_PASSED, SFTP_CONNECTION_LOST, and the call's own code when the server answers with an error */
  call<T>(what: SftpCall, run: (handles: SftpHandles) => Promise<T>): Promise<T>
  /** Says goodbye, then destroys the socket whatever the server does. Never throws; safe to repeat. */
  close(): Promise<void>
}

export interface ConnectSupplierOptions {
  readonly supplier: Supplier
  readonly sftp: Pick<Sftp, 'connectDeadlineMs' | 'callDeadlineMs' | 'keepaliveMs'>
  readonly log: Log
}

/** How a connection ended, and by whom. */
type End = { readonly by: 'deadline' } | { readonly by: 'loss'; readonly cause: unknown }

/**
 * Connects and logs in to a supplier's server. The host key is judged in the key exchange, before the user name or any
 * credential is sent. The socket is ours, so that it can be destroyed in every state: the client's own `end` waits for the server.
 * @throws SFTP_HOST_UNREACHABLE, SFTP_HOST_KEY_UNKNOWN, SFTP_HOST_KEY_CHANGED, SFTP_LOGIN_REFUSED, SFTP_DEADLINE_PASSED,
 * SFTP_CALL_FAILED when there is no SFTP behind the login, CONFIG_FILE_UNREADABLE, CONFIG_SETTING_INVALID
 */
export async function connectSupplier({ supplier, sftp, log }: ConnectSupplierOptions): Promise<SftpConnection> {
  const login = await loadSupplierLogin(supplier)
  // Requests are small and each waits for its answer; held back by Nagle's algorithm they cost 40 ms apiece.
  const socket = connectSocket({ host: supplier.host, port: supplier.port, noDelay: true })
  const client = new SftpClient(supplier.id, {})
  const transport = transportOf(client)
  // Each call of the client listens to three events while it runs; parallel transfers pass Node's default of ten.
  transport.setMaxListeners(0)

  let stage: ConnectStage = 'connect'
  let hostKey: { seen: SeenHostKey; verdict: HostKeyVerdict } | undefined
  // The client re-wraps errors and drops the layer they come from, so the first one is kept as it was raised.
  let firstError: unknown
  transport.on('error', (error) => {
    firstError ??= error
  })
  transport.on('connect', () => {
    stage = 'host key'
  })
  transport.on('ready', () => {
    stage = 'session'
  })

  let timer: NodeJS.Timeout | undefined
  try {
    const opening = client.connect({
      ...loginConfig(supplier, login),
      sock: socket,
      readyTimeout: 0,
      keepaliveInterval: sftp.keepaliveMs,
      keepaliveCountMax,
      hostVerifier: (wireKey: Buffer) => {
        const seen = describeHostKey(wireKey)
        hostKey = { seen, verdict: judgeHostKey(seen.fingerprint, supplier.hostKeys) }
        const trusted = hostKey.verdict === 'current' || hostKey.verdict === 'next'
        if (trusted) stage = 'login'
        return trusted
      },
    })
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new ConnectDeadline()), sftp.connectDeadlineMs)
    })
    const protocol = await Promise.race([opening, deadline])
    // The verifier ran, or there would be no session; both lines say so to the compiler and fail closed.
    const judged = hostKey as { seen: SeenHostKey; verdict: HostKeyVerdict } | undefined
    if (judged === undefined || (judged.verdict !== 'current' && judged.verdict !== 'next'))
      throw new Error('no host key was judged')
    if (judged.verdict === 'next') {
      log.warn(
        { supplierId: supplier.id, fingerprint: judged.seen.fingerprint },
        'supplier shows its next host key; move it to hostKeys.current',
      )
    }
    const peer = { supplierId: supplier.id, host: supplier.host, port: supplier.port }
    const calls = watchCalls({ client, protocol, socket, peer, callDeadlineMs: sftp.callDeadlineMs })
    return { peer, hostKey: judged.seen, pin: judged.verdict, ...calls }
  } catch (error) {
    socket.destroy()
    const deadlineMs = error instanceof ConnectDeadline ? sftp.connectDeadlineMs : undefined
    throw explainConnectError({ supplier, stage, deadlineMs, hostKey, cause: firstError ?? error })
  } finally {
    clearTimeout(timer)
  }
}

class ConnectDeadline extends Error {}

/** One method only, so that a refusal is a refusal and no `none` or second try counts against the account. */
function loginConfig(supplier: Supplier, login: SupplierLogin): ConnectConfig {
  return {
    host: supplier.host,
    port: supplier.port,
    username: supplier.username,
    authHandler: [login.kind],
    ...(login.kind === 'publickey' ? { privateKey: login.privateKey } : { password: login.password }),
  }
}

/** The ssh2 client inside the SFTP client; its public `on` gives no way to raise the limit of listeners or to see the layer of an error. */
function transportOf(client: SftpClient): Client {
  return (client as unknown as { readonly client: Client }).client
}

interface Watched {
  readonly client: SftpClient
  readonly protocol: SFTPWrapper
  readonly socket: Socket
  readonly peer: SftpPeer
  readonly callDeadlineMs: number
}

/**
 * Puts a deadline and the loss of the connection beside every call. ssh2 has no deadline on calls and can drop a callback
 * when the connection breaks (its readdir does), so its own promises are never waited on alone.
 */
function watchCalls({ client, protocol, socket, peer, callDeadlineMs }: Watched): Pick<SftpConnection, 'call' | 'close'> {
  let ended: End | undefined
  const underWay = new Set<(end: End) => void>()

  function end(how: End): void {
    if (ended !== undefined) return
    ended = how
    socket.destroy()
    for (const fail of underWay) fail(how)
  }
  let lastError: unknown
  const remember = (error: unknown): void => {
    lastError = error
  }
  transportOf(client).on('error', remember)
  // Without a listener a malformed answer would be an uncaught error; ssh2 closes the channel after it.
  protocol.on('error', remember)
  protocol.on('close', () => end({ by: 'loss', cause: lastError }))
  socket.on('close', () => end({ by: 'loss', cause: lastError }))
  if (socket.destroyed) end({ by: 'loss', cause: undefined })

  async function call<T>(what: SftpCall, run: (handles: SftpHandles) => Promise<T>): Promise<T> {
    const explain = (how: End): SyncError =>
      how.by === 'deadline' ? explainDeadline(what, peer, callDeadlineMs) : explainLoss(what, peer, how.cause)
    if (ended !== undefined) throw explain(ended)

    let fail: (how: End) => void = () => undefined
    const cut = new Promise<never>((_resolve, reject) => {
      fail = (how) => reject(explain(how))
    })
    underWay.add(fail)
    const timer = setTimeout(() => end({ by: 'deadline' }), callDeadlineMs)
    try {
      const running = (async () => run({ client, protocol, stillMoving: () => void timer.refresh() }))().catch(
        (error: unknown) => {
          const status = answeredStatus(error)
          if (status !== null) throw explainStatus(what, peer, status, error)
          // No status: the connection broke, or the answers can no longer be trusted. Either way this session is over.
          end({ by: 'loss', cause: error })
          return cut
        },
      )
      return await Promise.race([running, cut])
    } finally {
      clearTimeout(timer)
      underWay.delete(fail)
    }
  }

  async function close(): Promise<void> {
    if (ended === undefined) {
      const timer = setTimeout(() => socket.destroy(), Math.min(goodbyeMs, callDeadlineMs))
      await client.end().catch(() => undefined)
      clearTimeout(timer)
    }
    end({ by: 'loss', cause: undefined })
  }

  return { call, close }
}
