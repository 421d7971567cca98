import type Database from 'better-sqlite3'
import { programVersion } from '../../../config/package-root.ts'
import { resealStep, type Step, stepEntry, unnamedStep } from '../../domain/ledger.ts'
import type { Register, RegisterTx } from '../../ports/register.ts'
import { keepSeals, sealAnew, unfittingSeals } from './seal-rows.ts'

/** Transactions that end with the ledger entry of their step, when they changed anything. */
export function sealedWrites(sqlite: Database.Database, tx: RegisterTx): Register['write'] {
  const seals = keepSeals(sqlite)
  if (unfittingSeals(sqlite).length > 0) {
    sqlite.transaction(() => tx.ledger.append(stepEntry(withoutInput(tx, resealStep), sealAnew(sqlite)))).immediate()
  }
  return (work, step) =>
    sqlite
      .transaction(() => {
        const before = tx.ledger.last()?.seq
        seals.begin()
        const result = work(tx)
        const sealed = seals.settle()
        const last = tx.ledger.last()
        const hasSaid = last?.seq !== before && last?.type !== 'step'
        if (hasSaid || Object.keys(sealed).length > 0) {
          tx.ledger.append(stepEntry(step ?? withoutInput(tx, unnamedStep), sealed))
        }
        return result
      })
      .immediate()
}

function withoutInput(tx: RegisterTx, name: string): Step {
  return { name, input: null, at: tx.ledger.last()?.at ?? 0, program: programVersion, settingsSha256: null }
}
