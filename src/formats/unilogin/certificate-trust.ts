import { type KeyObject, X509Certificate } from 'node:crypto'
import type { Instant } from '../../domain/time.ts'
import { type ReadResult, read, unreadable } from './read-result.ts'

/** Whose signature is believed; at least one of the two, and with both a certificate must pass both. */
export interface TrustAnchors {
  /** PEM of the authorities that issue the other side's certificates: every link of the chain up to one that signed itself. */
  readonly authorities?: string
  /** PEM of the very certificates that may sign; any that the authorities issued when not given. */
  readonly certificates?: string
}

/** A certificate that is believed, and what it proves. */
export interface TrustedSigner {
  readonly publicKey: KeyObject
  /** Colon-separated SHA-256 of the certificate. */
  readonly fingerprint: string
}

export interface CertificateTrust {
  /** Judges a certificate in DER, base64; what is wrong with it, when it is not believed at that time. */
  judge(certificateBase64: string, at: Instant): ReadResult<TrustedSigner>
}

const leastKeyBits = 2048
/** A chain of organisation certificates has three links; a longer one is a mistake or an attack. */
const longestChain = 5

/**
 * Builds the chain of a certificate from the given authorities and checks every link's signature and dates. Revocation is
 * not asked about: no list is fetched at night.
 */
export function createCertificateTrust(anchors: TrustAnchors): CertificateTrust {
  const authorities = splitPem(anchors.authorities).map((pem) => new X509Certificate(pem))
  const pinned = new Set(splitPem(anchors.certificates).map((pem) => new X509Certificate(pem).fingerprint256))
  /** The same few certificates come with every message; the chain is checked once, the dates every time. */
  const known = new Map<string, ReadResult<Chain>>()

  return {
    judge(certificateBase64, at) {
      const chain = known.get(certificateBase64) ?? buildChain(certificateBase64)
      if (known.size > 100) known.clear()
      known.set(certificateBase64, chain)
      if (!chain.ok) return chain
      const { links, signer } = chain.value
      return links.every(({ from, to }) => at >= from && at <= to)
        ? read(signer)
        : unreadable('the certificate, or one above it, is not valid at this time')
    },
  }

  function buildChain(certificateBase64: string): ReadResult<Chain> {
    const leaf = parseCertificate(certificateBase64)
    if (leaf === null) return unreadable('the certificate cannot be read')
    const { publicKey, fingerprint256 } = leaf
    if (publicKey.asymmetricKeyType !== 'rsa' || (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) < leastKeyBits)
      return unreadable(`the certificate's key is not RSA of at least ${leastKeyBits} bits`)
    if (pinned.size > 0 && !pinned.has(fingerprint256))
      return unreadable('the certificate is not one of those we were told to trust')
    const links = [leaf]
    if (authorities.length > 0) {
      for (let link = leaf; !isSelfSigned(link); link = links[links.length - 1] as X509Certificate) {
        const issuer = authorities.find((authority) => isIssuedBy(link, authority))
        if (issuer === undefined || links.length === longestChain)
          return unreadable('no authority we trust has issued the certificate')
        links.push(issuer)
      }
      const root = links[links.length - 1]
      if (!authorities.some(({ fingerprint256: known }) => known === root?.fingerprint256))
        return unreadable('no authority we trust has issued the certificate')
    }
    const dates = links.map(({ validFrom, validTo }) => ({ from: Date.parse(validFrom), to: Date.parse(validTo) }))
    return read({ links: dates, signer: { publicKey, fingerprint: fingerprint256 } })
  }
}

interface Chain {
  readonly links: readonly { readonly from: Instant; readonly to: Instant }[]
  readonly signer: TrustedSigner
}

function isIssuedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  return authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey)
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey)
}

function parseCertificate(base64: string): X509Certificate | null {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'))
  } catch {
    return null
  }
}

/** The certificates of a PEM text, one by one; none when there is no text. @throws TypeError when there is, and no certificate in it */
function splitPem(text: string | undefined): string[] {
  if (text === undefined) return []
  const found = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g)
  if (found === null) throw new TypeError('a file holds no certificate in PEM')
  return found
}
