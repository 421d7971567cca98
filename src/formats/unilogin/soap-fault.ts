import { namespaces } from './namespaces.ts'
import { childNamed, childText, isNamed, type XmlElement } from './read-xml.ts'
import { defaultPrefixes } from './soap-envelope.ts'
import { escapeText } from './xml-text.ts'

/** The types of authentificationError, spelt as the schema spells them. Source: STIL's BPI schemas in public clients. */
const authentificationTypes = [
  'Signatur',
  'SignaturMangler',
  'UdbydersytemIdMangler',
  'BrugeridEllerPassword',
  'Rettigheder',
] as const
export type AuthentificationType = (typeof authentificationTypes)[number]

/** Why the feed turned a delta away; nothing was changed. Ours. */
interface Afvisning {
  /** A short word in capitals; docs/unilogin.md lists them. */
  readonly kode: string
  readonly tekst: string
  readonly instnr: string
  /** The field at fault, when there is one. */
  readonly felt: string | null
  /** The last sourceDateTime taken for this number and source, when the refusal is about time. */
  readonly sidsteSourceDateTime: string | null
}

export interface SoapFault {
  /** Local name of the SOAP code: Sender, Receiver, MustUnderstand, ... */
  readonly code: string
  /** Local name of the subcode; its namespace is not documented. */
  readonly subcode: string | null
  readonly reason: string
  /** Set when the fault says that our system is not let in. */
  readonly authentificationType: string | null
  readonly afvisning: Afvisning | null
}

/** The fault in a Body, or null when the element is none. The detail is believed before the subcode. */
export function readFault(body: XmlElement): SoapFault | null {
  if (!isNamed(body, namespaces.soap, 'Fault')) return null
  const code = childNamed(body, namespaces.soap, 'Code')
  const subcode = code === null ? null : childNamed(code, namespaces.soap, 'Subcode')
  const reason = childNamed(body, namespaces.soap, 'Reason')
  const detail = childNamed(body, namespaces.soap, 'Detail')
  const subcodeName = localNameIn(subcode)
  return {
    code: localNameIn(code) ?? '',
    subcode: subcodeName,
    reason: (reason === null ? null : childText(reason, namespaces.soap, 'Text'))?.trim() ?? '',
    authentificationType: readAuthentificationType(detail, subcodeName),
    afvisning: readAfvisning(detail),
  }
}

/** What `buildFault` can say; leave out what does not apply. */
export interface FaultContent {
  readonly code: 'Sender' | 'Receiver'
  readonly reason: string
  readonly authentificationType?: AuthentificationType
  readonly afvisning?: Afvisning
  /** Well-formed XML put into the Detail as it is. */
  readonly detail?: string
}

/** A SOAP 1.2 fault; the feed's own detail is written with the service prefix. */
export function buildFault(content: FaultContent, prefixes = defaultPrefixes): string {
  const { soap, bpi } = prefixes
  const type = content.authentificationType
  const subcode = type === undefined ? '' : `<${soap}:Subcode><${soap}:Value>${bpi}:${type}</${soap}:Value></${soap}:Subcode>`
  const detail =
    (type === undefined
      ? ''
      : `<${bpi}:authentificationError><${bpi}:type>${type}</${bpi}:type></${bpi}:authentificationError>`) +
    (content.afvisning === undefined ? '' : buildAfvisning(content.afvisning, prefixes.service)) +
    (content.detail ?? '')
  return (
    `<${soap}:Fault><${soap}:Code><${soap}:Value>${soap}:${content.code}</${soap}:Value>${subcode}</${soap}:Code>` +
    `<${soap}:Reason><${soap}:Text xml:lang="da">${escapeText(content.reason, 'Text')}</${soap}:Text></${soap}:Reason>` +
    `${detail === '' ? '' : `<${soap}:Detail>${detail}</${soap}:Detail>`}</${soap}:Fault>`
  )
}

function buildAfvisning(afvisning: Afvisning, prefix: string): string {
  const element = (name: string, text: string | null) =>
    text === null ? '' : `<${prefix}:${name}>${escapeText(text, name)}</${prefix}:${name}>`
  return (
    `<${prefix}:afvisning>${element('kode', afvisning.kode)}${element('tekst', afvisning.tekst)}${element('instnr', afvisning.instnr)}` +
    `${element('felt', afvisning.felt)}${element('sidsteSourceDateTime', afvisning.sidsteSourceDateTime)}</${prefix}:afvisning>`
  )
}

function localNameIn(parent: XmlElement | null): string | null {
  const value = parent === null ? null : childText(parent, namespaces.soap, 'Value')
  return value?.trim().replace(/^.*:/, '') || null
}

function readAuthentificationType(detail: XmlElement | null, subcode: string | null): string | null {
  const error = detail === null ? null : childNamed(detail, namespaces.bpi, 'authentificationError')
  const type = error === null ? null : childText(error, namespaces.bpi, 'type')?.trim()
  if (type) return type
  return authentificationTypes.find((known) => known === subcode) ?? null
}

function readAfvisning(detail: XmlElement | null): Afvisning | null {
  const element = detail === null ? null : childNamed(detail, namespaces.feed, 'afvisning')
  if (element === null) return null
  const text = (name: string) => childText(element, namespaces.feed, name)?.trim() || null
  const kode = text('kode')
  if (kode === null) return null
  return {
    kode,
    tekst: text('tekst') ?? '',
    instnr: text('instnr') ?? '',
    felt: text('felt'),
    sidsteSourceDateTime: text('sidsteSourceDateTime'),
  }
}
