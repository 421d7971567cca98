import { randomUUID } from 'node:crypto'
import { Agent } from 'node:https'
import type { Unilogin } from '../../../config/settings.ts'
import { mayPass } from '../../domain/auth-fault.ts'
import type { EndedCall } from '../../domain/call-window.ts'
import { FatalError, RetryableError, type SyncError } from '../../domain/errors.ts'
import type { InstitutionRecord } from '../../domain/institution-record.ts'
import { agreementsOperationName, buildAgreementsRequest, readAgreementsAnswer } from '../../formats/unilogin/data-agreements.ts'
import { buildHelloRequest, helloOperationName, readHelloAnswer } from '../../formats/unilogin/hello-world.ts'
import { buildDeltaRequest, deltaOperationName } from '../../formats/unilogin/institution-delta.ts'
import { buildLookupRequest, lookupOperationName, readLookupAnswer } from '../../formats/unilogin/institution-lookup.ts'
import { headerOnly, type MessageSecurity } from '../../formats/unilogin/message-security.ts'
import { namespaces } from '../../formats/unilogin/namespaces.ts'
import { type ReadResult, read, unreadable } from '../../formats/unilogin/read-result.ts'
import type { XmlElement } from '../../formats/unilogin/read-xml.ts'
import { buildRequest, defaultPrefixes, readEnvelope } from '../../formats/unilogin/soap-envelope.ts'
import {
  feedService,
  requestAction,
  type SoapService,
  wsaImportService,
  wsiInstService,
} from '../../formats/unilogin/soap-service.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Exchange, Greeting, InstitutionDelta, ReadBack, UniloginTarget } from '../../ports/unilogin-target.ts'
import type { TlsMaterial } from './load-tls-material.ts'
import { postSoap, type WireResult } from './post-soap.ts'
import { type FailedOutcome, type Reading, readAnswer } from './read-answer.ts'
import { readOwnAnswer, toPushOutcome } from './read-push-answer.ts'
import { takeTurns } from './take-turns.ts'

/** Shorter than the idle time servers commonly allow, so that we seldom write to a connection the other side is closing. */
const idleSocketMs = 4_000
const defaultMaxAnswerBytes = 5_000_000

export interface UniloginTargetOptions {
  readonly settings: Unilogin
  readonly clock: Clock
  readonly tls?: TlsMaterial
  /** `headerOnly` when not given; the real services ask for a signature. */
  readonly security?: MessageSecurity
  readonly maxAnswerBytes?: number
}

/**
 * The Unilogin endpoint over HTTPS: one SOAP call per delta on kept-alive connections, with a deadline on every call. Calls
 * take turns: what is under way and what is begun in a second have a limit, lower while the target is slow or overloaded.
 * `push` throws UNILOGIN_TEXT_UNSENDABLE when a field cannot be written as XML; that is our data, not the wire.
 */
export function createUniloginTarget(options: UniloginTargetOptions): UniloginTarget {
  const { settings, clock, security = headerOnly, maxAnswerBytes = defaultMaxAnswerBytes } = options
  const agent = new Agent({ ...options.tls, keepAlive: true, maxFreeSockets: settings.parallel, timeout: idleSocketMs })
  const nextTurn = takeTurns(settings)

  /** Sources differ on the namespace of the request: the other one is tried when this one gives no usable answer, and remembered. */
  let agreementsNamespace: string = namespaces.bpi

  return { push, readBack, agreements, hello, close: async () => agent.destroy() }

  async function push(delta: InstitutionDelta, signal?: AbortSignal): Promise<Exchange> {
    const body = buildDeltaRequest(delta, defaultPrefixes.service)
    const call = await send(
      feedService,
      feedService.namespace,
      deltaOperationName,
      body,
      (answer) => readOwnAnswer(answer, delta),
      signal,
    )
    return {
      messageId: call.messageId,
      sentAt: call.sentAt,
      answeredAt: call.answeredAt,
      request: call.request,
      reply: call.wire.kind === 'notSent' ? '' : call.wire.text,
      httpStatus: call.wire.kind === 'notSent' ? null : call.wire.httpStatus,
      outcome: toPushOutcome(call.reading),
    }
  }

  async function readBack(numbers: readonly string[], signal?: AbortSignal): Promise<ReadBack> {
    const found = new Map<string, InstitutionRecord | null>(numbers.map((number) => [number, null]))
    for (let start = 0; start < numbers.length; start += settings.readBackBatch) {
      const batch = numbers.slice(start, start + settings.readBackBatch)
      const body = buildLookupRequest(batch, defaultPrefixes.service)
      const readRecords = (answer: XmlElement) => readAskedFor(answer, batch)
      const { reading } = await send(wsiInstService, wsiInstService.namespace, lookupOperationName, body, readRecords, signal)
      if (reading.kind !== 'read') throw toError(`looking up ${batch.length} institutions`, reading)
      for (const record of reading.value) found.set(record.instnr, record)
    }
    return found
  }

  async function agreements(signal?: AbortSignal): Promise<readonly string[]> {
    const { bpi, wsaImport } = namespaces
    const ask = (namespace: string) => {
      const body = buildAgreementsRequest(namespace === bpi ? defaultPrefixes.bpi : defaultPrefixes.service)
      return send(wsaImportService, namespace, agreementsOperationName, body, readAgreementsAnswer, signal)
    }
    const first = await ask(agreementsNamespace)
    if (first.reading.kind === 'read') return first.reading.value
    if (isUnspecific(first)) {
      const other = agreementsNamespace === bpi ? wsaImport : bpi
      const second = await ask(other)
      if (second.reading.kind === 'read') {
        agreementsNamespace = other
        return second.reading.value
      }
    }
    throw toError('asking for data agreements', first.reading)
  }

  async function hello(signal?: AbortSignal): Promise<Greeting> {
    const body = buildHelloRequest(defaultPrefixes.bpi)
    const { reading, wire, answeredAt } = await send(
      feedService,
      namespaces.bpi,
      helloOperationName,
      body,
      readHelloAnswer,
      signal,
    )
    if (reading.kind !== 'read') throw toError('greeting the endpoint', reading)
    const envelope = wire.kind === 'answered' ? readEnvelope(wire.text) : null
    const stamp = envelope?.ok === true ? envelope.value.timestamp : null
    return { text: reading.value, clockAheadMs: stamp === null ? null : answeredAt - stamp.createdAt }
  }

  async function send<T>(
    service: SoapService,
    operationNamespace: string,
    operation: string,
    body: string,
    readBody: (answer: XmlElement) => ReadResult<T>,
    signal: AbortSignal | undefined,
  ): Promise<Call<T>> {
    // Without a turn the caller has stopped, and the call below ends unsent.
    const turn = await nextTurn(signal)
    let verdict: EndedCall['verdict'] = 'other'
    try {
      const url = new URL(settings.baseUrl.replace(/(?<!\/)\/+$/, '') + service.path)
      const action = requestAction(operationNamespace, operation)
      const messageId = `urn:uuid:${randomUUID()}`
      const sentAt = clock.now()
      const header = { action, to: url.href, messageId, udbydersystemId: settings.udbydersystemId, createdAt: sentAt }
      const request = security.protect(buildRequest(header, service.namespace, body))
      const deadline = AbortSignal.timeout(settings.callDeadlineMs)
      const wire = await postSoap({
        url,
        agent,
        action,
        envelope: request,
        signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
        maxAnswerBytes,
      })
      verdict = judge(wire, operation)
      const reading = readAnswer(wire, messageId, security, readBody)
      return { messageId, sentAt, answeredAt: clock.now(), request, wire, reading }
    } finally {
      turn?.end(verdict)
    }
  }
}

/** Codes by which a server or a gateway before it says that it has too much to do. */
const overloadedCodes: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** What a call says of how much the target can take; what a delta takes is compared with other deltas only. */
function judge(wire: WireResult, operation: string): EndedCall['verdict'] {
  if (wire.kind !== 'answered' || overloadedCodes.has(wire.httpStatus)) return 'overloaded'
  return operation === deltaOperationName ? 'answered' : 'other'
}

/** A server fault that names no cause: how an operation in the wrong namespace is known to be answered. */
function isUnspecific({ wire, reading }: Call<unknown>): boolean {
  return wire.kind === 'answered' && wire.httpStatus === 500 && reading.kind === 'ambiguous' && !('cause' in reading)
}

interface Call<T> {
  readonly messageId: string
  readonly sentAt: number
  readonly answeredAt: number
  readonly request: string
  readonly wire: WireResult
  readonly reading: Reading<T>
}

function readAskedFor(answer: XmlElement, numbers: readonly string[]): ReadResult<readonly InstitutionRecord[]> {
  const result = readLookupAnswer(answer)
  if (!result.ok) return result
  const given = result.value.map((record) => record.instnr)
  if (new Set(given).size < given.length) return unreadable('an institution stands twice in the answer')
  return given.every((number) => numbers.includes(number))
    ? read(result.value)
    : unreadable('an institution in the answer was not asked for')
}

/** Reading changes nothing at the target, so a failed one is safe to repeat. */
function toError(what: string, outcome: FailedOutcome): SyncError {
  const dataState = 'nothing changed here or at the target'
  if (outcome.cause !== undefined) return outcome.cause
  switch (outcome.kind) {
    case 'authFault': {
      const Kind = mayPass(outcome.type) ? RetryableError : FatalError
      return new Kind('UNILOGIN_ACCESS_REFUSED', `${what} was refused: ${outcome.type}`, {
        dataState,
        hint: "check this machine's clock, unilogin.udbydersystemId, the client certificate and its dates, and that the system is registered and active",
        facts: { type: outcome.type },
      })
    }
    case 'notSent':
      return new RetryableError('UNILOGIN_UNREACHABLE', `${what} failed before anything was sent: ${outcome.reason}`, {
        dataState,
        hint: 'check unilogin.baseUrl, unilogin.caFile, the network and the certificate of the endpoint',
        facts: { reason: outcome.reason },
      })
    case 'ambiguous':
    case 'refused': {
      const reason = outcome.kind === 'refused' ? outcome.code : outcome.reason
      return new RetryableError('UNILOGIN_ANSWER_UNREADABLE', `${what} gave no usable answer: ${reason}`, {
        dataState,
        hint: 'it is tried again; when it goes on, ask whether the endpoint is down or has changed',
        facts: { reason },
      })
    }
  }
}
