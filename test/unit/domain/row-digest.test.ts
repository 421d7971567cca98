import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addWeights, noRows, weightOf } from '../../../src/domain/row-digest.ts'

const aRow = fc.record({ table: fc.constantFrom('unit', 'outbox'), row: fc.string() })
const weigh = (rows: readonly { readonly table: string; readonly row: string }[]) =>
  rows.reduce((digest, { table, row }) => addWeights(digest, weightOf(table, row)), noRows)

describe('the digest of a set of rows', () => {
  it('does not depend on the order in which they came', () => {
    fc.assert(
      fc.property(fc.array(aRow), (rows) => {
        expect(weigh(rows.toReversed())).toBe(weigh(rows))
      }),
    )
  })

  it('is what it was when a row that came has gone again', () => {
    fc.assert(
      fc.property(fc.array(aRow), aRow, (rows, { table, row }) => {
        const with1 = addWeights(weigh(rows), weightOf(table, row))

        expect(addWeights(with1, -weightOf(table, row))).toBe(weigh(rows))
        expect(with1).not.toBe(weigh(rows))
      }),
    )
  })

  it('counts a row as often as it is there, and tells tables apart', () => {
    const once = weigh([{ table: 'unit', row: '[1]' }])

    expect(addWeights(once, weightOf('unit', '[1]'))).not.toBe(once)
    expect(weigh([{ table: 'outbox', row: '[1]' }])).not.toBe(once)
    expect(once).toMatch(/^[0-9a-f]{64}$/)
  })
})
