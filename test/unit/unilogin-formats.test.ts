import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type InstitutionRecord, institutionRecordFields } from '../../src/domain/institution-record.ts'
import { buildHelloAnswer, buildHelloRequest, isHelloRequest, readHelloAnswer } from '../../src/formats/unilogin/hello-world.ts'
import {
  buildDeltaAnswer,
  buildDeltaRequest,
  type DeltaRequest,
  readDeltaAnswer,
  readDeltaRequest,
} from '../../src/formats/unilogin/institution-delta.ts'
import { findTooLongField } from '../../src/formats/unilogin/institution-field-limits.ts'
import {
  buildLookupAnswer,
  buildLookupRequest,
  readLookupAnswer,
  readLookupRequest,
} from '../../src/formats/unilogin/institution-lookup.ts'
import { namespaces } from '../../src/formats/unilogin/namespaces.ts'
import { readXml, type XmlElement } from '../../src/formats/unilogin/read-xml.ts'
import {
  buildAnswer,
  buildRequest,
  defaultPrefixes,
  messageLifeMs,
  type Prefixes,
  readEnvelope,
} from '../../src/formats/unilogin/soap-envelope.ts'
import { buildFault, type FaultContent, readFault } from '../../src/formats/unilogin/soap-fault.ts'
import { escapeAttribute, escapeText, findIllegalCharacter } from '../../src/formats/unilogin/xml-text.ts'

const at = Date.parse('2026-11-24T01:15:00Z')
const messageId = 'urn:uuid:3f0c9c1e-7d0e-4a59-9a52-0d1a2b3c4d5e'
const strangePrefixes: Prefixes = { soap: 'SOAP-ENV', wsa: 'a', wsse: 'o', wsu: 'u', bpi: 'f', service: 'soap' }

/** Text as suppliers write it, and as nobody should: any character XML can carry. */
const legalText = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom('æ', 'ø', 'å', 'Æ', '&', '<', '>', '"', "'", ']', '\r', '\n', '\t', ' ', '\u0085', '\u2028', '\uFFFD'),
      fc.string({ unit: 'binary', maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 30,
  })
  .filter((text) => text !== '' && findIllegalCharacter(text) === null)
const anyRecord: fc.Arbitrary<InstitutionRecord> = fc
  .record(Object.fromEntries(institutionRecordFields.map((name) => [name, legalText])), { requiredKeys: [] })
  .map((fields) => ({ ...fields, instnr: 'G12345' }))
const anyDelta: fc.Arbitrary<DeltaRequest> = fc.record({
  deltaId: fc.uuid(),
  operation: fc.constantFrom('opret', 'opdater', 'flyt', 'nedlaeg'),
  source: legalText,
  sourceDateTime: fc.constant('2026-11-24T02:15:00'),
  record: anyRecord,
})
const anyPrefixes = fc.constantFrom(defaultPrefixes, strangePrefixes)

describe('a document', () => {
  test('says the same after the journey, whatever the text and the prefixes', () => {
    fc.assert(
      fc.property(anyDelta, anyPrefixes, (delta, prefixes) => {
        const header = { action: 'a', to: 'https://localhost/', messageId, udbydersystemId: 'US', createdAt: at }
        const request = buildRequest(header, namespaces.feed, buildDeltaRequest(delta, prefixes.service), prefixes)

        expect(readDeltaRequest(bodyOf(request))).toEqual({ ok: true, value: delta })
      }),
      { numRuns: 60 },
    )
  })

  test('of a look-up says the same after the journey', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 3 }), anyPrefixes, (records, prefixes) => {
        const answer = buildLookupAnswer(records, prefixes.service)

        expect(readLookupAnswer(inService(answer, namespaces.wsiInst, prefixes))).toEqual({ ok: true, value: records })
      }),
      { numRuns: 30 },
    )
    const request = inService(buildLookupRequest(['G12345', 'A1B2C3'], 's'), namespaces.wsiInst)
    expect(readLookupRequest(request)).toEqual({ ok: true, value: ['G12345', 'A1B2C3'] })
  })

  test('of the answer to a delta says the same after the journey', () => {
    const answer = { reskode: 'OK', restekst: 'Æ & <b>', deltaId: crypto.randomUUID(), sourceDateTime: '2026-11-24T02:15:00' }

    expect(readDeltaAnswer(inService(buildDeltaAnswer(answer, 's'), namespaces.feed))).toEqual({ ok: true, value: answer })
  })

  test('of the ping says the same after the journey', () => {
    expect(isHelloRequest(inService(buildHelloRequest('bpi'), namespaces.feed))).toBe(true)
    expect(readHelloAnswer(inService(buildHelloAnswer('US&1', 'bpi'), namespaces.feed))).toEqual({
      ok: true,
      value: 'Hello US&1!',
    })
  })

  test('leaves an empty field out', () => {
    const delta = {
      deltaId: crypto.randomUUID(),
      operation: 'opret',
      source: 's',
      sourceDateTime: '2026-11-24T02:15:00',
    } as const
    const request = buildDeltaRequest({ ...delta, record: { instnr: 'G12345', instnavn: '' } }, 'f')

    expect(request).not.toContain('instnavn')
  })
})

describe('the envelope', () => {
  test('of a request carries its headers and a Timestamp of five minutes', () => {
    const header = { action: 'urn:x/y', to: 'https://localhost/z', messageId, udbydersystemId: 'DSSYNC01', createdAt: at }

    const read = readEnvelope(buildRequest(header, namespaces.feed, '', strangePrefixes))

    expect(read).toEqual({
      ok: true,
      value: {
        action: 'urn:x/y',
        messageId,
        relatesTo: null,
        udbydersystemId: 'DSSYNC01',
        timestamp: { createdAt: at, expiresAt: at + messageLifeMs },
        body: null,
        envelope: expect.anything(),
      },
    })
  })

  test('of an answer names the request', () => {
    const header = { action: 'x', messageId: 'urn:uuid:1', relatesTo: messageId, createdAt: at }

    expect(readEnvelope(buildAnswer(header, namespaces.feed, ''))).toMatchObject({ ok: true, value: { relatesTo: messageId } })
  })

  test.each([
    ['another root', '<html/>', 'not a SOAP 1.2 envelope'],
    [
      'SOAP 1.1',
      '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>',
      'not a SOAP 1.2 envelope',
    ],
    ['no Body', `<e:Envelope xmlns:e="${namespaces.soap}"/>`, 'an envelope has exactly one Body'],
    [
      'two Bodies',
      `<e:Envelope xmlns:e="${namespaces.soap}"><e:Body/><e:Body/></e:Envelope>`,
      'an envelope has exactly one Body',
    ],
    [
      'two elements in the Body',
      `<e:Envelope xmlns:e="${namespaces.soap}"><e:Body><a/><b/></e:Body></e:Envelope>`,
      'more than one element in the Body',
    ],
  ])('with %s is refused', (_what, text, problem) => {
    expect(readEnvelope(text)).toEqual({ ok: false, problem })
  })
})

describe('XML', () => {
  test.each([
    ['elements too deep to be a message of ours', '<a>'.repeat(51) + '</a>'.repeat(51)],
    ['too many attributes in one element', `<a ${Array.from({ length: 101 }, (_, i) => `b${i}=""`).join(' ')}/>`],
    ['a comment that is not closed', '<a/><!-- &'],
    ['CDATA that is not closed', '<a><![CDATA[ &</a>'],
    ['a DOCTYPE', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['a DOCTYPE in small letters', '<!doctype a><a/>'],
    ['a control character', '<a>\u0001</a>'],
    ['a reference to a control character', '<a>&#1;</a>'],
    ['a reference to NUL', '<a>&#0;</a>'],
    ['a reference to half a character', '<a>&#xD800;</a>'],
    ['a reference beyond Unicode', '<a>&#x110000;</a>'],
    ['an unknown entity', '<a>&nbsp;</a>'],
    ['a bare ampersand', '<a>Leg & Lær</a>'],
    ['a bare ampersand in an attribute', '<a b="Leg & Lær"/>'],
    ['a stray ]]>', '<a>]]></a>'],
    ['an unclosed element', '<a>'],
    ['two roots', '<a/><b/>'],
    ['text before the root', 'x<a/>'],
    ['an unquoted attribute', '<a b=c/>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['an unbound prefix', '<p:a/>'],
    ['nothing', ''],
  ])('with %s is refused', (_what, text) => {
    expect(readXml(text).ok).toBe(false)
  })

  test('with a byte order mark, references and CDATA is read', () => {
    const root = rootOf('\uFEFF<?xml version="1.0"?><a>&#230;&#xF8;<![CDATA[å & <b>]]>&amp;</a>')

    expect(root.textContent).toBe('æøå & <b>&')
  })

  test('is never written with a character it cannot carry', () => {
    const anyText = fc.string({
      unit: fc.oneof(
        fc.string({ unit: 'binary', maxLength: 1 }),
        fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
      ),
    })
    fc.assert(
      fc.property(anyText, (text) => {
        if (findIllegalCharacter(text) === null) {
          const root = rootOf(`<a b="${escapeAttribute(text, 'b')}">${escapeText(text, 'a')}</a>`)
          expect([root.textContent, root.getAttribute('b')]).toEqual([text, text])
        } else {
          expect(() => escapeText(text, 'a')).toThrow(expect.objectContaining({ code: 'UNILOGIN_TEXT_UNSENDABLE' }))
          expect(() => escapeAttribute(text, 'b')).toThrow(expect.objectContaining({ code: 'UNILOGIN_TEXT_UNSENDABLE' }))
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('a request that breaks the schema', () => {
  const good = buildDeltaRequest(
    {
      deltaId: '00000000-0000-4000-8000-000000000001',
      operation: 'opret',
      source: 's',
      sourceDateTime: '2026-11-24T02:15:00',
      record: { instnr: 'G12345', instnavn: 'x', postnr: '2860' },
    },
    's',
  )

  test.each([
    ['a deltaId that is no UUID', /deltaId="[^"]*"/, 'deltaId="1"'],
    ['an unknown operation', 'opret', 'slet'],
    ['no source', 'source="s"', 'source=""'],
    ['a time with an offset', '02:15:00', '02:15:00Z'],
    ['a time with milliseconds', '02:15:00', '02:15:00.000'],
    ['a date that does not exist', '2026-11-24', '2026-11-31'],
    ['a number in small letters', 'G12345', 'g12345'],
    ['no number', /<s:instnr>.*<\/s:instnr>/, ''],
    ['an unknown element', '<s:postnr>', '<s:cvr>1</s:cvr><s:postnr>'],
    ['an element of another namespace', '<s:postnr>', '<postnr>1</postnr><s:postnr>'],
    ['an element twice', '<s:postnr>', '<s:instnavn>y</s:instnavn><s:postnr>'],
    ['an empty element', '<s:postnr>', '<s:bynavn/><s:postnr>'],
    ['an element inside a field', '>x<', '><s:b>x</s:b><'],
    ['two institutions', '</s:institution>', '</s:institution><s:institution/>'],
  ])('by %s is not read', (_what, find, replacement) => {
    expect(readDeltaRequest(inService(good, namespaces.feed)).ok).toBe(true)
    expect(readDeltaRequest(inService(good.replace(find, replacement), namespaces.feed)).ok).toBe(false)
  })
})

describe('a fault', () => {
  const afvisning = {
    kode: 'IKKE_NYERE',
    tekst: 'For gammel <',
    instnr: 'G12345',
    felt: null,
    sidsteSourceDateTime: '2026-11-24T02:15:00',
  }

  test.each<[string, FaultContent, object]>([
    [
      'an access fault',
      { code: 'Sender', reason: 'nej', authentificationType: 'Rettigheder' },
      { authentificationType: 'Rettigheder', subcode: 'Rettigheder' },
    ],
    ['a refusal', { code: 'Sender', reason: 'nej', afvisning }, { afvisning, authentificationType: null }],
    [
      'a fault of the server',
      { code: 'Receiver', reason: 'nej', detail: '<x/>' },
      { code: 'Receiver', afvisning: null, authentificationType: null },
    ],
  ])('of the kind "%s" is read in any prefixes', (_what, content, expected) => {
    for (const prefixes of [defaultPrefixes, strangePrefixes]) {
      const text = buildAnswer(
        { action: 'x', messageId, relatesTo: null, createdAt: at },
        namespaces.feed,
        buildFault(content, prefixes),
        prefixes,
      )

      expect(readFault(bodyOf(text))).toMatchObject({ reason: 'nej', ...expected })
    }
  })

  test('is known by its subcode when it has no detail, and the detail is believed first', () => {
    const fault = (detail: string) =>
      rootOf(
        `<s:Fault xmlns:s="${namespaces.soap}" xmlns:bpi="${namespaces.bpi}"><s:Code><s:Value>s:Sender</s:Value><s:Subcode>` +
          `<s:Value>x:SignaturMangler</s:Value></s:Subcode></s:Code><s:Reason><s:Text>x</s:Text></s:Reason>${detail}</s:Fault>`,
      )
    const detail = '<s:Detail><bpi:authentificationError><bpi:type>Rettigheder</bpi:type></bpi:authentificationError></s:Detail>'

    expect(readFault(fault(''))?.authentificationType).toBe('SignaturMangler')
    expect(readFault(fault(detail))?.authentificationType).toBe('Rettigheder')
  })

  test('with an unknown subcode alone is no access fault', () => {
    const text = `<s:Fault xmlns:s="${namespaces.soap}"><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>x:Other</s:Value></s:Subcode></s:Code></s:Fault>`

    expect(readFault(rootOf(text))).toMatchObject({ authentificationType: null, subcode: 'Other', reason: '' })
  })
})

test('lengths are counted in UTF-8 bytes', () => {
  expect(findTooLongField({ instnr: 'G12345', instnavn: 'æ'.repeat(66) })).toBeNull()
  expect(findTooLongField({ instnr: 'G12345', instnavn: 'æ'.repeat(67) })).toBe('instnavn')
})

function rootOf(text: string): XmlElement {
  const root = readXml(text)
  if (!root.ok) throw new Error(root.problem)
  return root.value
}

function bodyOf(envelope: string): XmlElement {
  const read = readEnvelope(envelope)
  if (!read.ok || read.value.body === null) throw new Error(read.ok ? 'an empty body' : read.problem)
  return read.value.body
}

function inService(body: string, service: string, prefixes = defaultPrefixes): XmlElement {
  return bodyOf(buildAnswer({ action: 'x', messageId, relatesTo: null, createdAt: at }, service, body, prefixes))
}
