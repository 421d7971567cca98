import { describe, expect, it } from 'vitest'
import { type CsvLimits, createCsvRows } from '../../../src/formats/csv-rows.ts'
import { FileStop } from '../../../src/formats/file-stop.ts'

const limits: CsvLimits = { recordChars: 1_000, recordLines: 3 }

interface Read {
  rows: string[][]
  places: string[][]
  broken: number[]
}

function read(text: string, pieceChars = text.length, provenWhole = false): Read {
  const result: Read = { rows: [], places: [], broken: [] }
  const rows = createCsvRows(limits, (row) => {
    result.rows.push([...row.cells])
    result.places.push(row.cells.map((_, cell) => `${row.positionOf(cell).line}:${row.positionOf(cell).column}`))
    result.broken.push(row.brokenCell)
  })
  for (let at = 0; at < text.length; at += Math.max(1, pieceChars)) rows.write(text.slice(at, at + Math.max(1, pieceChars)))
  rows.end(provenWhole)
  return result
}

function stopOf(run: () => unknown): FileStop['stop'] {
  try {
    run()
  } catch (error) {
    if (error instanceof FileStop) return error.stop
    throw error
  }
  throw new Error('nothing stopped')
}

describe('CSV rows', () => {
  it.each([1, 2, 3, 7, 1_000])('are the same in pieces of %i characters', (pieceChars) => {
    const text = 'a;b;c\r\n"1;""x""";2\n\r\n;"line\r\nbreak";\r"last";"";x\r\n'

    const { rows, places } = read(text, pieceChars)

    expect(rows).toEqual([
      ['a', 'b', 'c'],
      ['1;"x"', '2'],
      ['', 'line\r\nbreak', ''],
      ['last', '', 'x'],
    ])
    expect(places).toEqual([
      ['1:1', '1:3', '1:5'],
      ['2:1', '2:11'],
      ['4:1', '4:2', '5:8'],
      ['6:1', '6:8', '6:11'],
    ])
  })

  it('count columns in characters, not in UTF-16 units', () => {
    expect(read('😀;é;x\n').places).toEqual([['1:1', '1:3', '1:5']])
  })

  it('take a quote inside an unquoted cell as it stands', () => {
    expect(read('Huset "Sol";x\n').rows).toEqual([['Huset "Sol"', 'x']])
  })

  it('mark a cell that goes on after its closing quote', () => {
    const { rows, broken } = read('x;"Huset" Sol;y\n')

    expect(rows).toEqual([['x', 'Huset Sol', 'y']])
    expect(broken).toEqual([1])
  })

  it('stop at a quote that is never closed, and name its place', () => {
    expect(stopOf(() => read('a;b\nc;"d\n'))).toMatchObject({ code: 'FIL-06', position: { line: 2, column: 3 } })
  })

  it('stop when one row spans more lines than allowed, before the rest of the file is swallowed', () => {
    expect(stopOf(() => read(`a;"b\n\n\n\n\n\n";c\n`))).toMatchObject({ code: 'FIL-20', position: { line: 1, column: 3 } })
    expect(stopOf(() => read(`a;"b\n${'x;y\n'.repeat(50)}`, 5))).toMatchObject({
      code: 'FIL-20',
      position: { line: 1, column: 3 },
    })
  })

  it('stop when one row has more characters than allowed', () => {
    expect(stopOf(() => read(`a\n${'x'.repeat(1_001)}\n`))).toMatchObject({ code: 'FIL-20', position: { line: 2, column: 1 } })
  })

  it('do not trust a last line without a line end, unless it is quoted or proven whole', () => {
    expect(stopOf(() => read('a;b\nc;d'))).toMatchObject({ code: 'FIL-06' })
    expect(read('a;b\nc;"d"').rows).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
    expect(read('a;b\nc;d', 100, true).rows).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
  })
})
