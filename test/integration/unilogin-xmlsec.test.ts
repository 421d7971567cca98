import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildDeltaAnswer } from '../../src/formats/unilogin/institution-delta.ts'
import type { MessageSecurity } from '../../src/formats/unilogin/message-security.ts'
import { namespaces } from '../../src/formats/unilogin/namespaces.ts'
import { buildAnswer, defaultPrefixes, type Prefixes, readEnvelope } from '../../src/formats/unilogin/soap-envelope.ts'
import { type SigningPki, securityOf, signingPki, testNight } from '../kit/signing-pki.ts'

/*
 * Our signatures beside those of xmlsec1, a program of other hands on another XML library, in both directions.
 */

const run = promisify(execFile)
const strangePrefixes: Prefixes = { soap: 'SOAP-ENV', wsa: 'a', wsse: 'o', wsu: 'u', bpi: 'f', service: 'soap' }
const idAttributes = ['Body', 'Timestamp', 'MessageID', 'Action', 'To', 'RelatesTo', 'BinarySecurityToken'].flatMap((name) => [
  '--id-attr:Id',
  name,
])

let pki: SigningPki
let security: MessageSecurity
let folder: string

beforeAll(async () => {
  pki = await signingPki()
  security = securityOf(pki.theirs, pki.ca.certificate)
  folder = await mkdtemp(join(tmpdir(), 'xmlsec-'))
  await Promise.all([
    writeFile(join(folder, 'cert.pem'), pki.theirs.certificate),
    writeFile(join(folder, 'key.pem'), pki.theirs.privateKey),
  ])
})
afterAll(() => rm(folder, { recursive: true }))

/** Awkward text: all that canonicalization treats in a way of its own. */
const awkward = 'Æ & "Ø" <å> \r\n\t \u0085\u2028 𝄞'

function unsigned(prefixes = defaultPrefixes): string {
  const header = { action: 'a', messageId: 'urn:uuid:1', relatesTo: 'urn:uuid:2', createdAt: testNight }
  const answer = { reskode: 'OK', restekst: awkward, deltaId: '1', sourceDateTime: '2026-11-24T02:15:00' }
  return buildAnswer(header, namespaces.feed, buildDeltaAnswer(answer, prefixes.service), prefixes)
}

/** Whether xmlsec1 finds the signature good. */
async function xmlsecHolds(xml: string, name: string): Promise<boolean> {
  const file = join(folder, `${name}.xml`)
  await writeFile(file, xml)
  return run('xmlsec1', ['--verify', '--pubkey-cert-pem', join(folder, 'cert.pem'), ...idAttributes, file]).then(
    () => true,
    () => false,
  )
}

function weHold(xml: string): boolean {
  const message = readEnvelope(xml)
  if (!message.ok) return false
  try {
    return security.verify(message.value) !== null
  } catch {
    return false
  }
}

/** The same message as `unsigned`, signed by xmlsec1. `prefixList` is written on every part, in the way of STIL's answers. */
async function signByXmlsec(prefixes: Prefixes, prefixList: string): Promise<string> {
  const c14n = 'http://www.w3.org/2001/10/xml-exc-c14n#'
  const inclusive = prefixList === '' ? '' : `<ec:InclusiveNamespaces xmlns:ec="${c14n}" PrefixList="${prefixList}"/>`
  const { wsse, wsu } = prefixes
  const envelope = unsigned(prefixes)
  const ids = [...envelope.matchAll(/:Id="([^"]+)"/g)].map(([, id]) => id)
  const references = [...ids, 'BST-1'].map(
    (id) =>
      `<ds:Reference URI="#${id}"><ds:Transforms><ds:Transform Algorithm="${c14n}">${inclusive}</ds:Transform></ds:Transforms>` +
      '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>',
  )
  const token =
    `<${wsse}:BinarySecurityToken ${wsu}:Id="BST-1"` +
    ' ValueType="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3">' +
    `${pki.theirs.certificate.replace(/-----[^-]+-----|\s/g, '')}</${wsse}:BinarySecurityToken>`
  const signature =
    `<ds:Signature xmlns:ds="${namespaces.ds}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${c14n}">${inclusive}` +
    '</ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>' +
    `${references.join('')}</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><${wsse}:SecurityTokenReference>` +
    `<${wsse}:Reference URI="#BST-1"/></${wsse}:SecurityTokenReference></ds:KeyInfo></ds:Signature>`
  const template = join(folder, 'template.xml')
  const out = join(folder, 'signed.xml')
  await writeFile(
    template,
    envelope.replace(`</${wsse}:Security>`, (end) => token + signature + end),
  )
  await run('xmlsec1', ['--sign', '--privkey-pem', join(folder, 'key.pem'), ...idAttributes, '--output', out, template])
  return (await run('cat', [out])).stdout
}

/** Positions spread over the parts whose bytes are signed, none in the name of a namespace declaration. */
function signedPositions(xml: string, count: number): number[] {
  const ranges = [
    /:Action [\s\S]*:RelatesTo>/,
    /:Timestamp [\s\S]*:Timestamp>/,
    /:SignedInfo[\s\S]*:SignedInfo>/,
    /:Body [\s\S]*:Body>/,
  ]
  const declared = [...xml.matchAll(/ xmlns:[\w-]+=/g)].map(({ index, 0: text }) => [index, index + text.length] as const)
  const all = ranges
    .flatMap((pattern) => {
      const found = pattern.exec(xml)
      if (found === null) throw new Error(`nothing like ${pattern}`)
      return Array.from({ length: found[0].length }, (_, index) => found.index + index)
    })
    .filter((at) => !declared.some(([from, to]) => at >= from && at < to))
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)] ?? 0)
}

function flip(xml: string, at: number): string {
  return xml.slice(0, at) + (xml[at] === 'x' ? 'y' : 'x') + xml.slice(at + 1)
}

describe.each([
  ['usual', defaultPrefixes],
  ['unusual', strangePrefixes],
])('with %s prefixes', (_what, prefixes) => {
  test('what we sign holds for xmlsec1', async () => {
    expect(await xmlsecHolds(security.protect(unsigned(prefixes)), 'ours')).toBe(true)
  })

  test.each([
    ['no prefix list', () => ''],
    ['a prefix list on every part', ({ soap, wsse }: Prefixes) => `${wsse} ${soap}`],
  ])('what xmlsec1 signs, with %s, holds for us', async (_list, listOf) => {
    const signed = await signByXmlsec(prefixes, listOf(prefixes))

    expect(weHold(signed)).toBe(true)
    const positions = signedPositions(signed, 300)
    expect(positions.filter((at) => weHold(flip(signed, at)))).toEqual([])
  })
})

test('what we sign, with one character changed anywhere, holds neither for xmlsec1 nor for us', async () => {
  const signed = security.protect(unsigned())
  const positions = signedPositions(signed, 48)

  const held = await Promise.all(positions.map((at) => xmlsecHolds(flip(signed, at), `flip-${at}`)))

  expect(positions.filter((_, index) => held[index])).toEqual([])
  expect(positions.filter((at) => weHold(flip(signed, at)))).toEqual([])
})
