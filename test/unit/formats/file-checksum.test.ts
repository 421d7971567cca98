import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildDeliveryName } from '../../../src/formats/delivery-name.ts'
import { assertChecksum, encodeMarkup } from '../../../src/formats/file-checksum.ts'
import { sealLeverance } from '../../../src/formats/seal-leverance.ts'
import { writeEksportCsv } from '../../../src/formats/write-eksport-csv.ts'
import { writeLeveranceXml } from '../../../src/formats/write-leverance.ts'
import { aGoodLeverance } from '../../kit/make-leverance.ts'
import { makeZip } from '../../kit/make-zip.ts'
import { validateBytes } from '../../kit/validate-text.ts'

const plain = writeLeveranceXml(aGoodLeverance())
const csv = Buffer.from(writeEksportCsv(aGoodLeverance()))
const sealed = sealLeverance(Buffer.from(plain)).toString()

/** The cause of a refusal; else the notes about checksums. */
async function outcomeOf(fileName: string, content: string | Uint8Array, options = {}): Promise<string> {
  const { result } = await validateBytes(fileName, content, options)
  const [cause] = result.findings
  if (result.verdict === 'rejected' && cause !== undefined) {
    const { code, line, facts } = cause
    return `${code} ${facts['placeEn'] ?? facts['causeEn']}${line === null ? '' : ` ${line}`}`
  }
  return result.findings.some(({ code }) => code === 'FIL-35') ? 'unproven' : 'proven'
}

function csvName(kontrolsum: string | null): string {
  return buildDeliveryName({
    kommuneKode: '101',
    art: 'fuld',
    loebenummer: 42,
    niveau: null,
    antal: null,
    gyldigFra: null,
    kontrolsum,
  })
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}

const inEncoding: Readonly<Record<string, Buffer>> = {
  'UTF-8': Buffer.from(plain),
  'UTF-8 with a byte order mark': Buffer.from(`\ufeff${plain}`),
  'UTF-16, little end first': Buffer.from(`\ufeff${plain.replace('UTF-8', 'UTF-16')}`, 'utf16le'),
  'UTF-16, big end first': Buffer.from(`\ufeff${plain.replace('UTF-8', 'UTF-16')}`, 'utf16le').swap16(),
  'Windows-1252': Buffer.from(plain.replace('UTF-8', 'windows-1252'), 'latin1'),
  'UTF-8 with CRLF': Buffer.from(plain.replaceAll('\n', '\r\n')),
}

describe('the checksum inside leverance XML', () => {
  it.each(Object.keys(inEncoding))('fits in %s, and shows a letter that was changed', async (encoding) => {
    const file = sealLeverance(inEncoding[encoding] ?? Buffer.alloc(0))
    const changed = Buffer.from(file)
    changed[changed.indexOf('K', changed.indexOf(encodeMarkup('Klyngen', changed)))] = 'k'.charCodeAt(0)

    expect(await outcomeOf('a.xml', file)).toBe('proven')
    expect(await outcomeOf('a.xml', changed)).toBe('FIL-24 the file itself (<kontrolsum>)')
  })

  it('is what sha256sum says of the bytes before the element', () => {
    const before = sealed.slice(0, sealed.indexOf('<kontrolsum>'))

    expect(sealed).toContain(`<kontrolsum>${createHash('sha256').update(before).digest('hex')}</kontrolsum>\n</leverance>`)
  })

  it('is found wherever a piece of the file ends', async () => {
    for (const [encoding, bytes] of Object.entries(inEncoding)) {
      const file = sealLeverance(bytes)
      // Borders all over the last 300 bytes: before, inside and behind the element, and between the bytes of a letter.
      for (let at = file.length - 300; at < file.length; at += 7)
        expect([encoding, at, await outcomeOf('a.xml', file, { pieceBytes: at })]).toEqual([encoding, at, 'proven'])
      expect(await outcomeOf('a.xml', file, { pieceBytes: 1 })).toBe('proven')
    }
  })

  it('is asked for by a note that refuses nothing', async () => {
    const { result } = await validateBytes('a.xml', plain)

    expect(result).toMatchObject({ verdict: 'validated', counts: { rejected: 0 }, findingCounts: { 'FIL-35': 1 } })
    expect(await outcomeOf('a.xml', plain, { provenWhole: true })).toBe('proven')
  })

  it('counts beside a side file too', async () => {
    expect(await outcomeOf('a.xml', sealed.replace('D1', 'D9'), { provenWhole: true })).toMatch(/^FIL-24/)
  })

  const seal = /<kontrolsum>.*<\/kontrolsum>/.exec(sealed)?.[0] ?? ''
  const line = sealed.slice(0, sealed.indexOf(seal)).split('\n').length

  it.each([
    ['a comment after it', `${seal}<!-- x -->`, `FIL-12 <!-- or <? in or after kontrolsum ${line}`],
    ['an instruction after it', `${seal}<?x y?>`, `FIL-12 <!-- or <? in or after kontrolsum ${line}`],
    ['text after it', `${seal}x`, `FIL-12 text where only elements may stand ${line}`],
    ['a section after it', `${seal}<daginstitutioner/>`, `FIL-12 <daginstitutioner> in or after kontrolsum ${line}`],
    ['it twice', `${seal}${seal}`, `FIL-12 <kontrolsum> in or after kontrolsum ${line}`],
    ['an element inside', seal.replace('>', '><x/>'), `FIL-12 <x> in or after kontrolsum ${line}`],
    ['an attribute', seal.replace('>', ' a="1">'), `FIL-12 <kontrolsum> has an attribute ${line}`],
    ['nothing in it', '<kontrolsum/>', `FIL-12 kontrolsum is not 64 hex digits in lower case ${line}`],
    [
      'capitals',
      seal.toUpperCase().replaceAll('KONTROLSUM', 'kontrolsum'),
      `FIL-12 kontrolsum is not 64 hex digits in lower case ${line}`,
    ],
    ['a prefix', seal.replaceAll('kontrolsum', 'l:kontrolsum'), `FIL-12 <l:kontrolsum> must be written without a prefix ${line}`],
    ['blanks without end', seal + ' '.repeat(5_000), 'FIL-12 kontrolsum stands more than 4096 bytes before the end of the file'],
  ])('stops the file when there is %s', async (_case, written, cause) => {
    const text = sealed
      .replace(seal, written)
      .replace('<leverance xmlns=', '<leverance xmlns:l="urn:dagtilbud-sync:leverance:1" xmlns=')

    expect(await outcomeOf('a.xml', text)).toBe(cause)
  })

  it('allows no comment after the root element either', async () => {
    expect(await outcomeOf('a.xml', `${sealed}<!-- x -->`)).toMatch(/^FIL-12 <!-- or <\? in or after kontrolsum/)
  })

  it('may have blanks around its value and after it', async () => {
    expect(await outcomeOf('a.xml', `${sealed.replace(seal, seal.replace('>', '>\n  ').replace('</', '\n</'))}\n\n`)).toBe(
      'proven',
    )
  })

  it('cannot be put into what is no leverance', () => {
    expect(() => sealLeverance(Buffer.from('<x/>'))).toThrow(RangeError)
  })
})

describe('the checksum in the name of a CSV', () => {
  it('vouches for its bytes, a last line without a line end and the number of records included', async () => {
    const cut = csv.subarray(0, csv.length - 2)

    expect(await outcomeOf(csvName(hashOf(csv)), csv)).toBe('proven')
    expect(await outcomeOf(csvName(hashOf(cut)), cut)).toBe('proven')
    expect((await validateBytes(csvName(hashOf(csv)), csv)).result.findingCounts).toEqual({})
    expect((await validateBytes(csvName(null), csv)).result.findingCounts).toEqual({ 'FIL-33': 1, 'FIL-35': 1 })
  })

  it('shows one changed letter', async () => {
    const changed = Buffer.from(csv.toString().replace('Klyngen D1', 'Klyngen D9'))

    expect(await outcomeOf(csvName(hashOf(csv)), changed)).toBe('FIL-24 its name (_k)')
    expect(await outcomeOf(csvName(null), changed)).toBe('unproven')
  })

  it('is made of the unpacked bytes and stands in the inner name of a zip', async () => {
    const pack = (name: string): Buffer => makeZip([{ name, data: csv }])

    expect(await outcomeOf('levering.zip', pack(csvName(hashOf(csv))))).toBe('proven')
    expect(await outcomeOf('levering.zip', pack(csvName('0123456789abcdef')))).toBe('FIL-24 its name (_k)')
  })
})

describe('docs/formats.md', () => {
  const page = readFileSync(new URL('../../../docs/formats.md', import.meta.url), 'utf8')

  it('shows a file whose checksum fits', async () => {
    expect(await outcomeOf('a.xml', /```xml\n([^`]+)```/.exec(page)?.[1] ?? '')).toBe('proven')
  })

  it('tells a supplier how to make both checksums', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'recipes-'))
    writeFileSync(join(folder, 'krop.xml'), plain.replace('</leverance>\n', ''))
    writeFileSync(join(folder, 'liste.csv'), csv)

    execFileSync('sh', ['-c', /<!-- recipes -->\n```sh\n([^`]+)```/.exec(page)?.[1] ?? 'exit 1'], { cwd: folder })

    const made = readdirSync(folder).filter((name) => name !== 'krop.xml')
    for (const name of made) expect([name, await outcomeOf(name, readFileSync(join(folder, name)))]).toEqual([name, 'proven'])
    expect(made).toHaveLength(2)
    rmSync(folder, { recursive: true })
  })
})

describe('a checksum that differs', () => {
  it.each([
    ['sidecar', 'its side file (.sha256)'],
    ['element', 'the file itself (<kontrolsum>)'],
    ['name', 'its name (_k)'],
  ] as const)('names its place: %s', (place, placeEn) => {
    expect(() => assertChecksum(place, 'a', 'a')).not.toThrow()
    expect(() => assertChecksum(place, 'a', 'b')).toThrow(
      expect.objectContaining({ stop: expect.objectContaining({ code: 'FIL-24', facts: expect.objectContaining({ placeEn }) }) }),
    )
  })
})
