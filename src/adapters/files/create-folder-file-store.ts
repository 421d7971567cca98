import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FatalError, StandstillError } from '../../domain/errors.ts'
import { sha256Hex } from '../../domain/ids.ts'
import type { FileStore, StoredBlob } from '../../ports/file-store.ts'
import { blobPath, shardPath, syncPath, temporaryFolder } from './blobs.ts'

/** Age at which a temporary file counts as left behind. Well above the longest write, as other processes share the folder. */
const leftBehindMs = 3_600_000
/** Read at a time; four of the pieces a stream has by itself, which cost more than they save. */
const chunkBytes = 256 * 1024
const folderMode = 0o700
const blobMode = 0o600
const hashPattern = /^[0-9a-f]{64}$/

/**
 * A file store on a folder: each blob is `ab/abcdef…`, in one of 256 folders by the start of its hash. Several processes may use
 * one folder at the same time. Readable by our own user only, as supplier files can hold personal data.
 *
 * A blob is written to a temporary file, flushed, renamed, and its folder flushed, so it survives a power cut as soon as `put`
 * has returned. Measured on ext4 on a virtual disk, 2 kB blobs: 1.9 ms each, 0.8 ms with four writers, of it 0.3 ms for the
 * folder; 0.3 ms for bytes that are there already. A night of thousands costs seconds, so nothing is batched.
 * @throws STORE_WRITE_FAILED when the folder cannot be made
 */
export async function createFolderFileStore(dir: string): Promise<FileStore> {
  await writing(`open of the store ${dir}`, async () => {
    await mkdir(join(dir, temporaryFolder), { recursive: true, mode: folderMode })
    await removeLeftBehind(join(dir, temporaryFolder))
  })

  return {
    async put(content) {
      if (typeof content === 'string' || content instanceof Uint8Array) return putWhole(dir, content)
      return putStream(dir, content)
    },
    async get(sha256) {
      const bytes = await reading(sha256, () => readFile(storedPath(dir, sha256)))
      if (sha256Hex(bytes) !== sha256) throw corrupt(sha256, bytes.length)
      return bytes
    },
    read: (sha256) => readChecked(dir, sha256),
    async has(sha256) {
      return (await storedSize(dir, sha256)) !== null
    },
    sizeOf: (sha256) => storedSize(dir, sha256),
    check: () => writing(`trial of the store ${dir}`, () => tryWriting(join(dir, temporaryFolder))),
    async remove(sha256) {
      const sizeBytes = await storedSize(dir, sha256)
      if (sizeBytes !== null) await writing(`removal of blob ${sha256}`, () => rm(storedPath(dir, sha256), { force: true }))
      return sizeBytes
    },
  }
}

async function putWhole(dir: string, content: Uint8Array | string): Promise<StoredBlob> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const blob = { sha256: sha256Hex(bytes), sizeBytes: bytes.length }
  await writing(`put of blob ${blob.sha256}`, async () => {
    if (await isStored(dir, blob)) return
    await viaTemporary(dir, async (file) => {
      await file.writeFile(bytes)
      return blob
    })
  })
  return blob
}

/** The hash is known at the end only, so a stream is always written once; nothing of it stays when the source fails. */
async function putStream(dir: string, content: AsyncIterable<Uint8Array>): Promise<StoredBlob> {
  let sourceError: unknown
  const source = (async function* () {
    try {
      yield* content
    } catch (error) {
      sourceError = error
      throw error
    }
  })()
  try {
    return await viaTemporary(dir, async (file) => {
      const hash = createHash('sha256')
      let sizeBytes = 0
      for await (const chunk of source) {
        hash.update(chunk)
        sizeBytes += chunk.length
        await file.writeFile(chunk)
      }
      return { sha256: hash.digest('hex'), sizeBytes }
    })
  } catch (error) {
    // What the source says is the caller's to understand; what the disk says is ours.
    if (sourceError !== undefined) throw sourceError
    throw writeFailed('put of a stream', error)
  }
}

/** Fills a temporary file, makes it last, and gives it its name. A blob of that name with another size is broken and is replaced. */
async function viaTemporary(dir: string, fill: (file: FileHandle) => Promise<StoredBlob>): Promise<StoredBlob> {
  const temporaryPath = join(dir, temporaryFolder, randomBytes(16).toString('hex'))
  try {
    const file = await open(temporaryPath, 'wx', blobMode)
    let blob: StoredBlob
    try {
      blob = await fill(file)
      await file.sync()
    } finally {
      await file.close()
    }
    if (!(await isStored(dir, blob))) await name(dir, temporaryPath, blob.sha256)
    return blob
  } finally {
    await rm(temporaryPath, { force: true }).catch(() => undefined)
  }
}

/** Not flushed: whether a disk keeps what it takes shows when a blob is written. */
async function tryWriting(folder: string): Promise<void> {
  const path = join(folder, randomBytes(16).toString('hex'))
  try {
    await writeFile(path, 'x', { flag: 'wx', mode: blobMode })
  } finally {
    await rm(path, { force: true })
  }
}

/**
 * True when the blob is there in full. Its folder is flushed once more, as another writer may have renamed it a moment ago
 * and not flushed yet; with nothing to flush that costs next to nothing.
 */
async function isStored(dir: string, { sha256, sizeBytes }: StoredBlob): Promise<boolean> {
  if ((await storedSize(dir, sha256)) !== sizeBytes) return false
  await syncPath(shardPath(dir, sha256))
  return true
}

async function name(dir: string, temporaryPath: string, sha256: string): Promise<void> {
  const shard = shardPath(dir, sha256)
  const isNew = (await mkdir(shard, { recursive: true, mode: folderMode })) !== undefined
  await rename(temporaryPath, storedPath(dir, sha256))
  await syncPath(shard)
  if (isNew) await syncPath(dir)
}

async function* readChecked(dir: string, sha256: string): AsyncGenerator<Buffer, void, undefined> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  const chunks: AsyncIterator<Buffer> = createReadStream(storedPath(dir, sha256), { highWaterMark: chunkBytes })[
    Symbol.asyncIterator
  ]()
  try {
    while (true) {
      const { done, value } = await reading(sha256, () => chunks.next())
      if (done) break
      hash.update(value)
      sizeBytes += value.length
      yield value
    }
  } finally {
    await chunks.return?.()
  }
  if (hash.digest('hex') !== sha256) throw corrupt(sha256, sizeBytes)
}

/** Size of a stored blob, null when there is none. */
async function storedSize(dir: string, sha256: string): Promise<number | null> {
  if (!hashPattern.test(sha256)) return null
  try {
    const stats = await stat(storedPath(dir, sha256))
    return stats.isFile() ? stats.size : null
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Only hashes become paths, whatever is asked for. @throws STORE_BLOB_MISSING for text that is no hash */
function storedPath(dir: string, sha256: string): string {
  if (!hashPattern.test(sha256)) throw missing(sha256)
  return blobPath(dir, sha256)
}

/**
 * Removes temporary files of writers that died. Their age is measured against a file made now in the same folder, so the clock of
 * a file server counts and not ours; younger ones may belong to a writer that lives.
 */
async function removeLeftBehind(folder: string): Promise<void> {
  const names = await readdir(folder)
  if (names.length === 0) return
  const markPath = join(folder, randomBytes(16).toString('hex'))
  await (await open(markPath, 'wx', blobMode)).close()
  const now = (await stat(markPath)).mtimeMs
  await rm(markPath, { force: true })
  for (const left of names) {
    const path = join(folder, left)
    const stats = await stat(path).catch(() => null)
    if (stats !== null && now - stats.mtimeMs > leftBehindMs) await rm(path, { force: true })
  }
}

async function writing<T>(tried: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw writeFailed(tried, error)
  }
}

async function reading<T>(sha256: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (isMissing(error)) throw missing(sha256, error)
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}

function writeFailed(tried: string, cause: unknown): StandstillError {
  const seen = cause instanceof Error ? cause.message : String(cause)
  return new StandstillError('STORE_WRITE_FAILED', `${tried} failed: ${seen}`, {
    dataState: 'nothing was stored and nothing half-written is left under a hash',
    hint: 'check the free space and the rights of the data folder; tried again by itself',
    facts: { errno: cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null },
    cause,
  })
}

function missing(sha256: string, cause?: unknown): FatalError {
  return new FatalError('STORE_BLOB_MISSING', `read of blob ${JSON.stringify(sha256)}: the store has no such bytes`, {
    dataState: 'the register names bytes that are not here; nothing was changed',
    hint: 'check that the data folder is the right one and is mounted; else restore it from the backup',
    facts: { sha256 },
    cause,
  })
}

function corrupt(sha256: string, sizeBytes: number): FatalError {
  return new FatalError('STORE_BLOB_CORRUPT', `read of blob ${sha256}: its ${sizeBytes} bytes have another hash`, {
    dataState: 'the bytes were not used; nothing was changed',
    hint: 'the disk or a hand changed the file; restore it from the backup, then check the disk',
    facts: { sha256, sizeBytes },
  })
}
