import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffAgreements, needsAgreement } from '../../../src/domain/agreement.ts'
import { deltaOperations } from '../../../src/domain/delta.ts'

describe('a list of data agreements', () => {
  test.each([
    ['the first one', [], ['A', 'B'], { approved: ['A', 'B'], lapsed: [], suspect: false }],
    ['the first one, and empty', [], [], { approved: [], lapsed: [], suspect: false }],
    ['one more', ['A'], ['A', 'B'], { approved: ['B'], lapsed: [], suspect: false }],
    ['a fifth less', ['A', 'B', 'C', 'D', 'E'], ['A', 'B', 'C', 'D'], { approved: [], lapsed: ['E'], suspect: false }],
    ['two fifths less', ['A', 'B', 'C', 'D', 'E'], ['A', 'B', 'C', 'F'], { approved: [], lapsed: [], suspect: true }],
    ['empty', ['A'], [], { approved: [], lapsed: [], suspect: true }],
  ])('that is %s', (_what, known, listed, expected) => {
    expect(diffAgreements(known, listed, 0.2)).toEqual(expected)
  })

  test('leads, when it is not suspect, to knowing exactly what it lists', () => {
    const numbers = fc.uniqueArray(fc.stringMatching(/^G[0-9]{2}$/), { maxLength: 12 })
    fc.assert(
      fc.property(numbers, numbers, fc.double({ min: 0, max: 1, noNaN: true }), (known, listed, ratio) => {
        const { approved, lapsed, suspect } = diffAgreements(known, listed, ratio)

        const after = new Set([...known.filter((nummer) => !lapsed.includes(nummer)), ...approved])
        expect([...after].sort()).toEqual([...(suspect ? known : listed)].sort())
      }),
    )
  })
})

test('opening and closing never wait for an agreement', () => {
  expect(deltaOperations.filter(needsAgreement)).toEqual(['opdater', 'flyt'])
})
