import { type Agent, request as httpsRequest } from 'node:https'
import { TLSSocket } from 'node:tls'

export interface SoapPost {
  readonly url: URL
  readonly agent: Agent
  readonly action: string
  /** The exact text to send. */
  readonly envelope: string
  /** Carries the deadline; an abort ends the call wherever it stands. */
  readonly signal: AbortSignal
  readonly maxAnswerBytes: number
}

/** What the wire did with one POST. `lost` means the target may have read the request, and we do not have its whole answer. */
export type WireResult =
  | { readonly kind: 'answered'; readonly httpStatus: number; readonly text: string }
  | { readonly kind: 'notSent'; readonly reason: string }
  | { readonly kind: 'lost'; readonly reason: string; readonly httpStatus: number | null; readonly text: string }

/**
 * Posts one envelope and never rejects. The body is given to the socket only after the TLS handshake and the check of
 * the server's certificate, so a failure before that point proves that no byte of it left us.
 */
export function postSoap(post: SoapPost): Promise<WireResult> {
  const { promise, resolve } = withResolvers<WireResult>()
  const chunks: Buffer[] = []
  let sizeBytes = 0
  let handedOver = false
  let httpStatus: number | null = null

  const request = httpsRequest(post.url, {
    method: 'POST',
    agent: post.agent,
    headers: {
      'Content-Type': `application/soap+xml; charset=UTF-8; action="${post.action}"`,
      'Content-Length': Buffer.byteLength(post.envelope),
    },
  })
  request.on('socket', (socket) => {
    const send = () => {
      if (request.destroyed) return
      handedOver = true
      request.end(post.envelope)
    }
    // A socket from the pool has been through this; a new one says `authorized` only when its certificate held.
    if (socket instanceof TLSSocket && socket.authorized) send()
    else socket.once('secureConnect', send)
  })
  request.on('response', (response) => {
    httpStatus = response.statusCode ?? null
    response.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length
      if (sizeBytes > post.maxAnswerBytes) giveUp(`the answer is larger than ${post.maxAnswerBytes} bytes`)
      else chunks.push(chunk)
    })
    response.on('end', () => {
      if (response.complete) settle(toAnswer(httpStatus ?? 0, Buffer.concat(chunks)))
      else lose('the answer was cut short')
    })
    response.on('error', (error) => lose(describe(error)))
  })
  request.on('error', (error) => lose(describe(error)))
  request.on('close', () => lose('the connection was closed'))

  const stop = () => giveUp(isDeadline(post.signal) ? 'deadline passed' : 'stopped by the caller')
  post.signal.addEventListener('abort', stop, { once: true })
  if (post.signal.aborted) stop()
  return promise

  function settle(result: WireResult): void {
    post.signal.removeEventListener('abort', stop)
    resolve(result)
  }

  function lose(reason: string): void {
    if (!handedOver) settle({ kind: 'notSent', reason })
    else settle({ kind: 'lost', reason, httpStatus, text: Buffer.concat(chunks).toString('utf8') })
  }

  /** Cuts the connection without an error: one given to `destroy` after the answer's last byte has no listener left and would end the process. */
  function giveUp(reason: string): void {
    lose(reason)
    request.destroy()
  }
}

function toAnswer(httpStatus: number, bytes: Buffer): WireResult {
  try {
    return { kind: 'answered', httpStatus, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { kind: 'lost', reason: 'the answer is not UTF-8', httpStatus, text: bytes.toString('utf8') }
  }
}

/** The library's error code is stable and holds no data; its message is the fall-back. */
function describe(error: Error & { readonly code?: unknown }): string {
  return typeof error.code === 'string' ? error.code : error.message
}

function isDeadline(signal: AbortSignal): boolean {
  return signal.reason instanceof Error && signal.reason.name === 'TimeoutError'
}

/** Promise.withResolvers, which Node has from version 22. */
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
