import { describe, expect, it } from 'vitest'
import { checkRunningNumber } from '../../../src/domain/rules/check-running-number.ts'
import { aGoodLeverance } from '../../kit/make-leverance.ts'

const last = { loebenummer: 41, sha256: 'a' }

describe('the running number of a delivery', () => {
  it.each([
    ['is free the first time', 7, null, null],
    ['follows the last one', 42, last, null],
    ['may repeat with the same bytes', 41, { ...last, sha256: 'b' }, null],
    ['is refused when used for other bytes', 41, last, 'FIL-26'],
    ['is refused when older', 40, last, 'FIL-25'],
    ['is reported when it skips', 44, last, 'FIL-30'],
  ])('%s', (_case, loebenummer, before, code) => {
    const { header } = aGoodLeverance({ loebenummer })

    expect(checkRunningNumber(header, 'b', before)?.code ?? null).toBe(code)
  })

  it('says how many are missing', () => {
    expect(checkRunningNumber(aGoodLeverance({ loebenummer: 44 }).header, 'b', last)?.facts).toEqual({
      number: 44,
      previous: 41,
      missing: 2,
    })
  })
})
