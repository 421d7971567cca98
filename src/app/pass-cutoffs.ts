import { isApart, type MissedWhy, whyMissed } from '../domain/missed-cutoff.ts'
import { type Cutoff, isSameCutoff, nextCutoff, nextCutoffs } from '../domain/next-cutoff.ts'
import { toIso } from '../domain/time.ts'
import type { OutboxDelta } from '../ports/register/outbox.ts'
import type { RegisterTx } from '../ports/register.ts'
import { countMissingFiles } from './awaited-files.ts'
import type { RegisterContext } from './context.ts'

/**
 * Records every cutoff that has passed since the last time: how many changes made it, which did not, and why. What is not
 * acknowledged is carried over to its next cutoff and keeps the name of the first one it missed. Returns how many passed.
 */
export function passCutoffs(ctx: RegisterContext, tx: RegisterTx): number {
  let passed = 0
  for (;;) {
    const cutoff = tx.cutoffs.nextToPass(ctx.clock.now())
    if (cutoff === null) return passed
    passOne(ctx, tx, cutoff)
    passed += 1
  }
}

function passOne(ctx: RegisterContext, tx: RegisterTx, cutoff: Cutoff): void {
  const now = ctx.clock.now()
  const withoutAgreement = new Set(tx.agreements.waiting().map(({ deltaId }) => deltaId))
  const next = nextCutoffs(ctx.settings.cutoffs, cutoff.at)
  const missed = tx.cutoffs.notInTime(cutoff).map((delta) => {
    const why = withoutAgreement.has(delta.deltaId) ? 'aftale' : whyMissed(delta)
    // What came late stays where it was due.
    const dueAt = delta.acknowledgedAt === null ? (next.get(delta.operation) ?? null) : cutoff
    tx.outbox.update(delta.deltaId, carriedOver(delta, cutoff, why, dueAt))
    return { deltaId: delta.deltaId, why, apart: isApart(why, delta) }
  })
  const inTime = tx.cutoffs.countInTime(cutoff)
  const apart = missed.filter((one) => one.apart).length
  const missingFiles = countMissingFiles(ctx, tx, cutoff)
  tx.cutoffs.addPassed({
    ...cutoff,
    recordedAt: now,
    total: inTime + missed.length - apart,
    inTime,
    missed: missed.length - apart,
    apart,
    missingFiles,
  })
  tx.ledger.append({
    at: now,
    type: 'cutoff',
    subject: `${cutoff.navn} ${toIso(cutoff.at)}`,
    facts: {
      inTime,
      missed: missed.map(({ deltaId, why }) => [deltaId, why]),
      held: heldAt(ctx, tx, cutoff),
      missingFiles,
    },
  })
}

/** A change that missed a cutoff: due at another, under the name of the first one it missed. */
function carriedOver(delta: OutboxDelta, missed: Cutoff, why: MissedWhy, dueAt: Cutoff | null): Partial<OutboxDelta> {
  const isFirst = delta.missedCutoffAt === null
  return {
    ...(isFirst ? { missedCutoffNavn: missed.navn, missedCutoffAt: missed.at, missedWhy: why } : {}),
    cutoffNavn: dueAt?.navn ?? null,
    cutoffAt: dueAt?.at ?? null,
  }
}

/** Holds that a person could have decided in time and did not. */
function heldAt(ctx: RegisterContext, tx: RegisterTx, cutoff: Cutoff): string[] {
  return tx.files
    .holds({ state: 'open' })
    .filter(({ openedAt }) => isSameCutoff(nextCutoff(ctx.settings.cutoffs, openedAt), cutoff))
    .map(({ holdId }) => holdId)
}
