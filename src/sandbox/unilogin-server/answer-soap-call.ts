import { SyncError } from '../../domain/errors.ts'
import type { InstitutionRecord } from '../../domain/institution-record.ts'
import { buildHelloAnswer, helloOperationName, isHelloRequest } from '../../formats/unilogin/hello-world.ts'
import {
  buildDeltaAnswer,
  type DeltaRequest,
  deltaOperationName,
  readDeltaRequest,
} from '../../formats/unilogin/institution-delta.ts'
import { buildLookupAnswer, lookupOperationName, readLookupRequest } from '../../formats/unilogin/institution-lookup.ts'
import type { MessageSecurity } from '../../formats/unilogin/message-security.ts'
import { namespaces } from '../../formats/unilogin/namespaces.ts'
import type { ReadResult } from '../../formats/unilogin/read-result.ts'
import { isNamed, type XmlElement } from '../../formats/unilogin/read-xml.ts'
import { buildAnswer, type Prefixes, readEnvelope, type SoapMessage } from '../../formats/unilogin/soap-envelope.ts'
import { type AuthentificationType, buildFault, type FaultContent } from '../../formats/unilogin/soap-fault.ts'
import { answerAction, feedService, type SoapService, wsiInstService } from '../../formats/unilogin/soap-service.ts'
import { answerPrefixes } from './answer-prefixes.ts'
import { decideDelta, type KnownInstitution } from './decide-delta.ts'
import { type RefusalCode, refusalTexts } from './refusal-texts.ts'
import type { SandboxSettings, SandboxSystem } from './sandbox-settings.ts'
import type { SandboxState } from './sandbox-state.ts'
import { seededDraw, seededUuid } from './seeded-draw.ts'
import type { WeatherKind, WeatherRule } from './weather.ts'

/** What the ladder needs to know of the house it stands in. */
export interface SoapDesk {
  readonly state: SandboxState
  readonly settings: SandboxSettings
  readonly seed: number
  readonly security: MessageSecurity
  /** Numbers whose answer is still under way. */
  readonly busy: Set<string>
}

export interface SoapCall {
  readonly service: SoapService
  readonly text: string
  /** SHA-256 of the TLS client certificate, colon-separated; null without one. */
  readonly clientCertificate: () => string | null
}

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

/**
 * Answers one POST: the ladder of faults from the top down, then the operation. All that a call changes is one transaction,
 * so an answer that is lost on the way was either taken whole or not at all.
 */
export function answerSoapCall(desk: SoapDesk, call: SoapCall): SoapReply {
  const envelope = readEnvelope(call.text)
  const message = envelope.ok ? envelope.value : null
  const request = message?.body ? readRequest(call.service, message.body) : null
  const operation = request?.operation ?? '-'
  const instnr = request?.instnr ?? '-'

  return desk.state.database.transaction(() => {
    const repeat = desk.state.calls.count(operation, instnr)
    const key = [operation, instnr, String(repeat)]
    const weather = request === null ? null : strike(desk, request, repeat)
    const prefixes = answerPrefixes(desk.seed, ...key)
    const early = weather === null ? null : answerByWeather(weather.kind, prefixes)
    const answer = early ?? answerByRules(desk, call, envelope, request, prefixes)
    const httpStatus = answer.httpStatus ?? (answer.isFault ? desk.settings.faultStatus : 200)
    const header = {
      action: answer.isFault ? faultAction : answerAction(call.service.namespace, call.service.portType, operation),
      messageId: `urn:uuid:${seededUuid(desk.seed, 'answer', ...key)}`,
      relatesTo: message?.messageId ?? null,
      createdAt: desk.state.clock.now(),
    }
    desk.state.calls.add({
      at: header.createdAt,
      operation,
      verb: request?.delta?.ok ? request.delta.value.operation : null,
      instnr,
      system: message?.udbydersystemId ?? null,
      deltaId: request?.delta?.ok ? request.delta.value.deltaId : null,
      sourceDateTime: request?.delta?.ok ? request.delta.value.sourceDateTime : null,
      outcome: answer.outcome,
      weather: weather?.kind ?? null,
      httpStatus: weather !== null && unansweredKinds.includes(weather.kind) ? 0 : httpStatus,
    })
    const text = answer.html ?? desk.security.protect(buildAnswer(header, call.service.namespace, answer.body, prefixes))
    return {
      httpStatus,
      contentType: answer.html === undefined ? soapContentType : 'text/html; charset=UTF-8',
      text,
      instnr: request?.instnr ?? null,
      weather,
    }
  })()
}

const unansweredKinds: readonly WeatherKind[] = ['refused', 'reset', 'lostAfterCommit', 'truncated']

/** A request whose operation we know; its content may still be wrong. */
interface Request {
  readonly operation: string
  readonly instnr: string | null
  readonly delta: ReadResult<DeltaRequest> | null
  readonly lookup: ReadResult<readonly string[]> | null
}

/** Dispatches on the body element's namespace and name; null for an operation the service does not have. */
function readRequest(service: SoapService, body: XmlElement): Request | null {
  if (isHelloRequest(body)) return { operation: helloOperationName, instnr: null, delta: null, lookup: null }
  if (service === feedService && isNamed(body, feedService.namespace, deltaOperationName)) {
    const delta = readDeltaRequest(body)
    return { operation: deltaOperationName, instnr: delta.ok ? delta.value.record.instnr : null, delta, lookup: null }
  }
  if (service === wsiInstService && isNamed(body, wsiInstService.namespace, lookupOperationName)) {
    return { operation: lookupOperationName, instnr: null, delta: null, lookup: readLookupRequest(body) }
  }
  return null
}

function strike(desk: SoapDesk, request: Request, repeat: number): WeatherRule | null {
  const numbers = request.lookup?.ok ? request.lookup.value : request.instnr === null ? [] : [request.instnr]
  return desk.state.weather.strike({ at: desk.state.clock.now(), operation: request.operation, numbers, repeat })
}

/** What goes into the envelope, or `html` in place of one. */
interface Answer {
  readonly body: string
  readonly isFault: boolean
  /** Set when the kind of answer decides it. */
  readonly httpStatus?: number
  readonly html?: string
  /** For the log. */
  readonly outcome: string
}

/** The answers that come before anything was taken; null for weather that only strikes the way back. */
function answerByWeather(kind: WeatherKind, prefixes: Prefixes): Answer | null {
  const fault = (content: FaultContent, httpStatus: number): Answer => ({
    body: buildFault(content, prefixes),
    isFault: true,
    httpStatus,
    outcome: 'none',
  })
  switch (kind) {
    case 'refused':
    case 'reset':
      return { body: '', isFault: false, outcome: 'none' }
    case 'unavailable': {
      const html = '<!DOCTYPE html><html><head><title>503</title></head><body><h1>Service Unavailable</h1><hr></body></html>\n'
      return { body: '', html, isFault: false, httpStatus: 503, outcome: 'none' }
    }
    case 'receiverFault':
      return fault({ code: 'Receiver', reason: 'Unexpected error', detail: platformDetail }, 500)
    case 'closed':
      return fault({ code: 'Receiver', reason: 'Tjenesten er lukket.' }, 503)
    case 'slow':
    case 'lostAfterCommit':
    case 'truncated':
      return null
  }
}

/** The shape in which an integration platform in front of public services reports an unexpected error; seen in public code. */
const platformDetail =
  '<ServiceFaultDetailer><CorrelationID>00000000-0000-4000-8000-000000000000</CorrelationID><ErrorCode>IPL000001</ErrorCode>' +
  '<ErrorMessage>Unexpected error</ErrorMessage></ServiceFaultDetailer>'

function answerByRules(
  desk: SoapDesk,
  call: SoapCall,
  envelope: ReadResult<SoapMessage>,
  request: Request | null,
  prefixes: Prefixes,
): Answer {
  if (!envelope.ok)
    return faultAnswer({ code: 'Sender', reason: `Beskeden kan ikke læses: ${envelope.problem}` }, 'ulæselig', prefixes)
  // The real service is known to answer an operation it does not know with an unspecific 500.
  if (request === null)
    return { ...faultAnswer({ code: 'Receiver', reason: 'Internal Server Error' }, 'ukendt', prefixes), httpStatus: 500 }
  const admission = admit(desk, call, envelope.value)
  if (typeof admission === 'string') return denial(admission, prefixes)
  if (request.delta !== null) return answerDelta(desk, admission, request.delta, prefixes)
  if (request.lookup !== null) return answerLookup(desk, request.lookup, prefixes)
  return { body: buildHelloAnswer(admission.id, prefixes.bpi), isFault: false, outcome: 'OK' }
}

/** The system that may come in, or why it may not. */
function admit(desk: SoapDesk, call: SoapCall, message: SoapMessage): SandboxSystem | AuthentificationType {
  try {
    desk.security.verify(call.text)
  } catch (error) {
    return error instanceof SyncError && error.code === 'UNILOGIN_SIGNATURE_MISSING' ? 'SignaturMangler' : 'Signatur'
  }
  const now = desk.state.clock.now()
  const { skewMs } = desk.settings
  const { timestamp } = message
  if (timestamp === null || now < timestamp.createdAt - skewMs || now > timestamp.expiresAt + skewMs) return 'Signatur'
  if (message.udbydersystemId === null) return 'UdbydersytemIdMangler'
  const system = desk.state.systems.find(message.udbydersystemId)
  if (system === null || system.passive) return 'Rettigheder'
  if (system.certificateSha256 !== null && system.certificateSha256 !== call.clientCertificate()) return 'Rettigheder'
  return system
}

function answerDelta(desk: SoapDesk, system: SandboxSystem, delta: ReadResult<DeltaRequest>, prefixes: Prefixes): Answer {
  if (!delta.ok) return refusal('SKEMA_UGYLDIG', { instnr: '-', felt: null, note: delta.problem }, prefixes)
  const { record, source, sourceDateTime, deltaId } = delta.value
  const { instnr } = record
  const { institutions, clock } = desk.state
  if (desk.busy.has(instnr)) return refusal('TRAVL', { instnr, felt: null }, prefixes, 'Receiver')
  const lastSourceDateTime = institutions.lastSourceDateTime(instnr, source)
  const decision = decideDelta(delta.value, {
    present: institutions.find(instnr),
    parent: record.hovedinstitutionsnr === undefined ? null : institutions.find(record.hovedinstitutionsnr),
    openChildren: institutions.countOpenChildren(instnr),
    lastSourceDateTime,
    mayFeed: (admkommunenr) => system.kommuner.length === 0 || system.kommuner.includes(admkommunenr),
  })
  if (decision.kind === 'denied') return denial('Rettigheder', prefixes)
  if (decision.kind === 'refused') {
    const { kode, felt } = decision
    if (kode !== 'IKKE_NYERE') return refusal(kode, { instnr, felt }, prefixes)
    const note = `Sendt: ${sourceDateTime}. Senest indlæst: ${lastSourceDateTime}.`
    return refusal(kode, { instnr, felt, note, sidsteSourceDateTime: lastSourceDateTime }, prefixes)
  }
  institutions.moveClock(instnr, source, sourceDateTime)
  if (decision.next !== null) institutions.save(decision.next, clock.now())
  const restekst = decision.reskode === 'OK' ? 'Ændringen er indlæst.' : 'Institutionen var uændret.'
  const body = buildDeltaAnswer({ reskode: decision.reskode, restekst, deltaId, sourceDateTime }, prefixes.service)
  return { body, isFault: false, outcome: decision.reskode }
}

function answerLookup(desk: SoapDesk, lookup: ReadResult<readonly string[]>, prefixes: Prefixes): Answer {
  if (!lookup.ok) return faultAnswer({ code: 'Sender', reason: lookup.problem }, 'SKEMA_UGYLDIG', prefixes)
  const takenBy = desk.state.clock.now() - desk.settings.lagMs
  const records = [...new Set(lookup.value)].flatMap((instnr) => {
    const institution = desk.state.institutions.findVisible(instnr, takenBy)
    return institution === null ? [] : shownRecord(desk, institution)
  })
  return { body: buildLookupAnswer(records, prefixes.service), isFault: false, outcome: 'OK' }
}

function shownRecord(desk: SoapDesk, { record, closed }: KnownInstitution): readonly InstitutionRecord[] {
  if (closed && desk.settings.closedInLookup === 'absent') return []
  if (seededDraw(desk.seed, 'kommunenr', record.instnr) >= desk.settings.omitKommunenrShare) return [record]
  const { kommunenr: _kommunenr, kommune: _kommune, ...rest } = record
  return [rest]
}

function faultAnswer(content: FaultContent, outcome: string, prefixes: Prefixes): Answer {
  return { body: buildFault(content, prefixes), isFault: true, outcome }
}

function denial(type: AuthentificationType, prefixes: Prefixes): Answer {
  return faultAnswer({ code: 'Sender', reason: denialTexts[type], authentificationType: type }, type, prefixes)
}

const denialTexts: Readonly<Record<AuthentificationType, string>> = {
  Signatur: 'Signatur eller tidsstempel er ikke gyldigt.',
  SignaturMangler: 'Beskeden er ikke signeret.',
  UdbydersytemIdMangler: 'UdbydersystemId mangler.',
  BrugeridEllerPassword: 'Brugerid eller password er forkert.',
  Rettigheder: 'Systemet har ikke rettighed til kaldet.',
}

interface RefusalFacts {
  readonly instnr: string
  readonly felt: string | null
  readonly note?: string
  readonly sidsteSourceDateTime?: string | null
}

function refusal(kode: RefusalCode, facts: RefusalFacts, prefixes: Prefixes, code: 'Sender' | 'Receiver' = 'Sender'): Answer {
  const tekst = [refusalTexts[kode], facts.note].filter(Boolean).join(' ')
  const { instnr, felt, sidsteSourceDateTime = null } = facts
  return faultAnswer({ code, reason: tekst, afvisning: { kode, tekst, instnr, felt, sidsteSourceDateTime } }, kode, prefixes)
}
