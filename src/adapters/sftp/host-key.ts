import { createHash } from 'node:crypto'

/** A host key as the server showed it. */
export interface SeenHostKey {
  /** As OpenSSH prints it: `SHA256:` and 43 characters of base64 without padding. */
  readonly fingerprint: string
  /** Kind of key, such as `ssh-ed25519`. */
  readonly keyType: string
}

/** The fingerprints a supplier's settings name. */
export interface PinnedHostKeys {
  readonly current?: string | undefined
  readonly next?: string | undefined
}

/** How a seen key stands to the pinned ones. Only `current` and `next` may be logged in to. */
export type HostKeyVerdict = 'current' | 'next' | 'changed' | 'unknown'

/** The fingerprint and kind of a public key in SSH wire format (RFC 4253, section 6.6: the kind is its first string). */
export function describeHostKey(wireKey: Buffer): SeenHostKey {
  const typeLength = wireKey.length >= 4 ? wireKey.readUInt32BE(0) : 0
  return {
    fingerprint: `SHA256:${bareFingerprint(createHash('sha256').update(wireKey).digest('base64'))}`,
    keyType: wireKey.subarray(4, 4 + Math.min(typeLength, 64)).toString('latin1'),
  }
}

/** Compares a seen fingerprint with the pinned ones; `unknown` when none is pinned, so nothing is ever trusted on first use. */
export function judgeHostKey(fingerprint: string, pinned: PinnedHostKeys): HostKeyVerdict {
  if (pinned.current === undefined && pinned.next === undefined) return 'unknown'
  const seen = bareFingerprint(fingerprint)
  if (pinned.current !== undefined && seen === bareFingerprint(pinned.current)) return 'current'
  if (pinned.next !== undefined && seen === bareFingerprint(pinned.next)) return 'next'
  return 'changed'
}

function bareFingerprint(text: string): string {
  return text.replace(/^SHA256:/, '').replace(/=$/, '')
}
