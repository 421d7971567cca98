import { setImmediate } from 'node:timers/promises'
import { chainEntry, type LedgerEntry } from '../domain/ledger.ts'
import { take } from '../domain/lists.ts'
import type { RegisterContext } from './context.ts'
import { noteUpkeep } from './note-upkeep.ts'

/** Entries of the ledger that are proved between two turns of others. */
const entriesAtOnce = 2_000
/** Faults that are kept with the result; the first says most. */
const faultsKept = 5

/** What a check of the register came to. */
export interface CheckResult {
  readonly ok: boolean
  /** Findings of SQLite's integrity check and of its foreign keys, and where the ledger does not hold. */
  readonly problems: readonly string[]
  readonly ledgerEntries: number
}

/** Proves the register: SQLite's own check, every foreign key, and the ledger's chain from its first entry to its last. */
export async function checkRegister(ctx: RegisterContext): Promise<CheckResult> {
  const at = ctx.clock.now()
  const { problems: found } = ctx.register.check()
  const ledger = await checkLedger(ctx)
  const problems = [...found, ...(ledger.problem === null ? [] : [ledger.problem])]
  const result = { ok: problems.length === 0, problems, ledgerEntries: ledger.entries }
  const facts = { problems: problems.length, first: problems.slice(0, faultsKept), ledgerEntries: ledger.entries }
  await noteUpkeep(ctx, { task: 'check', at, ok: result.ok, facts })
  return result
}

async function checkLedger(ctx: RegisterContext): Promise<{ readonly entries: number; readonly problem: string | null }> {
  let previous: LedgerEntry | null = null
  for (;;) {
    const from: LedgerEntry | null = previous
    const page: LedgerEntry[] = ctx.register.read((tx) => take(tx.ledger.after(from?.seq ?? 0), entriesAtOnce))
    for (const entry of page) {
      const { hash } = chainEntry(entry, previous)
      if (entry.hash !== hash || entry.seq !== (previous?.seq ?? 0) + 1) {
        return { entries: previous?.seq ?? 0, problem: `ledger entry ${entry.seq} does not follow from the one before it` }
      }
      previous = entry
    }
    if (page.length < entriesAtOnce) return { entries: previous?.seq ?? 0, problem: null }
    await setImmediate()
  }
}
