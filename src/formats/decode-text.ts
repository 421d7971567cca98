import { isUtf8 } from 'node:buffer'
import type { BilingualText } from '../domain/bilingual-text.ts'
import { FileStop } from './file-stop.ts'

/** What the bytes were read as, and why. */
export interface DecodedAs {
  encoding: 'utf-8' | 'windows-1252' | 'utf-16le' | 'utf-16be'
  /** In Danish, for people: { da: 'UTF-8, ved BOM', en: 'UTF-8, by its BOM' }. */
  why: BilingualText
  /** True when nothing declared Windows-1252: the bytes themselves proved that they are not UTF-8. */
  byProof: boolean
}

/** Text of a file, piece by piece; `as` is right once the first piece is out, and final at the end. */
export interface DecodedText {
  readonly as: DecodedAs
  readonly text: AsyncIterable<string>
}

type Declared = 'utf-8' | 'windows-1252' | null

/** Largest piece decoded at once, in bytes: it bounds the memory of everything that follows. */
const pieceBytes = 65_536
const sniffBytes = 1_024

/** Names an XML declaration may give; ISO-8859-1 is read as Windows-1252, which agrees on every character that text uses. */
const declaredNames: Readonly<Record<string, 'utf-8' | 'windows-1252' | 'utf-16'>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  ascii: 'utf-8',
  'iso-8859-1': 'windows-1252',
  'iso8859-1': 'windows-1252',
  latin1: 'windows-1252',
  'windows-1252': 'windows-1252',
  cp1252: 'windows-1252',
  'utf-16': 'utf-16',
  'utf-16le': 'utf-16',
  'utf-16be': 'utf-16',
}

/**
 * Turns bytes into text. Order of evidence: a byte order mark, the XML declaration, what the supplier has agreed
 * (`agreed`), else UTF-8. A CSV that is not UTF-8 is read as Windows-1252 when its bytes prove it: all are lawful there,
 * and none of the text is UTF-8. Bytes that are partly the one and partly the other are a broken file.
 * Ends with FileStop FIL-03 or FIL-04.
 */
export async function decodeText(bytes: AsyncIterable<Uint8Array>, agreed: Declared = null): Promise<DecodedText> {
  const iterator = bytes[Symbol.asyncIterator]()
  const { head, ended } = await readHead(iterator)
  const as: DecodedAs = {
    encoding: 'utf-8',
    why: { da: 'UTF-8, som intet andet er sagt', en: 'UTF-8, as nothing else is said' },
    byProof: false,
  }
  const bomBytes = detect(head, as, agreed)
  const fallback = as.encoding === 'utf-8' && bomBytes === 0 && agreed === null && !startsWithMarkup(head)
  const pieces = splitPieces(head.subarray(bomBytes), ended ? null : iterator)
  return { as, text: as.encoding === 'utf-8' ? decodeUtf8(pieces, as, fallback) : decodeOther(pieces, as) }
}

async function readHead(iterator: AsyncIterator<Uint8Array>): Promise<{ head: Buffer; ended: boolean }> {
  const parts: Uint8Array[] = []
  let size = 0
  while (size < sniffBytes) {
    const next = await iterator.next()
    if (next.done === true) return { head: Buffer.concat(parts), ended: true }
    parts.push(next.value)
    size += next.value.length
  }
  return { head: Buffer.concat(parts), ended: false }
}

/** Decides the encoding; gives the length of the byte order mark. */
function detect(head: Buffer, as: DecodedAs, agreed: Declared): number {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) {
    as.why = { da: 'UTF-8, ved BOM', en: 'UTF-8, by its BOM' }
    refuseOtherDeclaration(head.subarray(3), 'utf-8')
    return 3
  }
  if (head[0] === 0xff && head[1] === 0xfe) return detectUtf16(head, as, 'utf-16le')
  if (head[0] === 0xfe && head[1] === 0xff) return detectUtf16(head, as, 'utf-16be')
  if (head[1] === 0 || head[0] === 0) {
    if (head[0] === 0x3c || head[1] === 0x3c) throw encodingStop('UTF-16 uden BOM', 'UTF-16 without a byte order mark')
    throw new FileStop({ code: 'FIL-03', position: null, facts: { cause: 'det er binære data', causeEn: 'it is binary data' } })
  }
  const declared = declaredIn(head.toString('latin1'))
  if (declared === null) {
    if (agreed === null) return 0
    as.encoding = agreed
    as.why = { da: `${agreed}, efter aftale`, en: `${agreed}, as agreed` }
    return 0
  }
  const encoding = declaredNames[declared]
  if (encoding === undefined) throw encodingStop(`"${declared}" kendes ikke`, `"${declared}" is not known`)
  if (encoding === 'utf-16') throw encodingStop('UTF-16 uden BOM', 'UTF-16 without a byte order mark')
  as.encoding = encoding
  as.why = { da: `${declared}, ved XML-erklæringen`, en: `${declared}, by the XML declaration` }
  return 0
}

function detectUtf16(head: Buffer, as: DecodedAs, encoding: 'utf-16le' | 'utf-16be'): number {
  if (encoding === 'utf-16le' && head[2] === 0 && head[3] === 0) throw encodingStop('UTF-32 bruges ikke', 'UTF-32 is not used')
  as.encoding = encoding
  as.why = { da: 'UTF-16, ved BOM', en: 'UTF-16, by its BOM' }
  refuseOtherDeclaration(new TextDecoder(encoding).decode(head.subarray(2)), 'utf-16')
  return 2
}

function refuseOtherDeclaration(start: Buffer | string, found: 'utf-8' | 'utf-16'): void {
  const declared = declaredIn(typeof start === 'string' ? start : start.toString('latin1'))
  if (declared !== null && declaredNames[declared] !== found) {
    throw encodingStop(
      `XML-erklæringen siger "${declared}", men filen er ${found}`,
      `the XML declaration says "${declared}", but the file is ${found}`,
    )
  }
}

function declaredIn(start: string): string | null {
  if (!start.startsWith('<?xml')) return null
  const match = /^<\?xml[^>]*?\sencoding\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(start)
  return (match?.[1] ?? match?.[2])?.toLowerCase() ?? null
}

function startsWithMarkup(head: Buffer): boolean {
  return /^\s*</.test(head.subarray(0, 64).toString('latin1'))
}

/** Cuts what comes into pieces of bounded size. */
async function* splitPieces(head: Uint8Array, rest: AsyncIterator<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  let current = head
  while (true) {
    for (let at = 0; at < current.length; at += pieceBytes) yield current.subarray(at, at + pieceBytes)
    if (rest === null) return
    const next = await rest.next()
    if (next.done === true) return
    current = next.value
  }
}

async function* decodeUtf8(pieces: AsyncIterable<Uint8Array>, as: DecodedAs, fallback: boolean): AsyncGenerator<string> {
  let held: Uint8Array = new Uint8Array(0)
  let onlyAscii = true
  let other: Windows1252 | null = null
  for await (const piece of pieces) {
    if (other !== null) {
      yield other.decode(piece)
      continue
    }
    const joined = held.length === 0 ? asBuffer(piece) : Buffer.concat([held, piece])
    const whole = joined.subarray(0, lastCharacterEnd(joined))
    if (isUtf8(whole)) {
      held = joined.subarray(whole.length)
      const text = whole.toString('utf8')
      if (onlyAscii && text.length !== whole.length) onlyAscii = false
      if (text !== '') yield text
      continue
    }
    const good = joined.subarray(0, longestUtf8(joined))
    const text = good.toString('utf8')
    if (text !== '') yield text
    if (!fallback || !onlyAscii || text.length !== good.length)
      throw encodingStop('en byte er ikke UTF-8', 'a byte is not UTF-8', 'here')
    other = createWindows1252()
    held = new Uint8Array(0)
    as.encoding = 'windows-1252'
    as.why = { da: 'Windows-1252, da bytes ikke er UTF-8', en: 'Windows-1252, as the bytes are not UTF-8' }
    as.byProof = true
    yield other.decode(joined.subarray(good.length))
  }
  if (held.length > 0) {
    throw new FileStop({
      code: 'FIL-06',
      position: 'here',
      facts: { cause: 'den slutter midt i et tegn', causeEn: 'it ends inside a character' },
    })
  }
}

async function* decodeOther(pieces: AsyncIterable<Uint8Array>, as: DecodedAs): AsyncGenerator<string> {
  if (as.encoding === 'windows-1252') {
    const decoder = createWindows1252()
    for await (const piece of pieces) yield decoder.decode(piece)
    return
  }
  const decoder = new TextDecoder(as.encoding, { fatal: true, ignoreBOM: true })
  try {
    for await (const piece of pieces) {
      const text = decoder.decode(piece, { stream: true })
      if (text !== '') yield text
    }
    const last = decoder.decode()
    if (last !== '') yield last
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw encodingStop('filen er ikke gyldig UTF-16', 'the file is not valid UTF-16', 'here')
  }
}

interface Windows1252 {
  decode(piece: Uint8Array): string
}

/** Windows-1252 at 80-9F. Written out: TextDecoder of Node 20 reads these bytes as Latin-1 (nodejs/node issue 56542). */
const upperHalf = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'

/** Refuses what nobody writes in Windows-1252: its five empty codes, and pairs of bytes that are an UTF-8 letter. */
function createWindows1252(): Windows1252 {
  let before = ''
  return {
    decode(piece) {
      const text = asBuffer(piece).toString('latin1')
      const raw = before + text
      if (/[\x81\x8d\x8f\x90\x9d]/.test(raw)) {
        throw encodingStop('bytes er hverken UTF-8 eller Windows-1252', 'bytes are neither UTF-8 nor Windows-1252', 'here')
      }
      if (/[\xc2\xc3][\x80-\xbf]/.test(raw)) {
        throw encodingStop('filen blander UTF-8 og Windows-1252', 'the file mixes UTF-8 and Windows-1252', 'here')
      }
      before = raw.slice(-1)
      return text.replace(/[\x80-\x9f]/g, (byte) => upperHalf[byte.charCodeAt(0) - 0x80] ?? byte)
    },
  }
}

/** Where the last complete UTF-8 character of a piece ends. */
function lastCharacterEnd(bytes: Uint8Array): number {
  const { length } = bytes
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = bytes[length - back] ?? 0
    if (byte < 0x80) return length
    if (byte >= 0xc0) {
      const width = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return width > back ? length - back : length
    }
  }
  return length
}

/** Length of the longest start of the bytes that is UTF-8, by halving. */
function longestUtf8(bytes: Buffer): number {
  let low = 0
  let high = bytes.length
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const start = bytes.subarray(0, middle)
    if (isUtf8(start.subarray(0, lastCharacterEnd(start)))) low = middle
    else high = middle - 1
  }
  return lastCharacterEnd(bytes.subarray(0, low))
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function encodingStop(cause: string, causeEn: string, position: 'here' | null = null): FileStop {
  return new FileStop({ code: 'FIL-04', position, facts: { cause, causeEn } })
}
