import { createHash } from 'node:crypto'
import { FileStop } from './file-stop.ts'
import { checksumElement } from './leverance-elements.ts'

/** A checksum that a delivery carries itself: XML as its last element, CSV in its name. */
export interface OwnChecksum {
  readonly place: 'element' | 'name'
  /** Lower-case hex of a SHA-256: all 64 digits in the element, the first 16 in the name. */
  readonly hex: string
}

/** Digits of the checksum in a name: enough that no accident fits, few enough for a name that people read. */
export const nameChecksumDigits = 16

/** Bytes from the start of the element `kontrolsum` to the end of the file; more is no lawful end of a delivery. */
const maxSealBytes = 4_096

const places = {
  sidecar: { place: 'sidefilen (.sha256)', placeEn: 'its side file (.sha256)' },
  element: { place: `filen selv (<${checksumElement}>)`, placeEn: `the file itself (<${checksumElement}>)` },
  name: { place: 'filnavnet (_k)', placeEn: 'its name (_k)' },
} as const

/** Ends with FileStop FIL-24 when the bytes are not those that the checksum at `place` was made of. Both are lower-case hex. */
export function assertChecksum(place: keyof typeof places, expected: string, actual: string): void {
  if (expected === actual) return
  throw new FileStop({ code: 'FIL-24', position: null, facts: { ...places[place], expected, actual } })
}

/** Takes the checksum of bytes on their way to a reader, so that the file is read once. */
export interface PassingChecksum {
  /** The same bytes, piece by piece, at once. */
  pass(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array>
  /** Once all have passed: whether they are the bytes that the delivery's own checksum was made of. */
  fits(own: OwnChecksum): boolean
  /** The same, ending with FileStop FIL-24 when they are not, or FIL-12 when too much follows the element. */
  assertFits(own: OwnChecksum): void
}

/**
 * For the unpacked bytes of one delivery. The checksum lags behind by the end of the file, where the element may stand:
 * memory is `maxSealBytes` and a piece.
 */
export function createPassingChecksum(): PassingChecksum {
  const hash = createHash('sha256')
  const tail: Uint8Array[] = []
  let tailBytes = 0
  let head: Uint8Array = new Uint8Array(0)

  /** The checksum of what one at this place covers; null when the element does not stand at the end. */
  const actualFor = (place: OwnChecksum['place']): string | null => {
    const rest = Buffer.concat(tail)
    if (place === 'name') return hash.copy().update(rest).digest('hex').slice(0, nameChecksumDigits)
    const start = rest.lastIndexOf(encodeMarkup(`<${checksumElement}`, head))
    return start < rest.length - maxSealBytes || start === -1 ? null : hash.copy().update(rest.subarray(0, start)).digest('hex')
  }

  return {
    async *pass(bytes) {
      for await (const piece of bytes) {
        if (head.length < 2) head = Buffer.concat([head, piece.subarray(0, 2)])
        tail.push(piece)
        tailBytes += piece.length
        for (let first = tail[0]; first !== undefined && tailBytes - first.length >= maxSealBytes; first = tail[0]) {
          hash.update(first)
          tailBytes -= first.length
          tail.shift()
        }
        yield piece
      }
    },
    fits: (own) => actualFor(own.place) === own.hex,
    assertFits(own) {
      const actual = actualFor(own.place)
      if (actual === null) throw tooFarFromEnd()
      assertChecksum(own.place, own.hex, actual)
    },
  }
}

function tooFarFromEnd(): FileStop {
  const cause = `${checksumElement} står mere end ${maxSealBytes} bytes før filens slutning`
  const causeEn = `${checksumElement} stands more than ${maxSealBytes} bytes before the end of the file`
  return new FileStop({ code: 'FIL-12', position: null, facts: { cause, causeEn } })
}

/** Markup as a file that begins with `head` writes it: UTF-16 by its byte order mark, else one byte a character. */
export function encodeMarkup(text: string, head: Uint8Array): Buffer {
  if (head[0] === 0xff && head[1] === 0xfe) return Buffer.from(text, 'utf16le')
  if (head[0] === 0xfe && head[1] === 0xff) return Buffer.from(text, 'utf16le').swap16()
  return Buffer.from(text, 'latin1')
}
