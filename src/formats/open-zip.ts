import { crc32 } from 'node:zlib'
import yauzl from 'yauzl'
import type { Limits } from '../domain/limits.ts'
import { FileStop } from './file-stop.ts'
import { limitExpansion, toDamage } from './open-container.ts'

/** Folders and side files that archivers add on their own. */
const sideEntry = /(?:^|\/)(?:__MACOSX\/|\._|\.DS_Store$|Thumbs\.db$)|\/$|\.sha256$/i
const linkType = 0o120000
const typeMask = 0o170000

/**
 * Opens the one delivery in a zip file. The packed bytes are held in memory, up to `limits.zipBytes`, since a zip's
 * directory stands last; what is unpacked is streamed. Ends with FileStop FIL-06, FIL-14 to FIL-18.
 */
export async function openZip(
  bytes: AsyncIterable<Uint8Array>,
  limits: Limits,
): Promise<{ name: string; content: AsyncIterable<Uint8Array> }> {
  const packed = await collect(bytes, limits.zipBytes)
  const zip = await openDirectory(packed)
  const entry = await findDelivery(zip, limits)
  return { name: entry.fileName, content: unpack(zip, entry, limits) }
}

async function collect(bytes: AsyncIterable<Uint8Array>, max: number): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of bytes) {
    size += piece.length
    if (size > max) throw new FileStop({ code: 'FIL-14', position: null, facts: { max } })
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

function openDirectory(packed: Buffer): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, decodeStrings: true, validateEntrySizes: true, strictFileNames: true, autoClose: false }
    yauzl.fromBuffer(packed, options, (error, zip) => {
      if (error !== null) reject(toZipDamage(error))
      else resolve(zip)
    })
  })
}

/** Reads the whole directory and gives the one entry that is a delivery. */
function findDelivery(zip: yauzl.ZipFile, limits: Limits): Promise<yauzl.Entry> {
  return new Promise((resolve, reject) => {
    const deliveries: yauzl.Entry[] = []
    let entries = 0
    zip.on('error', (error: unknown) => reject(toZipDamage(error)))
    zip.on('end', () => {
      const [only] = deliveries
      if (only !== undefined && deliveries.length === 1) resolve(only)
      else reject(contents(`der er ${deliveries.length}`, `there are ${deliveries.length}`))
    })
    zip.on('entry', (entry: yauzl.Entry) => {
      entries += 1
      const fault =
        entries > limits.zipEntries
          ? contents(`mere end ${limits.zipEntries} navne`, `more than ${limits.zipEntries} names`)
          : faultOf(entry)
      if (fault !== null) {
        reject(fault)
        return
      }
      if (!sideEntry.test(entry.fileName)) deliveries.push(entry)
      zip.readEntry()
    })
    zip.readEntry()
  })
}

function faultOf(entry: yauzl.Entry): FileStop | null {
  const shown = entry.fileName.replace(/[\x00-\x1f\x7f]/g, '?').slice(0, 100)
  if ((entry.generalPurposeBitFlag & 1) !== 0)
    return badName(`"${shown}" er beskyttet med kodeord`, `"${shown}" is protected by a password`)
  if (((entry.externalFileAttributes >>> 16) & typeMask) === linkType)
    return badName(`"${shown}" er et link`, `"${shown}" is a link`)
  if (sideEntry.test(entry.fileName)) return null
  if (/[\x00-\x1f\x7f]/.test(entry.fileName)) return badName(`"${shown}" har kontroltegn`, `"${shown}" has control characters`)
  if (/[\\/]/.test(entry.fileName)) return badName(`"${shown}" har en sti`, `"${shown}" has a path`)
  return null
}

async function* unpack(zip: yauzl.ZipFile, entry: yauzl.Entry, limits: Limits): AsyncGenerator<Uint8Array> {
  let checksum = 0
  try {
    const stream = await zip.openReadStreamPromise(entry)
    try {
      for await (const piece of limitExpansion(stream, () => entry.compressedSize, limits)) {
        checksum = crc32(piece, checksum)
        yield piece
      }
    } finally {
      stream.destroy()
    }
  } catch (error) {
    throw toZipDamage(error)
  } finally {
    zip.close()
  }
  if (checksum !== entry.crc32) throw new FileStop({ code: 'FIL-18', position: null, facts: { cause: 'CRC-32' } })
}

/** The zip reader throws plain errors whose text says what it found. */
function toZipDamage(error: unknown): unknown {
  const known = toDamage(error)
  if (known instanceof FileStop || !(known instanceof Error)) return known
  if (/invalid relative path|absolute path|invalid characters in fileName/i.test(known.message)) {
    return badName('det har en sti eller ugyldige tegn', 'it has a path or characters that are not allowed')
  }
  if (/end of central directory|signature not found/i.test(known.message)) {
    return new FileStop({
      code: 'FIL-06',
      position: null,
      facts: { cause: 'zip-filens indeks mangler', causeEn: 'the directory of the zip file is missing' },
    })
  }
  return new FileStop({ code: 'FIL-18', position: null, facts: { cause: known.message.slice(0, 100) } })
}

function contents(cause: string, causeEn: string): FileStop {
  return new FileStop({ code: 'FIL-16', position: null, facts: { cause, causeEn } })
}

function badName(cause: string, causeEn: string): FileStop {
  return new FileStop({ code: 'FIL-17', position: null, facts: { cause, causeEn } })
}
