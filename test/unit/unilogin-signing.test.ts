import { createPrivateKey, X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { SignedXml } from 'xml-crypto'
import type { FatalError } from '../../src/domain/errors.ts'
import { createCertificateTrust } from '../../src/formats/unilogin/certificate-trust.ts'
import { buildDeltaRequest, readDeltaRequest } from '../../src/formats/unilogin/institution-delta.ts'
import { headerOnly, type MessageSecurity } from '../../src/formats/unilogin/message-security.ts'
import { namespaces } from '../../src/formats/unilogin/namespaces.ts'
import {
  buildAnswer,
  buildRequest,
  defaultPrefixes,
  type Prefixes,
  readEnvelope,
} from '../../src/formats/unilogin/soap-envelope.ts'
import { findIllegalCharacter } from '../../src/formats/unilogin/xml-text.ts'
import { createTestCa } from '../../src/sandbox/test-ca.ts'
import { type SigningPki, securityOf, signingPki, testNight } from '../kit/signing-pki.ts'

const strangePrefixes: Prefixes = { soap: 'SOAP-ENV', wsa: 'a', wsse: 'o', wsu: 'u', bpi: 'f', service: 'soap' }
const header = {
  action: 'urn:x/y',
  to: 'https://localhost/z',
  messageId: 'urn:uuid:3f0c9c1e-7d0e-4a59-9a52-0d1a2b3c4d5e',
  udbydersystemId: 'DSSYNC01',
  createdAt: testNight,
}
const delta = {
  deltaId: '00000000-0000-4000-8000-000000000001',
  operation: 'opret',
  source: 'Prøve',
  sourceDateTime: '2026-11-24T02:15:00',
  record: { instnr: 'G10000', instnavn: 'Børnehuset Ærtebjerg', admkommunenr: '159', enhedsart: 'Daginstitution' },
} as const

let pki: SigningPki
let security: MessageSecurity
let request: string
let answer: string

beforeAll(async () => {
  pki = await signingPki()
  security = securityOf(pki.ours, pki.ca.certificate)
  request = security.protect(unsigned())
  const answered = { ...header, relatesTo: header.messageId }
  answer = securityOf(pki.theirs, pki.ca.certificate).protect(buildAnswer(answered, namespaces.feed, '<s:x>1</s:x>'))
})

describe('a signed message', () => {
  test('is believed, whatever its prefixes and its text, and says what it said before', () => {
    const text = fc
      .string({
        unit: fc.oneof(
          fc.constantFrom(
            'æ',
            'Å',
            '&',
            '<',
            '>',
            '"',
            "'",
            ']]>',
            '\r',
            '\r\n',
            '\n',
            '\t',
            ' ',
            '\u0085',
            '\u2028',
            '<?x?>',
            '<!--',
          ),
          fc.string({ unit: 'binary', maxLength: 1 }),
        ),
        minLength: 1,
        maxLength: 20,
      })
      .filter((value) => value !== '' && findIllegalCharacter(value) === null)
    fc.assert(
      fc.property(text, text, fc.constantFrom(defaultPrefixes, strangePrefixes), (instnavn, source, prefixes) => {
        const said = { ...delta, source, record: { ...delta.record, instnavn } }
        const xml = buildRequest(
          { ...header, udbydersystemId: source },
          namespaces.feed,
          buildDeltaRequest(said, prefixes.service),
          prefixes,
        )

        const message = read(security.protect(xml))

        expect(security.verify(message)).toBe(new X509Certificate(pki.ours.certificate).fingerprint256)
        expect(message.body === null ? null : readDeltaRequest(message.body)).toEqual({ ok: true, value: said })
      }),
      { numRuns: 30 },
    )
  })

  test('is the message with a certificate and a signature added, and not a byte changed beside them', () => {
    const bare = request.replace(/<wsse:BinarySecurityToken.*<\/ds:Signature>/, '')

    expect(bare).toBe(unsigned())
  })

  test('is signed over Body, Timestamp, the addressing headers, the system id and the certificate', () => {
    const names = [...request.matchAll(/Reference URI="#([A-Za-z]+)-[^"]*"><ds:Transforms/g)].map(([, name]) => name)

    expect(names).toEqual(['Action', 'To', 'ReplyTo', 'MessageID', 'UdbydersystemId', 'Timestamp', 'BST', 'Body'])
  })

  test('holds for another implementation of the whole check', () => {
    for (const [xml, signer] of [
      [request, pki.ours],
      [answer, pki.theirs],
    ] as const) {
      const other = new SignedXml({ idMode: 'wssecurity', publicCert: signer.certificate, getCertFromKeyInfo: () => null })
      other.loadSignature(/<ds:Signature .*<\/ds:Signature>/.exec(xml)?.[0] ?? '')

      expect(other.checkSignature(xml)).toBe(true)
    }
  })

  test('made by another implementation is believed', () => {
    const tokenFrom = request.indexOf('<wsse:BinarySecurityToken')
    const signatureFrom = request.indexOf('<ds:Signature ')
    const end = request.indexOf('</wsse:Security>')
    const bare = request.slice(0, signatureFrom) + request.slice(end)
    const tokenId = /#(BST-\w+)/.exec(request)?.[1]
    const other = new SignedXml({
      idMode: 'wssecurity',
      privateKey: pki.ours.privateKey,
      signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#',
      getKeyInfoContent: () =>
        `<wsse:SecurityTokenReference xmlns:wsse="${namespaces.wsse}"><wsse:Reference URI="#${tokenId}"/></wsse:SecurityTokenReference>`,
    })
    other.addReference({
      xpath: "//*[@*[local-name()='Id']]",
      transforms: ['http://www.w3.org/2001/10/xml-exc-c14n#'],
      digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
    })

    other.computeSignature(bare, { location: { reference: "//*[local-name()='BinarySecurityToken']", action: 'after' } })

    expect(tokenFrom).toBeGreaterThan(0)
    expect(problemOf(other.getSignedXml())).toBeNull()
  })
})

describe('a message that was changed', () => {
  /** Where signed bytes lie: the headers with an Id, the certificate, SignedInfo, and the Body. */
  const signedRanges = (xml: string) =>
    [
      /<wsa:Action.*<\/bpi:UdbydersystemId>/,
      /<wsu:Timestamp.*<\/wsse:BinarySecurityToken>/,
      /<ds:SignedInfo.*<\/ds:SignedInfo>/,
      /<soap:Body.*<\/soap:Body>/,
    ].map((pattern) => {
      const found = pattern.exec(xml)
      if (found === null) throw new Error(`nothing like ${pattern}`)
      return [found.index, found.index + found[0].length] as const
    })

  test('by one character anywhere in what is signed is never believed', () => {
    // A declaration that repeats the one above it may go without changing what the message says.
    const declared = [...request.matchAll(/ xmlns:\w+=/g)].map(({ index }) => index)
    const positions = signedRanges(request)
      .flatMap(([from, to]) => Array.from({ length: to - from }, (_, index) => from + index))
      .filter((at) => !declared.some((from) => at > from + 6 && at < from + 11))
    const chosen = positions.filter((_, index) => index % 29 === 0)
    for (const at of chosen) {
      const other = request[at] === 'x' ? 'y' : 'x'
      const changed = request.slice(0, at) + other + request.slice(at + 1)

      expect([at, problemOf(changed)]).not.toEqual([at, null])
    }
    expect(chosen.length).toBeGreaterThan(120)
  })

  test('by one bit of the signature value is never believed', () => {
    const [, value = ''] = /<ds:SignatureValue>([^<]+)</.exec(request) ?? []
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2047 }), (bit) => {
        const bytes = Buffer.from(value, 'base64')
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))

        expect(problemOf(request.replace(value, bytes.toString('base64')))).toContain('the signature value is wrong')
      }),
      { numRuns: 30 },
    )
  })

  const other = '<soap:Body wsu:Id="Body-2"><s:x>2</s:x></soap:Body>'
  const body = /<soap:Body.*<\/soap:Body>/
  const wrapInHeader = (part: string) => `<s:Wrapper>${part}</s:Wrapper></soap:Header>`
  const move = (pattern: RegExp, replacement: string) => (xml: string) => {
    const part = pattern.exec(xml)?.[0] ?? ''
    return xml.replace(pattern, replacement).replace('</soap:Header>', wrapInHeader(part))
  }
  const cases: readonly (readonly [string, (xml: string) => string, string])[] = [
    ['the signed Body in a wrapper, another in its place', move(body, other), 'Body is not signed'],
    [
      'the signed Body in a wrapper, another with its Id in its place',
      (xml) => move(body, other.replace('Body-2', /Body-[\w-]+/.exec(xml)?.[0] ?? ''))(xml),
      'an Id stands twice',
    ],
    [
      'another Body with the same Id in a differently spelt attribute',
      (xml) => move(body, other.replace('wsu:Id="Body-2"', `ID="${/Body-[\w-]+/.exec(xml)?.[0]}"`))(xml),
      'an Id stands twice',
    ],
    ['two Bodies', (xml) => xml.replace(body, (part) => other + part), 'exactly one Body'],
    ['no Body', (xml) => move(body, '')(xml), 'exactly one Body'],
    [
      'the signed Timestamp in a wrapper, a fresh one in its place',
      move(
        /<wsu:Timestamp.*<\/wsu:Timestamp>/,
        '<wsu:Timestamp><wsu:Created>2026-11-24T01:15:00Z</wsu:Created><wsu:Expires>2026-11-24T01:20:00Z</wsu:Expires></wsu:Timestamp>',
      ),
      'Timestamp is not signed',
    ],
    [
      'a second Timestamp',
      (xml) => xml.replace('<wsse:BinarySecurityToken', '<wsu:Timestamp/><wsse:BinarySecurityToken'),
      'Timestamp is not signed',
    ],
    [
      'the signed RelatesTo in a wrapper, ours in its place',
      move(/<wsa:RelatesTo.*<\/wsa:RelatesTo>/, '<wsa:RelatesTo>urn:uuid:2</wsa:RelatesTo>'),
      'RelatesTo is not signed',
    ],
    [
      'a second RelatesTo',
      (xml) => xml.replace('<wsa:RelatesTo', '<wsa:RelatesTo>urn:uuid:2</wsa:RelatesTo><wsa:RelatesTo'),
      'RelatesTo is not signed',
    ],
    [
      'an unsigned UdbydersystemId',
      (xml) => xml.replace('<wsa:Action', '<bpi:UdbydersystemId>X</bpi:UdbydersystemId><wsa:Action'),
      'UdbydersystemId is not signed',
    ],
    ['a second Header', (xml) => xml.replace('<soap:Header>', '<soap:Header/><soap:Header>'), 'one Security header'],
    ['a second Security header', (xml) => xml.replace('<wsse:Security', '<wsse:Security/><wsse:Security'), 'one Security header'],
    ['two signatures', (xml) => xml.replace(/<ds:Signature .*<\/ds:Signature>/, (part) => part + part), 'one signature'],
    ['SHA-1 asked for', (xml) => xml.replace('xmldsig-more#rsa-sha256', 'xmldsig#rsa-sha1'), 'another signature method'],
    [
      'another canonicalization',
      (xml) =>
        xml.replace(
          'CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"',
          'CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"',
        ),
      'another canonicalization',
    ],
    ['no certificate', (xml) => xml.replace(/<wsse:BinarySecurityToken.*<\/wsse:BinarySecurityToken>/, ''), 'no certificate'],
    ['a certificate that cannot be read', (xml) => xml.replace(/(Base64Binary">)[^<]+/, '$1AAAA'), 'cannot be read'],
    [
      'a pointer to the certificate that leads elsewhere',
      (xml) => xml.replace(/Reference URI="#BST-\w+" ValueType/, 'Reference URI="#Body-1" ValueType'),
      'no certificate',
    ],
    ['an attribute that looks like a declaration', (xml) => xml.replace('<s:x>', '<s:x xmlnsa="b">'), 'looks like'],
    ['a processing instruction', (xml) => xml.replace('<s:x>', '<s:x><?a b?>'), 'processing instruction'],
  ]

  test.each(cases)('with %s is never believed', (_what, change, problem) => {
    const changed = change(answer)

    expect(changed).not.toBe(answer)
    expect(problemOf(changed)).toContain(problem)
  })

  test.each([
    [
      'an unsigned reference added',
      (signedInfo: string) => signedInfo.replace('</ds:SignedInfo>', '<ds:Reference URI="#Body-9"/></ds:SignedInfo>'),
    ],
    [
      'the reference to the Body taken out',
      (signedInfo: string) => signedInfo.replace(/<ds:Reference URI="#Body.*?<\/ds:Reference>/, ''),
    ],
  ])('with %s is never believed', (_what, change) => {
    const changed = answer.replace(/<ds:SignedInfo.*<\/ds:SignedInfo>/, change)

    expect(changed).not.toBe(answer)
    expect(problemOf(changed)).toContain('the signature value is wrong')
  })

  test('by a comment says the same, and is believed', () => {
    expect(problemOf(answer.replace('<s:x>', '<s:x><!-- no part of what is signed -->'))).toBeNull()
  })
})

describe('a signature is believed', () => {
  const fiveMinutes = 5 * 60_000

  test.each([
    ['made just now', 0, null],
    ['at the end of its time and the skew', fiveMinutes + 60_000, null],
    ['after that', fiveMinutes + 61_000, 'its Timestamp is not of now'],
    ['made ahead of our clock, within the skew', -60_000, null],
    ['made further ahead', -61_000, 'its Timestamp is not of now'],
    ['after the certificate has run out', 366 * 86_400_000, 'not valid at this time'],
    ['before the certificate is valid', -2 * 86_400_000, 'not valid at this time'],
  ])('%s: %s ms later gives %s', (_what, laterMs, problem) => {
    const then = securityOf(pki.ours, pki.ca.certificate, { now: () => testNight + laterMs })

    expect(problemOf(request, then)).toEqual(problem === null ? null : expect.stringContaining(problem))
  })

  test('only from an authority we trust, and from a certificate we were told of, where we were', async () => {
    const stranger = await createTestCa(testNight)
    const { certificate } = pki.ca
    const trusting = (anchors: Parameters<typeof createCertificateTrust>[0]) =>
      problemOf(request, securityOf(pki.ours, certificate, { trust: createCertificateTrust(anchors) }))

    expect(trusting({ authorities: stranger.certificate })).toContain('no authority we trust')
    expect(trusting({ authorities: stranger.certificate + certificate })).toBeNull()
    expect(trusting({ certificates: pki.ours.certificate })).toBeNull()
    expect(trusting({ certificates: pki.theirs.certificate })).toContain('not one of those')
    expect(trusting({ authorities: certificate, certificates: pki.theirs.certificate + pki.ours.certificate })).toBeNull()
    expect(trusting({ authorities: stranger.certificate, certificates: pki.ours.certificate })).toContain('no authority we trust')
    expect(trusting({ authorities: pki.ours.certificate })).toContain('no authority we trust')
  })

  test('not from a key that is not RSA', async () => {
    const { certificate, privateKey } = await pki.ca.issue({ commonName: 'x', usage: 'client' })
    const identity = {
      certificate: new X509Certificate(certificate).raw.toString('base64'),
      privateKey: createPrivateKey(privateKey),
    }
    const signed = securityOf(pki.ours, pki.ca.certificate, { identity }).protect(unsigned())

    expect(problemOf(signed)).toContain('not RSA')
  })

  test('not when there is none', () => {
    const found = doubtOf(unsigned())

    expect(found).toMatchObject({ code: 'UNILOGIN_SIGNATURE_MISSING', name: 'FatalError' })
    expect(headerOnly.verify(read(unsigned()))).toBeNull()
  })
})

function unsigned(): string {
  return buildRequest(header, namespaces.feed, buildDeltaRequest(delta, 's'))
}

function read(xml: string) {
  const message = readEnvelope(xml)
  if (!message.ok) throw new Error(message.problem)
  return message.value
}

function doubtOf(xml: string, by = security): FatalError | null {
  try {
    by.verify(read(xml))
    return null
  } catch (error) {
    return error as FatalError
  }
}

/** Why a message is not believed, be it that it cannot even be read; null when it is. */
function problemOf(xml: string, by = security): string | null {
  return doubtOf(xml, by)?.message ?? null
}
