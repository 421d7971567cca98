import { describe, expect, it } from 'vitest'
import { checkRunningNumber } from '../../../src/domain/rules/check-running-number.ts'
import { aGoodLeverance } from '../../kit/make-leverance.ts'

const last = { loebenummer: 41, sha256: 'a' }

describe('the running number of a delivery', () => {
  it.each([
    ['is free the first time', 7, null, [], null],
    ['follows the last one', 42, last, [], null],
    ['may repeat with the same bytes', 41, { ...last, sha256: 'b' }, [], null],
    ['is refused when used for other bytes', 41, last, [], 'FIL-26'],
    ['is refused when older', 40, last, [], 'FIL-25'],
    ['is reported when it skips', 44, last, [], 'FIL-30'],
    ['follows one that waits for its date', 45, last, [44], null],
    ['is not old for one that waits', 42, last, [44], null],
    ['is reported when it skips one that waits, too', 46, last, [44], 'FIL-30'],
    ['is refused when one that waits has it for other bytes', 44, last, [42, 44], 'FIL-26'],
    ['is not old where nothing was applied yet', 40, null, [44], null],
  ])('%s', (_case, loebenummer, before, waiting, code) => {
    const { header } = aGoodLeverance({ loebenummer })
    const deferred = waiting.map((number) => ({ loebenummer: number, sha256: 'a' }))

    expect(checkRunningNumber(header, 'b', before, deferred)?.code ?? null).toBe(code)
  })

  it('says how many are missing', () => {
    expect(checkRunningNumber(aGoodLeverance({ loebenummer: 44 }).header, 'b', last, [])?.facts).toEqual({
      number: 44,
      previous: 41,
      missing: 2,
    })
  })
})
