/*
 * What a signature costs: ms to sign a delta's message and to check the signature of its answer, beside the same work by
 * xml-crypto's SignedXml and by xmlsec1 (a process per message, and the start of the process alone). `npm run bench:sign`.
 */
import { SignedXml } from 'xml-crypto'
import { readEnvelope } from '../src/formats/unilogin/soap-envelope.ts'
import { signingCase } from './signing-case.ts'

const c14n = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const { signer, security, request, answer, xmlsec, signOptions, remove } = await signingCase()

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
  xmlsecSignMs: measure(50, () => xmlsec(signOptions())),
  xmlsecSign50InOneProcessMs: measure(3, () => xmlsec(signOptions(50))),
  xmlsecStartMs: measure(50, () => xmlsec(['--version'])),
}
remove()
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
