import { createHash } from 'node:crypto'
import ssh2 from 'ssh2'

/** A key pair of a server or a user. */
export interface SshKeyPair {
  /** OpenSSH format, without a passphrase. */
  readonly privateKey: string
  /** One line as in an authorized_keys file. */
  readonly publicKey: string
  /** As OpenSSH prints it: `SHA256:` and base64 without padding. */
  readonly fingerprint: string
}

/**
 * A new ed25519 key pair, for a server's host key or a user's login. ssh2 1.17 cuts leading zeros off the public half, so about one
 * pair in 256 is malformed; such a pair is thrown away and another one made.
 */
export function makeHostKey(): SshKeyPair {
  while (true) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519')
    if (ssh2.utils.parseKey(pair.private) instanceof Error || ssh2.utils.parseKey(pair.public) instanceof Error) continue
    return { privateKey: pair.private, publicKey: pair.public, fingerprint: fingerprintOf(pair.private) }
  }
}

/** The fingerprint of a private or public key. */
export function fingerprintOf(key: string): string {
  const parsed = ssh2.utils.parseKey(key)
  if (parsed instanceof Error) throw parsed
  return `SHA256:${createHash('sha256').update(parsed.getPublicSSH()).digest('base64').replace(/=$/, '')}`
}
