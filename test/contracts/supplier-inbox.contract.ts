import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { InboxSession, SupplierInbox } from '../../src/ports/supplier-inbox.ts'

/** One implementation of the inbox with a supplier's place behind it. */
export interface InboxUnderTest {
  readonly inbox: SupplierInbox
  readonly supplierId: string
  /** On disk: the folder the supplier writes to. */
  readonly folder: string
  /** On disk: the folder for read files. Not there before the first move. */
  readonly readFolder: string
  close(): Promise<void>
}

/** What every SupplierInbox promises, whatever server is behind it. */
export function describeSupplierInbox(name: string, start: () => Promise<InboxUnderTest>): void {
  describe(`supplier inbox on ${name}`, () => {
    let subject: InboxUnderTest
    let session: InboxSession
    beforeEach(async () => {
      subject = await start()
      session = await subject.inbox.open(subject.supplierId)
    })
    afterEach(async () => {
      await session?.close()
      await subject?.close()
    })
    const put = (fileName: string, content: string | Uint8Array): Promise<void> =>
      writeFile(join(subject.folder, fileName), content)
    const onDisk = (fileName: string): Promise<string> => readFile(join(subject.folder, fileName), 'utf8')
    const fetchWhole = async (fileName: string): Promise<Buffer> => {
      const entry = (await session.list()).find((listed) => listed.name === fileName)
      if (entry === undefined) throw new Error(`${fileName} is not listed`)
      return Buffer.concat(await collect(session.fetch(entry)))
    }

    it('lists nothing in an empty folder', async () => {
      expect(await session.list()).toEqual([])
    })

    it('lists plain files by name and leaves out folders, links and unfinished files', async () => {
      await put('b.csv', '12345')
      await put('Børnehuset æøå.csv', '1')
      await put('a.csv', '')
      await put('.upload.tmp', 'half')
      await mkdir(join(subject.folder, 'arkiv'))
      await symlink('b.csv', join(subject.folder, 'link.csv'))

      const entries = await session.list()

      expect(entries.map(({ name: entryName, sizeBytes }) => [entryName, sizeBytes])).toEqual([
        ['Børnehuset æøå.csv', 1],
        ['a.csv', 0],
        ['b.csv', 5],
      ])
      expect(entries.every(({ modifiedAt }) => Number.isInteger(modifiedAt))).toBe(true)
    })

    it('lists a folder of many files whole', async () => {
      const names = Array.from({ length: 250 }, (_, n) => `fil-${String(n).padStart(3, '0')}.csv`)
      await Promise.all(names.map((fileName) => put(fileName, 'x')))

      const entries = await session.list()

      expect(entries.map((entry) => entry.name)).toEqual(names)
    })

    it('fetches the same bytes that are on disk', async () => {
      const content = Buffer.from(Array.from({ length: 300_001 }, (_, n) => (n * 7 + (n >> 8)) & 0xff))
      await put('stor.xml', content)

      const fetched = await fetchWhole('stor.xml')

      expect(fetched.equals(content)).toBe(true)
    })

    it('fetches an empty file as no bytes', async () => {
      await put('tom.csv', '')

      expect(await fetchWhole('tom.csv')).toHaveLength(0)
    })

    it('fetches several files at the same time over one session', async () => {
      const contents = new Map(Array.from({ length: 12 }, (_, n) => [`fil-${n}.csv`, `${n};`.repeat(20_000)]))
      await Promise.all([...contents].map(([fileName, content]) => put(fileName, content)))

      const fetched = await Promise.all(
        [...contents.keys()].map(async (fileName) => [fileName, (await fetchWhole(fileName)).toString()] as const),
      )

      expect(new Map(fetched)).toEqual(contents)
    })

    it('goes on after a reader left a file half-way', async () => {
      await put('stor.xml', Buffer.alloc(500_000, 1))
      const [entry] = await session.list()
      if (entry === undefined) throw new Error('not listed')

      for await (const _ of session.fetch(entry)) break

      expect(await fetchWhole('stor.xml')).toHaveLength(500_000)
    })

    it('refuses a file that was replaced after the listing, before a byte of it is given', async () => {
      await put('ny.csv', 'gammel')
      const [entry] = await session.list()
      if (entry === undefined) throw new Error('not listed')
      await put('ny.csv', 'ny og længere')

      const fetching = collect(session.fetch(entry))

      await expect(fetching).rejects.toMatchObject({ code: 'SFTP_FILE_CHANGED', name: 'RetryableError', facts: { bytesRead: 0 } })
    })

    it('says a file is changed when it is gone', async () => {
      const fetching = collect(session.fetch({ name: 'væk.csv', sizeBytes: 3, modifiedAt: 0 }))

      await expect(fetching).rejects.toMatchObject({ code: 'SFTP_FILE_CHANGED', facts: { seenBytes: null } })
    })

    it('refuses a file over the limit without asking for a byte', async () => {
      const fetching = collect(session.fetch({ name: 'kæmpe.csv', sizeBytes: 10_000_000_000, modifiedAt: 0 }))

      await expect(fetching).rejects.toMatchObject({ code: 'SFTP_FILE_TOO_LARGE', name: 'FatalError' })
    })

    it('delivers a document under its name and leaves no temporary file', async () => {
      await session.deliver('kvittering.xml', Buffer.from('modtaget: æøå'))

      expect(await onDisk('kvittering.xml')).toBe('modtaget: æøå')
      expect(await readdir(subject.folder)).toEqual(['kvittering.xml'])
    })

    it('delivers an empty document and a long one', async () => {
      const long = Buffer.alloc(400_000, 'k')

      await session.deliver('tom.txt', Buffer.alloc(0))
      await session.deliver('lang.txt', long)

      expect(await onDisk('tom.txt')).toBe('')
      expect((await readFile(join(subject.folder, 'lang.txt'))).equals(long)).toBe(true)
    })

    it('leaves a document alone that is there with the same bytes', async () => {
      await session.deliver('kvittering.xml', Buffer.from('samme'))
      const [before] = await session.list()

      await session.deliver('kvittering.xml', Buffer.from('samme'))

      expect(await session.list()).toEqual([before])
      expect(await readdir(subject.folder)).toEqual(['kvittering.xml'])
    })

    it.each(['ny', 'GAMMEL'])('replaces a document that is there with other bytes: %s', async (content) => {
      await put('kvittering.xml', 'gammel')

      await session.deliver('kvittering.xml', Buffer.from(content))

      expect(await onDisk('kvittering.xml')).toBe(content)
      expect(await readdir(subject.folder)).toEqual(['kvittering.xml'])
    })

    it('never replaces a folder by a document', async () => {
      await mkdir(join(subject.folder, 'kvittering.xml'))

      const delivering = session.deliver('kvittering.xml', Buffer.from('x'))

      await expect(delivering).rejects.toMatchObject({ code: 'SFTP_WRITE_FAILED' })
      expect(await readdir(subject.folder)).toEqual(['kvittering.xml'])
    })

    it('moves read files into a folder it makes, each under a free name', async () => {
      for (const content of ['første', 'anden', 'tredje']) {
        await put('dagtilbud.csv', content)
        await session.moveToRead('dagtilbud.csv')
      }

      expect(await readdir(subject.folder)).toEqual([])
      const read = (fileName: string): Promise<string> => readFile(join(subject.readFolder, fileName), 'utf8')
      expect(await Promise.all(['dagtilbud.csv', 'dagtilbud.csv.2', 'dagtilbud.csv.3'].map(read))).toEqual([
        'første',
        'anden',
        'tredje',
      ])
    })

    it('takes a file that is gone as moved', async () => {
      await put('dagtilbud.csv', 'x')
      await session.moveToRead('dagtilbud.csv')

      await session.moveToRead('dagtilbud.csv')

      expect(await readdir(subject.readFolder)).toEqual(['dagtilbud.csv'])
    })

    it('refuses names that could mean another place', async () => {
      for (const fileName of ['../ude.csv', 'a/b.csv', '..', '', 'linje\nskift']) {
        await expect(session.deliver(fileName, Buffer.from('x'))).rejects.toMatchObject({ name: 'FatalError' })
        await expect(session.moveToRead(fileName)).rejects.toMatchObject({ name: 'FatalError' })
      }
    })

    it('refuses calls after close, and closes twice', async () => {
      await session.close()
      await session.close()

      await expect(session.list()).rejects.toMatchObject({ code: 'SFTP_CONNECTION_LOST' })
    })

    it('names the settings when there is no such supplier', async () => {
      await expect(subject.inbox.open('ingen')).rejects.toMatchObject({ code: 'CONFIG_SETTING_INVALID', name: 'ConfigError' })
    })
  })
}

/** All chunks of a fetch; rejects as the fetch does. */
async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const all: Buffer[] = []
  for await (const chunk of chunks) all.push(chunk)
  return all
}
