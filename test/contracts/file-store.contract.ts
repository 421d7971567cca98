import { createHash, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FileStore } from '../../src/ports/file-store.ts'

export interface FileStoreUnderTest {
  readonly store: FileStore
  close(): Promise<void>
}

/** What every FileStore promises. */
export function describeFileStore(name: string, start: () => Promise<FileStoreUnderTest>): void {
  describe(`file store: ${name}`, () => {
    let subject: FileStoreUnderTest
    beforeEach(async () => {
      subject = await start()
    })
    afterEach(() => subject.close())
    const unknown = 'a'.repeat(64)
    const text = 'Børnehuset; æøå\r\n'

    it('gives back the bytes under their hash', async () => {
      const blob = await subject.store.put(text)

      expect(blob).toEqual({ sha256: createHash('sha256').update(text).digest('hex'), sizeBytes: Buffer.byteLength(text) })
      expect((await subject.store.get(blob.sha256)).toString('utf8')).toBe(text)
      expect(Buffer.concat(await collect(subject.store.read(blob.sha256))).toString('utf8')).toBe(text)
    })

    it('names text, bytes and a stream of the same content alike', async () => {
      const bytes = Buffer.from(text)

      const blobs = [
        await subject.store.put(text),
        await subject.store.put(new Uint8Array(bytes)),
        await subject.store.put(piecesOf(bytes.subarray(0, 5), bytes.subarray(5))),
      ]

      expect(new Set(blobs.map((blob) => JSON.stringify(blob))).size).toBe(1)
    })

    it('keeps an empty blob', async () => {
      const blob = await subject.store.put(new Uint8Array())

      expect(blob.sizeBytes).toBe(0)
      expect(await subject.store.get(blob.sha256)).toHaveLength(0)
      expect(await collect(subject.store.read(blob.sha256))).toEqual([])
    })

    it('keeps a blob that is larger than a buffer', async () => {
      const content = randomBytes(2_000_003)

      const blob = await subject.store.put(piecesOf(content.subarray(0, 1_000_000), content.subarray(1_000_000)))

      expect((await subject.store.get(blob.sha256)).equals(content)).toBe(true)
      expect(Buffer.concat(await collect(subject.store.read(blob.sha256))).equals(content)).toBe(true)
    })

    it('takes the same bytes again, also from many at once', async () => {
      const blobs = await Promise.all(
        Array.from({ length: 20 }, (_, n) => subject.store.put(n % 2 === 0 ? text : piecesOf(Buffer.from(text)))),
      )

      expect(new Set(blobs.map((blob) => blob.sha256)).size).toBe(1)
      expect((await subject.store.get(blobs[0]?.sha256 ?? '')).toString('utf8')).toBe(text)
    })

    it('knows what it has', async () => {
      const { sha256 } = await subject.store.put(text)

      expect(await subject.store.has(sha256)).toBe(true)
      expect(await subject.store.has(unknown)).toBe(false)
    })

    it('takes a blob out for good when it is told to, once, and takes it in again', async () => {
      const { sha256, sizeBytes } = await subject.store.put(text)

      expect([await subject.store.sizeOf(sha256), await subject.store.sizeOf(unknown)]).toEqual([sizeBytes, null])
      expect([await subject.store.remove(sha256), await subject.store.remove(sha256)]).toEqual([sizeBytes, null])
      await expect(subject.store.get(sha256)).rejects.toMatchObject({ code: 'STORE_BLOB_MISSING' })

      await subject.store.put(text)
      expect((await subject.store.get(sha256)).toString('utf8')).toBe(text)
    })

    it('says so when it has no such bytes', async () => {
      await expect(subject.store.get(unknown)).rejects.toMatchObject({
        name: 'FatalError',
        code: 'STORE_BLOB_MISSING',
        facts: { sha256: unknown },
      })
      await expect(collect(subject.store.read(unknown))).rejects.toMatchObject({ code: 'STORE_BLOB_MISSING' })
    })

    it('passes on the error of a source that fails, and keeps nothing of it', async () => {
      const failing = (async function* () {
        yield Buffer.from(text)
        throw new Error('the supplier hung up')
      })()

      await expect(subject.store.put(failing)).rejects.toThrow('the supplier hung up')

      expect(await subject.store.has(createHash('sha256').update(text).digest('hex'))).toBe(false)
    })

    it('shows that it can be written to, and is as it was', async () => {
      await subject.store.check()

      expect(await subject.store.has(createHash('sha256').update('x').digest('hex'))).toBe(false)
    })

    it('lets a reader leave early', async () => {
      const { sha256 } = await subject.store.put(randomBytes(500_000))

      for await (const _ of subject.store.read(sha256)) break

      expect(await subject.store.get(sha256)).toHaveLength(500_000)
    })
  })
}

async function* piecesOf(...pieces: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces
}

/** All chunks of a read; rejects as the read does. */
async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const all: Buffer[] = []
  for await (const chunk of chunks) all.push(chunk)
  return all
}
