import { describe, expect, it } from 'vitest'
import { decodeText } from '../../../src/formats/decode-text.ts'
import { FileStop } from '../../../src/formats/file-stop.ts'
import { toPieces } from '../../kit/validate-text.ts'

async function decode(bytes: Buffer, pieceBytes = 65_536): Promise<{ text: string; encoding: string; byProof: boolean }> {
  const decoded = await decodeText(toPieces(bytes, pieceBytes))
  let text = ''
  for await (const piece of decoded.text) text += piece
  return { text, encoding: decoded.as.encoding, byProof: decoded.as.byProof }
}

async function stopOf(bytes: Buffer): Promise<string> {
  try {
    await decode(bytes)
  } catch (error) {
    if (error instanceof FileStop) return `${error.stop.code} ${error.stop.facts?.['causeEn'] ?? ''}`
    throw error
  }
  return 'nothing'
}

function utf16be(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}

describe('decoding', () => {
  const text = 'navn;by\r\nBørnehuset Æblegård 😀;Århus\r\n'

  it.each([1, 2, 3, 5, 65_536])('gives the same text whatever the pieces (%i bytes)', async (pieceBytes) => {
    expect((await decode(Buffer.from(text), pieceBytes)).text).toBe(text)
    expect((await decode(Buffer.from(`\ufeff${text}`), pieceBytes)).text).toBe(text)
    expect((await decode(Buffer.from(`\ufeff${text}`, 'utf16le'), pieceBytes)).text).toBe(text)
    expect((await decode(utf16be(`\ufeff${text}`), pieceBytes)).text).toBe(text)
  })

  it.each([1, 7, 65_536])('reads a CSV whose bytes are not UTF-8 as Windows-1252, and says so (%i bytes)', async (pieceBytes) => {
    const bytes = Buffer.concat([Buffer.from('navn\r\nB\xf8rnehuset \x96 \xc6blet\r\n', 'latin1')])

    expect(await decode(bytes, pieceBytes)).toEqual({
      text: 'navn\r\nBørnehuset – Æblet\r\n',
      encoding: 'windows-1252',
      byProof: true,
    })
  })

  it('never takes a damaged UTF-8 file for Windows-1252', async () => {
    const damaged = Buffer.from('navn\r\nBørnehuset\r\n')
    damaged[2] = 0xe6
    const later = Buffer.from('Børnehuset\r\nnavn\r\n')
    later[14] = 0xe6

    expect(await stopOf(damaged)).toBe('FIL-04 the file mixes UTF-8 and Windows-1252')
    expect(await stopOf(later)).toBe('FIL-04 a byte is not UTF-8')
  })

  it('never guesses an encoding for XML', async () => {
    expect(await stopOf(Buffer.from('<a>\xf8</a>', 'latin1'))).toBe('FIL-04 a byte is not UTF-8')
    expect((await decode(Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?><a>\xf8</a>', 'latin1'))).text).toContain(
      '<a>ø</a>',
    )
  })

  it.each([
    ['an unknown name', '<?xml version="1.0" encoding="ebcdic"?><a/>', 'FIL-04 "ebcdic" is not known'],
    ['UTF-16 said, UTF-8 found', '<?xml version="1.0" encoding="UTF-16"?><a/>', 'FIL-04 UTF-16 without a byte order mark'],
    [
      'Latin-1 said after a UTF-8 mark',
      '\ufeff<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
      'FIL-04 the XML declaration says "iso-8859-1", but the file is utf-8',
    ],
  ])('refuses a declaration with %s', async (_case, content, expected) => {
    expect(await stopOf(Buffer.from(content))).toBe(expected)
  })

  it('refuses binary data and UTF-16 without a mark', async () => {
    expect(await stopOf(Buffer.from([0, 1, 2, 3]))).toBe('FIL-03 it is binary data')
    expect(await stopOf(Buffer.from('<a/>', 'utf16le'))).toBe('FIL-04 UTF-16 without a byte order mark')
  })

  it('refuses a file that ends inside a character', async () => {
    expect(await stopOf(Buffer.from('a;ø').subarray(0, 3))).toBe('FIL-06 it ends inside a character')
  })
})
