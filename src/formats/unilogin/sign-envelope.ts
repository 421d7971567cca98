import { createHash, createPrivateKey, createSign, type KeyObject, X509Certificate } from 'node:crypto'
import { canonicalize } from './canonical-xml.ts'
import { namespaces } from './namespaces.ts'
import { childElements, readXml, type XmlElement } from './read-xml.ts'
import { algorithms, tokenTypes } from './signature-algorithms.ts'
import { escapeAttribute } from './xml-text.ts'

/** Who signs. */
export interface SigningIdentity {
  /** The certificate in DER, base64 without line ends. */
  readonly certificate: string
  /** RSA. */
  readonly privateKey: KeyObject
}

/** An identity from PEM texts. @throws TypeError and node:crypto's own errors when they cannot sign or do not belong together */
export function readIdentity(certificatePem: string, keyPem: string): SigningIdentity {
  const certificate = new X509Certificate(certificatePem)
  const privateKey = createPrivateKey(keyPem)
  if (privateKey.asymmetricKeyType !== 'rsa') throw new TypeError('the key is not RSA')
  if (!certificate.checkPrivateKey(privateKey)) throw new TypeError('the key does not belong to the certificate')
  return { certificate: certificate.raw.toString('base64'), privateKey }
}

/**
 * Puts our certificate and a signature at the end of wsse:Security. Signed is every part with a wsu:Id: Body, Timestamp, the
 * WS-Addressing headers, UdbydersystemId, and the certificate itself. All the rest stays as it was, byte for byte.
 * Source: the signature's form is that of public clients; which parts are signed differs among them, and this is our choice.
 */
export function signEnvelope(envelopeXml: string, identity: SigningIdentity): string {
  const end = envelopeXml.search(/<\/[\w-]+:Security>/)
  // Made from the message, so that the same message gets the same signature.
  const tokenId = `BST-${createHash('sha256').update(envelopeXml).digest('hex').slice(0, 32)}`
  const token =
    `<wsse:BinarySecurityToken xmlns:wsse="${namespaces.wsse}" xmlns:wsu="${namespaces.wsu}" wsu:Id="${tokenId}"` +
    ` ValueType="${tokenTypes.x509}" EncodingType="${tokenTypes.base64}">${identity.certificate}</wsse:BinarySecurityToken>`
  const head = envelopeXml.slice(0, end) + token
  const tail = envelopeXml.slice(end)
  const document = readXml(head + tail)
  if (!document.ok || end < 0) throw new TypeError('only an envelope of our own with a Security header can be signed')

  const references = partsWithId(document.value, 3).map(({ id, element }) => writeReference(id, canonicalize(element)))
  // Written in canonical form, so that these are the bytes a verifier will canonicalize it to.
  const signedInfo =
    `<ds:SignedInfo xmlns:ds="${namespaces.ds}">` +
    `<ds:CanonicalizationMethod Algorithm="${algorithms.canonicalization}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${algorithms.signature}"></ds:SignatureMethod>${references.join('')}</ds:SignedInfo>`
  const value = createSign('RSA-SHA256').update(signedInfo).sign(identity.privateKey, 'base64')
  const keyInfo =
    `<ds:KeyInfo><wsse:SecurityTokenReference xmlns:wsse="${namespaces.wsse}">` +
    `<wsse:Reference URI="#${tokenId}" ValueType="${tokenTypes.x509}"/></wsse:SecurityTokenReference></ds:KeyInfo>`
  const signature = `<ds:Signature xmlns:ds="${namespaces.ds}">${signedInfo}<ds:SignatureValue>${value}</ds:SignatureValue>${keyInfo}</ds:Signature>`
  return head + signature + tail
}

function writeReference(id: string, canonicalXml: string): string {
  const digest = createHash('sha256').update(canonicalXml).digest('base64')
  return (
    `<ds:Reference URI="#${escapeAttribute(id, 'Id')}"><ds:Transforms><ds:Transform Algorithm="${algorithms.canonicalization}">` +
    `</ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="${algorithms.digest}"></ds:DigestMethod>` +
    `<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference>`
  )
}

/** The parts that ask to be signed; none lies deeper than in the Security header. */
function partsWithId(element: XmlElement, depth: number): { id: string; element: XmlElement }[] {
  if (depth === 0) return []
  return childElements(element).flatMap((child) => {
    const id = child.getAttributeNS(namespaces.wsu, 'Id')
    return id === null || id === '' ? partsWithId(child, depth - 1) : [{ id, element: child }]
  })
}
