/**
 * What is done to a message before it is sent and to one that came in, so that signing is chosen in one place and
 * callers never know. Client and server each hold one.
 */
export interface MessageSecurity {
  /** The exact text to send: an envelope as built, with whatever proof belongs in wsse:Security. */
  protect(envelopeXml: string): string
  /** Returns when the text as received may be trusted. @throws UNILOGIN_SIGNATURE_MISSING, UNILOGIN_SIGNATURE_INVALID */
  verify(messageXml: string): void
}

/** Headers and TLS only: adds no signature and asks for none. The real BPI services demand one, so this is for the sandbox. */
export const headerOnly: MessageSecurity = {
  protect: (envelopeXml) => envelopeXml,
  verify: () => {},
}
