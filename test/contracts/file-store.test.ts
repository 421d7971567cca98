import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFolderFileStore } from '../../src/adapters/files/create-folder-file-store.ts'
import { describeFileStore } from './file-store.contract.ts'

describeFileStore('a folder', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'store-'))
  return { store: await createFolderFileStore(join(dir, 'blobs')), close: () => rm(dir, { recursive: true, force: true }) }
})

describe('a folder as file store', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'store-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))
  const pathOf = (sha256: string): string => join(dir, sha256.slice(0, 2), sha256)

  it('names files by their hash only, for our own user only, and leaves no temporary file', async () => {
    const store = await createFolderFileStore(dir)

    const { sha256 } = await store.put('x')

    expect((await stat(pathOf(sha256))).mode & 0o777).toBe(0o600)
    expect((await stat(join(dir, sha256.slice(0, 2)))).mode & 0o777).toBe(0o700)
    expect(await readdir(join(dir, 'tmp'))).toEqual([])
  })

  it('says that it cannot be written to when its folder is gone, and leaves no trial behind', async () => {
    const store = await createFolderFileStore(dir)
    await store.check()
    expect(await readdir(join(dir, 'tmp'))).toEqual([])

    await rm(join(dir, 'tmp'), { recursive: true })

    await expect(store.check()).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' })
  })

  it('does not write bytes again that are there', async () => {
    const store = await createFolderFileStore(dir)
    const { sha256 } = await store.put('x')
    const before = await stat(pathOf(sha256))

    await store.put('x')

    const after = await stat(pathOf(sha256))
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs])
  })

  it('replaces a blob that lost bytes when its content comes again', async () => {
    const store = await createFolderFileStore(dir)
    const { sha256 } = await store.put('hele filen')
    await writeFile(pathOf(sha256), 'hele')

    await store.put('hele filen')

    expect(await readFile(pathOf(sha256), 'utf8')).toBe('hele filen')
  })

  it.each(['hele', 'hele filen og mere', 'Hele filen'])('notices when the bytes on disk were changed to %j', async (changed) => {
    const store = await createFolderFileStore(dir)
    const { sha256 } = await store.put('hele filen')
    await writeFile(pathOf(sha256), changed)

    await expect(store.get(sha256)).rejects.toMatchObject({ name: 'FatalError', code: 'STORE_BLOB_CORRUPT' })
    await expect(drain(store.read(sha256))).rejects.toMatchObject({ code: 'STORE_BLOB_CORRUPT' })
  })

  it.each(['../../etc/passwd', '', 'A'.repeat(64), `${'a'.repeat(63)}/`])(
    'never takes %j as the name of a file',
    async (name) => {
      const store = await createFolderFileStore(dir)

      await expect(store.get(name)).rejects.toMatchObject({ code: 'STORE_BLOB_MISSING' })
      await expect(drain(store.read(name))).rejects.toMatchObject({ code: 'STORE_BLOB_MISSING' })
      expect(await store.has(name)).toBe(false)
    },
  )

  it('removes what a dead writer left and not what a living one writes', async () => {
    await createFolderFileStore(dir)
    await writeFile(join(dir, 'tmp/gammel'), 'x')
    await utimes(join(dir, 'tmp/gammel'), 0, 0)
    await writeFile(join(dir, 'tmp/ny'), 'x')

    await createFolderFileStore(dir)

    expect(await readdir(join(dir, 'tmp'))).toEqual(['ny'])
  })

  it('finds after a restart what was stored before', async () => {
    const content = randomBytes(1_000)
    const { sha256 } = await (await createFolderFileStore(dir)).put(content)

    expect((await (await createFolderFileStore(dir)).get(sha256)).equals(content)).toBe(true)
  })

  it('says that it could not write, and why', async () => {
    const store = await createFolderFileStore(dir)
    await rm(join(dir, 'tmp'), { recursive: true })

    await expect(store.put('x')).rejects.toMatchObject({
      name: 'StandstillError',
      code: 'STORE_WRITE_FAILED',
      facts: { errno: 'ENOENT' },
    })
    await expect(store.put(oneChunk())).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' })
  })

  it('says that the folder cannot be made when a file has its name', async () => {
    await writeFile(join(dir, 'fil'), 'x')

    await expect(createFolderFileStore(join(dir, 'fil'))).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' })
  })
})

async function* oneChunk(): AsyncGenerator<Buffer> {
  yield Buffer.from('x')
}

async function drain(chunks: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of chunks);
}
