import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Supplier } from '../../config/settings.ts'
import type { Log } from '../../src/ports/log.ts'
import { makeHostKey } from '../../src/sandbox/sftp-server/make-host-key.ts'
import { type SftpServer, startSftpServer } from '../../src/sandbox/sftp-server/start-sftp-server.ts'

const password = 'hemmelig'
/** The supplier's name in the settings and on the sandbox server. */
export const supplierId = 'leverandoer-a'

/** A supplier's place on disk, with the folder `ind` for its files. */
async function makeSupplierRoot(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'supplier-'))
  await mkdir(join(root, 'ind'))
  return root
}

/** A sandbox server with one supplier, and the settings that reach it. */
export interface SandboxSupplier {
  readonly server: SftpServer
  readonly supplier: Supplier
  /** On disk: what the supplier sees as `/`. */
  readonly root: string
  /** On disk: where the supplier puts its files. */
  readonly folder: string
  close(): Promise<void>
}

/** Starts a sandbox server with one supplier that logs in with a password. */
export async function startSandboxSupplier(change: Partial<Supplier> = {}): Promise<SandboxSupplier> {
  const root = await makeSupplierRoot()
  const passwordFile = `${root}.password`
  await writeFile(passwordFile, `${password}\n`)
  const server = await startSftpServer({ hostKey: makeHostKey().privateKey, users: [{ username: supplierId, password, root }] })
  const supplier = Supplier.parse({
    id: supplierId,
    navn: 'Leverandør A',
    host: server.host,
    port: server.port,
    username: supplierId,
    passwordFile,
    hostKeys: { current: server.fingerprint },
    folder: 'ind',
    readFolder: 'arkiv/laest',
    kommuner: 'alle',
    ...change,
  })
  return {
    server,
    supplier,
    root,
    folder: join(root, 'ind'),
    async close() {
      await server.close()
      await rm(root, { recursive: true, force: true })
      await rm(passwordFile, { force: true })
    },
  }
}

/** A log that keeps its lines. */
export interface RecordedLog extends Log {
  readonly lines: readonly { readonly level: string; readonly message: string; readonly fields: unknown }[]
}

/** A log for tests: says nothing, keeps what was said. */
export function recordLog(): RecordedLog {
  const lines: { level: string; message: string; fields: unknown }[] = []
  const at = (level: string) => (fields: unknown, message: string) => void lines.push({ level, message, fields })
  const log: RecordedLog = { lines, child: () => log, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  return log
}
