import { namespaces } from '../../formats/unilogin/namespaces.ts'
import type { ReadResult } from '../../formats/unilogin/read-result.ts'
import { buildAnswer, type Prefixes, readEnvelope, type SoapMessage } from '../../formats/unilogin/soap-envelope.ts'
import { answerAction } from '../../formats/unilogin/soap-service.ts'
import { admitSystem } from './admit-system.ts'
import { answerByWeather } from './answer-by-weather.ts'
import { type AnswerDraft, draftDenial, draftFault } from './answer-draft.ts'
import { answerOperation } from './answer-operation.ts'
import { answerPrefixes } from './answer-prefixes.ts'
import type { LoggedCall } from './call-log.ts'
import { readRequest, type SoapRequest } from './read-request.ts'
import { seededUuid } from './seeded-draw.ts'
import type { SoapCall, SoapDesk } from './soap-desk.ts'
import type { WeatherKind, WeatherRule } from './weather.ts'

export interface SoapReply {
  readonly httpStatus: number
  readonly contentType: string
  readonly text: string
  /** The number the call was about; null when it was about several or none. */
  readonly instnr: string | null
  /** What the wire still does to this reply. */
  readonly weather: WeatherRule | null
}

const soapContentType = 'application/soap+xml; charset=UTF-8'
const faultAction = `${namespaces.wsa}/soap/fault`
const unansweredKinds: readonly WeatherKind[] = ['refused', 'reset', 'lostAfterCommit', 'truncated']

/**
 * Answers one POST: the weather, the ladder of faults from the top down, then the operation. All that a call changes is one
 * transaction, so a delta whose answer is lost on the way was taken whole or not at all.
 */
export function answerSoapCall(desk: SoapDesk, call: SoapCall): SoapReply {
  const envelope = readEnvelope(call.text)
  const message = envelope.ok ? envelope.value : null
  const request = message?.body ? readRequest(call.service, message.body, desk.settings) : null
  const operation = request?.operation ?? '-'
  const instnr = request?.instnr ?? '-'

  return desk.state.database.transaction(() => {
    const at = desk.state.clock.now()
    const repeat = desk.state.calls.count(operation, instnr)
    const key = [operation, instnr, String(repeat)]
    const weather = request === null ? null : strike(desk, request, repeat)
    const prefixes = answerPrefixes(desk.seed, ...key)
    const early = weather === null ? null : answerByWeather(weather.kind, prefixes)
    const draft = early ?? climbLadder(desk, call, envelope, request, prefixes)
    const httpStatus = draft.httpStatus ?? (draft.isFault ? desk.settings.faultStatus : 200)
    desk.state.calls.add({
      ...describe(message, request),
      at,
      outcome: draft.outcome,
      weather: weather?.kind ?? null,
      httpStatus: weather !== null && unansweredKinds.includes(weather.kind) ? 0 : httpStatus,
    })
    const reply = { httpStatus, instnr: request?.instnr ?? null, weather }
    if (draft.html !== undefined) return { ...reply, contentType: 'text/html; charset=UTF-8', text: draft.html }
    const header = {
      action: draft.isFault ? faultAction : answerAction(request?.namespace ?? '', call.service.portType, operation),
      messageId: `urn:uuid:${seededUuid(desk.seed, 'answer', ...key)}`,
      relatesTo: message?.messageId ?? null,
      createdAt: at,
    }
    const text = desk.security.protect(buildAnswer(header, call.service.namespace, draft.body, prefixes))
    return { ...reply, contentType: soapContentType, text }
  })()
}

function strike(desk: SoapDesk, request: SoapRequest, repeat: number): WeatherRule | null {
  const numbers = request.lookup?.ok ? request.lookup.value : request.instnr === null ? [] : [request.instnr]
  return desk.state.weather.strike({ at: desk.state.clock.now(), operation: request.operation, numbers, repeat })
}

function climbLadder(
  desk: SoapDesk,
  call: SoapCall,
  envelope: ReadResult<SoapMessage>,
  request: SoapRequest | null,
  prefixes: Prefixes,
): AnswerDraft {
  if (!envelope.ok) {
    return draftFault({ code: 'Sender', reason: `Beskeden kan ikke læses: ${envelope.problem}` }, 'ulæselig', prefixes)
  }
  // The real service is known to answer an operation it does not know with an unspecific 500.
  if (request === null) {
    return { ...draftFault({ code: 'Receiver', reason: 'Internal Server Error' }, 'ukendt', prefixes), httpStatus: 500 }
  }
  const admission = admitSystem(desk, call, envelope.value)
  return typeof admission === 'string' ? draftDenial(admission, prefixes) : answerOperation(desk, admission, request, prefixes)
}

/** What the log says of the call itself. */
function describe(
  message: SoapMessage | null,
  request: SoapRequest | null,
): Pick<LoggedCall, 'operation' | 'verb' | 'instnr' | 'system' | 'deltaId' | 'sourceDateTime'> {
  const delta = request?.delta?.ok ? request.delta.value : null
  return {
    operation: request?.operation ?? '-',
    verb: delta?.operation ?? null,
    instnr: request?.instnr ?? '-',
    system: message?.udbydersystemId ?? null,
    deltaId: delta?.deltaId ?? null,
    sourceDateTime: delta?.sourceDateTime ?? null,
  }
}
