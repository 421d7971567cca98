import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoredBlob } from '../../ports/file-store.ts'
import { hashFile, temporaryFolder } from './blobs.ts'

/** Every file that lies in a store, with the hash of the bytes that are there. Reads all of them, one at a time. */
export async function* listBlobs(dir: string): AsyncGenerator<StoredBlob & { readonly name: string }> {
  for await (const shard of await opendir(dir)) {
    // What lies there is nobody's yet.
    if (!shard.isDirectory() || shard.name === temporaryFolder) continue
    for await (const file of await opendir(join(dir, shard.name))) {
      if (file.isFile()) yield { name: file.name, ...(await hashFile(join(dir, shard.name, file.name))) }
    }
  }
}
