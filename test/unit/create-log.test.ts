import { describe, expect, it } from 'vitest'
import { createLog } from '../../src/adapters/system/create-log.ts'
import { FatalError } from '../../src/domain/errors.ts'
import type { Log } from '../../src/ports/log.ts'

/** A log whose lines are kept. */
function aLog(level = 'debug'): {
  readonly log: Log
  readonly lines: () => Record<string, unknown>[]
  readonly text: () => string
} {
  const written: string[] = []
  const log = createLog({ level, stream: { write: (line) => void written.push(line) } })
  return { log, lines: () => written.map((line) => JSON.parse(line)), text: () => written.join('') }
}

const secret = 'hemmelig-værdi'
const privateFields = [
  ['personal data', ['navn', 'email', 'telefonNummer', 'cpr', 'instnavn', 'mailadresse', 'telefonnr', 'adresse', 'vejNavn']],
  ['secrets', ['password', 'privateKey', 'passphrase', 'token', 'authorization', 'secret', 'cookie', 'auth', 'pass']],
  ['content', ['value', 'record', 'request', 'reply', 'fields', 'ekstra', 'content']],
] as const
const names = privateFields.flatMap(([kind, list]) => list.map((name) => [name, kind] as const))

describe('the log', () => {
  it.each(names)('leaves out %s (%s), at any depth and in lists', (name) => {
    const { log, lines, text } = aLog()
    const own = { [name]: secret }

    log.info(own, 'at the top')
    log.info({ unit: own }, 'one below')
    log.info({ a: { b: { c: { d: own } } } }, 'far below')
    log.info({ units: [{ parts: [own] }] }, 'in a list')
    log.child(own).info({}, 'of a child')
    log.child({ a: { b: { c: own } } }).info({}, 'far below in a child')

    expect(lines()).toHaveLength(6)
    expect(text()).not.toContain(secret)
    expect(lines()[0]).toMatchObject({ [name]: '[left out]' })
  })

  it('leaves out whole objects under such a name', () => {
    const { log, text } = aLog()

    log.warn({ delta: { record: { instnr: secret } }, list: { fields: [secret] } }, 'm')

    expect(text()).not.toContain(secret)
  })

  it('leaves them out whatever the case of the name', () => {
    const { log, text } = aLog()

    log.info({ Navn: secret, headers: { Authorization: secret }, EMAIL: secret }, 'm')

    expect(text()).not.toContain(secret)
  })

  it('never writes bytes, only how many', () => {
    const { log, lines } = aLog()

    log.info({ body: Buffer.from(secret), parts: [new Uint8Array(3)] }, 'm')

    expect(lines()[0]).toMatchObject({ body: '[15 bytes]', parts: ['[3 bytes]'] })
  })

  it('keeps what an operator needs: ids, counts, codes, times', () => {
    const { log, lines } = aLog()
    const facts = {
      jobId: 'plan.f-1',
      fileId: 'f-1',
      supplierId: 'nordsystem',
      counts: { read: 7, rejected: 0 },
      ok: true,
      none: null,
      at: new Date(0),
    }

    log.child({ job: 'plan' }).info(facts, 'job done')

    expect(lines()).toEqual([
      { level: 30, time: expect.any(Number), job: 'plan', ...facts, at: '1970-01-01T00:00:00.000Z', msg: 'job done' },
    ])
  })

  it('writes an error of ours with its code, data state and hint, without stack, and private facts left out', () => {
    const { log, lines, text } = aLog()
    const cause = new Error('ENOSPC')
    const error = new FatalError('STORE_WRITE_FAILED', 'writing a blob', {
      dataState: 'nothing was stored',
      hint: 'make room',
      facts: { sizeBytes: 7, navn: secret },
      cause,
    })

    log.error({ error }, 'job failed')

    expect(lines()[0]).toMatchObject({
      error: {
        code: 'STORE_WRITE_FAILED',
        message: 'writing a blob',
        dataState: 'nothing was stored',
        hint: 'make room',
        facts: { sizeBytes: 7, navn: '[left out]' },
        cause: 'ENOSPC',
      },
    })
    expect(lines()[0]).not.toHaveProperty('error.stack')
    expect(text()).not.toContain(secret)
  })

  it('writes any other error with its stack, wherever it stands, and what is no error as text', () => {
    const { log, lines } = aLog()
    const error = new TypeError('x is undefined')

    log.warn({ error, nested: { reason: error } }, 'm')
    log.warn({ error: 'just text' }, 'm')

    const shown = { name: 'TypeError', message: 'x is undefined', stack: expect.stringContaining('create-log.test.ts') }
    expect(lines()).toEqual([
      expect.objectContaining({ error: shown, nested: { reason: shown } }),
      expect.objectContaining({ error: { message: 'just text' } }),
    ])
  })

  describe('cleans texts of what is private by its looks', () => {
    const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----'
    const said: readonly (readonly [what: string, text: string, secret: string, left: string])[] = [
      ['an e-mail address', '550 <ø.hansen+job@børn.kommune.dk>: no such user', 'hansen', '550 <[e-mail]>: no such user'],
      ['a CPR number', 'row 7: 010203-1234 is taken', '010203', 'row 7: [cpr] is taken'],
      ['one without a dash', 'row 7: 3112991234 is taken', '3112991234', 'row 7: [cpr] is taken'],
      ['a private key', `cannot parse ${key} here`, 'b3BlbnNz', 'cannot parse [private key] here'],
      ['a key that is cut off', key.slice(0, 50), 'b3Blb', '[private key]'],
      [
        'a password in an address',
        'connect redis://bruger:hemmelig@10.0.0.1:6379',
        'hemmelig',
        'connect redis://[left out]@10.0.0.1:6379',
      ],
      ['a password with an @', 'connect redis://:hemme@lig@10.0.0.1:6379', 'lig', 'connect redis://[left out]@10.0.0.1:6379'],
      [
        'a password in a text',
        'login failed: password=hemmelig; user=x',
        'hemmelig',
        'login failed: password=[left out]; user=x',
      ],
      ['a password in JSON', 'sent {"password":"hemmelig","user":"x"}', 'hemmelig', 'sent {"password":"[left out]","user":"x"}'],
      ['a token', 'Authorization: Bearer abc.def-123', 'abc.def', 'Authorization: Bearer [left out]'],
    ]

    it.each(said)('%s', (_what, text, secret, left) => {
      const { log, lines, text: written } = aLog()
      const details = { dataState: text, hint: text, facts: { seen: text }, cause: new Error(text) }

      log.child({ seen: text }).info({ seen: text, list: [{ deep: text }] }, 'as fields')
      log.warn({ error: new FatalError('STORE_WRITE_FAILED', text, details) }, 'as an error of ours')
      log.error({ error: new TypeError(text, { cause: new Error(text) }), nested: { reason: new Error(text) } }, 'as any other')

      expect(written()).not.toContain(secret)
      expect(lines()[0]).toMatchObject({ seen: left, list: [{ deep: left }] })
      expect(lines()[1]).toMatchObject({ error: { message: left, hint: left, facts: { seen: left }, cause: left } })
      expect(lines()[2]).toMatchObject({ error: { message: left, cause: left }, nested: { reason: { message: left } } })
    })

    it.each([
      'receipt.f-0f1e2d3c4b5a6978.received.9c1d2e3f4a5b6c7d',
      'dispatch.at-1795484820000',
      '0102031234abcdef0102031234abcdef0102031234abcdef0102031234abcdef',
      '2026-11-24T01:15:00.000Z',
      'urn:uuid:01020312-3411-4222-8333-010203123456',
      'check alerts.mail.username and its password with whoever runs the server',
      '127.0.0.1:8080, P-nummer 1090000000, CVR 90000004',
      'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU',
    ])('and of nothing else: %s', (text) => {
      const { log, lines } = aLog()

      log.info({ seen: text }, 'm')

      expect(lines()[0]).toMatchObject({ seen: text })
    })
  })

  it('does not go round in circles, and does not change what it is given', () => {
    const { log, lines } = aLog()
    const circle: Record<string, unknown> = { navn: secret, id: 1 }
    circle['self'] = circle

    log.info({ circle }, 'm')

    expect(lines()[0]).toMatchObject({ circle: { navn: '[left out]', id: 1, self: '[circular]' } })
    expect(circle['navn']).toBe(secret)
  })

  it.each([
    ['debug', 4],
    ['info', 3],
    ['warn', 2],
    ['error', 1],
    ['silent', 0],
  ])('at level %s writes %i of four lines', (level, count) => {
    const { log, lines } = aLog(level)

    for (const say of [log.debug, log.info, log.warn, log.error]) say({}, 'm')

    expect(lines()).toHaveLength(count)
  })
})
