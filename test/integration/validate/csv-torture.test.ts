import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCsvRows } from '../../../src/formats/csv-rows.ts'

function readRows(text: string, pieceChars: number): string[][] {
  const found: string[][] = []
  const rows = createCsvRows({ recordChars: 1_000_000, recordLines: 10_000 }, (row) => void found.push([...row.cells]))
  for (let at = 0; at < text.length; at += pieceChars) rows.write(text.slice(at, at + pieceChars))
  rows.end(true)
  return found
}

type Expected = Readonly<Record<string, string>>

function withoutPhone(record: Expected): Expected {
  const { 'Contact Phone Number': _phone, ...rest } = record
  return rest
}

describe('csv-spectrum', () => {
  const root = dirname(createRequire(import.meta.url).resolve('csv-spectrum/package.json'))

  it.each(readdirSync(join(root, 'csvs')))('%s is read as its JSON says', (file) => {
    // The suite separates cells by commas; the tricky characters change places with ours.
    const swap = (text: string): string => text.replace(/[,;]/g, (found) => (found === ',' ? ';' : ','))
    const expected = JSON.parse(readFileSync(join(root, 'json', file.replace('.csv', '.json')), 'utf8')) as Expected | Expected[]

    const [header = [], ...rows] = readRows(swap(readFileSync(join(root, 'csvs', file), 'utf8')), 5)

    const records = rows.map((row) => Object.fromEntries(header.map((name, i) => [swap(name), swap(row[i] ?? '')])))
    // The suite's own JSON of location_coordinates has another phone number than its CSV.
    expect(records.map(withoutPhone)).toEqual([expected].flat().map(withoutPhone))
  })
})

describe('any CSV', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'æ', '😀', ';', '"', '\n', '\r\n', ' ', "'"), maxLength: 8 })
  const write = (rows: readonly (readonly string[])[]): string =>
    rows
      .map((row) => `${row.map((text) => (/[;"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(';')}\r\n`)
      .join('')

  it('comes back as it was written, whatever the pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 20 }),
        (rows, pieceChars) => {
          expect(readRows(write(rows), pieceChars)).toEqual(rows)
        },
      ),
      { numRuns: 500, seed: 42 },
    )
  })

  it('is read as csv-parse reads it', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 }), (rows) => {
        const text = write(rows)

        expect(readRows(text, 3)).toEqual(parse(text, { delimiter: ';', relax_column_count: true, skip_empty_lines: true }))
      }),
      { numRuns: 500, seed: 43 },
    )
  })
})
