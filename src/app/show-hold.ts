import type { Change, ChangePlan } from '../domain/change-plan.ts'
import { type DescribedChange, describeChanges } from '../domain/describe-changes.ts'
import { FatalError } from '../domain/errors.ts'
import type { Hold } from '../ports/register/files.ts'
import type { RegisterContext } from './context.ts'
import { getDocument, trusted } from './documents.ts'

/** A hold with the changes that wait in it. */
export interface HoldView {
  readonly hold: Hold
  readonly fileName: string
  readonly changes: readonly DescribedChange[]
  /** Approving it takes two persons. */
  readonly needsSecondPerson: boolean
}

/** What a hold is about: each change with the values the register held when it was planned. @throws HOLD_NOT_FOUND */
export async function showHold(ctx: RegisterContext, holdId: string): Promise<HoldView> {
  const hold = ctx.register.read((tx) => tx.files.findHold(holdId))
  if (hold === null) {
    throw new FatalError('HOLD_NOT_FOUND', `showing hold ${holdId}, which the register does not have`, {
      dataState: 'nothing was changed',
      hint: 'see `dagtilbud hold list` for the holds that are open, or `dagtilbud night show` for those of a night',
    })
  }
  const plan = await readHeldPlan(ctx, hold)
  return ctx.register.read((tx) => {
    const at = tx.files.findPlan(hold.planHash)?.createdAt ?? hold.openedAt
    return {
      hold,
      fileName: tx.files.find(hold.fileId)?.name ?? hold.fileId,
      changes: describeChanges(changesOf(plan, hold), (nummer) => tx.units.asOf(nummer, { at, knownAt: at }) ?? undefined),
      needsSecondPerson: closesOf(plan, hold) > ctx.settings.guards.secondPerson,
    }
  })
}

/** The plan that a hold names. */
export function readHeldPlan(ctx: RegisterContext, { planHash }: Hold): Promise<ChangePlan> {
  return getDocument(ctx.files, planHash, trusted<ChangePlan>())
}

/** How many units would be closed by what waits in a hold. */
export function closesOf(plan: ChangePlan, hold: Hold): number {
  return changesOf(plan, hold).filter(({ operation }) => operation === 'nedlaeg').length
}

/** The changes of a hold, with those of no kind of their own that cannot happen without them. */
function changesOf(plan: ChangePlan, { slice }: Hold): Change[] {
  const heldSlices = new Set(plan.slices.filter(({ verdict }) => verdict === 'held').map((verdict) => verdict.slice))
  return plan.held.filter((change) => change.slice === slice || change.slice === null || !heldSlices.has(change.slice))
}
