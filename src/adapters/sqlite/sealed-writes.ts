import type Database from 'better-sqlite3'
import { programVersion } from '../../../config/package-root.ts'
import { resealStep, type Step, stepEntry, unnamedStep } from '../../domain/ledger.ts'
import { once } from '../../domain/once.ts'
import type { Register, RegisterTx } from '../../ports/register.ts'
import { keepSeals, type SealKeeper, sealAnew, unfittingSeals } from './seal-rows.ts'

/** Transactions that end with the ledger entry of their step, when they changed anything. */
export function sealedWrites(sqlite: Database.Database, tx: RegisterTx): Register['write'] {
  const keeper = once(() => keepSeals(sqlite))
  if (unfittingSeals(sqlite).length > 0) {
    sqlite.transaction(() => tx.ledger.append(stepEntry(withoutInput(tx, resealStep), sealAnew(sqlite)))).immediate()
  }
  const writing = sqlite.transaction((seals: SealKeeper, work: (tx: RegisterTx) => unknown, step: Step | undefined) => {
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
  // The triggers are made before the transaction: one that is rolled back would take them with it.
  return <T>(work: (tx: RegisterTx) => T, step?: Step) => writing.immediate(keeper(), work, step) as T
}

function withoutInput(tx: RegisterTx, name: string): Step {
  return { name, input: null, at: tx.ledger.last()?.at ?? 0, program: programVersion, settingsSha256: null }
}
