import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { stringify } from 'yaml'
import type { Supplier } from '../../config/settings.ts'
import { createCertificateTrust } from '../formats/unilogin/certificate-trust.ts'
import { type MessageSecurity, signedMessages } from '../formats/unilogin/message-security.ts'
import { readIdentity } from '../formats/unilogin/sign-envelope.ts'
import type { Clock } from '../ports/clock.ts'
import type { NightFile } from './generator/night-files.ts'
import { type SandboxSupplier, sandboxSuppliers, toSupplierSettings } from './generator/suppliers.ts'
import { fingerprintOf, makeHostKey } from './sftp-server/make-host-key.ts'
import { type SftpServer, startSftpServer } from './sftp-server/start-sftp-server.ts'
import { createTestCa } from './test-ca.ts'
import { startUniloginServer, type UniloginServer } from './unilogin-server/start-unilogin-server.ts'

/** A running small Denmark: suppliers' folders behind SFTP, and a Unilogin behind HTTPS. */
export interface SmallDenmark {
  readonly sftp: SftpServer
  readonly unilogin: UniloginServer
  /** The settings that point the worker here: suppliers and unilogin. */
  readonly settings: { readonly suppliers: readonly Supplier[]; readonly unilogin: Readonly<Record<string, unknown>> }
  /** YAML file with the same settings, for DAGTILBUD_CONFIG. */
  readonly configFile: string
  close(): Promise<void>
}

export interface SmallDenmarkOptions {
  /** Where keys, folders and Unilogin's memory live; carried on from when it is there. */
  readonly dir: string
  readonly clock: Clock
  readonly seed: number
  readonly suppliers?: readonly SandboxSupplier[]
  /** Municipalities whose file is expected every night; all of a supplier's when not given. */
  readonly kommuner?: readonly string[]
}

/** Starts the SFTP server and the Unilogin server on free loopback ports and writes the settings that point to them. */
export async function startSmallDenmark(options: SmallDenmarkOptions): Promise<SmallDenmark> {
  const dir = resolve(options.dir)
  const suppliers = options.suppliers ?? sandboxSuppliers
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const hostKey = keepKeyPair(join(dir, 'sftp-host.key')).privateKey
  const login = keepKeyPair(join(dir, 'worker-login.key'))
  for (const { id } of suppliers) mkdirSync(supplierFolder(dir, id), { recursive: true, mode: 0o700 })
  const sftp = await startSftpServer({
    hostKey,
    users: suppliers.map(({ id }) => ({ username: id, root: join(dir, 'sftp', id), publicKey: login.publicKey })),
  })

  const caFile = join(dir, 'ca.pem')
  const tls = await keepCertificates(dir, caFile, options.clock)
  const signing = await keepSigningCertificates(dir, options.clock)
  const unilogin = await startUniloginServer({
    stateFile: join(dir, 'unilogin.sqlite'),
    tls,
    clock: options.clock,
    seed: options.seed,
    security: (clock) => readSecurity(signing, clock),
  })

  const settings = {
    suppliers: suppliers.map((supplier) =>
      toSupplierSettings(supplier, {
        host: sftp.host,
        port: sftp.port,
        fingerprint: fingerprintOf(hostKey),
        username: supplier.id,
        privateKeyFile: join(dir, 'worker-login.key'),
        folder: 'ud',
        ...(options.kommuner === undefined ? {} : { expects: expectedOf(supplier, options.kommuner) }),
      }),
    ),
    unilogin: {
      baseUrl: unilogin.url,
      caFile,
      readBack: 'alle',
      agreements: 'kraeves',
      signing: { certificateFile: signing.worker.certificateFile, keyFile: signing.worker.keyFile },
      trust: { caFile: signing.caFile },
    },
  }
  const configFile = join(dir, 'dagtilbud.yaml')
  writeFileSync(configFile, stringify(settings))
  return {
    sftp,
    unilogin,
    settings,
    configFile,
    close: async () => {
      await Promise.all([sftp.close(), unilogin.close()])
    },
  }
}

/** Drops a file in its supplier's folder, as an upload that ends with a rename. */
export function dropFile(dir: string, file: Pick<NightFile, 'supplierId' | 'fileName' | 'bytes'>): void {
  const folder = supplierFolder(resolve(dir), file.supplierId)
  const temporary = join(folder, `.${file.fileName}.tmp`)
  writeFileSync(temporary, file.bytes)
  renameSync(temporary, join(folder, file.fileName))
}

/** The documents that stand in a supplier's folder with this ending, parsed: its receipts, read as the supplier would. */
export function readReceipts(dir: string, supplierId: string, ending: '.kvittering.json' | '.leveret.json'): unknown[] {
  const folder = supplierFolder(resolve(dir), supplierId)
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown)
}

function supplierFolder(dir: string, supplierId: string): string {
  return join(dir, 'sftp', supplierId, 'ud')
}

function expectedOf(supplier: SandboxSupplier, kommuner: readonly string[]): string[] {
  return supplier.kommuner === 'alle' ? [] : supplier.kommuner.filter((kommune) => kommuner.includes(kommune))
}

/** A key pair that is made once and kept, readable by its owner only. */
function keepKeyPair(file: string): { privateKey: string; publicKey: string } {
  if (!existsSync(file)) {
    const pair = makeHostKey()
    writeFileSync(file, pair.privateKey, { mode: 0o600 })
    writeFileSync(`${file}.pub`, pair.publicKey)
  }
  return { privateKey: readFileSync(file, 'utf8'), publicKey: readFileSync(`${file}.pub`, 'utf8') }
}

async function keepCertificates(dir: string, caFile: string, clock: Clock): Promise<{ key: string; cert: string }> {
  const [keyFile, certFile] = [join(dir, 'unilogin.key'), join(dir, 'unilogin.pem')]
  if (!existsSync(certFile)) {
    const ca = await createTestCa(clock.now())
    const server = await ca.issue({ commonName: 'localhost', usage: 'server' })
    writeFileSync(caFile, ca.certificate)
    writeFileSync(keyFile, server.privateKey, { mode: 0o600 })
    writeFileSync(certFile, server.certificate)
  }
  return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certFile, 'utf8') }
}

interface CertificateFiles {
  readonly certificateFile: string
  readonly keyFile: string
}

/** The certificates that worker and Unilogin sign with, from an authority of their own; made once and kept. */
async function keepSigningCertificates(
  dir: string,
  clock: Clock,
): Promise<{ caFile: string; worker: CertificateFiles; unilogin: CertificateFiles }> {
  const caFile = join(dir, 'signing-ca.pem')
  const filesOf = (who: string) => ({
    certificateFile: join(dir, `${who}-signing.pem`),
    keyFile: join(dir, `${who}-signing.key`),
  })
  const files = { caFile, worker: filesOf('worker'), unilogin: filesOf('unilogin') }
  if (existsSync(caFile)) return files
  const ca = await createTestCa(clock.now())
  for (const who of ['worker', 'unilogin'] as const) {
    const issued = await ca.issue({ commonName: `${who} (sandkasse)`, usage: 'signing' })
    writeFileSync(files[who].keyFile, issued.privateKey, { mode: 0o600 })
    writeFileSync(files[who].certificateFile, issued.certificate)
  }
  writeFileSync(caFile, ca.certificate)
  return files
}

/** How Unilogin signs and what it believes. */
function readSecurity(files: { readonly caFile: string; readonly unilogin: CertificateFiles }, clock: Clock): MessageSecurity {
  return signedMessages({
    identity: readIdentity(readFileSync(files.unilogin.certificateFile, 'utf8'), readFileSync(files.unilogin.keyFile, 'utf8')),
    trust: createCertificateTrust({ authorities: readFileSync(files.caFile, 'utf8') }),
    now: () => clock.now(),
    skewMs: 60_000,
  })
}
