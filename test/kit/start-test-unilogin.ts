import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll } from 'vitest'
import { Unilogin } from '../../config/settings.ts'
import { createUniloginTarget, type UniloginTargetOptions } from '../../src/adapters/unilogin/create-unilogin-target.ts'
import type { DeltaOperation } from '../../src/domain/delta.ts'
import type { InstitutionRecord } from '../../src/domain/institution-record.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { InstitutionDelta, UniloginTarget } from '../../src/ports/unilogin-target.ts'
import { createTestCa, type IssuedCertificate, type TestCa } from '../../src/sandbox/test-ca.ts'
import { startUniloginServer, type UniloginServerOptions } from '../../src/sandbox/unilogin-server/start-unilogin-server.ts'
import { type SigningPki, securityOf, signingPki, testNight } from './signing-pki.ts'

export { testNight }

export interface TestPki {
  readonly ca: TestCa
  readonly signing: SigningPki
  readonly server: IssuedCertificate
  readonly expired: IssuedCertificate
}

/** A CA with a good and an expired server certificate; make one per test file. */
export async function createTestPki(): Promise<TestPki> {
  const ca = await createTestCa(Date.now())
  const [server, expired] = await Promise.all([
    ca.issue({ commonName: 'sandbox', usage: 'server' }),
    ca.issue({
      commonName: 'sandbox',
      usage: 'server',
      notBefore: Date.now() - 2 * 86_400_000,
      notAfter: Date.now() - 86_400_000,
    }),
  ])
  return { ca, server, expired, signing: await signingPki() }
}

const fixedClock: Clock = { now: () => testNight }

/** How each side of a signed conversation proves itself and what it believes. */
export function bothSecurities({ signing }: TestPki) {
  const { ca, ours, theirs } = signing
  return {
    ours: (clock = fixedClock) => securityOf(ours, ca.certificate, { now: () => clock.now() }),
    theirs: (clock: Clock) => securityOf(theirs, ca.certificate, { now: () => clock.now() }),
  }
}

export interface TestUnilogin {
  readonly url: string
  readonly target: UniloginTarget
  readonly stateFile: string
  /** Calls the side door and gives its JSON. */
  side(method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown): Promise<unknown>
  /** A further target on the same sandbox. */
  connect(options?: TargetOptions): UniloginTarget
  /** Stops the server and starts it again on the same state file. */
  restart(): Promise<void>
  close(): Promise<void>
}

export interface TargetOptions extends Omit<Partial<UniloginTargetOptions>, 'settings'> {
  readonly settings?: Partial<Unilogin>
}

/** Gives a way to start sandboxes for the tests of a file, each by the clock of the register beside it; they end with their test. */
export function useUnilogins(): (clock: Clock) => Promise<TestUnilogin> {
  let pki: TestPki
  const toClose: (() => Promise<void>)[] = []
  beforeAll(async () => {
    pki = await createTestPki()
  })
  afterEach(async () => {
    for (const close of toClose.splice(0).reverse()) await close()
  })
  return async (clock) => {
    const unilogin = await startTestUnilogin(pki, { clock })
    toClose.push(unilogin.close)
    return unilogin
  }
}

/** A sandbox of its own folder and port with a target connected to it, both on one fixed clock; `signed` has both sides sign. */
export async function startTestUnilogin(
  pki: TestPki,
  { signed = false, ...options }: Partial<UniloginServerOptions> & { readonly signed?: boolean } = {},
): Promise<TestUnilogin> {
  const securities = bothSecurities(pki)
  const folder = await mkdtemp(join(tmpdir(), 'unilogin-'))
  const stateFile = join(folder, 'state.sqlite')
  const start = () =>
    startUniloginServer({
      stateFile,
      tls: { key: pki.server.privateKey, cert: pki.server.certificate },
      clock: fixedClock,
      seed: 1,
      ...(signed && { security: securities.theirs }),
      ...options,
    })
  let server = await start()
  const targets: UniloginTarget[] = []
  const connect = (targetOptions: TargetOptions = {}) => {
    const target = connectTestTarget(server.url, pki, {
      ...(signed && { security: securities.ours() }),
      ...targetOptions,
    })
    targets.push(target)
    return target
  }
  let target = connect()

  return {
    get url() {
      return server.url
    },
    get target() {
      return target
    },
    stateFile,
    connect,
    async side(method, path, body) {
      const response = await fetch(`${server.sideDoorUrl}/_sandbox${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
      if (!response.ok) throw new Error(`the side door answered ${response.status}: ${await response.text()}`)
      return response.json()
    },
    async restart() {
      await server.close()
      server = await start()
      target = connect()
    },
    async close() {
      await Promise.all(targets.map((each) => each.close()))
      await server.close()
      await rm(folder, { recursive: true })
    },
  }
}

export function connectTestTarget(url: string, pki: TestPki, { settings, ...options }: TargetOptions = {}): UniloginTarget {
  return createUniloginTarget({
    settings: Unilogin.parse({ baseUrl: url, callDeadlineMs: 5_000, source: 'Prøve', ...settings }),
    clock: fixedClock,
    tls: { ca: pki.ca.certificate },
    ...options,
  })
}

export interface ScriptedServer {
  readonly url: string
  /** How many TCP connections came in. */
  readonly connections: () => number
  close(): Promise<void>
}

/** An HTTPS server that does what the test says, for answers a well-behaved sandbox never gives. */
export async function startScriptedServer(certificate: IssuedCertificate, listener: RequestListener): Promise<ScriptedServer> {
  const server = createHttpsServer({ key: certificate.privateKey, cert: certificate.certificate }, listener)
  let connections = 0
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A port on which nobody listens: one that was free a moment ago. */
export async function findClosedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

let deltasMade = 0

/** A delta with a later stamp than the one made before it. */
export function makeDelta(
  operation: DeltaOperation,
  record: InstitutionRecord,
  change: Partial<InstitutionDelta> = {},
): InstitutionDelta {
  deltasMade += 1
  const stamp = new Date(Date.parse('2026-11-24T02:15:00Z') + deltasMade * 1_000).toISOString().slice(0, 19)
  const deltaId = `00000000-0000-4000-8000-${String(deltasMade).padStart(12, '0')}`
  return { deltaId, operation, source: 'Prøve', sourceDateTime: stamp, record, ...change }
}

/** The three levels, one below the other, in Gladsaxe. */
export const daginstitution: InstitutionRecord = {
  instnr: 'G10000',
  instnavn: 'Børnehuset Ærtebjerg',
  admkommunenr: '159',
  admkommune: 'Gladsaxe',
  regionsnr: '1084',
  region: 'Region Hovedstaden',
  enhedsart: 'Daginstitution',
}
export const anvisningsenhed: InstitutionRecord = {
  ...daginstitution,
  instnr: 'G10001',
  instnavn: 'Ærtebjerg, stuen',
  type3: '6012',
  type3navn: 'Aldersintegreret institution (0-5 år)',
  postnr: '2860',
  kommunenr: '159',
  kommune: 'Gladsaxe',
  hovedinstitutionsnr: 'G10000',
  enhedsart: 'Anvisningsenhed',
}
export const alternativAdresse: InstitutionRecord = {
  ...daginstitution,
  instnr: 'G10002',
  instnavn: 'Skovbussen',
  hovedinstitutionsnr: 'G10001',
  enhedsart: 'AlternativAdresse',
}
