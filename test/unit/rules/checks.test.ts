import { describe, expect, it } from 'vitest'
import { isCvrNumber } from '../../../src/domain/checks/cvr.ts'
import { passesPNumberModulus } from '../../../src/domain/checks/p-number.ts'
import { kommuner } from '../../../src/domain/kommuner.ts'
import { createKeyIndex } from '../../../src/domain/rules/key-index.ts'
import { createPairTable } from '../../../src/domain/rules/pair-table.ts'

describe('a CVR number', () => {
  it.each(['13748136', '24256790', '64942212', '90000004', '90000012', '90000020', '90000039', '90000047', '90000055'])(
    '%s is valid',
    (cvr) => {
      expect(isCvrNumber(cvr)).toBe(true)
    },
  )

  it.each(['24256791', '10000000', '10020000', '10020009', '00000000', '1374813', '137481360', '1374813a', ''])(
    '%s is not',
    (cvr) => {
      expect(isCvrNumber(cvr)).toBe(false)
    },
  )

  it('of every municipality is valid', () => {
    expect([...kommuner.values()].filter(({ cvr }) => !isCvrNumber(cvr))).toEqual([])
  })
})

describe('a P number', () => {
  it('passes modulus 11 or does not, which is no reason to refuse it', () => {
    expect(['1090000000', '1090000019', '1090000001'].map(passesPNumberModulus)).toEqual([true, true, false])
  })
})

describe('the pair table', () => {
  it('gives the first value of each pair, through every growth', () => {
    const table = createPairTable()
    const pairs = Array.from({ length: 5_000 }, (_, i) => [i * 7 - 9_000, Math.imul(i, 0x9e3779b1)] as const)

    const first = pairs.map(([high, low], i) => table.getOrPut(high, low, i + 1))
    const second = pairs.map(([high, low]) => table.getOrPut(high, low, 99_999))

    expect(first.every((value) => value === 0)).toBe(true)
    expect(second).toEqual(pairs.map((_, i) => i + 1))
    expect(table.get(1, 2)).toBe(0)
    expect([...table.entries()]).toHaveLength(5_000)
  })
})

describe('the key index', () => {
  it('tells every key from every other, short or long, and gives them back', () => {
    const keys = [
      'G80001',
      'G8000',
      '0',
      '00',
      '',
      '-',
      'a.b:c/d_e-',
      'abcdefghij',
      'abcdefghijk',
      'ABCDEFGHIJ',
      'æ',
      'a\u0000',
      'zzzzzzzzzz',
      '0a3f507a-93e7-32b8-e044-0003ba298018',
    ]
    const index = createKeyIndex(0)

    for (const [id, key] of keys.entries()) index.set(key, id)

    expect(keys.map((key) => index.get(key))).toEqual(keys.map((_, id) => id))
    expect(new Map(index.entries())).toEqual(new Map(keys.map((key, id) => [key, id])))
    expect(index.get('G80002')).toBe(-1)
  })
})
