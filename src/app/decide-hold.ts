import { FatalError } from '../domain/errors.ts'
import { toBusinessDate } from '../domain/time.ts'
import type { JobRequest } from '../ports/jobs.ts'
import type { Hold } from '../ports/register/files.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { OperatorContext } from './context.ts'
import { waitedForItsDate } from './dated-files.ts'
import { afterUnapplied } from './end-holds.ts'
import { speaksFor } from './mandate-of.ts'
import { runStep } from './run-step.ts'
import { closesOf, readHeldPlan } from './show-hold.ts'

/** A person's word on a hold. */
export interface HoldDecision {
  readonly holdId: string
  readonly decision: 'approved' | 'refused'
  readonly by: string
  readonly reason: string
}

/**
 * Approves or refuses a hold, once. An approval is tied to the exact changes that were held: the file is planned again,
 * and only if the same slice comes out does it pass; otherwise it is held anew. Many closings need two persons: the first
 * approval is noted and the hold stays open. One person is enough to refuse.
 * @returns the hold as it is now; still `open` when it waits for a second person
 * @throws HOLD_NOT_OPEN, HOLD_PLAN_CHANGED, HOLD_PERSON_SAME, HOLD_DECISION_UNSIGNED
 */
export function decideHold(ctx: OperatorContext, said: HoldDecision): Promise<Hold> {
  return runStep(ctx, 'decide-hold', said, (step) => decide(step, said))
}

async function decide(ctx: OperatorContext, said: HoldDecision): Promise<Hold> {
  const { holdId, decision } = said
  const [by, reason] = [said.by.trim(), said.reason.trim()]
  if (by === '' || reason === '') throw unsigned(holdId)
  const known = ctx.register.read((tx) => findOpen(tx, holdId))
  const closes = closesOf(await readHeldPlan(ctx, known), known)
  const { hold, next } = ctx.register.write((tx) => {
    const at = ctx.clock.now()
    const hold = findOpen(tx, holdId)
    if (decision === 'approved') assertStillFits(ctx, tx, hold)
    const needsSecond = decision === 'approved' && closes > ctx.settings.guards.secondPerson
    if (needsSecond && hold.firstBy !== null && isSamePerson(hold.firstBy, by)) throw samePerson(holdId, by, closes)
    const first = needsSecond && hold.firstBy === null
    const patch = first
      ? { firstBy: by, firstReason: reason, firstAt: at }
      : ({ state: decision, decidedBy: by, reason, decidedAt: at } as const)
    tx.files.updateHold(holdId, patch)
    const { planHash, sliceHash } = hold
    const facts = { decision: first ? 'first approval' : decision, by, reason, planHash, sliceHash, closes }
    tx.ledger.append({ at, type: 'decision', subject: holdId, facts })
    return { hold: { ...hold, ...patch }, next: first ? [] : whatFollows(ctx, tx, hold.fileId, decision) }
  })
  await ctx.queue.add(next)
  return hold
}

function whatFollows(
  ctx: OperatorContext,
  tx: RegisterTx,
  fileId: string,
  decision: HoldDecision['decision'],
): readonly JobRequest[] {
  return decision === 'approved' ? [{ job: 'plan', payload: { fileId } }] : afterUnapplied(ctx, tx, fileId)
}

function findOpen(tx: RegisterTx, holdId: string): Hold {
  const hold = tx.files.findHold(holdId)
  if (hold?.state === 'open') return hold
  throw new FatalError('HOLD_NOT_OPEN', `deciding hold ${holdId}, which is ${hold?.state ?? 'not known'}`, {
    dataState: 'nothing was changed',
    hint: 'see `dagtilbud hold list` for the holds that are open',
  })
}

/**
 * A hold cannot be approved once something newer has been applied, or the municipality has left the supplier. What was
 * applied while a file waited for its date is not newer: its plan was made after it, and one made since ends the hold.
 */
function assertStillFits(ctx: OperatorContext, tx: RegisterTx, { holdId, fileId, supplierId, kommuneKode }: Hold): void {
  const last = tx.files.lastApplied(supplierId, kommuneKode)
  const file = tx.files.find(fileId)
  const overtaken = last !== null && last.loebenummer > (file?.header?.loebenummer ?? 0)
  const newer = overtaken && (file === null || !waitedForItsDate(tx, file))
  const left = !speaksFor(ctx.settings, supplierId, kommuneKode, toBusinessDate(ctx.clock.now()))
  if (!newer && !left) return
  const seen = newer
    ? 'a newer file of the municipality has been applied'
    : `municipality ${kommuneKode} has no longer chosen ${supplierId}`
  throw new FatalError('HOLD_PLAN_CHANGED', `approving hold ${holdId}, but ${seen}`, {
    dataState: 'nothing was changed; the hold is still open',
    hint: 'decide the hold of the newer file instead, and refuse this one',
  })
}

/** Case and blanks make no second person. */
function isSamePerson(one: string, other: string): boolean {
  const plain = (name: string) => name.toLocaleLowerCase('da').replace(/\s+/g, ' ').trim()
  return plain(one) === plain(other)
}

function samePerson(holdId: string, by: string, closes: number): FatalError {
  return new FatalError(
    'HOLD_PERSON_SAME',
    `approving the ${closes} closings of hold ${holdId} as ${by}, who approved them first`,
    {
      dataState: 'nothing was changed; the first approval stands and the hold waits for another person',
      hint: 'let another person look at `dagtilbud hold show` and approve it, or refuse it',
    },
  )
}

function unsigned(holdId: string): FatalError {
  return new FatalError('HOLD_DECISION_UNSIGNED', `deciding hold ${holdId} without a name or without a reason`, {
    dataState: 'nothing was changed; the hold is still open',
    hint: 'give both: --by and --reason',
  })
}
