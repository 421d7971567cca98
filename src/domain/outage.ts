import type { BilingualText } from './bilingual-text.ts'
import { type Instant, toMinute } from './time.ts'

/** A time in which the target gives no clear answer. */
export interface Outage {
  /** When the first of the calls without an answer began. */
  readonly sinceAt: Instant
  /** Calls in a row without a clear answer. */
  readonly failures: number
  /** What the newest of them came to. */
  readonly reason: string
  /** From when on the target counts as down, and only single changes are sent to see whether it is back; null while it may be chance. */
  readonly foundAt: Instant | null
  readonly probes: number
  /** When the next change is sent to see; it has no meaning before the outage is found. */
  readonly nextProbeAt: Instant
}

export interface OutageRule {
  /** Calls in a row without a clear answer that make the target count as down. */
  readonly failures: number
  /** Wait before the first, second and further looks, in ms; the last one stands for all that follow. */
  readonly probeDelaysMs: readonly number[]
}

/** A call that has ended. */
export interface TargetAnswer {
  readonly sentAt: Instant
  /** The target gave an answer that can be believed, be it a refusal. */
  readonly isClear: boolean
  readonly reason: string
}

/**
 * What calls, in the order in which they are recorded, say of the target: the outage there is after them, or null. It is a
 * circuit breaker: any clear answer closes it, enough calls in a row without one open it.
 * @param isProbe The calls were made to see whether the target is back: the next look is put off from now on.
 */
export function outageAfter(
  known: Outage | null,
  answers: readonly TargetAnswer[],
  { now, isProbe, rule }: { readonly now: Instant; readonly isProbe: boolean; readonly rule: OutageRule },
): Outage | null {
  const after = answers.reduce<Outage | null>(afterAnswer, known)
  if (after === null) return null
  const isFoundNow = after.foundAt === null && after.failures >= rule.failures
  const foundAt = isFoundNow ? now : after.foundAt
  return { ...after, foundAt, nextProbeAt: isFoundNow || isProbe ? now + delayOf(after, rule) : after.nextProbeAt }
}

function afterAnswer(known: Outage | null, { sentAt, isClear, reason }: TargetAnswer): Outage | null {
  if (isClear) return null
  if (known !== null) return { ...known, failures: known.failures + 1, reason }
  return { sinceAt: sentAt, failures: 1, reason, foundAt: null, probes: 0, nextProbeAt: sentAt }
}

/** The outage once a change was taken to see whether the target is back; when its call is never heard of, there is a next one all the same. */
export function afterProbe(outage: Outage, now: Instant, rule: OutageRule, callDeadlineMs: number): Outage {
  const probed = { ...outage, probes: outage.probes + 1 }
  return { ...probed, nextProbeAt: now + callDeadlineMs + delayOf(probed, rule) }
}

/** Whether to see if the target is back. A look that lies further ahead than any is put off was set by a clock that was set back since. */
export function isProbeDue(
  { nextProbeAt }: Outage,
  now: Instant,
  { probeDelaysMs }: OutageRule,
  callDeadlineMs: number,
): boolean {
  return now >= nextProbeAt || nextProbeAt > now + callDeadlineMs + Math.max(0, ...probeDelaysMs)
}

/** Since when the target gives no answers. */
export function outageText({ sinceAt }: Pick<Outage, 'sinceAt'>): BilingualText {
  const since = toMinute(sinceAt)
  return { da: `Unilogin har ikke svaret siden ${since}`, en: `Unilogin has not answered since ${since}` }
}

function delayOf({ probes }: Outage, { probeDelaysMs }: OutageRule): number {
  return probeDelaysMs[Math.min(probes, probeDelaysMs.length - 1)] ?? 0
}
