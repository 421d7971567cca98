import { agreementMissing } from './agreement.ts'
import type { DeltaState } from './flow.ts'
import type { Cutoff } from './next-cutoff.ts'
import type { Instant } from './time.ts'

/**
 * How a change stood when its cutoff passed. for-sent: acknowledged, but later. venter: behind another change. klar: not sent
 * yet. undervejs, uvis: sent, without an answer or with an unclear one. afvist: refused. aftale: no data agreement.
 * tilbageholdt: not decided by a person, so not a change yet.
 */
export const missedWhys = ['for-sent', 'venter', 'klar', 'undervejs', 'uvis', 'afvist', 'aftale', 'tilbageholdt'] as const
export type MissedWhy = (typeof missedWhys)[number]

/** A change on its way, as far as its cutoff goes. */
export interface CutoffStanding {
  readonly state: DeltaState
  readonly replyCode: string | null
  readonly cutoffNavn: string | null
  readonly cutoffAt: Instant | null
  readonly missedCutoffNavn: string | null
  readonly missedCutoffAt: Instant | null
  readonly acknowledgedAt: Instant | null
}

/** Why a change that was not acknowledged by its cutoff was not. */
export function whyMissed({ state, replyCode }: Pick<CutoffStanding, 'state' | 'replyCode'>): MissedWhy {
  switch (state) {
    case 'waiting':
      return replyCode === agreementMissing ? 'aftale' : 'venter'
    case 'ready':
      return 'klar'
    case 'sent':
      return 'undervejs'
    case 'unknown':
      return 'uvis'
    case 'refused':
      return 'afvist'
    default:
      return 'for-sent'
  }
}

/**
 * True for a miss that does not count against the cutoff: nothing of ours or the supplier's can help a change without a data
 * agreement, and a refused one counts against the cutoff it missed first, not against every later one. Ours.
 */
export function isApart(why: MissedWhy, { missedCutoffAt }: Pick<CutoffStanding, 'missedCutoffAt'>): boolean {
  return why === 'aftale' || (why === 'afvist' && missedCutoffAt !== null)
}

/** The first cutoff a change has missed; null when it has missed none. */
export function firstMissed(delta: CutoffStanding): Cutoff | null {
  if (delta.missedCutoffAt !== null) return { navn: delta.missedCutoffNavn ?? '', at: delta.missedCutoffAt }
  const own = cutoffOf(delta)
  return own !== null && delta.acknowledgedAt !== null && delta.acknowledgedAt > own.at ? own : null
}

/** The cutoff a change was meant to make: the first it missed, or the one it is due at. */
export function meantFor(delta: CutoffStanding): Cutoff | null {
  return firstMissed(delta) ?? cutoffOf(delta)
}

/** The cutoff that a change has not made, once it stands as it will: one that was refused will not make its own. */
export function missedInTheEnd(delta: CutoffStanding): Cutoff | null {
  return firstMissed(delta) ?? (delta.acknowledgedAt === null ? cutoffOf(delta) : null)
}

function cutoffOf({ cutoffNavn, cutoffAt }: CutoffStanding): Cutoff | null {
  return cutoffAt === null ? null : { navn: cutoffNavn ?? '', at: cutoffAt }
}
