import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { writeEksportCsv } from '../../../src/formats/write-eksport-csv.ts'
import { writeLeveranceXml } from '../../../src/formats/write-leverance.ts'
import { aGoodLeverance } from '../../kit/make-leverance.ts'
import { makeZip } from '../../kit/make-zip.ts'
import { validateBytes } from '../../kit/validate-text.ts'

const xml = writeLeveranceXml(aGoodLeverance())
const csv = writeEksportCsv(aGoodLeverance())

async function causeOf(fileName: string, content: Uint8Array, limits = {}): Promise<string> {
  const { result } = await validateBytes(fileName, content, { limits, pieceBytes: 100 })
  return result.verdict === 'validated'
    ? 'validated'
    : `${result.findings[0]?.code} ${result.findings[0]?.facts['causeEn'] ?? ''}`.trim()
}

describe('a packed delivery', () => {
  it.each([
    ['gzip around XML', 'a.xml.gz', gzipSync(xml)],
    ['gzip around CSV, named inside the outer name', '101_fuld_42_n6.csv.gz', gzipSync(csv)],
    ['gzip without the ending', 'a.xml', gzipSync(xml)],
    ['zip around XML', 'a.zip', makeZip([{ name: 'a.xml', data: xml }])],
    ['zip around CSV, named by its entry', 'levering.zip', makeZip([{ name: '101_fuld_42_n6.csv', data: csv }])],
    [
      'zip with an empty folder beside',
      'a.zip',
      makeZip([
        { name: 'mappe/', data: '' },
        { name: 'a.xml', data: xml },
      ]),
    ],
  ])('is read: %s', async (_case, fileName, content) => {
    expect(await causeOf(fileName, content)).toBe('validated')
  })

  const gz = gzipSync(xml)
  const zip = makeZip([{ name: 'a.xml', data: xml }])

  it.each([
    ['gzip cut off', 'a.gz', gz.subarray(0, gz.length / 2), 'FIL-06 the packing ends too soon'],
    ['gzip cut in its trailer', 'a.gz', gz.subarray(0, gz.length - 2), 'FIL-06 the packing ends too soon'],
    ['gzip with a wrong byte', 'a.gz', flip(gz, gz.length - 6), 'FIL-18'],
    ['zip cut off', 'a.zip', zip.subarray(0, zip.length - 30), 'FIL-06 the directory of the zip file is missing'],
    ['zip with a wrong byte', 'a.zip', flip(zip, 60), 'FIL-18'],
    ['zip in gzip', 'a.zip.gz', gzipSync(zip), 'FIL-16 it is packed twice'],
    ['zip in zip', 'a.zip', makeZip([{ name: 'b.zip', data: zip }]), 'FIL-16 it is packed twice'],
    ['an empty zip', 'a.zip', makeZip([]), 'FIL-16 there are 0'],
    ['a path', 'a.zip', makeZip([{ name: 'ud/a.xml', data: xml }]), 'FIL-17 "ud/a.xml" has a path'],
    [
      'an absolute path',
      'a.zip',
      makeZip([{ name: '/a.xml', data: xml }]),
      'FIL-17 it has a path or characters that are not allowed',
    ],
    [
      'a backslash',
      'a.zip',
      makeZip([{ name: 'ud\\a.xml', data: xml }]),
      'FIL-17 it has a path or characters that are not allowed',
    ],
    ['a control character', 'a.zip', makeZip([{ name: 'a\u0007.xml', data: xml }]), 'FIL-17 "a?.xml" has control characters'],
    ['a password', 'a.zip', makeZip([{ name: 'a.xml', data: xml, flags: 1 }]), 'FIL-17 "a.xml" is protected by a password'],
    ['a link', 'a.zip', makeZip([{ name: 'a.xml', data: '/etc/passwd', mode: 0o120777 }]), 'FIL-17 "a.xml" is a link'],
    [
      'a workbook',
      'a.xml',
      makeZip(['[Content_Types].xml', 'xl/workbook.xml'].map((name) => ({ name, data: '<x/>' }))),
      'FIL-17 "xl/workbook.xml" has a path',
    ],
    ['an empty file inside', 'a.gz', gzipSync(''), 'FIL-01'],
  ])('is refused with its cause: %s', async (_case, fileName, content, cause) => {
    expect(await causeOf(fileName, content)).toBe(cause)
  })

  it('is refused while it unpacks, not after: a bomb costs no more than its limit', async () => {
    const blow = Buffer.alloc(5_000_000, '<!-- blow up -->\n')
    const bomb = gzipSync(blow)
    const limits = { ratioFreeBytes: 1_000_000 }

    expect(await causeOf('a.xml.gz', bomb, limits)).toBe('FIL-15 more than 200 times')
    expect(await causeOf('a.xml.gz', bomb, { ratio: 1e9, unpackedBytes: 1_000_000 })).toBe('FIL-15 more than 1000000 bytes')
    expect(await causeOf('a.zip', makeZip([{ name: 'a.xml', data: blow }]), limits)).toBe('FIL-15 more than 200 times')
    expect(await causeOf('a.zip', zip, { zipBytes: 100 })).toBe('FIL-14')
    expect(
      await causeOf('a.zip', makeZip(Array.from({ length: 5 }, (_, i) => ({ name: `${i}/`, data: '' }))), { zipEntries: 4 }),
    ).toBe('FIL-16 more than 4 names')
  })
})

function flip(bytes: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 0xff
  return copy
}
