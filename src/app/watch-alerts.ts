import { channelsOf } from '../../config/alert-channels.ts'
import { type AlertStep, type Cause, type ChannelName, followAlerts, type NoticeKind } from '../domain/alert.ts'
import { quietUntil } from '../domain/quiet-hours.ts'
import { dayMs, fromWallTime, type Instant, toBusinessDate } from '../domain/time.ts'
import type { JobRequest, StepResult } from '../ports/jobs.ts'
import type { Notice } from '../ports/register/alerts.ts'
import type { Night } from '../ports/register/nights.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { currentCauses } from './current-causes.ts'
import { putDocument } from './documents.ts'
import { noticeMessage } from './notice-message.ts'
import type { Letter } from './send-notice.ts'

const firstRetryMs = 60_000
const longestRetryMs = 3_600_000
/** A test, a report, or word that something is over, that did not get through for a day is of no use any more. */
const usefulMs = dayMs

/** What one look changes. */
interface Changes {
  readonly steps: readonly AlertStep[]
  readonly added: readonly Notice[]
  readonly withdrawn: readonly Notice[]
  /** To be sent now. */
  readonly due: readonly Notice[]
}

/**
 * Looks for what a person must know of, notes what began and what is over, and asks for the messages that are due. The
 * register knows what was told: a restart neither forgets nor repeats. A message counts as tried before it goes, so it is
 * asked for again only after a pause, until it is known to be sent.
 */
export async function watchAlerts(ctx: RegisterContext): Promise<StepResult> {
  if (channelsOf(ctx.settings).length === 0) return { outcome: 'no channel', next: [] }
  const causes = currentCauses(ctx)
  const changes = ctx.register.read((tx) => findChanges(ctx, tx, causes))
  const { steps, added, withdrawn, due } = changes
  if (steps.length + added.length + withdrawn.length + due.length === 0) return { outcome: 'nothing new', next: [] }
  const claimed = ctx.register.write((tx) => noteChanges(ctx, tx, changes))
  const next = await Promise.all(claimed.map((notice) => requestNotice(ctx, notice, causes)))
  const count = (kind: NoticeKind) => steps.filter(({ says }) => says === kind).length
  const facts = { told: count('begyndt'), reminded: count('paamindet'), over: count('loest') + count('passeret') }
  return { outcome: 'noted', next, facts: { ...facts, messages: next.length } }
}

function findChanges(ctx: RegisterContext, tx: RegisterTx, causes: readonly Cause[]): Changes {
  const now = ctx.clock.now()
  const channels = channelsOf(ctx.settings)
  const open = tx.alerts.open()
  const steps = followAlerts(open, causes, now, ctx.settings.alerts)
  const added = [...steps.flatMap((step) => noticesOf(ctx, tx, step)), ...selfTests(ctx, tx), ...reports(ctx, tx)]
  const over = new Set(steps.filter(({ alert }) => alert.endedAt !== null).map(({ alert }) => alert.alertId))
  const isNeeded = ({ channel, kind, alertId, createdAt }: Notice) =>
    channels.includes(channel) &&
    (alertId === null || !over.has(alertId)) &&
    (kind === 'begyndt' || kind === 'paamindet' || now - createdAt < usefulMs)
  const unsent = tx.alerts.unsent()
  // What is not seen just now may be over in a moment, and need not be said any more.
  const standing = new Map([...open, ...steps.map(({ alert }) => alert)].map((alert) => [alert.alertId, alert]))
  const isFading = ({ alertId, kind }: Notice) =>
    (kind === 'begyndt' || kind === 'paamindet') && (standing.get(alertId ?? '')?.goneAt ?? null) !== null
  const due = [...unsent.filter((notice) => isNeeded(notice) && !isFading(notice)), ...added].filter(
    ({ nextAt }) => nextAt <= now,
  )
  return { steps, added, withdrawn: unsent.filter((notice) => !isNeeded(notice)), due }
}

/** Notes them; returns the messages that are due, as tried once more. */
function noteChanges(ctx: RegisterContext, tx: RegisterTx, { steps, added, withdrawn, due }: Changes): Notice[] {
  const now = ctx.clock.now()
  for (const { alert } of steps) tx.alerts.put(alert)
  for (const notice of added) tx.alerts.addNotice(notice)
  for (const { noticeId } of withdrawn) tx.alerts.updateNotice(noticeId, { withdrawnAt: now })
  return due.map((notice) => {
    const pauseMs = Math.min(longestRetryMs, firstRetryMs * 2 ** notice.tries)
    const claimed = { tries: notice.tries + 1, triedAt: now, nextAt: now + pauseMs }
    tx.alerts.updateNotice(notice.noticeId, claimed)
    return { ...notice, ...claimed }
  })
}

/** What is said of an alert, by each channel that can say it: none says that it does not work itself. */
function noticesOf(ctx: RegisterContext, tx: RegisterTx, { alert, says }: AlertStep): Notice[] {
  if (says === null) return []
  const before = tx.alerts.noticesOf(alert.alertId)
  const isOver = says === 'loest' || says === 'passeret'
  const mayCome = ({ sentAt, tries, problem }: Notice) => sentAt !== null || (tries > 0 && problem === null)
  const wants = (channel: ChannelName) => {
    const own = before.filter((notice) => notice.channel === channel)
    if (isOver) return own.some(mayCome)
    // What could not be said yet is not followed by a reminder of it.
    return own.every(({ sentAt, withdrawnAt }) => sentAt !== null || withdrawnAt !== null)
  }
  const number = says === 'paamindet' ? `${alert.reminders}` : ''
  return channelsOf(ctx.settings)
    .filter((channel) => (alert.kind !== 'kanal' || alert.subject !== channel) && wants(channel))
    .map((channel) => ({
      ...newNotice(ctx, `${alert.alertId}.${says}${number}.${channel}`, channel, says),
      alertId: alert.alertId,
      nextAt: sendAt(ctx, alert.latestAt),
    }))
}

/** Now, or when the quiet hours are over, unless that is too late. */
function sendAt({ clock, settings: { alerts } }: RegisterContext, latestAt: Instant | null): Instant {
  const now = clock.now()
  const quietEnd = alerts.quiet === undefined ? null : quietUntil(alerts.quiet, now)
  return quietEnd === null || (latestAt !== null && latestAt < quietEnd) ? now : quietEnd
}

/** A message over each channel once a day, so that a broken one is known before it is needed. */
function selfTests(ctx: RegisterContext, tx: RegisterTx): Notice[] {
  const now = ctx.clock.now()
  const date = toBusinessDate(now)
  if (now < fromWallTime(date, ctx.settings.alerts.selfTestAt)) return []
  return channelsOf(ctx.settings)
    .map((channel) => ({ ...newNotice(ctx, `selvtest.${date}.${channel}`, channel, 'selvtest'), date }))
    .filter(({ noticeId }) => tx.alerts.findNotice(noticeId) === null)
}

/** The report of the latest night by mail, once, when the setting says so. */
function reports(ctx: RegisterContext, tx: RegisterTx): Notice[] {
  const night = tx.nights.latest()
  if (night === null || !channelsOf(ctx.settings).includes('mail')) return []
  const { date } = night
  const dueAt = reportDueAt(ctx.settings.alerts.reportAt, night)
  const now = ctx.clock.now()
  if (dueAt === null || now < dueAt || now - dueAt >= usefulMs) return []
  const notice = { ...newNotice(ctx, `rapport.${date}.mail`, 'mail', 'rapport'), date }
  return tx.alerts.findNotice(notice.noticeId) === null ? [notice] : []
}

function reportDueAt(reportAt: string, { date, state, closedAt }: Night): Instant | null {
  if (reportAt === 'aldrig') return null
  if (reportAt !== 'lukket') return fromWallTime(date, reportAt)
  return state === 'closed' ? closedAt : null
}

function newNotice({ clock }: RegisterContext, noticeId: string, channel: ChannelName, kind: NoticeKind): Notice {
  const now = clock.now()
  const never = { triedAt: null, problem: null, sentAt: null, withdrawnAt: null }
  return { noticeId, channel, kind, alertId: null, date: null, createdAt: now, nextAt: now, tries: 0, ...never }
}

async function requestNotice(ctx: RegisterContext, notice: Notice, causes: readonly Cause[]): Promise<JobRequest> {
  const { noticeId, channel, tries: attempt } = notice
  const letter: Letter = { channel, message: noticeMessage(ctx, notice, causes) }
  const { sha256: messageSha256 } = await putDocument(ctx.files, letter)
  return { job: 'notify', payload: { noticeId, attempt, messageSha256 } }
}
