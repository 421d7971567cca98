import { describe, expect, it } from 'vitest'
import { isCvrNumber } from '../../../src/domain/checks/cvr.ts'
import { passesPNumberModulus } from '../../../src/domain/checks/p-number.ts'
import { kommuner } from '../../../src/domain/kommuner.ts'
import { createFingerprintIndex } from '../../../src/domain/rules/fingerprint-index.ts'

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

describe('the fingerprint index', () => {
  it('gives the first line of each fingerprint, through every growth', () => {
    const index = createFingerprintIndex()
    const first = Array.from({ length: 5_000 }, (_, i) => index.firstLine(i * 7, Math.imul(i, 0x9e3779b1), i + 1))
    const second = Array.from({ length: 5_000 }, (_, i) => index.firstLine(i * 7, Math.imul(i, 0x9e3779b1), 99_999))

    expect(first.every((line) => line === 0)).toBe(true)
    expect(second).toEqual(Array.from({ length: 5_000 }, (_, i) => i + 1))
  })
})
