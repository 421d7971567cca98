import type { Instant } from '../../domain/time.ts'
import { anonymousAddress, namespaces } from './namespaces.ts'
import { type ReadResult, read, unreadable } from './read-result.ts'
import { childElements, childNamed, childText, isNamed, readXml, type XmlElement } from './read-xml.ts'
import { escapeAttribute, escapeText } from './xml-text.ts'

/** How long a message may be used after it was made. Source: the Timestamp of requests and answers in public client code. */
export const messageLifeMs = 5 * 60_000

/** The prefixes a message is written with. They carry no meaning: readers go by namespace and local name. */
export interface Prefixes {
  readonly soap: string
  readonly wsa: string
  readonly wsse: string
  readonly wsu: string
  readonly bpi: string
  /** The namespace of the service that the body belongs to. */
  readonly service: string
}

export const defaultPrefixes: Prefixes = { soap: 'soap', wsa: 'wsa', wsse: 'wsse', wsu: 'wsu', bpi: 'bpi', service: 's' }

export interface RequestHeader {
  readonly action: string
  /** The full URL the request is posted to. */
  readonly to: string
  /** `urn:uuid:` and a UUID; new for every attempt. */
  readonly messageId: string
  readonly udbydersystemId: string
  readonly createdAt: Instant
}

export interface AnswerHeader {
  readonly action: string
  readonly messageId: string
  /** The MessageID of the request; null when the request could not be read. */
  readonly relatesTo: string | null
  readonly createdAt: Instant
}

/**
 * A SOAP 1.2 request. All namespaces stand on the Envelope and the parts that may be signed carry a wsu:Id, so a
 * signature can be added to wsse:Security without touching the rest. Source: public client code for the BPI services.
 * @throws UNILOGIN_TEXT_UNSENDABLE
 */
export function buildRequest(header: RequestHeader, serviceNamespace: string, body: string, prefixes = defaultPrefixes): string {
  const { wsa, bpi } = prefixes
  const id = partId(header.messageId, prefixes)
  const parts =
    `<${wsa}:Action ${id('Action')}>${escapeText(header.action, 'Action')}</${wsa}:Action>` +
    `<${wsa}:To ${id('To')}>${escapeText(header.to, 'To')}</${wsa}:To>` +
    `<${wsa}:ReplyTo ${id('ReplyTo')}><${wsa}:Address>${anonymousAddress}</${wsa}:Address></${wsa}:ReplyTo>` +
    `<${wsa}:MessageID ${id('MessageID')}>${escapeText(header.messageId, 'MessageID')}</${wsa}:MessageID>` +
    `<${bpi}:UdbydersystemId ${id('UdbydersystemId')}>${escapeText(header.udbydersystemId, 'UdbydersystemId')}</${bpi}:UdbydersystemId>` +
    buildSecurity(header, prefixes)
  return wrap(parts, header.messageId, serviceNamespace, body, prefixes)
}

/** A SOAP 1.2 answer: to the anonymous address, naming the request in RelatesTo. Source: a signed answer in a public client's samples. */
export function buildAnswer(header: AnswerHeader, serviceNamespace: string, body: string, prefixes = defaultPrefixes): string {
  const { wsa } = prefixes
  const id = partId(header.messageId, prefixes)
  const relatesTo =
    header.relatesTo === null
      ? ''
      : `<${wsa}:RelatesTo ${id('RelatesTo')}>${escapeText(header.relatesTo, 'RelatesTo')}</${wsa}:RelatesTo>`
  const parts =
    `<${wsa}:Action ${id('Action')}>${escapeText(header.action, 'Action')}</${wsa}:Action>` +
    `<${wsa}:To ${id('To')}>${anonymousAddress}</${wsa}:To>` +
    `<${wsa}:MessageID ${id('MessageID')}>${escapeText(header.messageId, 'MessageID')}</${wsa}:MessageID>` +
    relatesTo +
    buildSecurity(header, prefixes)
  return wrap(parts, header.messageId, serviceNamespace, body, prefixes)
}

/** A message taken apart; a header that is not there is null. */
export interface SoapMessage {
  readonly action: string | null
  readonly messageId: string | null
  readonly relatesTo: string | null
  readonly udbydersystemId: string | null
  readonly timestamp: { readonly createdAt: Instant; readonly expiresAt: Instant } | null
  /** The one element in the Body; null when the Body is empty. */
  readonly body: XmlElement | null
  /** The whole, for the check of its signature. */
  readonly envelope: XmlElement
}

/** Reads a request or an answer. The Body is the Envelope's own child and holds at most one element. */
export function readEnvelope(text: string): ReadResult<SoapMessage> {
  const document = readXml(text)
  if (!document.ok) return document
  const envelope = document.value
  if (hasInstruction(text)) return unreadable('a processing instruction, which SOAP does not allow')
  if (!isNamed(envelope, namespaces.soap, 'Envelope')) return unreadable('not a SOAP 1.2 envelope')
  const bodies = childElements(envelope).filter((child) => isNamed(child, namespaces.soap, 'Body'))
  const [body] = bodies
  if (body === undefined || bodies.length > 1) return unreadable('an envelope has exactly one Body')
  const contents = childElements(body)
  if (contents.length > 1) return unreadable('more than one element in the Body')
  const header = childNamed(envelope, namespaces.soap, 'Header')
  const headerText = (namespace: string, name: string) =>
    header === null ? null : (childText(header, namespace, name)?.trim() ?? null)
  return read({
    action: headerText(namespaces.wsa, 'Action'),
    messageId: headerText(namespaces.wsa, 'MessageID'),
    relatesTo: headerText(namespaces.wsa, 'RelatesTo'),
    udbydersystemId: headerText(namespaces.bpi, 'UdbydersystemId') || null,
    timestamp: header === null ? null : readTimestamp(header),
    body: contents[0] ?? null,
    envelope,
  })
}

/** The Header elements of an Envelope: one, in a sound message. */
export function findHeader(envelope: XmlElement): XmlElement[] {
  return childElements(envelope).filter((child) => isNamed(child, namespaces.soap, 'Header'))
}

/** True while a message may be used: its Timestamp is there and the time lies in it, give or take the skew. */
export function isFresh(timestamp: SoapMessage['timestamp'], at: Instant, skewMs: number): boolean {
  return timestamp !== null && at >= timestamp.createdAt - skewMs && at <= timestamp.expiresAt + skewMs
}

/** Source: SOAP 1.2 part 1, section 5. The XML declaration at the very start is none. */
function hasInstruction(text: string): boolean {
  if (!text.includes('<?', 2)) return false
  const markup = text.replace(/<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)/g, '')
  return /<\?(?!xml\s)/.test(markup)
}

function wrap(header: string, messageId: string, serviceNamespace: string, body: string, prefixes: Prefixes): string {
  const { soap } = prefixes
  const declarations = Object.entries({ ...namespacesOf(prefixes), [prefixes.service]: serviceNamespace })
    .map(([prefix, namespace]) => ` xmlns:${prefix}="${escapeAttribute(namespace, 'xmlns')}"`)
    .join('')
  return (
    `<?xml version="1.0" encoding="UTF-8"?><${soap}:Envelope${declarations}><${soap}:Header>${header}</${soap}:Header>` +
    `<${soap}:Body ${partId(messageId, prefixes)('Body')}>${body}</${soap}:Body></${soap}:Envelope>`
  )
}

function namespacesOf(prefixes: Prefixes): Record<string, string> {
  return {
    [prefixes.soap]: namespaces.soap,
    [prefixes.wsa]: namespaces.wsa,
    [prefixes.wsse]: namespaces.wsse,
    [prefixes.wsu]: namespaces.wsu,
    [prefixes.bpi]: namespaces.bpi,
  }
}

function buildSecurity(header: RequestHeader | AnswerHeader, prefixes: Prefixes): string {
  const { soap, wsse, wsu } = prefixes
  const id = partId(header.messageId, prefixes)('Timestamp')
  return (
    `<${wsse}:Security ${soap}:mustUnderstand="1"><${wsu}:Timestamp ${id}>` +
    `<${wsu}:Created>${toSecond(header.createdAt)}</${wsu}:Created>` +
    `<${wsu}:Expires>${toSecond(header.createdAt + messageLifeMs)}</${wsu}:Expires>` +
    `</${wsu}:Timestamp></${wsse}:Security>`
  )
}

/** Ids are unique in a message and differ from message to message, as a signature refers to them. */
function partId(messageId: string, prefixes: Prefixes): (part: string) => string {
  const unique = messageId.replace(/^urn:uuid:/, '').replace(/[^0-9A-Za-z-]/g, '')
  return (part) => `${prefixes.wsu}:Id="${part}-${unique}"`
}

/** xs:dateTime in UTC, whole seconds. */
function toSecond(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}

function readTimestamp(header: XmlElement): SoapMessage['timestamp'] {
  const security = childNamed(header, namespaces.wsse, 'Security')
  const timestamp = security === null ? null : childNamed(security, namespaces.wsu, 'Timestamp')
  if (timestamp === null) return null
  const createdAt = Date.parse(childText(timestamp, namespaces.wsu, 'Created') ?? '')
  const expiresAt = Date.parse(childText(timestamp, namespaces.wsu, 'Expires') ?? '')
  return Number.isNaN(createdAt) || Number.isNaN(expiresAt) ? null : { createdAt, expiresAt }
}
