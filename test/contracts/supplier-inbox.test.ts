import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { Sftp, Supplier } from '../../config/settings.ts'
import { createSftpInbox } from '../../src/adapters/sftp/create-sftp-inbox.ts'
import { type OpenSshServer, startOpenSsh } from '../kit/openssh.ts'
import { recordLog, startSandboxSupplier } from '../kit/sftp-supplier.ts'
import { describeSupplierInbox } from './supplier-inbox.contract.ts'

const inboxOf = (supplier: Supplier) => createSftpInbox({ suppliers: [supplier], sftp: Sftp.parse({}), log: recordLog() })

describeSupplierInbox('the sandbox server', async () => {
  const { supplier, root, close } = await startSandboxSupplier()
  return {
    inbox: inboxOf(supplier),
    supplierId: supplier.id,
    folder: join(root, 'ind'),
    readFolder: join(root, 'arkiv/laest'),
    close,
  }
})

// One sshd for the file; each test has a supplier of its own, in a folder of its own.
let base: string
let openSsh: OpenSshServer
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'suppliers-'))
  openSsh = await startOpenSsh({ root: base })
})
afterAll(async () => {
  await openSsh?.close()
  await rm(base, { recursive: true, force: true })
})

describeSupplierInbox('OpenSSH', async () => {
  const root = await mkdtemp(join(base, 'a-'))
  await mkdir(join(root, 'ind'))
  const supplier = Supplier.parse({
    id: 'leverandoer-a',
    navn: 'Leverandør A',
    host: openSsh.host,
    port: openSsh.port,
    username: openSsh.username,
    privateKeyFile: openSsh.privateKeyFile,
    hostKeys: { current: openSsh.fingerprint },
    folder: `${basename(root)}/ind`,
    readFolder: `${basename(root)}/arkiv/laest`,
    kommuner: 'alle',
  })
  return {
    inbox: inboxOf(supplier),
    supplierId: supplier.id,
    folder: join(root, 'ind'),
    readFolder: join(root, 'arkiv/laest'),
    close: () => rm(root, { recursive: true, force: true }),
  }
})
