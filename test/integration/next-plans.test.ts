import { describe, expect, it } from 'vitest'
import { nextPlans } from '../../src/app/record-validation.ts'
import type { FileState } from '../../src/domain/flow.ts'
import { aFile, aMandate, aNightRun } from '../kit/builders.ts'
import { aGoodLeverance } from '../kit/make-leverance.ts'
import { useRegisters } from '../kit/register-of.ts'

const { supplierId } = aMandate
const openRegister = useRegisters()

/** The files that would be planned next, of these: `<municipality> <running number> <state>`. */
async function planned(...files: readonly string[]): Promise<string[]> {
  const { register } = await openRegister()
  return register.write((tx) => {
    tx.nights.insert(aNightRun())
    for (const text of files) {
      const [kommuneKode = '', number, state] = text.split(' ')
      const header = { ...aGoodLeverance().header, kommuneKode, loebenummer: Number(number) }
      tx.files.insert(aFile(`${kommuneKode}-${number}`, { header, state: state as FileState }))
    }
    return nextPlans(tx, supplierId).flatMap((request) => (request.job === 'plan' ? [request.payload.fileId] : []))
  })
}

describe('the files of a supplier that are planned next', () => {
  it('are the lowest running number of each municipality', async () => {
    expect(await planned('101 10 validated', '101 9 validated', '147 3 validated')).toEqual(['101-9', '147-3'])
  })

  it('leave out a municipality of which one is planned and not applied yet', async () => {
    expect(await planned('101 9 planned', '101 10 validated', '147 3 validated')).toEqual(['147-3'])
  })

  it('are none while one of the supplier is still being validated: it could be an earlier one', async () => {
    expect(await planned('101 9 validated', '147 3 stored')).toEqual([])
  })
})
