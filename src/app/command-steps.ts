import type { UpkeepRun } from '../ports/register/upkeep.ts'
import { addLink, type LinkStatement } from './add-link.ts'
import type { OperatorContext } from './context.ts'
import { decideHold, type HoldDecision } from './decide-hold.ts'
import { type Dismissal, noteDismissal } from './dismiss-job.ts'
import { loadStored, type StoredBaseline } from './load-baseline.ts'
import { noteUser, type UserNote } from './manage-users.ts'
import { noteUpkeep, repeatRemoval } from './note-upkeep.ts'
import { noteRequeue } from './requeue-job.ts'
import { goOnAbove } from './restore.ts'

/** Commands that change the register, by the name their step has in the ledger; jobs have their own. */
export const commandSteps: Readonly<Record<string, (ctx: OperatorContext, input: never) => Promise<unknown>>> = {
  'decide-hold': (ctx, input: HoldDecision) => decideHold(ctx, input),
  'requeue-job': (ctx, input: Parameters<typeof noteRequeue>[1]) => noteRequeue(ctx, input),
  'dismiss-job': (ctx, input: Dismissal) => noteDismissal(ctx, input),
  'note-user': (ctx, input: UserNote) => noteUser(ctx, input),
  'add-link': (ctx, input: LinkStatement) => addLink(ctx, input),
  'note-upkeep': (ctx, input: UpkeepRun) => noteUpkeep(ctx, input),
  'note-removal': (ctx, input: { listSha256: string }) => repeatRemoval(ctx, input),
  restore: (ctx, input: { reachedSha256: string }) => goOnAbove(ctx, input),
  'load-baseline': (ctx, input: StoredBaseline) => loadStored(ctx, input),
}
