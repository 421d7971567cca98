import { describe, expect, it } from 'vitest'
import { ruleTable } from '../../../src/domain/rules/rule-table.ts'
import { codesOf, validateBytes } from '../../kit/validate-text.ts'
import { mutations } from './mutations.ts'

/** What every sample says but those with a checksum: it cannot be made before the damage that the sample shows. */
const everywhere = 'FIL-35'

/** Rules that need more than one file, or a person: they have tests of their own. */
const elsewhere = /^(?:FIL-25|FIL-26|FIL-30|FIL-36|FIL-37|LOK-32|REG-\d+|DTR-07b|DTR-09|DTR-10)$/

describe('each rule', () => {
  it.each(Object.entries(mutations))(
    '%s is broken by one file and spared by its neighbour',
    async (code, { breaks, spares, along = [] }) => {
      const broken = await validateBytes(breaks.fileName, breaks.content, breaks.options)
      const spared = await validateBytes(spares.fileName, spares.content, spares.options)

      const codes = codesOf(broken.result.findings)
      const level = ruleTable.get(code)?.level
      const { counts, verdict } = broken.result
      expect(codes).toContain(code)
      expect(codes.filter((other) => ![code, everywhere, ...along].includes(other))).toEqual([])
      expect(codesOf(spared.result.findings)).not.toContain(code)
      expect(verdict).toBe(level === 'file' ? 'rejected' : 'validated')
      expect(counts.read).toBe(counts.accepted + counts.rejected)
      if (level === 'record') expect(counts.rejected).toBeGreaterThan(0)
      if (level === 'hold') expect(broken.staged.flatMap((record) => record.hold ?? [])).toEqual([code])
      if (level === 'warning' || level === 'note') expect(along.length > 0 || counts.rejected === 0).toBe(true)
    },
  )

  it('has a mutation here or a test elsewhere', () => {
    const untested = [...ruleTable.keys()].filter((code) => !(code in mutations) && !elsewhere.test(code))

    expect(untested).toEqual([])
  })
})
