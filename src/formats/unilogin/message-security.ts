import { FatalError, RetryableError, type SyncError } from '../../domain/errors.ts'
import type { Instant } from '../../domain/time.ts'
import type { CertificateTrust } from './certificate-trust.ts'
import { type SigningIdentity, signEnvelope } from './sign-envelope.ts'
import { isFresh, type SoapMessage } from './soap-envelope.ts'
import { hasSignature, verifySignature } from './verify-signature.ts'

/**
 * What is done to a message before it is sent and to one that came in, so that signing is chosen in one place and
 * callers never know. Client and server each hold one.
 */
export interface MessageSecurity {
  /** The exact text to send: an envelope as built, with whatever proof belongs in wsse:Security. */
  protect(envelopeXml: string): string
  /**
   * Returns when what was read of a message may be trusted: the colon-separated SHA-256 of the certificate that vouches for it,
   * or null where no signature is asked for. @throws UNILOGIN_SIGNATURE_MISSING, UNILOGIN_SIGNATURE_INVALID
   */
  verify(message: SoapMessage): string | null
}

/** Headers and TLS only: adds no signature and asks for none. The real BPI services demand one, so this is for quick starts. */
export const headerOnly: MessageSecurity = {
  protect: (envelopeXml) => envelopeXml,
  verify: () => null,
}

export interface SignedMessagesOptions {
  readonly identity: SigningIdentity
  readonly trust: CertificateTrust
  readonly now: () => Instant
  /** How far the other side's clock may be from ours, in milliseconds. */
  readonly skewMs: number
}

/** Signs what goes out with our certificate, and believes what comes in only under a trusted one's fresh signature. */
export function signedMessages({ identity, trust, now, skewMs }: SignedMessagesOptions): MessageSecurity {
  return {
    protect: (envelopeXml) => signEnvelope(envelopeXml, identity),
    verify(message) {
      if (!hasSignature(message.envelope)) throw signatureError('UNILOGIN_SIGNATURE_MISSING', 'it carries no signature')
      const at = now()
      const signer = verifySignature(message.envelope, trust, at)
      if (!signer.ok) throw signatureError('UNILOGIN_SIGNATURE_INVALID', signer.problem)
      if (!isFresh(message.timestamp, at, skewMs))
        throw signatureError('UNILOGIN_SIGNATURE_INVALID', 'its Timestamp is not of now', RetryableError)
      return signer.value
    },
  }
}

/** A clock that is wrong comes right again; whatever else does not hold is for a person. */
function signatureError(
  code: 'UNILOGIN_SIGNATURE_MISSING' | 'UNILOGIN_SIGNATURE_INVALID',
  seen: string,
  Kind: typeof FatalError | typeof RetryableError = FatalError,
): SyncError {
  return new Kind(code, `checking the signature of a message failed: ${seen}`, {
    dataState: 'the message was not believed; a change it answers stays open and is read back before it goes again',
    hint: 'check unilogin.trust and the clock; if they are right, someone between us and Unilogin changes messages: tell STIL',
  })
}
