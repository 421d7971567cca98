import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { XMLSerializer } from '@xmldom/xmldom'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { packageRoot } from '../../config/package-root.ts'
import type { InstitutionRecord } from '../../src/domain/institution-record.ts'
import type { MessageSecurity } from '../../src/formats/unilogin/message-security.ts'
import { namespaces } from '../../src/formats/unilogin/namespaces.ts'
import { readXml, type XmlElement } from '../../src/formats/unilogin/read-xml.ts'
import { buildRequest, readEnvelope } from '../../src/formats/unilogin/soap-envelope.ts'
import { readFault } from '../../src/formats/unilogin/soap-fault.ts'
import { feedService } from '../../src/formats/unilogin/soap-service.ts'
import type { CallOutcome, Exchange, InstitutionDelta } from '../../src/ports/unilogin-target.ts'
import { createTestCa } from '../../src/sandbox/test-ca.ts'
import { securityOf } from '../kit/signing-pki.ts'
import {
  alternativAdresse,
  anvisningsenhed,
  bothSecurities,
  createTestPki,
  daginstitution,
  makeDelta,
  startTestUnilogin,
  type TestPki,
  type TestUnilogin,
  testNight,
} from '../kit/start-test-unilogin.ts'

let pki: TestPki
let strangers: MessageSecurity
const toClose: (() => Promise<void>)[] = []

beforeAll(async () => {
  pki = await createTestPki()
  const stranger = await createTestCa(testNight)
  const issued = await stranger.issue({ commonName: 'DSSYNC01', usage: 'signing' })
  strangers = securityOf(issued, stranger.certificate)
})
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close()
})

async function sandbox(options: Parameters<typeof startTestUnilogin>[1] = {}): Promise<TestUnilogin> {
  const started = await startTestUnilogin(pki, options)
  toClose.push(started.close)
  return started
}

/** Puts institutions into the sandbox as if they had come earlier. */
function seed(
  unilogin: TestUnilogin,
  records: readonly InstitutionRecord[],
  closed: readonly InstitutionRecord[] = [],
): Promise<unknown> {
  return unilogin.side('PUT', '/institutions', [
    ...records.map((record) => ({ record })),
    ...closed.map((record) => ({ record, closed: true })),
  ])
}

const otherDaginstitution: InstitutionRecord = { ...daginstitution, instnr: 'G20000', instnavn: 'Tornhøj' }
const elsewhere: InstitutionRecord = { ...daginstitution, instnr: 'G30000', admkommunenr: '101', admkommune: 'København' }
const family = [daginstitution, anvisningsenhed, alternativAdresse]
const moved: InstitutionRecord = { ...anvisningsenhed, hovedinstitutionsnr: 'G20000' }
const withoutName: InstitutionRecord = { instnr: 'G10000', admkommunenr: '159', enhedsart: 'Daginstitution' }

interface Rule {
  readonly rule: string
  readonly open?: readonly InstitutionRecord[]
  readonly closed?: readonly InstitutionRecord[]
  readonly delta: InstitutionDelta
  /** A result code, a refusal code, or an access fault's type. */
  readonly gives: string
}

const rules: readonly Rule[] = [
  { rule: 'F1 opret: a new daginstitution', delta: makeDelta('opret', daginstitution), gives: 'OK' },
  {
    rule: 'F1 opret: a number that exists',
    open: [daginstitution],
    delta: makeDelta('opret', daginstitution),
    gives: 'INSTNR_FINDES',
  },
  {
    rule: 'F1 opret: a closed number',
    closed: [daginstitution],
    delta: makeDelta('opret', daginstitution),
    gives: 'INSTNR_NEDLAGT',
  },
  { rule: 'F1 opret: no name', delta: makeDelta('opret', withoutName), gives: 'FELT_MANGLER' },
  { rule: 'F2 opret: below an open parent', open: [daginstitution], delta: makeDelta('opret', anvisningsenhed), gives: 'OK' },
  { rule: 'F2 opret: no such parent', delta: makeDelta('opret', anvisningsenhed), gives: 'OVERORDNET_MANGLER' },
  {
    rule: 'F2 opret: a closed parent',
    closed: [daginstitution],
    delta: makeDelta('opret', anvisningsenhed),
    gives: 'OVERORDNET_NEDLAGT',
  },
  {
    rule: 'F2 opret: a parent of the wrong level',
    open: [daginstitution],
    delta: makeDelta('opret', { ...alternativAdresse, hovedinstitutionsnr: 'G10000' }),
    gives: 'FORKERT_NIVEAU',
  },
  {
    rule: 'F2 opret: a daginstitution with a parent',
    open: [otherDaginstitution],
    delta: makeDelta('opret', { ...daginstitution, hovedinstitutionsnr: 'G20000' }),
    gives: 'FORKERT_NIVEAU',
  },
  {
    rule: 'F3 opdater: another name',
    open: family,
    delta: makeDelta('opdater', { ...anvisningsenhed, instnavn: 'Ny' }),
    gives: 'OK',
  },
  { rule: 'F3 opdater: an unknown number', delta: makeDelta('opdater', daginstitution), gives: 'INSTNR_UKENDT' },
  {
    rule: 'F3 opdater: a closed number',
    closed: [daginstitution],
    delta: makeDelta('opdater', daginstitution),
    gives: 'INSTNR_NEDLAGT',
  },
  {
    rule: 'F3 opdater: another parent',
    open: [...family, otherDaginstitution],
    delta: makeDelta('opdater', moved),
    gives: 'BRUG_FLYT',
  },
  {
    rule: 'F3 opdater: another level',
    open: family,
    delta: makeDelta('opdater', { ...anvisningsenhed, enhedsart: 'AlternativAdresse' }),
    gives: 'FORKERT_NIVEAU',
  },
  { rule: 'F3 opdater: nothing new', open: [daginstitution], delta: makeDelta('opdater', daginstitution), gives: 'UAENDRET' },
  {
    rule: 'F3 opdater: another owner and type',
    open: family,
    delta: makeDelta('opdater', { ...anvisningsenhed, admkommunenr: '101', type3: '6011' }),
    gives: 'OK',
  },
  {
    rule: 'F4 flyt: to another daginstitution',
    open: [...family, otherDaginstitution],
    delta: makeDelta('flyt', moved),
    gives: 'OK',
  },
  { rule: 'F4 flyt: to where it is', open: family, delta: makeDelta('flyt', anvisningsenhed), gives: 'UAENDRET' },
  {
    rule: 'F4 flyt: with another name',
    open: [...family, otherDaginstitution],
    delta: makeDelta('flyt', { ...moved, instnavn: 'Ny' }),
    gives: 'FLYT_ANDRE_FELTER',
  },
  {
    rule: 'F4 flyt: a daginstitution',
    open: [daginstitution],
    delta: makeDelta('flyt', daginstitution),
    gives: 'FLYT_IKKE_MULIG',
  },
  {
    rule: 'F4 flyt: to another municipality',
    open: [...family, elsewhere],
    delta: makeDelta('flyt', { ...moved, hovedinstitutionsnr: 'G30000' }),
    gives: 'FLYT_UDEN_FOR_KOMMUNE',
  },
  { rule: 'F4 flyt: to nowhere', open: family, delta: makeDelta('flyt', moved), gives: 'OVERORDNET_MANGLER' },
  {
    rule: 'F4 flyt: to a closed one',
    open: family,
    closed: [otherDaginstitution],
    delta: makeDelta('flyt', moved),
    gives: 'OVERORDNET_NEDLAGT',
  },
  { rule: 'F4 flyt: an unknown number', delta: makeDelta('flyt', moved), gives: 'INSTNR_UKENDT' },
  { rule: 'F5 nedlaeg: the lowest', open: family, delta: makeDelta('nedlaeg', { instnr: 'G10002' }), gives: 'OK' },
  {
    rule: 'F5 nedlaeg: with open children',
    open: family,
    delta: makeDelta('nedlaeg', { instnr: 'G10001' }),
    gives: 'HAR_UNDERENHEDER',
  },
  {
    rule: 'F5 nedlaeg: with closed children only',
    open: [daginstitution],
    closed: [anvisningsenhed],
    delta: makeDelta('nedlaeg', { instnr: 'G10000' }),
    gives: 'OK',
  },
  {
    rule: 'F5 nedlaeg: closed already',
    closed: [daginstitution],
    delta: makeDelta('nedlaeg', { instnr: 'G10000' }),
    gives: 'UAENDRET',
  },
  { rule: 'F5 nedlaeg: an unknown number', delta: makeDelta('nedlaeg', { instnr: 'G10000' }), gives: 'INSTNR_UKENDT' },
  { rule: 'F6 not by the schema', delta: makeDelta('opret', { ...daginstitution, instnr: 'g10000' }), gives: 'SKEMA_UGYLDIG' },
  {
    rule: 'F6 too long in bytes',
    delta: makeDelta('opret', { ...daginstitution, instnavn: 'æ'.repeat(67) }),
    gives: 'FELT_FOR_LANGT',
  },
  { rule: 'F6 an unknown type', delta: makeDelta('opret', { ...daginstitution, type3: '6099' }), gives: 'KODE_UKENDT' },
  {
    rule: 'F6 an unknown municipality',
    delta: makeDelta('opret', { ...daginstitution, admkommunenr: '999' }),
    gives: 'KODE_UKENDT',
  },
  { rule: 'F6 a municipality that chose another system', delta: makeDelta('opret', elsewhere), gives: 'Rettigheder' },
  {
    rule: 'F6 lengths before rights',
    delta: makeDelta('opret', { ...elsewhere, instnavn: 'x'.repeat(133) }),
    gives: 'FELT_FOR_LANGT',
  },
  {
    rule: 'F6 taken out of a municipality that chose another system',
    open: [elsewhere],
    delta: makeDelta('nedlaeg', { instnr: 'G30000' }),
    gives: 'Rettigheder',
  },
]

describe('the rules of the feed', () => {
  test.each(rules)('$rule gives $gives', async ({ rule, open = [], closed = [], delta, gives }) => {
    const kommuner = rule.startsWith('F6') ? ['159'] : []
    const unilogin = await sandbox({ systems: [{ id: 'DSSYNC01', kommuner, passive: false, certificateSha256: null }] })
    await seed(unilogin, open, closed)
    const before = await states(unilogin, delta.record.instnr)

    const { outcome } = await unilogin.target.push(delta)

    expect(codeOf(outcome)).toBe(gives)
    if (outcome.kind !== 'accepted') expect(await states(unilogin, delta.record.instnr)).toEqual(before)
  })

  test('F7: a stamp must be newer for the number and source, a repeat included; another source has its own clock', async () => {
    const { target } = await sandbox()
    const first = makeDelta('opret', daginstitution, { sourceDateTime: '2026-11-24T02:00:10' })
    const update = (sourceDateTime: string, source = 'Prøve') => makeDelta('opdater', daginstitution, { sourceDateTime, source })
    const refused = { kind: 'refused', code: 'IKKE_NYERE', lastSourceDateTime: '2026-11-24T02:00:10' }

    expect((await target.push(first)).outcome.kind).toBe('accepted')
    expect((await target.push(first)).outcome).toMatchObject(refused)
    expect((await target.push(update('2026-11-24T02:00:09'))).outcome).toMatchObject(refused)
    expect((await target.push(update('2026-11-24T02:00:01', 'Andet system'))).outcome.kind).toBe('accepted')
    expect((await target.push(update('2026-11-24T02:00:11'))).outcome.kind).toBe('accepted')
  })

  test('F7: a refused delta does not move the clock, an unchanged one does', async () => {
    const { target } = await sandbox()
    await target.push(makeDelta('opret', daginstitution, { sourceDateTime: '2026-11-24T02:00:00' }))

    await target.push(makeDelta('opret', daginstitution, { sourceDateTime: '2026-11-24T02:00:30' }))
    const afterRefusal = await target.push(makeDelta('opdater', daginstitution, { sourceDateTime: '2026-11-24T02:00:20' }))
    const afterUnchanged = await target.push(makeDelta('opdater', daginstitution, { sourceDateTime: '2026-11-24T02:00:10' }))

    expect(afterRefusal.outcome).toMatchObject({ kind: 'accepted', code: 'UAENDRET' })
    expect(afterUnchanged.outcome).toMatchObject({ kind: 'refused', lastSourceDateTime: '2026-11-24T02:00:20' })
  })

  test('F8: a second delta for a number under way is TRAVL, to be tried again', async () => {
    const unilogin = await sandbox()
    await unilogin.side('PUT', '/weather', [{ kind: 'slow', count: 1 }])
    const stop = new AbortController()
    const slow = unilogin.target.push(makeDelta('opret', daginstitution), stop.signal)
    await waitFor(async () => (await calls(unilogin)).length === 1)

    const second = await unilogin.target.push(makeDelta('opdater', daginstitution))
    const other = await unilogin.target.push(makeDelta('opret', otherDaginstitution))
    stop.abort()

    expect(second.outcome).toMatchObject({ kind: 'ambiguous', reason: expect.stringContaining('TRAVL') })
    expect(other.outcome.kind).toBe('accepted')
    expect((await slow).outcome.kind).toBe('ambiguous')
  })

  test('F9: a new number in place of an old one is a nedlaeg and an opret', async () => {
    const unilogin = await sandbox()
    await seed(unilogin, [daginstitution])

    await unilogin.target.push(makeDelta('nedlaeg', { instnr: 'G10000' }))
    await unilogin.target.push(makeDelta('opret', otherDaginstitution))

    expect(await unilogin.side('GET', '/institutions')).toEqual({ open: 1, closed: 1 })
  })
})

describe('the ladder of faults', () => {
  const good = { action: 'x', to: 'x', messageId: 'urn:uuid:1', udbydersystemId: 'DSSYNC01', createdAt: testNight }
  const hello = '<bpi:helloWorldWithCertificate/>'
  const build = (change: Partial<typeof good> = {}, body = hello) => buildRequest({ ...good, ...change }, namespaces.feed, body)

  test.each([
    ['another path', { path: '/institutionsfeed/2' }, 404],
    ['another method', { method: 'PUT' }, 405],
    ['another content type', { contentType: 'text/xml' }, 415],
    ['a request beyond the limit', { text: 'x'.repeat(1_000_001) }, 413],
  ])('%s is turned away before any XML is read', async (_what, change, status) => {
    const unilogin = await sandbox()

    expect((await post(unilogin, { text: build(), ...change })).status).toBe(status)
  })

  test.each([
    ['not well-formed', '<a>', 'Sender', null],
    ['with a DOCTYPE', `<!DOCTYPE a>${build()}`, 'Sender', null],
    ['not SOAP 1.2', '<a/>', 'Sender', null],
    ['with an operation of another namespace', build({}, '<s:helloWorldWithCertificate/>'), 'Receiver', null],
    ['without an operation', build({}, ''), 'Receiver', null],
    ['made too long ago', build({ createdAt: testNight - 361_000 }), 'Sender', 'Signatur'],
    ['made too far ahead', build({ createdAt: testNight + 61_000 }), 'Sender', 'Signatur'],
    ['without a Timestamp', build().replace(/<wsse:Security.*<\/wsse:Security>/, ''), 'Sender', 'Signatur'],
    ['without a system', build().replace(/<bpi:UdbydersystemId.*<\/bpi:UdbydersystemId>/, ''), 'Sender', 'UdbydersytemIdMangler'],
    ['with an empty system', build({ udbydersystemId: '' }), 'Sender', 'UdbydersytemIdMangler'],
    ['from an unknown system', build({ udbydersystemId: 'FREMMED1' }), 'Sender', 'Rettigheder'],
    ['from a passive system', build({ udbydersystemId: 'PASSIV01' }), 'Sender', 'Rettigheder'],
  ])('a message %s gets its fault', async (_what, text, code, type) => {
    const kept = { kommuner: [], certificateSha256: null }
    const systems = [
      { id: 'DSSYNC01', passive: false, ...kept },
      { id: 'PASSIV01', passive: true, ...kept },
    ]
    const unilogin = await sandbox({ systems })

    const answer = await post(unilogin, { text })

    expect(answer.status).toBe(500)
    expect(readFault(bodyOf(answer.text))).toMatchObject({ code, authentificationType: type })
  })

  test('the skew is forgiven, and RelatesTo names the message as it was sent', async () => {
    const unilogin = await sandbox()

    const answer = await post(unilogin, { text: build({ createdAt: testNight - 359_000, messageId: '8f14e45f' }) })

    expect(answer.status).toBe(200)
    expect(readEnvelope(answer.text)).toMatchObject({ ok: true, value: { relatesTo: '8f14e45f' } })
  })

  test('a clock that ran away is answered with Signatur', async () => {
    const unilogin = await sandbox()
    await unilogin.side('POST', '/clock', { advanceMs: 7_200_000 })

    await expect(unilogin.target.hello()).rejects.toMatchObject({
      name: 'RetryableError',
      code: 'UNILOGIN_ACCESS_REFUSED',
      facts: { type: 'Signatur' },
    })
  })
})

describe('message security', () => {
  const ours = () => bothSecurities(pki).ours()
  const text = () => buildRequest(good, namespaces.feed, '<bpi:helloWorldWithCertificate/>')
  const good = { action: 'x', to: 'x', messageId: 'urn:uuid:1', udbydersystemId: 'DSSYNC01', createdAt: testNight }
  const stale = () =>
    buildRequest({ ...good, createdAt: testNight - 3_600_000 }, namespaces.feed, '<bpi:helloWorldWithCertificate/>')
  const flip = (xml: string, find: string, replacement: string) => {
    if (!xml.includes(find)) throw new Error(`no ${find}`)
    return xml.replace(find, replacement)
  }

  test.each([
    ['a signed one', () => ours().protect(text()), null],
    ['an unsigned one', text, 'SignaturMangler'],
    ['one signed by a stranger', () => strangers.protect(text()), 'Signatur'],
    ['one signed long ago', () => ours().protect(stale()), 'Signatur'],
    ['one with another Body', () => flip(ours().protect(text()), '<bpi:hello', '<!----><bpi:hello'), null],
    ['one with another MessageID', () => flip(ours().protect(text()), '>urn:uuid:1<', '>urn:uuid:2<'), 'Signatur'],
    ['one with another system', () => flip(ours().protect(text()), '>DSSYNC01<', '>DSSYNC02<'), 'Signatur'],
    [
      'one whose signed Body was moved aside',
      () => {
        const signed = ours().protect(text())
        const body = /<soap:Body.*<\/soap:Body>/.exec(signed)?.[0] ?? ''
        const other = '<soap:Body><bpi:helloWorldWithCertificate/></soap:Body>'
        return flip(flip(signed, body, other), '</soap:Header>', `<s:w>${body}</s:w></soap:Header>`)
      },
      'Signatur',
    ],
    ['a signed one without a system', () => ours().protect(text().replace(/<bpi:Udb.*Id>/, '')), 'UdbydersytemIdMangler'],
  ])('answers %s', async (_what, make, type) => {
    const unilogin = await sandbox({ signed: true })

    const answer = await post(unilogin, { text: make() })

    expect(readFault(bodyOf(answer.text))?.authentificationType ?? null).toBe(type)
    const message = readEnvelope(answer.text)
    expect(message.ok && ours().verify(message.value)).toEqual(new X509Certificate(pki.signing.theirs.certificate).fingerprint256)
  })

  test('goes by the sandbox clock', async () => {
    const unilogin = await sandbox({ signed: true })
    await unilogin.side('POST', '/clock', { advanceMs: 600_000 })

    const { outcome } = await unilogin.target.push(makeDelta('opret', daginstitution))

    // The fault is signed ten minutes after the time we go by, so not even the fault is believed.
    expect(outcome).toEqual({ kind: 'ambiguous', reason: expect.stringContaining('UNILOGIN_SIGNATURE_INVALID') })
  })
})

describe('the look-up', () => {
  test('shows a change only after the lag, and the state before it until then', async () => {
    const unilogin = await sandbox({ settings: { lagMs: 60_000 } })
    const renamed = { ...daginstitution, instnavn: 'Ny' }
    await unilogin.target.push(makeDelta('opret', daginstitution))
    const atOnce = await unilogin.target.readBack(['G10000'])
    await unilogin.side('POST', '/clock', { advanceMs: 60_000 })
    await unilogin.target.push(makeDelta('opdater', renamed))

    expect(atOnce.get('G10000')).toBeNull()
    expect((await unilogin.target.readBack(['G10000'])).get('G10000')).toEqual(daginstitution)
  })

  test.each([
    ['absent', null],
    ['present', daginstitution],
  ] as const)('gives a closed institution as %s when the setting says so', async (closedInLookup, expected) => {
    const unilogin = await sandbox({ settings: { closedInLookup } })
    await seed(unilogin, [], [daginstitution])

    expect((await unilogin.target.readBack(['G10000'])).get('G10000')).toEqual(expected)
  })

  test('leaves kommunenr out of some when the setting says so, the same ones every time', async () => {
    const unilogin = await sandbox({ settings: { omitKommunenrShare: 0.5 } })
    const numbers = Array.from({ length: 40 }, (_, index) => `G4${String(index).padStart(4, '0')}`)
    await seed(
      unilogin,
      numbers.map((instnr) => ({ ...anvisningsenhed, instnr })),
    )

    const first = await unilogin.target.readBack(numbers)
    const bare = [...first.values()].filter((record) => record?.kommunenr === undefined)

    expect(bare.length).toBeGreaterThan(8)
    expect(bare.length).toBeLessThan(32)
    expect(await unilogin.target.readBack(numbers)).toEqual(first)
  })
})

describe('the weather', () => {
  const numbers = Array.from({ length: 12 }, (_, index) => `G5${String(index).padStart(4, '0')}`)
  const rain = [
    { kind: 'lostAfterCommit', probability: 0.3 },
    { kind: 'unavailable', probability: 0.3 },
  ]
  const night = async (unilogin: TestUnilogin, order: readonly string[]) => {
    await unilogin.side('PUT', '/weather', rain)
    const outcomes = new Map<string, string>()
    for (const instnr of order) {
      const { outcome } = await unilogin.target.push(makeDelta('opret', { ...daginstitution, instnr }))
      outcomes.set(instnr, codeOf(outcome))
    }
    return [...outcomes].sort()
  }

  test('is the same for the same seed, in whatever order the calls come, and another for another', async () => {
    const first = await night(await sandbox({ seed: 7 }), numbers)
    const replay = await night(await sandbox({ seed: 7 }), numbers.toReversed())
    const other = await night(await sandbox({ seed: 8 }), numbers)

    expect(replay).toEqual(first)
    expect(other).not.toEqual(first)
    expect(new Set(first.map(([, code]) => code)).size).toBeGreaterThan(1)
  })

  test('keeps to its window, its operation, its number and its count', async () => {
    const unilogin = await sandbox()
    const strikes = async (rule: object) => {
      await unilogin.side('PUT', '/weather', [{ kind: 'closed', ...rule }])
      const { outcome } = await unilogin.target.push(makeDelta('opret', daginstitution))
      return outcome.kind === 'ambiguous'
    }

    // It is 02:15 in Copenhagen.
    expect(await strikes({ from: '02:00', to: '02:20' })).toBe(true)
    expect(await strikes({ from: '23:00', to: '03:00' })).toBe(true)
    expect(await strikes({ from: '01:00', to: '02:15' })).toBe(false)
    expect(await strikes({ operation: 'indlaesInstitutionDelta' })).toBe(true)
    expect(await strikes({ operation: 'hentInstitutioner' })).toBe(false)
    expect(await strikes({ instnr: 'G10000' })).toBe(true)
    expect(await strikes({ instnr: 'G10001' })).toBe(false)
    expect(await strikes({ count: 0 })).toBe(false)
  })

  test('varies the prefixes of the answers', async () => {
    const { target } = await sandbox()
    const styles = new Set<string | undefined>()
    for (const instnr of numbers) {
      const { reply } = await target.push(makeDelta('opret', { ...daginstitution, instnr }))
      styles.add(/<([\w-]+):Envelope/.exec(reply)?.[1])
    }

    expect(styles.size).toBeGreaterThan(1)
  })
})

describe('the memory', () => {
  test('outlives a restart: institutions, clocks, systems, weather and log', async () => {
    const unilogin = await sandbox()
    const delta = makeDelta('opret', daginstitution)
    await unilogin.target.push(delta)
    await unilogin.side('PUT', '/systems', [{ id: 'DSSYNC01' }, { id: 'ANDET001', kommuner: ['101'] }])
    await unilogin.side('PUT', '/weather', [{ kind: 'slow', count: 0 }])
    await unilogin.side('POST', '/clock', { advanceMs: 1_000 })
    const remembered = () =>
      Promise.all(['/systems', '/weather', '/clock', '/calls', '/institutions/G10000'].map((path) => unilogin.side('GET', path)))
    const before = await remembered()

    await unilogin.restart()

    expect(await remembered()).toEqual(before)
    expect((await unilogin.target.push(delta)).outcome).toMatchObject({ kind: 'refused', code: 'IKKE_NYERE' })
  })

  test('is empty after a reset', async () => {
    const unilogin = await sandbox()
    await unilogin.target.push(makeDelta('opret', daginstitution))
    await unilogin.side('PUT', '/weather', [{ kind: 'reset' }])

    await unilogin.side('POST', '/reset')

    expect(await unilogin.side('GET', '/institutions')).toEqual({ open: 0, closed: 0 })
    expect(await unilogin.side('GET', '/calls')).toEqual({ counts: [], calls: [] })
    expect((await unilogin.target.push(makeDelta('opret', daginstitution))).outcome.kind).toBe('accepted')
  })

  test('logs ids and codes, and nothing of what the fields hold', async () => {
    const unilogin = await sandbox()
    const delta = makeDelta('opret', daginstitution)
    await unilogin.target.push(delta)

    const log = await unilogin.side('GET', '/calls')

    expect(log).toMatchObject({
      counts: [{ operation: 'indlaesInstitutionDelta', outcome: 'OK', weather: null, calls: 1 }],
      calls: [{ verb: 'opret', instnr: 'G10000', system: 'DSSYNC01', deltaId: delta.deltaId, httpStatus: 200 }],
    })
    expect(JSON.stringify(log)).not.toContain('Ærtebjerg')
  })

  test('is not touched by nonsense at the side door', async () => {
    const unilogin = await sandbox()

    await expect(unilogin.side('PUT', '/weather', [{ kind: 'hagl' }])).rejects.toThrow('400')
    await expect(unilogin.side('POST', '/clock', { at: 'i morgen' })).rejects.toThrow('400')
    await expect(unilogin.side('PUT', '/institutions', [{ record: { instnr: 'x' } }])).rejects.toThrow('400')
    expect(await unilogin.side('GET', '/weather')).toEqual([])
  })
})

describe('the published contract', () => {
  const xsd = join(packageRoot, 'config/schemas/institutionsfeed-1.xsd')

  test('is handed out with the address of the endpoint', async () => {
    const unilogin = await sandbox()

    const wsdl = await post(unilogin, { method: 'GET', path: `${feedService.path}?wsdl` })
    const schema = await post(unilogin, { method: 'GET', path: `${feedService.path}?xsd` })

    expect(wsdl.text).toContain(`location="${unilogin.url}/institutionsfeed/1"`)
    expect(readXml(wsdl.text).ok).toBe(true)
    expect(schema.text).toContain('targetNamespace="urn:dagtilbud:institutionsfeed:1"')
  })

  test('holds for what the target sends and the sandbox answers', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'unilogin-xsd-'))
    toClose.push(() => rm(folder, { recursive: true }))
    const unilogin = await sandbox()
    const exchanges: Exchange[] = []
    for (const delta of [
      makeDelta('opret', daginstitution),
      makeDelta('opret', {
        ...anvisningsenhed,
        instnavn: 'Æ & "Ø" <å>',
        adresse: 'Ærtevej 12A, st. tv',
        www: 'https://example.dk/?a=1&b=2',
      }),
      makeDelta('opdater', daginstitution),
      makeDelta('opdater', { ...daginstitution, type3: '6099' }),
      makeDelta('nedlaeg', { instnr: 'G10000' }),
      makeDelta('opdater', daginstitution, { sourceDateTime: '2026-01-01T00:00:00' }),
    ]) {
      exchanges.push(await unilogin.target.push(delta))
    }
    const documents = exchanges.flatMap(({ request, reply }) => [bodyOf(request), contentOf(bodyOf(reply))])
    const files = documents.map((_, index) => join(folder, `${index}.xml`))
    for (const [index, document] of documents.entries()) {
      await writeFile(files[index] ?? '', new XMLSerializer().serializeToString(document))
    }

    const { stderr } = await promisify(execFile)('xmllint', ['--nonet', '--noout', '--schema', xsd, ...files])

    expect(exchanges.map(({ outcome }) => codeOf(outcome))).toEqual([
      'OK',
      'OK',
      'UAENDRET',
      'KODE_UKENDT',
      'HAR_UNDERENHEDER',
      'IKKE_NYERE',
    ])
    expect(stderr.trim().split('\n')).toEqual(files.map((file) => `${file} validates`))
  })
})

/** The one word that says what became of a delta. */
function codeOf(outcome: CallOutcome): string {
  switch (outcome.kind) {
    case 'accepted':
    case 'refused':
      return outcome.code
    case 'authFault':
      return outcome.type
    case 'notSent':
    case 'ambiguous':
      return `${outcome.kind}: ${outcome.reason}`
  }
}

/** What the sandbox holds of a number; null when it does not know it. */
async function states(unilogin: TestUnilogin, instnr: string): Promise<unknown> {
  return unilogin.side('GET', `/institutions/${instnr}`).catch(() => null)
}

async function calls(unilogin: TestUnilogin): Promise<readonly unknown[]> {
  return ((await unilogin.side('GET', '/calls')) as { calls: readonly unknown[] }).calls
}

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve))
}

interface RawPost {
  readonly method?: string
  readonly path?: string
  readonly contentType?: string
  readonly text?: string
}

/** A request as it stands, past the target. */
function post(
  unilogin: TestUnilogin,
  { method = 'POST', path = feedService.path, contentType, text }: RawPost,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': contentType ?? 'application/soap+xml; charset=UTF-8' }
    const request = httpsRequest(unilogin.url + path, { method, headers, ca: pki.ca.certificate, agent: false }, (response) => {
      let answer = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        answer += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: answer }))
    })
    request.on('error', reject)
    request.end(text)
  })
}

function bodyOf(envelope: string): XmlElement {
  const read = readEnvelope(envelope)
  if (!read.ok || read.value.body === null) throw new Error(read.ok ? 'an empty body' : read.problem)
  return read.value.body
}

/** The answer itself, or what a refusal carries in its detail. */
function contentOf(body: XmlElement): XmlElement {
  const refusal = body.getElementsByTagNameNS(namespaces.feed, 'afvisning')[0]
  return refusal ?? body
}
