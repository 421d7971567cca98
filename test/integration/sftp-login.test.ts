import { rm, writeFile } from 'node:fs/promises'
import ssh2 from 'ssh2'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Sftp, type Supplier } from '../../config/settings.ts'
import { createSftpInbox } from '../../src/adapters/sftp/create-sftp-inbox.ts'
import { probeSupplier } from '../../src/adapters/sftp/probe-supplier.ts'
import { showHostKey } from '../../src/adapters/sftp/show-host-key.ts'
import { makeHostKey } from '../../src/sandbox/sftp-server/make-host-key.ts'
import { type SftpServer, startSftpServer } from '../../src/sandbox/sftp-server/start-sftp-server.ts'
import { recordLog, type SandboxSupplier, startSandboxSupplier, supplierId } from '../kit/sftp-supplier.ts'

const sftp = Sftp.parse({ connectDeadlineMs: 60_000, callDeadlineMs: 60_000 })

let place: SandboxSupplier
beforeEach(async () => {
  place = await startSandboxSupplier()
})
afterEach(() => place.close())

const optionsFor = (supplier: Supplier) => ({ suppliers: [supplier], sftp, log: recordLog() })

describe('a login', () => {
  let keyServer: SftpServer | undefined
  let keyFile: string
  beforeEach(() => {
    keyFile = `${place.root}.key`
  })
  afterEach(async () => {
    await keyServer?.close()
    await rm(keyFile, { force: true })
  })
  function withKey(change: Partial<Supplier> = {}): Supplier {
    const { passwordFile: _, ...supplier } = place.supplier
    return { ...supplier, privateKeyFile: keyFile, ...change }
  }

  it('with a key is accepted at the first try', async () => {
    const key = makeHostKey()
    await writeFile(keyFile, key.privateKey)
    keyServer = await startSftpServer({
      hostKey: makeHostKey().privateKey,
      users: [{ username: supplierId, publicKey: key.publicKey, root: place.root }],
    })
    const supplier = withKey({ port: keyServer.port, hostKeys: { current: keyServer.fingerprint } })

    const session = await createSftpInbox(optionsFor(supplier)).open(supplierId)

    await session.close()
    expect(keyServer.logins).toEqual([{ username: supplierId, method: 'publickey', accepted: true }])
  })

  it('with a wrong password is refused after one try, and the password is nowhere in the error', async () => {
    const wrong = 'forkert-adgangskode'
    await writeFile(place.supplier.passwordFile ?? '', wrong)

    const error: unknown = await createSftpInbox(optionsFor(place.supplier))
      .open(supplierId)
      .catch((caught: unknown) => caught)

    expect(error).toMatchObject({ name: 'FatalError', code: 'SFTP_LOGIN_REFUSED' })
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(wrong)
    expect(place.server.logins).toEqual([{ username: supplierId, method: 'password', accepted: false }])
  })

  it('with a key the server does not know is refused', async () => {
    await writeFile(keyFile, makeHostKey().privateKey)

    await expect(createSftpInbox(optionsFor(withKey())).open(supplierId)).rejects.toMatchObject({ code: 'SFTP_LOGIN_REFUSED' })
  })

  it('uses a secret that was replaced since the last one', async () => {
    const inbox = createSftpInbox(optionsFor(place.supplier))
    await writeFile(place.supplier.passwordFile ?? '', 'forkert')
    await inbox.open(supplierId).catch(() => undefined)
    await writeFile(place.supplier.passwordFile ?? '', 'hemmelig\r\n')

    const session = await inbox.open(supplierId)

    await session.close()
  })

  it('says which file with a secret cannot be read', async () => {
    await expect(createSftpInbox(optionsFor(withKey())).open(supplierId)).rejects.toMatchObject({
      name: 'ConfigError',
      code: 'CONFIG_FILE_UNREADABLE',
      facts: { setting: 'privateKeyFile', path: keyFile },
    })
  })

  it.each([
    ['no key at all', 'bare tekst'],
    ['a public key', makeHostKey().publicKey],
    [
      'a key with a passphrase',
      ssh2.utils.generateKeyPairSync('ed25519', { passphrase: 'x', cipher: 'aes256-ctr', rounds: 1 }).private,
    ],
  ])('refuses %s as a key before it connects', async (_what, content) => {
    await writeFile(keyFile, content)

    await expect(createSftpInbox(optionsFor(withKey())).open(supplierId)).rejects.toMatchObject({
      name: 'ConfigError',
      code: 'CONFIG_SETTING_INVALID',
    })
  })

  it.each([
    ['both', (supplier: Supplier): Supplier => ({ ...supplier, privateKeyFile: '/nowhere' })],
    ['neither', ({ passwordFile: _, ...supplier }: Supplier): Supplier => supplier],
  ])('needs exactly one of key and password, not %s', async (_what, change) => {
    await expect(createSftpInbox(optionsFor(change(place.supplier))).open(supplierId)).rejects.toMatchObject({
      code: 'CONFIG_SETTING_INVALID',
    })
  })
})

describe('what the doctor asks', () => {
  it('shows the host key, which pin it is, the number of files and the time', async () => {
    await writeFile(`${place.folder}/dagtilbud.csv`, 'x')

    const probe = await probeSupplier(optionsFor(place.supplier), supplierId)

    expect(probe).toEqual({
      fingerprint: place.server.fingerprint,
      keyType: 'ssh-ed25519',
      pin: 'current',
      fileCount: 1,
      elapsedMs: expect.any(Number),
    })
    await place.server.whenIdle()
  })

  it('sees a server’s key without logging in', async () => {
    const seen = await showHostKey({ host: place.server.host, port: place.server.port, deadlineMs: 60_000 })

    expect(seen).toEqual({ fingerprint: place.server.fingerprint, keyType: 'ssh-ed25519' })
    await place.server.whenIdle()
    expect(place.server.logins).toEqual([])
  })

  it('gives up on a server that shows no key in time', async () => {
    place.server.setMood({ blackHole: 'connect' })

    const looking = showHostKey({ host: place.server.host, port: place.server.port, deadlineMs: 100 })

    await expect(looking).rejects.toMatchObject({ code: 'SFTP_DEADLINE_PASSED' })
    await place.server.whenIdle()
  })
})
