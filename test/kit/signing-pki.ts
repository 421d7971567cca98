import { createCertificateTrust } from '../../src/formats/unilogin/certificate-trust.ts'
import { type MessageSecurity, type SignedMessagesOptions, signedMessages } from '../../src/formats/unilogin/message-security.ts'
import { readIdentity } from '../../src/formats/unilogin/sign-envelope.ts'
import { createTestCa, type IssuedCertificate, type TestCa } from '../../src/sandbox/test-ca.ts'

/** 02:15 on a night in November, Copenhagen time. */
export const testNight = Date.parse('2026-11-24T01:15:00Z')

/** Certificates for signing messages, good on the test night whatever the computer's date is. */
export interface SigningPki {
  readonly ca: TestCa
  readonly ours: IssuedCertificate
  readonly theirs: IssuedCertificate
}

let made: Promise<SigningPki> | undefined

/** RSA keys take their time, so a worker of the test run makes them once. */
export function signingPki(): Promise<SigningPki> {
  made ??= make()
  return made
}

async function make(): Promise<SigningPki> {
  const ca = await createTestCa(testNight)
  const [ours, theirs] = await Promise.all([
    ca.issue({ commonName: 'DSSYNC01', usage: 'signing' }),
    ca.issue({ commonName: 'Unilogin', usage: 'signing' }),
  ])
  return { ca, ours, theirs }
}

/** Signs as one of the two and believes what the authority issued. */
export function securityOf(
  signer: IssuedCertificate,
  authorities: string,
  options: Partial<SignedMessagesOptions> = {},
): MessageSecurity {
  return signedMessages({
    identity: readIdentity(signer.certificate, signer.privateKey),
    trust: createCertificateTrust({ authorities }),
    now: () => testNight,
    skewMs: 60_000,
    ...options,
  })
}
