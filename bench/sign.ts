/*
 * What a signature costs: ms to sign a delta's message and to check the signature of its answer, beside the same work by
 * xml-crypto's SignedXml and by xmlsec1 (a process per message, and the start of the process alone). `npm run bench:sign`.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SignedXml } from 'xml-crypto'
import { createCertificateTrust } from '../src/formats/unilogin/certificate-trust.ts'
import { buildDeltaAnswer, buildDeltaRequest } from '../src/formats/unilogin/institution-delta.ts'
import { signedMessages } from '../src/formats/unilogin/message-security.ts'
import { namespaces } from '../src/formats/unilogin/namespaces.ts'
import { readIdentity } from '../src/formats/unilogin/sign-envelope.ts'
import { buildAnswer, buildRequest, readEnvelope } from '../src/formats/unilogin/soap-envelope.ts'
import { createTestCa } from '../src/sandbox/test-ca.ts'

const at = Date.now()
const c14n = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ca = await createTestCa(at)
const signer = await ca.issue({ commonName: 'bench', usage: 'signing' })
const security = signedMessages({
  identity: readIdentity(signer.certificate, signer.privateKey),
  trust: createCertificateTrust({ authorities: ca.certificate }),
  now: () => at,
  skewMs: 60_000,
})
const [deltaId, sourceDateTime] = ['00000000-0000-4000-8000-000000000001', '2026-11-24T02:15:00']
const record = {
  instnr: 'G10001',
  instnavn: 'Børnehuset Ærtebjerg, stuen',
  type3: '6012',
  type3navn: 'Aldersintegreret institution (0-5 år)',
  adresse: 'Ærtevej 12A, st. tv',
  bynavn: 'Gladsaxe',
  postnr: '2860',
  telefonnr: '12345678',
  mailadresse: 'post@example.dk',
  www: 'https://example.dk',
  hovedinstitutionsnr: 'G10000',
  kommunenr: '159',
  kommune: 'Gladsaxe',
  admkommunenr: '159',
  admkommune: 'Gladsaxe',
  regionsnr: '1084',
  region: 'Region Hovedstaden',
  enhedsart: 'Anvisningsenhed',
}
const messageId = 'urn:uuid:3f0c9c1e-7d0e-4a59-9a52-0d1a2b3c4d5e'
const header = { action: 'x', to: 'https://localhost/institutionsfeed/1', messageId, udbydersystemId: 'DSSYNC01', createdAt: at }
const delta = buildDeltaRequest({ deltaId, operation: 'opdater', source: 'Dagtilbud Sync', sourceDateTime, record }, 's')
const request = buildRequest(header, namespaces.feed, delta)
const reply = buildDeltaAnswer({ reskode: 'OK', restekst: 'Ændringen er indlæst.', deltaId, sourceDateTime }, 's')
const answer = security.protect(buildAnswer({ ...header, relatesTo: messageId }, namespaces.feed, reply))
const folder = mkdtempSync(join(tmpdir(), 'bench-sign-'))
const [keyFile, unsignedFile] = [join(folder, 'key.pem'), join(folder, 'template.xml')]
writeFileSync(keyFile, signer.privateKey)
writeFileSync(unsignedFile, security.protect(request).replace(/(<ds:(DigestValue|SignatureValue)>)[^<]+/g, '$1'))
const ids = ['Body', 'Timestamp', 'MessageID', 'Action', 'To', 'ReplyTo', 'UdbydersystemId', 'BinarySecurityToken']
const idOptions = ids.flatMap((name) => ['--id-attr:Id', name])
const xmlsec = (options: readonly string[]) => {
  if (spawnSync('xmlsec1', options).status !== 0) throw new Error(`xmlsec1 ${options[0]} failed`)
}

const figures = {
  signMs: measure(1_000, () => security.protect(request)),
  readAndVerifyMs: measure(1_000, () => {
    const message = readEnvelope(answer)
    if (!message.ok) throw new Error(message.problem)
    security.verify(message.value)
  }),
  readOnlyMs: measure(1_000, () => readEnvelope(answer)),
  signedXmlSignMs: measure(50, signBySignedXml),
  signedXmlVerifyMs: measure(50, verifyBySignedXml),
  xmlsecSignMs: measure(50, () => xmlsec(['--sign', '--privkey-pem', keyFile, ...idOptions, unsignedFile])),
  xmlsecSign50InOneProcessMs: measure(3, () =>
    xmlsec(['--sign', '--repeat', '50', '--privkey-pem', keyFile, ...idOptions, unsignedFile]),
  ),
  xmlsecStartMs: measure(50, () => xmlsec(['--version'])),
}
rmSync(folder, { recursive: true })
process.stdout.write(`${JSON.stringify({ bench: 'sign', messageBytes: Buffer.byteLength(request), ...figures })}\n`)
for (const [name, ms] of Object.entries(figures)) process.stdout.write(`${name.padEnd(28)}${ms.toFixed(2).padStart(9)} ms\n`)

/** Milliseconds of one call: the median of the runs, after as many to warm up. */
function measure(runs: number, work: () => unknown): number {
  for (let i = 0; i < Math.min(runs, 200); i++) work()
  const times = Array.from({ length: runs }, () => {
    const from = performance.now()
    work()
    return performance.now() - from
  }).sort((a, b) => a - b)
  return Number((times[runs >> 1] ?? 0).toFixed(3))
}

function signBySignedXml(): void {
  const signature = new SignedXml({
    idMode: 'wssecurity',
    privateKey: signer.privateKey,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: c14n,
  })
  const digestAlgorithm = 'http://www.w3.org/2001/04/xmlenc#sha256'
  signature.addReference({ xpath: "//*[@*[local-name()='Id']]", transforms: [c14n], digestAlgorithm })
  signature.computeSignature(request)
}

function verifyBySignedXml(): void {
  const signature = new SignedXml({ idMode: 'wssecurity', publicCert: signer.certificate, getCertFromKeyInfo: () => null })
  signature.loadSignature(/<ds:Signature .*<\/ds:Signature>/.exec(answer)?.[0] ?? '')
  if (!signature.checkSignature(answer)) throw new Error('the signature does not hold')
}
