import type { DriftKind } from '../domain/drift.ts'
import { groupBy } from '../domain/lists.ts'
import { qualityChecks } from '../domain/quality.ts'
import { dayMs } from '../domain/time.ts'
import type { DriftRun } from '../ports/register/drift.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'

/** Where Unilogin differs from the register, as far as the nights have looked. */
export interface DriftReport {
  readonly lastRun: Omit<DriftRun, 'seenSha256'>
  /** Numbers of the register, and how many of them were looked at in the nights that all should be. */
  readonly numbers: number
  readonly covered: number
  /** By kind, and by municipality where that one must act. */
  readonly found: readonly {
    readonly kind: DriftKind
    readonly who: (typeof qualityChecks)[DriftKind]['hvem']
    /** Null where it is not for a municipality, or none is known. */
    readonly kommuneKode: string | null
    readonly numbers: readonly string[]
  }[]
}

/** What the nights found; null while nobody looks, or nobody has yet. */
export function driftReport({ settings, clock }: RegisterContext, tx: RegisterTx): DriftReport | null {
  const run = tx.drift.lastRun()
  if (settings.drift.source === 'ingen' || run === null) return null
  const { seenSha256: _seen, ...lastRun } = run
  const { numbers, looked: covered } = tx.drift.coverage(clock.now() - settings.drift.nights * dayMs)
  const rows = tx.drift.found().map((row) => ({ ...row, who: qualityChecks[row.kind].hvem }))
  const groups = groupBy(rows, ({ kind, who, kommuneKode }) => `${kind}/${who === 'kommune' ? kommuneKode : ''}`)
  return {
    lastRun,
    numbers,
    covered,
    found: [...groups.values()].flatMap((own) => {
      const [first] = own
      if (first === undefined) return []
      const { kind, who, kommuneKode } = first
      const kommune = who === 'kommune' && kommuneKode !== '' ? kommuneKode : null
      return [{ kind, who, kommuneKode: kommune, numbers: own.map(({ nummer }) => nummer) }]
    }),
  }
}
