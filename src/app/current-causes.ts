import type { AlertKind, Cause } from '../domain/alert.ts'
import { groupBy } from '../domain/lists.ts'
import { cutoffKey, isSameCutoff } from '../domain/next-cutoff.ts'
import { dayMs, fromWallTime, toClock } from '../domain/time.ts'
import type { OutboxDelta } from '../ports/register/outbox.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { alertsOf, isMet } from './cutoff-overview.ts'
import { lookAhead } from './look-ahead.ts'
import { type NightReport, nightReport } from './night-report.ts'
import { pendingDeltas } from './pending-deltas.ts'

/** Actions of the report that a person is told of at once; the others are the cutoffs' warnings, or wait for the morning. */
const toldActions: ReadonlySet<string> = new Set<AlertKind>([
  'unilogin',
  'vedligehold',
  'job',
  'aftaleliste',
  'server',
  'ikke-naaet',
  'kanal',
])

/**
 * What a person must know of now, one for each cause. The rules are those of the morning report, of the cutoffs' warnings and
 * of the upkeep; of its own are only that a night is open too late and that a cutoff was missed.
 */
export function currentCauses(ctx: RegisterContext): Cause[] {
  const date = ctx.register.read((tx) => tx.nights.latest()?.date)
  const report = date === undefined ? null : nightReport(ctx, date)
  return ctx.register.read((tx) => [
    ...actionCauses(report),
    ...cutoffCauses(ctx, tx, report),
    ...missedCauses(ctx, tx),
    ...nightCauses(ctx, tx),
  ])
}

function actionCauses(report: NightReport | null): Cause[] {
  const told = (report?.actions ?? []).filter(({ kind }) => toldActions.has(kind))
  return [...groupBy(told, ({ kind, cause }) => `${kind}/${cause}`).values()].flatMap(([first, ...others]) => {
    if (first === undefined) return []
    const { kind, cause: subject, who, what } = first
    const more = others.length === 0 ? '' : ` og ${others.length} til`
    return [{ kind: kind as AlertKind, subject, who, what: `${what.da}: ${first.subject}${more}`, latestAt: null }]
  })
}

/** The cutoffs' warnings, once they are near enough. */
function cutoffCauses(ctx: RegisterContext, tx: RegisterTx, report: NightReport | null): Cause[] {
  const alerts = report?.state === 'open' ? report.alerts : lookAhead(ctx, tx).flatMap((ahead) => alertsOf(tx, ahead))
  const until = ctx.clock.now() + ctx.settings.alerts.aheadMs
  return alerts
    .filter(({ cause, latestAt }) => cause !== 'nede' && latestAt <= until)
    .map(({ cutoff, cause, who, subject, what, latestAt }) => ({
      kind: 'frist',
      subject: [cutoffKey(cutoff), cause, subject].join('/'),
      who,
      what: `frist ${cutoff.navn} kl. ${toClock(cutoff.at)}: ${who === 'leverandør' ? `${subject}: ` : ''}${what.da}`,
      latestAt,
    }))
}

/** Cutoffs that were missed in the last day, until all that missed them is at Unilogin; told also when it came a little late. */
function missedCauses(ctx: RegisterContext, tx: RegisterTx): Cause[] {
  const now = ctx.clock.now()
  return tx.cutoffs
    .passed(now - dayMs, now)
    .filter((cutoff) => !isMet(cutoff))
    .flatMap((cutoff) => {
      const subject = cutoffKey(cutoff)
      const isOwn = ({ missedCutoffAt: at, missedCutoffNavn: navn }: OutboxDelta) =>
        at !== null && navn !== null && isSameCutoff({ at, navn }, cutoff)
      const pending = pendingDeltas(tx).filter(isOwn).length
      if (pending === 0 && tx.alerts.wasTold('misset', subject)) return []
      const files = cutoff.missingFiles === 0 ? '' : `, ${cutoff.missingFiles} ventede filer var der ikke`
      const what = `frist ${cutoff.navn} kl. ${toClock(cutoff.at)}: ${cutoff.missed} af ${cutoff.total} ændringer nåede den ikke${files}; ${pending} er endnu ikke nået frem: dagtilbud night show`
      return [{ kind: 'misset', subject, who: 'operator', what, latestAt: null } as const]
    })
}

function nightCauses(ctx: RegisterContext, tx: RegisterTx): Cause[] {
  const { nightClosedBy } = ctx.settings.alerts
  const isLate = ({ date, openedAt }: { date: string; openedAt: number }) => {
    const by = fromWallTime(date, nightClosedBy)
    return openedAt < by && by <= ctx.clock.now()
  }
  return tx.nights
    .openNights()
    .filter(isLate)
    .map(({ date }) => ({
      kind: 'nat',
      subject: date,
      who: 'operator',
      what: `natten ${date} er ikke lukket kl. ${nightClosedBy}: se, hvad den venter på, med dagtilbud night show`,
      latestAt: null,
    }))
}
