import { describe, expect, it } from 'vitest'
import { isAllowed, licenceOf } from '../../scripts/find-licences.ts'

describe('a licence', () => {
  it.each([
    ['MIT', false, true],
    ['(MIT OR GPL-3.0-only)', false, true],
    ['MIT AND GPL-3.0-only', false, false],
    ['GPL-3.0-only', true, false],
    ['MPL-2.0', true, true],
    ['MPL-2.0', false, false],
    ['SEE LICENSE IN LICENSE', false, false],
    ['', true, false],
  ])('"%s" (for tests only: %s) is taken: %s', (expression, isDev, taken) => {
    expect(isAllowed(expression, isDev)).toBe(taken)
  })

  it('is read in the old forms too', () => {
    expect(licenceOf({ licenses: [{ type: 'MIT' }, { type: 'ISC' }] })).toBe('MIT OR ISC')
    expect(licenceOf({ license: { type: 'MIT' } })).toBe('MIT')
    expect(licenceOf({})).toBe('')
  })
})
