import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Unilogin } from '../../config/settings.ts'
import { loadMessageSecurity } from '../../src/adapters/unilogin/load-message-security.ts'
import { loadTlsMaterial } from '../../src/adapters/unilogin/load-tls-material.ts'
import { buildDeltaAnswer } from '../../src/formats/unilogin/institution-delta.ts'
import { buildLookupAnswer } from '../../src/formats/unilogin/institution-lookup.ts'
import { headerOnly } from '../../src/formats/unilogin/message-security.ts'
import { namespaces } from '../../src/formats/unilogin/namespaces.ts'
import { buildAnswer } from '../../src/formats/unilogin/soap-envelope.ts'
import type { InstitutionDelta } from '../../src/ports/unilogin-target.ts'
import { createTestCa } from '../../src/sandbox/test-ca.ts'
import { securityOf } from '../kit/signing-pki.ts'
import {
  anvisningsenhed,
  bothSecurities,
  connectTestTarget,
  createTestPki,
  daginstitution,
  findClosedPort,
  makeDelta,
  startScriptedServer,
  startTestUnilogin,
  type TargetOptions,
  type TestPki,
  testNight,
} from '../kit/start-test-unilogin.ts'

let pki: TestPki
const toClose: (() => Promise<void>)[] = []

beforeAll(async () => {
  pki = await createTestPki()
})
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close()
})

async function sandbox(options: Parameters<typeof startTestUnilogin>[1] = {}) {
  const started = await startTestUnilogin(pki, { signed: true, ...options })
  toClose.push(started.close)
  return started
}

/** A target on a server that answers as the test says. */
async function scripted(listener: RequestListener, options: TargetOptions & { readonly expired?: true } = {}) {
  const server = await startScriptedServer(options.expired ? pki.expired : pki.server, listener)
  const target = connectTestTarget(server.url, pki, options)
  toClose.push(server.close, target.close)
  return { target, server }
}

interface ScriptedAnswer {
  readonly status?: number
  readonly text: string | Buffer
}

/** Answers each request by its MessageID. */
function answering(script: (messageId: string) => ScriptedAnswer): RequestListener {
  return (request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    request.on('end', () => {
      const { status = 200, text: reply } = script(/MessageID[^>]*>([^<]*)</.exec(text)?.[1] ?? '')
      response.writeHead(status, { 'Content-Type': 'application/soap+xml' }).end(reply)
    })
  }
}

describe('a delta that is taken', () => {
  test('is accepted, and the exchange holds what went out and what came back', async () => {
    const { target } = await sandbox()
    const delta = makeDelta('opret', daginstitution)

    const exchange = await target.push(delta)

    expect(exchange).toMatchObject({ httpStatus: 200, sentAt: testNight, outcome: { kind: 'accepted', code: 'OK' } })
    expect(exchange.request).toContain(exchange.messageId)
    expect(exchange.request).toContain('Børnehuset Ærtebjerg')
    expect(exchange.reply).toContain(exchange.messageId)
    expect(exchange.reply).toContain(delta.deltaId)
  })

  test('is accepted as unchanged when the target holds the same already', async () => {
    const { target } = await sandbox()
    await target.push(makeDelta('opret', daginstitution))

    const exchange = await target.push(makeDelta('opdater', daginstitution))

    expect(exchange.outcome).toMatchObject({ kind: 'accepted', code: 'UAENDRET' })
  })

  test('can be read back field for field, and an unknown number reads as null', async () => {
    const { connect, target } = await sandbox()
    await target.push(makeDelta('opret', daginstitution))
    await target.push(makeDelta('opret', anvisningsenhed))

    const read = await connect({ settings: { readBackBatch: 2 } }).readBack(['G10000', 'G99999', 'G10001'])

    expect([...read]).toEqual([
      ['G10000', daginstitution],
      ['G99999', null],
      ['G10001', anvisningsenhed],
    ])
  })
})

describe('a delta that is turned away', () => {
  test('is refused with the reason', async () => {
    const { target } = await sandbox()

    const exchange = await target.push(makeDelta('opdater', daginstitution))

    expect(exchange).toMatchObject({
      httpStatus: 500,
      outcome: { kind: 'refused', code: 'INSTNR_UKENDT', lastSourceDateTime: null },
    })
  })

  test.each([400, 500] as const)('is understood when faults come with HTTP %i', async (faultStatus) => {
    const { target, connect } = await sandbox({ settings: { faultStatus } })

    const refused = await target.push(makeDelta('nedlaeg', { instnr: 'G10000' }))
    const kept = await connect({ settings: { udbydersystemId: 'FREMMED1' } }).push(makeDelta('opret', daginstitution))

    expect(refused).toMatchObject({ httpStatus: faultStatus, outcome: { kind: 'refused', code: 'INSTNR_UKENDT' } })
    expect(kept).toMatchObject({ httpStatus: faultStatus, outcome: { kind: 'authFault', type: 'Rettigheder' } })
  })

  test('is an access fault when the system must show another client certificate', async () => {
    const [own, other] = await Promise.all([
      pki.ca.issue({ commonName: 'DSSYNC01', usage: 'client' }),
      pki.ca.issue({ commonName: 'DSSYNC01', usage: 'client' }),
    ])
    const certificateSha256 = new X509Certificate(own.certificate).fingerprint256
    const { connect, target } = await sandbox({
      signed: false,
      systems: [{ id: 'DSSYNC01', kommuner: [], passive: false, certificateSha256 }],
    })
    const ca = pki.ca.certificate

    const withOwn = await connect({ tls: { ca, cert: own.certificate, key: own.privateKey } }).hello()
    const withOther = connect({ tls: { ca, cert: other.certificate, key: other.privateKey } }).hello()

    expect(withOwn).toEqual({ text: 'Hello DSSYNC01!', clockAheadMs: expect.any(Number) })
    await expect(withOther).rejects.toMatchObject({ code: 'UNILOGIN_ACCESS_REFUSED' })
    await expect(target.hello()).rejects.toMatchObject({ code: 'UNILOGIN_ACCESS_REFUSED' })
  })
})

describe('a signed message', () => {
  test('is an access fault when another certificate is registered for the system', async () => {
    const certificateSha256 = new X509Certificate(pki.signing.theirs.certificate).fingerprint256
    const { target, side } = await sandbox({ systems: [{ id: 'DSSYNC01', kommuner: [], passive: false, certificateSha256 }] })

    const kept = await target.push(makeDelta('opret', daginstitution))
    await side('PUT', '/systems', [
      { id: 'DSSYNC01', certificateSha256: new X509Certificate(pki.signing.ours.certificate).fingerprint256 },
    ])
    const taken = await target.push(makeDelta('opret', daginstitution))

    expect(kept.outcome).toMatchObject({ kind: 'authFault', type: 'Rettigheder' })
    expect(taken.outcome.kind).toBe('accepted')
  })
})

describe('an answer that is lost', () => {
  test('is ambiguous, and the same delta again is refused as not newer with our own time: it was taken', async () => {
    const { target, side } = await sandbox()
    await side('PUT', '/weather', [{ kind: 'lostAfterCommit', count: 1 }])
    const delta = makeDelta('opret', daginstitution)

    const first = await target.push(delta)
    const second = await target.push(delta)

    expect(first).toMatchObject({ httpStatus: null, reply: '', outcome: { kind: 'ambiguous' } })
    expect(second.messageId).not.toBe(first.messageId)
    expect(second.outcome).toMatchObject({ kind: 'refused', code: 'IKKE_NYERE', lastSourceDateTime: delta.sourceDateTime })
    expect(await target.readBack(['G10000'])).toEqual(new Map([['G10000', daginstitution]]))
  })

  test.each(['reset', 'unavailable', 'receiverFault', 'closed', 'throttled'] as const)(
    'is ambiguous in weather "%s", where the same delta again is taken',
    async (kind) => {
      const { target, side } = await sandbox()
      await side('PUT', '/weather', [{ kind, count: 1 }])
      const delta = makeDelta('opret', daginstitution)

      const first = await target.push(delta)
      const second = await target.push(delta)

      expect(first.outcome.kind).toBe('ambiguous')
      expect(second.outcome.kind).toBe('accepted')
    },
  )

  test('is ambiguous when it is cut in half, and what came is kept', async () => {
    const { target, side } = await sandbox()
    await side('PUT', '/weather', [{ kind: 'truncated' }])

    const exchange = await target.push(makeDelta('opret', daginstitution))

    expect(exchange).toMatchObject({ httpStatus: 200, outcome: { kind: 'ambiguous' } })
    expect(exchange.reply).toMatch(/^<\?xml/)
    expect(exchange.reply).not.toContain('Envelope>')
  })

  test('is ambiguous after the deadline when the server hangs', async () => {
    const { target } = await scripted(() => {}, { settings: { callDeadlineMs: 60 } })

    const exchange = await target.push(makeDelta('opret', daginstitution))

    expect(exchange.outcome).toEqual({ kind: 'ambiguous', reason: 'deadline passed' })
  })

  test('is ambiguous when the caller stops a call that is under way', async () => {
    const stop = new AbortController()
    const { target } = await scripted(() => stop.abort())

    const exchange = await target.push(makeDelta('opret', daginstitution), stop.signal)

    expect(exchange.outcome).toEqual({ kind: 'ambiguous', reason: 'stopped by the caller' })
  })
})

describe('a signature in bad weather', () => {
  test('that does not hold leaves open what was taken, and the same delta again is refused as not newer', async () => {
    const { target, side } = await sandbox()
    await side('PUT', '/weather', [{ kind: 'badSignature', count: 1 }])
    const delta = makeDelta('opret', daginstitution)

    const first = await target.push(delta)
    const second = await target.push(delta)

    expect(first).toMatchObject({ httpStatus: 200, outcome: { kind: 'ambiguous' } })
    expect(second.outcome).toMatchObject({ kind: 'refused', code: 'IKKE_NYERE', lastSourceDateTime: delta.sourceDateTime })
  })

  test('of ours that is turned away is an access fault', async () => {
    const { target, side } = await sandbox()
    await side('PUT', '/weather', [{ kind: 'certificateRefused' }])

    const { outcome } = await target.push(makeDelta('opret', daginstitution))

    expect(outcome).toMatchObject({ kind: 'authFault', type: 'Signatur' })
  })
})

describe('the data agreements', () => {
  test('are the numbers that are approved for our system', async () => {
    const { target, side } = await sandbox()
    await target.push(makeDelta('opret', daginstitution))
    await side('PUT', '/agreements', { newNumbers: 'withhold' })
    await target.push(makeDelta('opret', anvisningsenhed))
    const before = await target.agreements()
    await side('PUT', '/agreements', {
      set: [
        { instnr: ['G10001'], status: 'GODKENDT', comment: 'ja' },
        { instnr: ['G10000'], status: 'SLETTET' },
        { system: 'ANDET001', instnr: ['G10000'], status: 'GODKENDT' },
      ],
    })

    expect(before).toEqual(['G10000'])
    expect(await target.agreements()).toEqual(['G10001'])
    expect(await side('GET', '/agreements/G10001')).toEqual([{ at: testNight, status: 'GODKENDT', comment: 'ja' }])
  })

  test.each(['both', 'bpi', 'service'] as const)(
    'are found in the namespace "%s", and asked for there from then on',
    async (agreementsNamespace) => {
      const { target, side } = await sandbox({ settings: { agreementsNamespace } })
      await target.push(makeDelta('opret', daginstitution))

      const lists = [await target.agreements(), await target.agreements()]

      expect(lists).toEqual([['G10000'], ['G10000']])
      const { counts } = (await side('GET', '/calls')) as { counts: { operation: string; calls: number }[] }
      const asked = counts
        .filter(({ operation }) => operation !== 'indlaesInstitutionDelta')
        .reduce((sum, { calls }) => sum + calls, 0)
      expect(asked).toBe(agreementsNamespace === 'service' ? 3 : 2)
    },
  )

  test('show a new number only after the lag, as a look-up does', async () => {
    const { target, side } = await sandbox({ settings: { lagMs: 60_000 }, signed: false })
    await target.push(makeDelta('opret', daginstitution))
    const atOnce = await target.agreements()
    await side('POST', '/clock', { advanceMs: 60_000 })

    expect(atOnce).toEqual([])
    expect(await target.agreements()).toEqual(['G10000'])
  })

  test('cannot be had by a system that is not let in, and half a list is none', async () => {
    const { connect, side, target } = await sandbox()
    const stranger = connect({ settings: { udbydersystemId: 'FREMMED1' } })

    await expect(stranger.agreements()).rejects.toMatchObject({ code: 'UNILOGIN_ACCESS_REFUSED' })
    await side('PUT', '/weather', [{ kind: 'truncated' }])
    await expect(target.agreements()).rejects.toMatchObject({ code: 'UNILOGIN_ANSWER_UNREADABLE', name: 'RetryableError' })
  })
})

describe('a delta that never left', () => {
  test('is not sent when nobody listens', async () => {
    const target = connectTestTarget(`https://127.0.0.1:${await findClosedPort()}`, pki)
    toClose.push(target.close)

    const exchange = await target.push(makeDelta('opret', daginstitution))

    expect(exchange).toMatchObject({ httpStatus: null, reply: '', outcome: { kind: 'notSent', reason: 'ECONNREFUSED' } })
    await expect(target.readBack(['G10000'])).rejects.toMatchObject({ code: 'UNILOGIN_UNREACHABLE', name: 'RetryableError' })
  })

  test('is not sent when the connection is cut before TLS', async () => {
    const { target, side } = await sandbox()
    await side('PUT', '/weather', [{ kind: 'refused' }])

    const exchange = await target.push(makeDelta('opret', daginstitution))

    expect(exchange.outcome.kind).toBe('notSent')
    expect(await side('GET', '/calls')).toEqual({ counts: [], calls: [] })
  })

  test.each([
    ['has expired', { expired: true }, 'CERT_HAS_EXPIRED'],
    ['is from a CA we do not know', { tls: {} }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as const)('is not sent when the certificate of the server %s', async (_what, options, reason) => {
    let requests = 0
    const { target } = await scripted(() => {
      requests += 1
    }, options)

    const exchange = await target.push(makeDelta('opret', daginstitution))

    expect(exchange.outcome).toEqual({ kind: 'notSent', reason })
    expect(requests).toBe(0)
  })

  test('is not sent when the caller has stopped already', async () => {
    const { target } = await sandbox()

    const exchange = await target.push(makeDelta('opret', daginstitution), AbortSignal.abort())

    expect(exchange.outcome).toEqual({ kind: 'notSent', reason: 'stopped by the caller' })
  })

  test('is an error of ours when a field holds a character XML cannot carry', async () => {
    const { target, side } = await sandbox()
    const pushed = target.push(makeDelta('opret', { ...daginstitution, instnavn: 'Børne\u0007hus' }))

    await expect(pushed).rejects.toMatchObject({
      code: 'UNILOGIN_TEXT_UNSENDABLE',
      facts: { field: 'instnavn', codePoint: 'U+0007' },
    })
    expect(await side('GET', '/calls')).toEqual({ counts: [], calls: [] })
  })
})

describe('an answer that cannot be believed', () => {
  type Script = (delta: InstitutionDelta, messageId: string) => ScriptedAnswer
  const answer = (delta: InstitutionDelta, relatesTo: string | null, reskode = 'OK') =>
    buildAnswer(
      { action: 'a', messageId: 'urn:uuid:1', relatesTo, createdAt: testNight },
      namespaces.feed,
      buildDeltaAnswer({ reskode, restekst: '', deltaId: delta.deltaId, sourceDateTime: delta.sourceDateTime }, 's'),
    )
  const scripts: readonly (readonly [string, Script])[] = [
    ['belongs to another message', (delta) => ({ text: answer(delta, 'urn:uuid:another') })],
    ['names no message', (delta) => ({ text: answer(delta, null) })],
    ['is about another delta', (delta, id) => ({ text: answer({ ...delta, deltaId: crypto.randomUUID() }, id) })],
    ['carries another stamp', (delta, id) => ({ text: answer({ ...delta, sourceDateTime: '2026-01-01T00:00:00' }, id) })],
    ['has a result code we do not know', (delta, id) => ({ text: answer(delta, id, 'MÅSKE') })],
    ['is good but comes with HTTP 500', (delta, id) => ({ status: 500, text: answer(delta, id) })],
    ['is good but comes with a redirect', (delta, id) => ({ status: 302, text: answer(delta, id) })],
    ['is HTML', () => ({ text: '<!DOCTYPE html><html><body>OK</body></html>' })],
    ['is empty', () => ({ text: '' })],
    ['has an empty Body', () => ({ text: `<e:Envelope xmlns:e="${namespaces.soap}"><e:Body/></e:Envelope>` })],
    ['is not UTF-8', (delta, id) => ({ text: Buffer.from(answer(delta, id).replace('a</', 'å</'), 'latin1') })],
    ['is good but too large', (delta, id) => ({ text: answer(delta, id) + ' '.repeat(10_000) })],
  ]

  test.each([
    ['gives one twice', [daginstitution, daginstitution]],
    ['gives one that was not asked for', [daginstitution, anvisningsenhed]],
  ])('makes a look-up fail when it %s', async (_what, records) => {
    const { target } = await scripted(
      answering((relatesTo) => ({
        text: buildAnswer(
          { action: 'a', messageId: 'urn:uuid:1', relatesTo, createdAt: testNight },
          namespaces.wsiInst,
          buildLookupAnswer(records, 's'),
        ),
      })),
    )

    await expect(target.readBack(['G10000'])).rejects.toMatchObject({ code: 'UNILOGIN_ANSWER_UNREADABLE' })
  })

  test.each(scripts)('is ambiguous when it %s', async (_what, script) => {
    const delta = makeDelta('opret', daginstitution)
    const { target } = await scripted(
      answering((messageId) => script(delta, messageId)),
      { maxAnswerBytes: 10_000 },
    )

    const exchange = await target.push(delta)

    expect(exchange.outcome.kind).toBe('ambiguous')
  })

  test('is ambiguous when its signature does not hold, and a look-up says so', async () => {
    const { connect, side } = await sandbox()
    const stranger = await createTestCa(testNight)
    const target = connect({ security: securityOf(pki.signing.ours, stranger.certificate) })

    const taken = await target.push(makeDelta('opret', daginstitution))
    const refused = await target.push(makeDelta('opret', daginstitution))

    const reason = expect.stringContaining('UNILOGIN_SIGNATURE_INVALID')
    expect(taken.outcome).toEqual({ kind: 'ambiguous', reason })
    expect(refused.outcome).toEqual({ kind: 'ambiguous', reason })
    expect(await side('GET', '/institutions')).toMatchObject({ open: 1 })
    await expect(target.readBack(['G10000'])).rejects.toMatchObject({ code: 'UNILOGIN_SIGNATURE_INVALID', name: 'FatalError' })
  })

  test('is ambiguous when it is not signed, but an unsigned access fault is believed', async () => {
    const { connect } = await sandbox({ signed: false })
    const target = connect({ security: bothSecurities(pki).ours() })
    const stranger = connect({ security: bothSecurities(pki).ours(), settings: { udbydersystemId: 'FREMMED1' } })

    const taken = await target.push(makeDelta('opret', daginstitution))
    const refused = await target.push(makeDelta('opret', daginstitution))
    const kept = await stranger.push(makeDelta('opret', daginstitution))

    const reason = expect.stringContaining('UNILOGIN_SIGNATURE_MISSING')
    expect(taken.outcome).toEqual({ kind: 'ambiguous', reason })
    expect(refused.outcome).toEqual({ kind: 'ambiguous', reason })
    expect(kept.outcome).toMatchObject({ kind: 'authFault', type: 'Rettigheder' })
  })

  test.each([
    ['of another message', { relatesTo: 'urn:uuid:another' }, 'another message'],
    ['of no message', { relatesTo: null }, 'does not say which message'],
    ['made long ago', { createdAt: testNight - 3_600_000 }, 'UNILOGIN_SIGNATURE_INVALID'],
  ] as const)('is ambiguous when it is soundly signed, but %s', async (_what, change, reason) => {
    const delta = makeDelta('opret', daginstitution)
    const theirs = bothSecurities(pki).theirs({ now: () => testNight })
    const { target } = await scripted(
      answering((relatesTo) => {
        const header = { action: 'a', messageId: 'urn:uuid:1', relatesTo, createdAt: testNight, ...change }
        const body = buildDeltaAnswer(
          { reskode: 'OK', restekst: '', deltaId: delta.deltaId, sourceDateTime: delta.sourceDateTime },
          's',
        )
        return { text: theirs.protect(buildAnswer(header, namespaces.feed, body)) }
      }),
      { security: bothSecurities(pki).ours() },
    )

    const { outcome } = await target.push(delta)

    expect(outcome).toEqual({ kind: 'ambiguous', reason: expect.stringContaining(reason) })
  })

  test('to a repeat is an answer to a freshly signed message', async () => {
    const { target } = await sandbox()
    const delta = makeDelta('opret', daginstitution)

    const [first, second] = [await target.push(delta), await target.push(delta)]

    const signatureOf = (xml: string) => /<ds:SignatureValue>([^<]+)</.exec(xml)?.[1]
    expect(signatureOf(first.request)).toEqual(expect.any(String))
    expect(signatureOf(second.request)).not.toBe(signatureOf(first.request))
    expect(second.messageId).not.toBe(first.messageId)
  })
})

describe('the signing files of the settings', () => {
  const clock = { now: () => testNight }
  const settings = (files: object) => Unilogin.parse({ baseUrl: 'https://localhost', ...files })
  const write = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'unilogin-signing-'))
    toClose.push(() => rm(folder, { recursive: true }))
    const { ca, ours, theirs } = pki.signing
    const texts = {
      ca: ca.certificate,
      cert: ours.certificate,
      key: ours.privateKey,
      otherKey: theirs.privateKey,
      tls: pki.server.privateKey,
    }
    const entries = Object.entries(texts).map(([name, text]) => [name, join(folder, name), text] as const)
    await Promise.all(entries.map(([, file, text]) => writeFile(file, text)))
    return Object.fromEntries(entries.map(([name, file]) => [name, file])) as Record<keyof typeof texts, string>
  }

  test('sign and verify, and without them messages carry headers only', async () => {
    const { ca, cert, key } = await write()

    const signed = await loadMessageSecurity(
      settings({ signing: { certificateFile: cert, keyFile: key }, trust: { caFile: ca } }),
      clock,
    )
    const { connect } = await sandbox()

    expect((await connect({ security: signed }).push(makeDelta('opret', daginstitution))).outcome.kind).toBe('accepted')
    expect(await loadMessageSecurity(settings({}), clock)).toBe(headerOnly)
  })

  test('are refused by name when they do not fit', async () => {
    const { ca, cert, key, otherKey, tls } = await write()
    const refused = (files: object) => expect(loadMessageSecurity(settings(files), clock)).rejects
    const trust = { caFile: ca }

    await refused({ signing: { certificateFile: cert }, trust }).toMatchObject({ code: 'CONFIG_SETTING_INVALID' })
    await refused({ trust }).toMatchObject({ code: 'CONFIG_SETTING_INVALID' })
    await refused({ signing: { certificateFile: cert, keyFile: key } }).toThrow('whose answers to believe')
    await refused({ signing: { certificateFile: cert, keyFile: otherKey }, trust }).toThrow('does not belong')
    await refused({ signing: { certificateFile: cert, keyFile: tls }, trust }).toThrow('not RSA')
    await refused({ signing: { certificateFile: ca, keyFile: ca }, trust }).toThrow('cannot sign')
    await refused({ signing: { certificateFile: cert, keyFile: key }, trust: { caFile: key } }).toThrow('holds no certificate')
    await refused({ signing: { certificateFile: '/nowhere/a.pem', keyFile: key }, trust }).toMatchObject({
      code: 'CONFIG_FILE_UNREADABLE',
      facts: { setting: 'unilogin.signing.certificateFile' },
    })
  })
})

describe('the TLS files of the settings', () => {
  const settings = (files: Partial<Unilogin>) => Unilogin.parse({ baseUrl: 'https://localhost', ...files })

  test('are read, and what is not set is left to Node', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'unilogin-tls-'))
    toClose.push(() => rm(folder, { recursive: true }))
    const caFile = join(folder, 'ca.pem')
    await writeFile(caFile, pki.ca.certificate)

    expect(await loadTlsMaterial(settings({ caFile }))).toEqual({ ca: pki.ca.certificate })
  })

  test('are named when one cannot be read, or when half of a pair is missing', async () => {
    const missing = settings({ caFile: '/nowhere/ca.pem' })
    const half = settings({ clientKeyFile: '/nowhere/key.pem' })

    await expect(loadTlsMaterial(missing)).rejects.toMatchObject({
      code: 'CONFIG_FILE_UNREADABLE',
      facts: { setting: 'unilogin.caFile' },
    })
    await expect(loadTlsMaterial(half)).rejects.toMatchObject({ code: 'CONFIG_SETTING_INVALID' })
  })
})

test('calls one after another share a connection', async () => {
  const { target, server } = await scripted((_request, response) => response.end('nothing'))

  for (let call = 0; call < 5; call++) await target.push(makeDelta('opret', daginstitution))

  expect(server.connections()).toBe(1)
})

test('many calls at once are all answered', async () => {
  const { target } = await sandbox()
  const numbers = Array.from({ length: 50 }, (_, index) => `G2${String(index).padStart(4, '0')}`)

  const exchanges = await Promise.all(numbers.map((instnr) => target.push(makeDelta('opret', { ...daginstitution, instnr }))))

  expect(exchanges.map(({ outcome }) => outcome.kind)).toEqual(numbers.map(() => 'accepted'))
})

test('calls at once are no more than the setting allows, and fewer when the target has too much to do', async () => {
  const held: (() => void)[] = []
  const underWay: number[] = []
  let now = 0
  const listener: RequestListener = (request, response) => {
    now += 1
    underWay.push(now)
    const answer = () => {
      now -= 1
      response.writeHead(503).end()
    }
    request.resume()
    if (underWay.length <= 4) held.push(answer)
    else answer()
  }
  const { target } = await scripted(listener, { settings: { parallel: 4 } })
  const pushes = Array.from({ length: 12 }, () => target.push(makeDelta('opret', daginstitution)))
  await expect.poll(() => held.length).toBe(4)
  for (const answer of held) answer()

  const exchanges = await Promise.all(pushes)

  expect(Math.max(...underWay)).toBe(4)
  expect(Math.max(...underWay.slice(4))).toBeLessThanOrEqual(2)
  expect(exchanges.map(({ httpStatus, outcome }) => [httpStatus, outcome.kind])).toEqual(pushes.map(() => [503, 'ambiguous']))
})

describe('a greeting', () => {
  test('tells how far our clock is from the endpoint, by its own time stamp', async () => {
    const { connect } = await sandbox()
    const behind = { now: () => testNight - 100_000 }

    const { clockAheadMs } = await connect({ clock: behind }).hello()

    expect(clockAheadMs).toBe(-100_000)
  })
})
