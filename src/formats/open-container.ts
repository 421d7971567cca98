import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { BilingualText } from '../domain/bilingual-text.ts'
import type { Limits } from '../domain/limits.ts'
import { FileStop } from './file-stop.ts'
import { openZip } from './open-zip.ts'

/** The delivery inside what came: the same bytes, or what a .gz or .zip held. */
export interface OpenedContainer {
  /** The name the delivery has inside, or the outer name without its ending. */
  readonly fileName: string
  readonly content: AsyncIterable<Uint8Array>
  /** What was unpacked and why, 'gzip, by its first bytes'. */
  readonly takenFor: readonly BilingualText[]
}

/**
 * Unpacks a delivery, told by its first bytes and never by its name. One layer only. Ends with FileStop FIL-06, FIL-14 to
 * FIL-18, at once or while the content is read.
 */
export async function openContainer(
  fileName: string,
  bytes: AsyncIterable<Uint8Array>,
  limits: Limits,
): Promise<OpenedContainer> {
  const iterator = bytes[Symbol.asyncIterator]()
  const head = await readAtLeast(iterator, 4)
  const all = limitSize(restore(head, iterator), limits.fileBytes)
  if (head[0] === 0x1f && head[1] === 0x8b) {
    return {
      fileName: fileName.replace(/\.gz$/i, ''),
      content: refuseNested(gunzip(all, limits)),
      takenFor: [byFirstBytes('gzip')],
    }
  }
  if (head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5)) {
    const { name, content } = await openZip(all, limits)
    return { fileName: name, content: refuseNested(content), takenFor: [byFirstBytes('zip')] }
  }
  return { fileName, content: all, takenFor: [] }
}

async function readAtLeast(iterator: AsyncIterator<Uint8Array>, size: number): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0)
  while (head.length < size) {
    const next = await iterator.next()
    if (next.done === true) break
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
  }
  return head
}

async function* restore(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head
  while (true) {
    const next = await rest.next()
    if (next.done === true) return
    yield next.value
  }
}

async function* limitSize(bytes: AsyncIterable<Uint8Array>, max: number): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const piece of bytes) {
    size += piece.length
    if (size > max) throw new FileStop({ code: 'FIL-14', position: null, facts: { max } })
    yield piece
  }
}

async function* gunzip(packed: AsyncIterable<Uint8Array>, limits: Limits): AsyncGenerator<Uint8Array> {
  let packedBytes = 0
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const piece of packed) {
      packedBytes += piece.length
      yield piece
    }
  }
  const source = Readable.from(counted(), { objectMode: false })
  const unzip = createGunzip()
  source.on('error', (error) => unzip.destroy(error))
  source.pipe(unzip)
  try {
    yield* limitExpansion(unzip, () => packedBytes, limits)
  } catch (error) {
    throw toDamage(error)
  } finally {
    source.destroy()
    unzip.destroy()
  }
}

/** Passes on what is unpacked while it stays within the limits. */
export async function* limitExpansion(
  unpacked: AsyncIterable<Uint8Array>,
  packedBytes: () => number,
  limits: Limits,
): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const piece of unpacked) {
    size += piece.length
    if (size > limits.unpackedBytes) {
      throw expansion(`mere end ${limits.unpackedBytes} bytes`, `more than ${limits.unpackedBytes} bytes`)
    }
    if (size > limits.ratioFreeBytes && size > limits.ratio * packedBytes()) {
      throw expansion(`mere end ${limits.ratio} gange`, `more than ${limits.ratio} times`)
    }
    yield piece
  }
}

function expansion(cause: string, causeEn: string): FileStop {
  return new FileStop({ code: 'FIL-15', position: null, facts: { cause, causeEn } })
}

/** Tells a container that ends too soon from one whose bytes are wrong; other errors pass. */
export function toDamage(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof FileStop) return error
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'Z_BUF_ERROR') {
    return new FileStop({
      code: 'FIL-06',
      position: null,
      facts: { cause: 'pakningen slutter for tidligt', causeEn: 'the packing ends too soon' },
    })
  }
  if (code.startsWith('Z_'))
    return new FileStop({ code: 'FIL-18', position: null, facts: { cause: error.message.slice(0, 100) } })
  return error
}

async function* refuseNested(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true
  for await (const piece of content) {
    if (first && ((piece[0] === 0x1f && piece[1] === 0x8b) || (piece[0] === 0x50 && piece[1] === 0x4b && piece[2] === 3))) {
      throw new FileStop({
        code: 'FIL-16',
        position: null,
        facts: { cause: 'der er pakket to gange', causeEn: 'it is packed twice' },
      })
    }
    first = false
    yield piece
  }
}

function byFirstBytes(format: string): BilingualText {
  return { da: `${format}, ved de første bytes`, en: `${format}, by its first bytes` }
}
