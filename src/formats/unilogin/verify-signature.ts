import { createHash, createVerify, timingSafeEqual } from 'node:crypto'
import type { Instant } from '../../domain/time.ts'
import { canonicalize } from './canonical-xml.ts'
import type { CertificateTrust } from './certificate-trust.ts'
import { namespaces } from './namespaces.ts'
import { type ReadResult, read, unreadable } from './read-result.ts'
import { childElements, isNamed, type XmlElement } from './read-xml.ts'
import { algorithms, tokenTypes } from './signature-algorithms.ts'
import { findHeader } from './soap-envelope.ts'

const exclusiveNamespace = algorithms.canonicalization

/** Headers that are acted on, so that they must be signed where they stand. */
const actedOn = [
  [namespaces.wsa, 'MessageID'],
  [namespaces.wsa, 'RelatesTo'],
  [namespaces.bpi, 'UdbydersystemId'],
] as const

/** True when the message carries a signature at all. */
export function hasSignature(envelope: XmlElement): boolean {
  return findHeader(envelope).some((header) => childElements(header).some((part) => isSignature(part)))
}

/**
 * Checks the signature of a message against the very elements that are read: the Envelope's own Body, the Timestamp in the
 * Security header, and every header that is acted on must be what the signature digested, so a signed part that was moved
 * elsewhere with another in its place (wrapping) proves nothing. What is not exactly as the BPI services sign is refused.
 * Gives the signer's fingerprint, or in one line what does not hold.
 */
export function verifySignature(envelope: XmlElement, trust: CertificateTrust, at: Instant): ReadResult<string> {
  const header = only(findHeader(envelope))
  const security = header === null ? null : onlyNamed(header, namespaces.wsse, 'Security')
  const signature = security === null ? null : onlyNamed(security, namespaces.ds, 'Signature')
  if (header === null || security === null || signature === null)
    return unreadable('not exactly one signature in one Security header')
  const signedInfo = onlyNamed(signature, namespaces.ds, 'SignedInfo')
  const method = signedInfo === null ? null : onlyNamed(signedInfo, namespaces.ds, 'CanonicalizationMethod')
  if (signedInfo === null || method === null || !hasAlgorithm(method, algorithms.canonicalization))
    return unreadable('another canonicalization than exclusive C14N')
  if (!hasAlgorithm(onlyNamed(signedInfo, namespaces.ds, 'SignatureMethod'), algorithms.signature))
    return unreadable('another signature method than RSA-SHA256')

  const byId = indexIds(envelope)
  if (byId === null) return unreadable('an Id stands twice, or an attribute only looks like a namespace declaration')
  const token = findToken(signature, security, byId)
  if (token === null) return unreadable('no certificate that the signature points to')
  const signer = trust.judge(token, at)
  if (!signer.ok) return signer
  const value = textOf(onlyNamed(signature, namespaces.ds, 'SignatureValue'))
  const signed = createVerify('RSA-SHA256').update(canonicalize(signedInfo, prefixListOf(method)))
  if (value === '' || !signed.verify(signer.value.publicKey, value, 'base64')) return unreadable('the signature value is wrong')

  const digested = new Set<XmlElement>()
  for (const reference of childElements(signedInfo).filter((child) => isNamed(child, namespaces.ds, 'Reference'))) {
    const element = byId.get(reference.getAttribute('URI') ?? '')
    if (element === undefined) return unreadable('a reference to nothing in the message')
    const problem = findDigestProblem(reference, element)
    if (problem !== null) return unreadable(problem)
    digested.add(element)
  }
  const uncovered = partsToCover(envelope, header, security).find(({ element }) => element === null || !digested.has(element))
  return uncovered === undefined ? read(signer.value.fingerprint) : unreadable(`${uncovered.name} is not signed, or stands twice`)
}

/** Body and Timestamp, which must be there; and the headers acted on, where they are. A part that stands twice is null. */
function partsToCover(envelope: XmlElement, header: XmlElement, security: XmlElement) {
  const headers = actedOn.filter(([namespace, name]) => childElements(header).some((child) => isNamed(child, namespace, name)))
  return [
    { name: 'Body', element: onlyNamed(envelope, namespaces.soap, 'Body') },
    { name: 'Timestamp', element: onlyNamed(security, namespaces.wsu, 'Timestamp') },
    ...headers.map(([namespace, name]) => ({ name, element: onlyNamed(header, namespace, name) })),
  ]
}

function findDigestProblem(reference: XmlElement, element: XmlElement): string | null {
  const transforms = onlyNamed(reference, namespaces.ds, 'Transforms')
  const transform = transforms === null ? null : only(childElements(transforms))
  if (transform === null || !hasAlgorithm(transform, algorithms.canonicalization)) return 'another transform than exclusive C14N'
  if (!hasAlgorithm(onlyNamed(reference, namespaces.ds, 'DigestMethod'), algorithms.digest)) return 'another digest than SHA-256'
  const promised = Buffer.from(textOf(onlyNamed(reference, namespaces.ds, 'DigestValue')), 'base64')
  const digest = createHash('sha256')
    .update(canonicalize(element, prefixListOf(transform)))
    .digest()
  return promised.length === digest.length && timingSafeEqual(promised, digest)
    ? null
    : `the digest of ${element.localName} differs`
}

/** The certificate that KeyInfo points to, which must stand in the same Security header. */
function findToken(signature: XmlElement, security: XmlElement, byId: ReadonlyMap<string, XmlElement>): string | null {
  const keyInfo = onlyNamed(signature, namespaces.ds, 'KeyInfo')
  const pointer = keyInfo === null ? null : onlyNamed(keyInfo, namespaces.wsse, 'SecurityTokenReference')
  const reference = pointer === null ? null : onlyNamed(pointer, namespaces.wsse, 'Reference')
  const token = reference === null ? undefined : byId.get(reference.getAttribute('URI') ?? '')
  if (token === undefined || token.parentNode !== security || !isNamed(token, namespaces.wsse, 'BinarySecurityToken')) return null
  return token.getAttribute('ValueType') === tokenTypes.x509 ? textOf(token) : null
}

/**
 * Every element with an id, by the URI that points to it. Null when an id stands twice, whatever attribute it is in, or when
 * an attribute is called xmlns-something: the canonicalization passes over those, so they could be added unseen.
 */
function indexIds(root: XmlElement): ReadonlyMap<string, XmlElement> | null {
  const byId = new Map<string, XmlElement>()
  const open = [root]
  for (let element = open.pop(); element !== undefined; element = open.pop()) {
    for (const attribute of element.attributes) {
      if (attribute.name.startsWith('xmlns') && attribute.namespaceURI !== 'http://www.w3.org/2000/xmlns/') return null
      if (!/^id$/i.test(attribute.localName ?? '') || attribute.value === '') continue
      if (byId.has(`#${attribute.value}`)) return null
      byId.set(`#${attribute.value}`, element)
    }
    open.push(...childElements(element))
  }
  return byId
}

function prefixListOf(method: XmlElement): string[] {
  const list = onlyNamed(method, exclusiveNamespace, 'InclusiveNamespaces')?.getAttribute('PrefixList') ?? ''
  return list.split(/\s+/).filter((prefix) => prefix !== '')
}

function hasAlgorithm(element: XmlElement | null, algorithm: string): boolean {
  return element?.getAttribute('Algorithm') === algorithm
}

function isSignature(part: XmlElement): boolean {
  return (
    isNamed(part, namespaces.wsse, 'Security') && childElements(part).some((child) => isNamed(child, namespaces.ds, 'Signature'))
  )
}

function textOf(element: XmlElement | null): string {
  return (element?.textContent ?? '').replace(/\s+/g, '')
}

function only(elements: readonly XmlElement[]): XmlElement | null {
  const [first = null] = elements
  return elements.length === 1 ? first : null
}

function onlyNamed(parent: XmlElement, namespace: string, localName: string): XmlElement | null {
  return only(childElements(parent).filter((child) => isNamed(child, namespace, localName)))
}
