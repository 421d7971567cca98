import { sha256Hex } from './ids.ts'
import type { Instant } from './time.ts'

/** What an alert can be about. The report's actions and the cutoffs' warnings of the same name say when. */
export const alertKinds = [
  'frist',
  'misset',
  'nat',
  'unilogin',
  'server',
  'job',
  'vedligehold',
  'aftaleliste',
  'ikke-naaet',
  'kanal',
] as const
export type AlertKind = (typeof alertKinds)[number]

/** What the morning report asks people for: whatever there is an alert about, and what can wait for the morning. */
export const actionKinds = [...alertKinds, 'hold', 'aftale', 'fil', 'mangler', 'afvist', 'afvigelse'] as const
export type ActionKind = (typeof actionKinds)[number]

/** The ways a person is told; each is there once. */
export const channelNames = ['mail', 'webhook'] as const
export type ChannelName = (typeof channelNames)[number]

/** What a message is: an alert's beginning, reminder or end; a channel's test; the morning report. */
export const noticeKinds = ['begyndt', 'paamindet', 'loest', 'passeret', 'selvtest', 'rapport'] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** Something that is so now, and that a person must know of. */
export interface Cause {
  readonly kind: AlertKind
  /** Tells it from others of its kind as long as it lasts: a supplier, a step and its code, a cutoff. */
  readonly subject: string
  readonly who: 'operator' | 'leverandør' | 'kommune'
  /** What it is and what to do, in Danish. No personal data. */
  readonly what: string
  /** Later than this it is most likely too late; null where nothing says so. */
  readonly latestAt: Instant | null
}

/** A cause from when it was first seen to when it was over. */
export interface Alert extends Pick<Cause, 'kind' | 'subject' | 'who' | 'latestAt'> {
  readonly alertId: string
  readonly beganAt: Instant
  /** When it had lasted long enough to be told; null until then. */
  readonly toldAt: Instant | null
  readonly remindedAt: Instant | null
  readonly reminders: number
  /** Since when it is not seen any more, though not for long enough to be over. */
  readonly goneAt: Instant | null
  readonly endedAt: Instant | null
}

/** How soon, and how often. */
export interface AlertPace {
  /** A cause counts once it has lasted so long, and is over once it was gone so long. */
  readonly settleMs: number
  readonly remindEveryMs: number
}

/** An alert as it stands after a look, what is to be said of it, and the cause when it is still seen. */
export interface AlertStep {
  readonly alert: Alert
  readonly says: NoticeKind | null
  readonly cause: Cause | null
}

/**
 * What a look at the causes changes: one alert for each cause, told when it has lasted a while, reminded at its pace, and
 * ended once. What comes and goes within `settleMs` is neither told nor ended. Only alerts that change are given.
 */
export function followAlerts(
  open: readonly Alert[],
  causes: readonly Cause[],
  now: Instant,
  { settleMs, remindEveryMs }: AlertPace,
): AlertStep[] {
  const standing = new Map(open.map((alert) => [keyOf(alert), alert]))
  const seen = new Map(causes.map((cause) => [keyOf(cause), cause]))

  const carryOn = (cause: Cause): AlertStep => {
    const before = standing.get(keyOf(cause)) ?? newAlert(cause, now)
    const alert = before.goneAt === null ? before : { ...before, goneAt: null }
    const { latestAt } = cause
    if (alert.toldAt === null) {
      if (now - alert.beganAt < settleMs) return { alert, says: null, cause }
      return { alert: { ...alert, latestAt, toldAt: now }, says: 'begyndt', cause }
    }
    if (now - (alert.remindedAt ?? alert.toldAt) < remindEveryMs) return { alert, says: null, cause }
    return { alert: { ...alert, latestAt, remindedAt: now, reminders: alert.reminders + 1 }, says: 'paamindet', cause }
  }
  const fade = (before: Alert): AlertStep => {
    const alert = before.goneAt === null ? { ...before, goneAt: now } : before
    if (now - (alert.goneAt ?? now) < settleMs) return { alert, says: null, cause: null }
    // Past its time it has not been put right: there is only nothing more to be done about it.
    const end = alert.latestAt !== null && (alert.goneAt ?? now) >= alert.latestAt ? 'passeret' : 'loest'
    return { alert: { ...alert, endedAt: now }, says: alert.toldAt === null ? null : end, cause: null }
  }
  const steps = [...[...seen.values()].map(carryOn), ...open.filter((alert) => !seen.has(keyOf(alert))).map(fade)]
  return steps.filter(({ alert }) => alert !== standing.get(keyOf(alert)))
}

function keyOf({ kind, subject }: Pick<Cause, 'kind' | 'subject'>): string {
  return `${kind}/${subject}`
}

function newAlert(cause: Cause, now: Instant): Alert {
  const { kind, subject, who, latestAt } = cause
  const alertId = `a-${sha256Hex(`${keyOf(cause)}/${now}`).slice(0, 16)}`
  const never = { toldAt: null, remindedAt: null, goneAt: null, endedAt: null }
  return { alertId, kind, subject, who, latestAt, beganAt: now, reminders: 0, ...never }
}
