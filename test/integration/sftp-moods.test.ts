import { once } from 'node:events'
import { mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Sftp, type Supplier } from '../../config/settings.ts'
import { createSftpInbox } from '../../src/adapters/sftp/create-sftp-inbox.ts'
import type { InboxEntry, InboxSession } from '../../src/ports/supplier-inbox.ts'
import { makeHostKey } from '../../src/sandbox/sftp-server/make-host-key.ts'
import type { SftpMoods } from '../../src/sandbox/sftp-server/moods.ts'
import { recordLog, type SandboxSupplier, startSandboxSupplier, supplierId } from '../kit/sftp-supplier.ts'

/** For servers that will not answer; where they do, however late, nothing is cut. */
const deadlineMs = 250
const sftp = Sftp.parse({ connectDeadlineMs: 60_000, callDeadlineMs: 60_000 })

let place: SandboxSupplier
let sessions: InboxSession[]
beforeEach(async () => {
  sessions = []
  place = await startSandboxSupplier()
})
afterEach(async () => {
  for (const session of sessions) await session.close()
  await place.close()
})

async function open(change: Partial<Supplier> = {}, settings: Partial<Sftp> = {}, log = recordLog()): Promise<InboxSession> {
  const session = await createSftpInbox({
    suppliers: [{ ...place.supplier, ...change }],
    sftp: { ...sftp, ...settings },
    log,
  }).open(supplierId)
  sessions.push(session)
  return session
}

const put = (name: string, content: string | Uint8Array): Promise<void> => writeFile(join(place.folder, name), content)

async function listed(session: InboxSession, name: string): Promise<InboxEntry> {
  const entry = (await session.list()).find((candidate) => candidate.name === name)
  if (entry === undefined) throw new Error(`${name} is not listed`)
  return entry
}

async function whole(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

describe('a file that is not what it seems', () => {
  it('is truncated when the server ends it early without an error', async () => {
    await put('dagtilbud.csv', Buffer.alloc(10_240, 'x'))
    const session = await open()
    const entry = await listed(session, 'dagtilbud.csv')
    place.server.setMood({ endAfterBytes: 4_096 })

    const fetching = whole(session.fetch(entry))

    await expect(fetching).rejects.toMatchObject({
      name: 'RetryableError',
      code: 'SFTP_FILE_TRUNCATED',
      message:
        'fetch of "dagtilbud.csv" at supplier "leverandoer-a" stopped at 4,096 of 10,240 bytes, with no error from the server',
      facts: { bytesRead: 4_096, listedBytes: 10_240 },
    })
  })

  it.each([10, -10])('is truncated when the listing lies by %i bytes', async (sizeLieBytes) => {
    await put('dagtilbud.csv', Buffer.alloc(5_000, 'x'))
    place.server.setMood({ sizeLieBytes })
    const session = await open()

    const fetching = whole(session.fetch(await listed(session, 'dagtilbud.csv')))

    await expect(fetching).rejects.toMatchObject({ code: 'SFTP_FILE_TRUNCATED' })
  })

  it('is changed while a supplier still writes it, and is fetched once it stands still', async () => {
    const content = 'institutionsnummer;navn\r\n'.repeat(40)
    place.server.setMood({ slowWriter: { path: 'ind/dagtilbud.csv', content, bytesPerLook: 300 } })
    const session = await open()
    const first = await listed(session, 'dagtilbud.csv')

    const early = whole(session.fetch(first))

    await expect(early).rejects.toMatchObject({ code: 'SFTP_FILE_CHANGED', name: 'RetryableError' })
    let entry = await listed(session, 'dagtilbud.csv')
    while (entry.sizeBytes < content.length) entry = await listed(session, 'dagtilbud.csv')
    expect((await whole(session.fetch(entry))).toString()).toBe(content)
  })

  it('is changed when it is replaced during the transfer by one of the same size', async () => {
    await put('dagtilbud.csv', Buffer.alloc(500_000, 'a'))
    const session = await open()
    const entry = await listed(session, 'dagtilbud.csv')

    const fetching = (async () => {
      let chunks = 0
      for await (const _ of session.fetch(entry)) {
        chunks += 1
        if (chunks > 1) continue
        await writeFile(join(place.folder, 'dagtilbud.csv'), Buffer.alloc(500_000, 'b'), { flag: 'r+' })
        await utimes(join(place.folder, 'dagtilbud.csv'), entry.modifiedAt + 60, entry.modifiedAt + 60)
      }
    })()

    await expect(fetching).rejects.toMatchObject({ code: 'SFTP_FILE_CHANGED', facts: { bytesRead: 500_000 } })
  })
})

describe('a connection that dies', () => {
  it('ends every transfer on it when the server drops it in mid-file', async () => {
    for (const name of ['a.csv', 'b.csv', 'c.csv']) await put(name, Buffer.alloc(200_000, 'x'))
    const session = await open()
    const entries = await session.list()
    place.server.setMood({ dropAfterBytes: 100_000 })

    const outcomes = await Promise.allSettled(entries.map((entry) => whole(session.fetch(entry))))

    expect(outcomes).toHaveLength(3)
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'RetryableError', code: 'SFTP_CONNECTION_LOST' } })
    }
  })

  it('is cut at the deadline when the server stops answering, with all calls on it', async () => {
    const session = await open({}, { callDeadlineMs: deadlineMs })
    place.server.setMood({ blackHole: 'calls' })

    const outcomes = await Promise.allSettled([
      session.list(),
      session.list(),
      session.deliver('kvittering.xml', Buffer.from('x')),
    ])

    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { name: 'RetryableError', code: 'SFTP_DEADLINE_PASSED', facts: { deadlineMs } },
      })
    }
    await place.server.whenIdle()
  })

  it('is cut at the deadline when a transfer stands still', async () => {
    await put('dagtilbud.csv', Buffer.alloc(10_240, 'x'))
    const session = await open({}, { callDeadlineMs: deadlineMs })
    const entry = await listed(session, 'dagtilbud.csv')
    place.server.setMood({ blackHole: 'transfer' })

    const fetching = whole(session.fetch(entry))

    await expect(fetching).rejects.toMatchObject({
      code: 'SFTP_DEADLINE_PASSED',
      message: expect.stringContaining('fetch of "dagtilbud.csv" (1,024 of 10,240 bytes)'),
    })
    await place.server.whenIdle()
  })

  it('is given up at the deadline when the server takes the connection and says nothing', async () => {
    place.server.setMood({ blackHole: 'connect' })

    const opening = open({}, { connectDeadlineMs: 100 })

    await expect(opening).rejects.toMatchObject({ code: 'SFTP_DEADLINE_PASSED', facts: { stage: 'host key', deadlineMs: 100 } })
    await place.server.whenIdle()
  })

  it('is cut when the server answers with something that is no answer to the question', async () => {
    const session = await open()
    place.server.setMood({ wrongAnswer: true })

    const delivering = session.deliver('kvittering.xml', Buffer.from('x'))

    await expect(delivering).rejects.toMatchObject({ name: 'RetryableError', code: 'SFTP_CONNECTION_LOST' })
    await place.server.whenIdle()
  })

  it('closes in time when the server is a black hole', async () => {
    const session = await open({}, { callDeadlineMs: deadlineMs })
    place.server.setMood({ blackHole: 'calls' })

    await session.close()

    await place.server.whenIdle()
  })

  it('is reported as unreachable when nothing listens', async () => {
    const listener = createServer().listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const address = listener.address()
    listener.close()
    await once(listener, 'close')

    const opening = open({ port: typeof address === 'object' && address !== null ? address.port : 0 })

    await expect(opening).rejects.toMatchObject({
      name: 'RetryableError',
      code: 'SFTP_HOST_UNREACHABLE',
      facts: { stage: 'connect' },
    })
  })

  it('is reported as unreachable when something else than SSH answers', async () => {
    const listener = createServer((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n<html></html>')).listen(
      0,
      '127.0.0.1',
    )
    await once(listener, 'listening')
    const address = listener.address()

    const opening = open({ port: typeof address === 'object' && address !== null ? address.port : 0 })

    await expect(opening).rejects.toMatchObject({ code: 'SFTP_HOST_UNREACHABLE', facts: { stage: 'host key' } })
    listener.close()
    await once(listener, 'close')
  })
})

describe('a slow connection', () => {
  it('is no failure while every answer is in time', async () => {
    await put('dagtilbud.csv', 'x')
    place.server.setMood({ latencyMs: 20 })
    const session = await open()

    expect((await whole(session.fetch(await listed(session, 'dagtilbud.csv')))).toString()).toBe('x')
  })

  it('waits for a slow reader past the deadline, and does not read ahead of it', async () => {
    await put('stor.xml', Buffer.alloc(3_000_000, 'x'))
    const session = await open({}, { callDeadlineMs: 1_000 })
    const entry = await listed(session, 'stor.xml')

    let bytes = 0
    for await (const chunk of session.fetch(entry)) {
      if (bytes === 0) {
        // A listing is four requests: each stays under the deadline, all together pass it.
        place.server.setMood({ latencyMs: 70 })
        for (let listing = 0; listing < 4; listing += 1) await session.list()
        place.server.calm()
        expect(place.server.servedBytes).toBeLessThan(1_200_000)
      }
      bytes += chunk.length
    }

    expect(bytes).toBe(3_000_000)
  })

  it.each([-2, 2])('sees the same files when the server clock is %i hours off', async (hours) => {
    await put('dagtilbud.csv', 'x')
    place.server.setMood({ clockSkewMs: hours * 3_600_000 })
    const session = await open()

    expect((await whole(session.fetch(await listed(session, 'dagtilbud.csv')))).toString()).toBe('x')
  })
})

describe('a host key', () => {
  it('that changed is refused before the server sees a try to log in', async () => {
    const other = makeHostKey()
    place.server.changeHostKey(other.privateKey)

    const opening = open()

    await expect(opening).rejects.toMatchObject({
      name: 'FatalError',
      code: 'SFTP_HOST_KEY_CHANGED',
      facts: { seenFingerprint: other.fingerprint, keyType: 'ssh-ed25519', pinnedCurrent: place.supplier.hostKeys.current },
    })
    await place.server.whenIdle()
    expect(place.server.logins).toEqual([])
  })

  it('that is pinned as the next one is accepted, and the operator is told to move it', async () => {
    const next = makeHostKey()
    place.server.changeHostKey(next.privateKey)
    const log = recordLog()

    const session = await open({ hostKeys: { ...place.supplier.hostKeys, next: next.fingerprint } }, {}, log)

    expect(await session.list()).toEqual([])
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { supplierId, fingerprint: next.fingerprint } }])
  })
})

describe('a server that is strange about renames', () => {
  const renames: readonly [string, Partial<SftpMoods>][] = [
    ['refuses every rename', { refuseRename: true }],
    ['does the rename and says it failed', { denyRenameDone: true }],
  ]

  it.each(renames)('delivers or leaves nothing behind when it %s', async (_what, mood) => {
    const session = await open()
    place.server.setMood(mood)

    const delivering = session.deliver('kvittering.xml', Buffer.from('modtaget'))

    if (mood.refuseRename) {
      await expect(delivering).rejects.toMatchObject({ name: 'RetryableError', code: 'SFTP_WRITE_FAILED', facts: { status: 4 } })
      expect(await readdir(place.folder)).toEqual([])
    } else {
      await delivering
      expect(await readdir(place.folder)).toEqual(['kvittering.xml'])
    }
  })

  it('replaces a document although the rename is said to have failed', async () => {
    await put('kvittering.xml', 'gammel')
    const session = await open()
    place.server.setMood({ denyRenameDone: true })

    await session.deliver('kvittering.xml', Buffer.from('ny'))

    expect(await readFile(join(place.folder, 'kvittering.xml'), 'utf8')).toBe('ny')
    expect(await readdir(place.folder)).toEqual(['kvittering.xml'])
  })

  it('finds the document in place at the next try when the answer to the rename was lost', async () => {
    const session = await open()
    place.server.setMood({ loseRenameAnswer: true })

    await expect(session.deliver('kvittering.xml', Buffer.from('modtaget'))).rejects.toMatchObject({
      code: 'SFTP_CONNECTION_LOST',
    })
    place.server.calm()
    await (await open()).deliver('kvittering.xml', Buffer.from('modtaget'))

    expect(await readdir(place.folder)).toEqual(['kvittering.xml'])
  })

  it('takes a file as moved when it left although the rename is said to have failed', async () => {
    await put('dagtilbud.csv', 'x')
    const session = await open()
    place.server.setMood({ denyRenameDone: true })

    await session.moveToRead('dagtilbud.csv')

    expect(await readdir(join(place.root, 'arkiv/laest'))).toEqual(['dagtilbud.csv'])
  })

  it('leaves the file where it is when the move is refused', async () => {
    await put('dagtilbud.csv', 'x')
    const session = await open()
    place.server.setMood({ refuseRename: true })

    await expect(session.moveToRead('dagtilbud.csv')).rejects.toMatchObject({ name: 'RetryableError', code: 'SFTP_CALL_FAILED' })

    expect(await readdir(place.folder)).toEqual(['dagtilbud.csv'])
  })

  it('writes over what a broken try left under the temporary name', async () => {
    const session = await open()
    place.server.setMood({ refuseRename: true })
    await session.deliver('kvittering.xml', Buffer.from('modtaget')).catch(() => undefined)
    place.server.calm()

    await session.deliver('kvittering.xml', Buffer.from('modtaget'))

    expect(await readdir(place.folder)).toEqual(['kvittering.xml'])
  })
})

describe('a folder', () => {
  it.each(['.', '/'])('may be the one a login starts in, written %j', async (folder) => {
    await writeFile(join(place.root, 'dagtilbud.csv'), 'x')
    const session = await open({ folder })

    await session.deliver('kvittering.xml', Buffer.from('modtaget'))

    expect((await session.list()).map((entry) => entry.name)).toEqual(['dagtilbud.csv', 'kvittering.xml'])
  })

  it('that is missing is named, and tried again', async () => {
    const session = await open({ folder: 'findes-ikke' })

    await expect(session.list()).rejects.toMatchObject({
      name: 'RetryableError',
      code: 'SFTP_CALL_FAILED',
      message: 'list of folder "findes-ikke" at supplier "leverandoer-a": the server answered "no such file" (status 2)',
    })
  })

  it('outside the supplier’s own is out of reach, by dots and by link', async () => {
    await mkdir(join(place.root, 'ind/egen'))
    await symlink('/etc', join(place.folder, 'ud'))

    expect(await (await open({ folder: '../../../../ind' })).list()).toEqual([])
    await expect((await open({ folder: 'ind/ud' })).list()).rejects.toMatchObject({ name: 'FatalError', facts: { status: 3 } })
  })
})
