/**
 * The one set of algorithms that the BPI services and their public clients use. Nothing else is written and nothing else is
 * accepted, so that no message can ask for a weaker one. Source: signed samples in public client code.
 */
export const algorithms = {
  canonicalization: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
  signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
} as const

/** Types of a BinarySecurityToken that holds one certificate. Source: OASIS X.509 Certificate Token Profile 1.0. */
export const tokenTypes = {
  x509: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3',
  base64: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary',
} as const
