import { describe, expect, it } from 'vitest'
import { describeHostKey, judgeHostKey } from '../../src/adapters/sftp/host-key.ts'

const bare = 'uNiVztksCsDhcc0u9e8BrrQXVUpKZIDTMczCvj3tD2s'
const other = '+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU'

describe('judgeHostKey', () => {
  it.each([
    ['the current key', { current: bare, next: other }, 'current'],
    ['the next key', { current: other, next: bare }, 'next'],
    ['the prefix and the padding of the pin', { current: `SHA256:${bare}=` }, 'current'],
    ['a key that is not pinned', { current: other }, 'changed'],
    ['any key when only another next one is pinned', { next: other }, 'changed'],
    ['any key when none is pinned', {}, 'unknown'],
    ['a key that differs in case only', { current: bare.toLowerCase() }, 'changed'],
  ] as const)('judges %s', (_what, pinned, verdict) => {
    expect(judgeHostKey(`SHA256:${bare}`, pinned)).toBe(verdict)
  })
})

describe('describeHostKey', () => {
  it('gives what ssh-keygen -l prints for a key', () => {
    // GitHub's public ed25519 host key and its fingerprint, as published on its documentation page.
    const wireKey = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl', 'base64')

    expect(describeHostKey(wireKey)).toEqual({ keyType: 'ssh-ed25519', fingerprint: `SHA256:${other}` })
  })

  it('does not fail on bytes that are no key', () => {
    expect(describeHostKey(Buffer.from([0, 0])).keyType).toBe('')
  })
})
