import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { opendir } from 'node:fs/promises'
import { join } from 'node:path'

/** Where blobs are written before they get their name; what lies there is nobody's yet. */
const temporaryFolder = 'tmp'

/** Every file that lies in a store, with the hash of the bytes that are there. Reads all of them, one at a time. */
export async function* listBlobs(
  dir: string,
): AsyncGenerator<{ readonly name: string; readonly sha256: string; readonly sizeBytes: number }> {
  for await (const shard of await opendir(dir)) {
    if (!shard.isDirectory() || shard.name === temporaryFolder) continue
    for await (const file of await opendir(join(dir, shard.name))) {
      if (file.isFile()) yield { name: file.name, ...(await hashOf(join(dir, shard.name, file.name))) }
    }
  }
}

async function hashOf(path: string): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    sizeBytes += chunk.length
  }
  return { sha256: hash.digest('hex'), sizeBytes }
}
