import { describe, expect, it } from 'vitest'
import { checkAnchors } from '../../../src/domain/verify-ledger.ts'

const [own, replaced] = ['a'.repeat(64), 'b'.repeat(64)]
const mark = (seq: number, hash: string) => `${seq} 2026-11-24T03:00:00.000Z ${hash}`

describe('a mark that a night left beside the register', () => {
  it('fits the entry it names', () => {
    expect(checkAnchors([mark(7, own)], new Map([[7, own]]))).toEqual([])
  })

  it.each([
    ['when the entry is another', [[7, replaced]], { expected: own, seen: replaced }],
    ['when the ledger ends before it', [], { expected: own, seen: null }],
  ] as const)('is a break %s', (_when, hashes, found) => {
    expect(checkAnchors([mark(7, own)], new Map(hashes))).toMatchObject([{ part: 'anchor', key: 'nr. 7', ...found }])
  })

  it('is a break when it cannot be read', () => {
    expect(checkAnchors([`7 ${own}`], new Map([[7, own]]))).toMatchObject([{ part: 'anchor', key: 'linje 1' }])
  })

  it('no longer counts when the ledger says that a backup took the place of that register', () => {
    const restore = { backup: '2026-11-23', from: 5, to: 9 }
    const marks = [mark(4, replaced), mark(9, replaced), mark(10, replaced)]

    expect(checkAnchors(marks, new Map([[4, own]]), [restore])).toMatchObject([{ key: 'nr. 4' }, { key: 'nr. 10' }])
    expect(checkAnchors([mark(10, replaced)], new Map(), [{ ...restore, to: null }])).toEqual([])
  })
})
