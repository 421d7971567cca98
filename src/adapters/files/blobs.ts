import { createHash } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoredBlob } from '../../ports/file-store.ts'

/** Where blobs are written before they get their name: inside the store, so that the rename stays on one file system. */
export const temporaryFolder = 'tmp'

/** Which of the 256 folders of a folder of blobs a blob lies in: the one named by the start of its hash. */
export function shardPath(dir: string, sha256: string): string {
  return join(dir, sha256.slice(0, 2))
}

/** Where a blob lies in a folder of blobs: `ab/abcdef…`. */
export function blobPath(dir: string, sha256: string): string {
  return join(shardPath(dir, sha256), sha256)
}

/** Hash and size of the bytes that are in a file. */
export async function hashFile(path: string): Promise<StoredBlob> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    sizeBytes += chunk.length
  }
  return { sha256: hash.digest('hex'), sizeBytes }
}

/** Makes a file, or the names in a folder, last through a power cut. */
export async function syncPath(path: string): Promise<void> {
  const opened = await open(path, constants.O_RDONLY)
  try {
    await opened.sync()
  } finally {
    await opened.close()
  }
}
