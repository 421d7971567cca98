// One signed message of a delta and the answer to it, by us and ready for xmlsec1. Used by bench/sign.ts and bench/push.ts.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCertificateTrust } from '../src/formats/unilogin/certificate-trust.ts'
import { buildDeltaAnswer, buildDeltaRequest } from '../src/formats/unilogin/institution-delta.ts'
import { signedMessages } from '../src/formats/unilogin/message-security.ts'
import { namespaces } from '../src/formats/unilogin/namespaces.ts'
import { readIdentity } from '../src/formats/unilogin/sign-envelope.ts'
import { buildAnswer, buildRequest } from '../src/formats/unilogin/soap-envelope.ts'
import { createTestCa } from '../src/sandbox/test-ca.ts'

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

export async function signingCase() {
  const at = Date.now()
  const ca = await createTestCa(at)
  const signer = await ca.issue({ commonName: 'bench', usage: 'signing' })
  const security = signedMessages({
    identity: readIdentity(signer.certificate, signer.privateKey),
    trust: createCertificateTrust({ authorities: ca.certificate }),
    now: () => at,
    skewMs: 60_000,
  })
  const [deltaId, sourceDateTime] = ['00000000-0000-4000-8000-000000000001', '2026-11-24T02:15:00']
  const messageId = 'urn:uuid:3f0c9c1e-7d0e-4a59-9a52-0d1a2b3c4d5e'
  const to = 'https://localhost/institutionsfeed/1'
  const header = { action: 'x', to, messageId, udbydersystemId: 'DSSYNC01', createdAt: at }
  const delta = buildDeltaRequest({ deltaId, operation: 'opdater', source: 'Dagtilbud Sync', sourceDateTime, record }, 's')
  const request = buildRequest(header, namespaces.feed, delta)
  const reply = buildDeltaAnswer({ reskode: 'OK', restekst: 'Ændringen er indlæst.', deltaId, sourceDateTime }, 's')
  const answer = security.protect(buildAnswer({ ...header, relatesTo: messageId }, namespaces.feed, reply))

  const folder = mkdtempSync(join(tmpdir(), 'bench-sign-'))
  const [keyFile, template] = [join(folder, 'key.pem'), join(folder, 'template.xml')]
  writeFileSync(keyFile, signer.privateKey)
  writeFileSync(template, security.protect(request).replace(/(<ds:(DigestValue|SignatureValue)>)[^<]+/g, '$1'))
  const ids = ['Body', 'Timestamp', 'MessageID', 'Action', 'To', 'ReplyTo', 'UdbydersystemId', 'BinarySecurityToken']
  const idOptions = ids.flatMap((name) => ['--id-attr:Id', name])
  const signOptions = (repeat?: number) => [
    '--sign',
    ...(repeat === undefined ? [] : ['--repeat', `${repeat}`]),
    ...['--privkey-pem', keyFile, ...idOptions, template],
  ]
  return {
    signer,
    security,
    request,
    answer,
    /** Arguments of xmlsec1 that sign the message, once or so many times. */
    signOptions,
    xmlsec: (options: readonly string[]) => {
      if (spawnSync('xmlsec1', options).status !== 0) throw new Error(`xmlsec1 ${options[0]} failed`)
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}
