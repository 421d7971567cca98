import { webcrypto } from 'node:crypto'
import type { X509Certificate } from '@peculiar/x509'
import { dayMs, type Instant } from '../domain/time.ts'

/** ECDSA on P-256: its keys and handshakes cost a fraction of RSA's. */
const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
/** What signs messages must be RSA: the BPI services know nothing else. */
const signingKeyAlgorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
} as const

export interface Validity {
  /** Default: a day ago. */
  readonly notBefore?: Instant
  /** Default: 365 days from now. Give a past time to make an expired certificate. */
  readonly notAfter?: Instant
}

interface IssueRequest extends Validity {
  readonly commonName: string
  /** `signing` is for messages, in the manner of an organisation certificate; the others are for TLS. */
  readonly usage: 'server' | 'client' | 'signing'
}

/** PEM texts: the certificate, and its private key as PKCS#8. */
export interface IssuedCertificate {
  readonly certificate: string
  readonly privateKey: string
}

export interface TestCa {
  /** PEM of the CA's own certificate. */
  readonly certificate: string
  /** A server certificate is made out to localhost, 127.0.0.1 and ::1, whatever its common name. */
  issue(request: IssueRequest): Promise<IssuedCertificate>
}

/**
 * A throw-away certificate authority for the sandbox and the tests. Its keys live in memory only.
 * @param now What "a day ago" and "365 days from now" are counted from; TLS itself goes by the computer's clock.
 */
export async function createTestCa(now: Instant, validity: Validity = {}): Promise<TestCa> {
  const x509 = await loadX509()
  const keys = await generateKeys()
  const usages = x509.KeyUsageFlags
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...datesOf(now, validity),
    serialNumber: randomSerial(),
    name: 'CN=Dagtilbud Sync test CA',
    signingAlgorithm: keyAlgorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(usages.keyCertSign | usages.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })

  return { certificate: authority.toString('pem'), issue }

  async function issue(request: IssueRequest): Promise<IssuedCertificate> {
    const own = await (request.usage === 'signing' ? generateSigningKeys() : generateKeys())
    const isServer = request.usage === 'server'
    const names = [
      { type: 'dns', value: 'localhost' },
      { type: 'ip', value: '127.0.0.1' },
      { type: 'ip', value: '::1' },
    ] as const
    const certificate = await x509.X509CertificateGenerator.create({
      ...datesOf(now, request),
      serialNumber: randomSerial(),
      subject: [{ CN: [request.commonName] }],
      issuer: authority.subject,
      signingKey: keys.privateKey,
      signingAlgorithm: keyAlgorithm,
      publicKey: own.publicKey,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(usages.digitalSignature, true),
        ...(request.usage === 'signing'
          ? []
          : [
              new x509.ExtendedKeyUsageExtension([
                isServer ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth,
              ]),
            ]),
        ...(isServer ? [new x509.SubjectAlternativeNameExtension([...names])] : []),
        await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
      ],
    })
    return toPem(certificate, own.privateKey)
  }
}

/**
 * The library's container refuses to load without the reflect-metadata polyfill, which it uses to find constructor
 * parameters. None of the library's classes has any, so an empty answer is all it needs.
 */
async function loadX509(): Promise<typeof import('@peculiar/x509')> {
  const reflect: Record<string, unknown> = Reflect as unknown as Record<string, unknown>
  reflect['getMetadata'] ??= () => undefined
  reflect['getOwnMetadata'] ??= () => undefined
  return import('@peculiar/x509')
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify'])
}

function generateSigningKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(signingKeyAlgorithm, true, ['sign', 'verify'])
}

function datesOf(now: Instant, validity: Validity): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: new Date(validity.notBefore ?? now - dayMs),
    notAfter: new Date(validity.notAfter ?? now + 365 * dayMs),
  }
}

/** Sixteen random bytes in hex; the first two bits make the number positive and its encoding the shortest. */
function randomSerial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16))
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return Buffer.from(bytes).toString('hex')
}

async function toPem(certificate: X509Certificate, privateKey: webcrypto.CryptoKey): Promise<IssuedCertificate> {
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey)).toString('base64')
  const lines = pkcs8.match(/.{1,64}/g) ?? []
  return {
    certificate: certificate.toString('pem'),
    privateKey: ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n'),
  }
}
