import { dayMs, type Instant } from '../domain/time.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'

/** Older than this, a check or a backup is reported: two nights were without. Ours. */
const oldestMs = 2 * dayMs

/** How the newest run of a task of upkeep stands. */
export interface UpkeepState {
  readonly task: 'check' | 'backup'
  /** Null when there was none yet. */
  readonly at: Instant | null
  readonly ok: boolean
  /** Older than two days; without any, when the register is that old itself. */
  readonly isOld: boolean
}

/** Check and backup of the register as they stand now; a backup only when it is to be made nightly or was made. */
export function upkeepReport(ctx: RegisterContext, tx: RegisterTx): readonly UpkeepState[] {
  const now = ctx.clock.now()
  const since = tx.ledger.first()?.at ?? now
  return (['check', 'backup'] as const).flatMap((task) => {
    const run = tx.upkeep.lastRun(task)
    if (task === 'backup' && run === null && !ctx.settings.backup.nightly) return []
    return [{ task, at: run?.at ?? null, ok: run?.ok ?? true, isOld: now - (run?.at ?? since) > oldestMs }]
  })
}
