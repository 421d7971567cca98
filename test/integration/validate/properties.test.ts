import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeliveryHeader, Leverance } from '../../../src/domain/delivery-file.ts'
import { defaultLimits } from '../../../src/domain/limits.ts'
import { slotOf } from '../../../src/domain/raw-record.ts'
import type { StagedRecord } from '../../../src/domain/unit.ts'
import { FileStop } from '../../../src/formats/file-stop.ts'
import { readLeveranceXml } from '../../../src/formats/read-leverance-xml.ts'
import { sealLeverance } from '../../../src/formats/seal-leverance.ts'
import { writeEksportCsv } from '../../../src/formats/write-eksport-csv.ts'
import { writeLeveranceXml } from '../../../src/formats/write-leverance.ts'
import { toNightFile } from '../../../src/sandbox/generator/night-files.ts'
import { sandboxSuppliers } from '../../../src/sandbox/generator/suppliers.ts'
import { aDaginstitution, aGoodLeverance, aLeverance, anAlternativAdresse, anAnvisningsenhed } from '../../kit/make-leverance.ts'
import { makeZip } from '../../kit/make-zip.ts'
import { codesOf, type Validated, validateBytes } from '../../kit/validate-text.ts'

const xml = sealLeverance(Buffer.from(writeLeveranceXml(aGoodLeverance())))
const csv = Buffer.from(writeEksportCsv(aGoodLeverance()))
const starts = [
  Buffer.alloc(0),
  xml,
  csv,
  gzipSync(xml),
  makeZip([{ name: 'a.xml', data: xml }]),
  Buffer.from('\ufeff<', 'utf16le'),
] as const
const names = ['a.xml', '101_fuld_1.csv', '101_fuld_1_k0123456789abcdef.csv', 'a.zip', 'a.xml.gz', 'a', ''] as const

/** What holds of every file, whatever is in it. */
function expectSane({ result, staged }: Validated): void {
  const stops = result.findings.filter(({ level }) => level === 'file')
  expect(stops).toHaveLength(result.verdict === 'rejected' ? 1 : 0)
  if (result.verdict === 'rejected') expect(result.findings[0]).toBe(stops[0])
  expect(result.counts.read).toBe(result.counts.accepted + result.counts.rejected)
  if (result.verdict === 'validated') expect(result.counts.accepted).toBeLessThanOrEqual(staged.length)
  for (const { line, column } of result.findings) expect((line ?? 1) >= 1 && (column ?? 1) >= 1).toBe(true)
}

describe('whatever the bytes', () => {
  const splice = fc.record({ at: fc.nat(), cut: fc.nat({ max: 40 }), put: fc.uint8Array({ maxLength: 20 }) })

  it('validation ends in a verdict, with one cause when the file is refused', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...starts),
        fc.constantFrom(...names),
        fc.array(splice, { maxLength: 3 }),
        fc.integer({ min: 1, max: 200 }),
        async (start, name, splices, pieceBytes) => {
          let bytes: Buffer = start
          for (const { at, cut, put } of splices) {
            const from = at % (bytes.length + 1)
            bytes = Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + cut)])
          }

          expectSane(await validateBytes(name, bytes, { pieceBytes }))
        },
      ),
      { numRuns: 250, seed: 44 },
    )
  })

  it('pure noise is refused or read without harm', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...names), async (bytes, name) => {
        expectSane(await validateBytes(name, bytes))
      }),
      { numRuns: 200, seed: 45 },
    )
  })
})

describe('what our writer wrote', () => {
  const text = (max: number): fc.Arbitrary<string> =>
    fc
      .string({
        unit: fc.constantFrom('a', 'Æ', 'é', '&', '<', '>', '"', "'", ';', ' ', '-', '7', '😀', ']]>', '\\'),
        minLength: 1,
        maxLength: max,
      })
      .map((value) => `x${value}x`)
      .filter((value) => [...value].length <= max)
  const address = fc.record({
    vejNavn: text(40),
    husNummer: fc.constantFrom('1', '99', '12B'),
    byNavn: text(40),
    supplerendeBynavn: text(40),
  })
  const ekstra = fc.dictionary(fc.constantFrom('leder', 'normering', '__proto__', 'a b'), text(20), { maxKeys: 3 })
  const leverance: fc.Arbitrary<Leverance> = fc
    .array(fc.record({ navn: text(100), address, ekstra, status: fc.constantFrom('aktiv' as const, 'nedlagt' as const) }), {
      minLength: 1,
      maxLength: 5,
    })
    .map((units) => {
      const records = units.flatMap(({ navn, address: fields, ekstra: extra, status }, i) => [
        { ...aDaginstitution(`D${i}`, { navn: `${navn}${i}` }), ekstra: extra },
        { ...anAnvisningsenhed(`E${i}`, `D${i}`, { ...fields, navn }), ekstra: extra, status },
        { ...anAlternativAdresse(`A${i}`, `E${i}`, fields), ref: { nummer: `G8000${i}`, lokalId: `A${i}` } },
      ])
      const level = (kind: StagedRecord['kind']): typeof records => records.filter((record) => record.kind === kind)
      return aLeverance([...level('daginstitution'), ...level('anvisningsenhed'), ...level('alternativAdresse')], {
        art: 'delta',
      })
    })

  const withoutPlace = ({ position: _, hold: _hold, ...record }: StagedRecord): unknown => record
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

  it('comes back the same from every encoding of the generator, and its checksum fits, whatever the pieces', async () => {
    const encodings = ['utf-8', 'utf-8-bom', 'windows-1252'] as const
    const [supplier] = sandboxSuppliers
    if (supplier === undefined) throw new Error('the sandbox has no supplier')

    await fc.assert(
      fc.asyncProperty(
        leverance,
        fc.constantFrom('leverance-xml' as const, 'eksport-csv' as const),
        fc.constantFrom(...encodings),
        fc.integer({ min: 1, max: 5_000 }),
        async (written, format, encoding, pieceBytes) => {
          // Latin-1 has no emoji; the generator's own texts have none either.
          const text = JSON.stringify(written).replaceAll('😀', 'ø')
          const { fileName, bytes } = toNightFile({ ...supplier, format, encoding }, JSON.parse(text))

          const { result, staged } = await validateBytes(fileName, bytes, { pieceBytes })

          expect(staged.map(withoutPlace)).toEqual(JSON.parse(text).records)
          expect(codesOf(result.findings).filter((code) => code === 'FIL-24' || code === 'FIL-35')).toEqual([])
        },
      ),
      { numRuns: 100, seed: 48 },
    )
  })

  it('comes back the same, in both formats, whatever the pieces', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(leverance, fc.integer({ min: 1, max: 500 }), async (written, pieceBytes) => {
        const fromXml = await validateBytes('a.xml', writeLeveranceXml(written), { pieceBytes })
        const fromCsv = await validateBytes(`101_delta_42_n${written.records.length}.csv`, writeEksportCsv(written), {
          pieceBytes,
        })

        expect(fromXml.staged.map(withoutPlace)).toEqual(plain(written.records))
        expect(fromCsv.staged.map(withoutPlace)).toEqual(plain(written.records))
        expect(fromXml.result.header).toEqual(written.header)
      }),
      { numRuns: 60, seed: 46 },
    )
  })
})

describe('the quick road through plain XML', () => {
  /** All that a reader hands on, with places. */
  function readAll(text: string, usePattern: boolean): unknown[] {
    const events: unknown[] = []
    const reader = readLeveranceXml(
      defaultLimits,
      {
        header: (header: DeliveryHeader) => void events.push(header),
        record: (record, faults) => {
          const places = Object.values(slotOf).map((slot) => [
            record.values[slot],
            record.values[slot] === null ? null : record.positionOf(slot),
          ])
          events.push([record.kind, record.position(), places, record.ekstra, faults])
        },
        checksum: (own) => void events.push(own),
        unreadable: (faults) => void events.push(faults),
        remark: (code) => void events.push(code),
      },
      { usePattern },
    )
    try {
      reader.write(text)
      reader.end(false)
    } catch (error) {
      if (!(error instanceof FileStop)) throw error
      events.push(error.stop)
    }
    return events
  }

  it('gives what reading tag by tag gives, places included', () => {
    const good = xml.toString('utf8')
    const put = fc.constantFrom(
      '',
      ' ',
      '\n',
      '<!-- -->',
      '<x/>',
      '&amp;',
      '<![CDATA[1]]>',
      'x',
      '<status>aktiv</status>',
      ' a="1"',
      '</',
      '>',
      '&',
      ']]>',
    )

    fc.assert(
      fc.property(fc.nat({ max: good.length }), fc.constantFrom(0, 1, 5), put, (at, cut, text) => {
        const changed = good.slice(0, at) + text + good.slice(at + cut)

        expect(readAll(changed, true)).toEqual(readAll(changed, false))
      }),
      { numRuns: 1_000, seed: 47 },
    )
  })
})
