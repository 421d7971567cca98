import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseChecksum } from '../formats/sidecars.ts'

/** A file on this machine, as a supplier would drop it: with the checksum file beside it, when there is one. */
export interface LocalFile {
  readonly name: string
  readonly sha256: string
  /** What the checksum file promises; null when there is none, 'unreadable' when it cannot be read. */
  readonly promisedSha256: string | null
  content(): AsyncIterable<Uint8Array>
}

/** Looks at a file and its `.sha256`; the bytes are read once for their hash. */
export async function openLocalFile(path: string): Promise<LocalFile> {
  const name = basename(path)
  const sidecar = `${path}.sha256`
  const promised = existsSync(sidecar) ? (parseChecksum(readFileSync(sidecar, 'utf8'), name) ?? 'unreadable') : null
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array)
  return { name, sha256: hash.digest('hex'), promisedSha256: promised, content: () => createReadStream(path) }
}
