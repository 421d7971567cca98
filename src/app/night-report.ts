import { agreementMissing, type MissingAgreements } from '../domain/agreement.ts'
import type { ActionKind } from '../domain/alert.ts'
import type { BilingualText } from '../domain/bilingual-text.ts'
import type { GuardSlice, HoldCause } from '../domain/change-plan.ts'
import type { CutoffAlert } from '../domain/cutoff-alerts.ts'
import type { DeltaOperation } from '../domain/delta.ts'
import { hintOf } from '../domain/error-words.ts'
import type { DeltaState, FileState, HoldState } from '../domain/flow.ts'
import type { Score } from '../domain/forecast-score.ts'
import { countBy } from '../domain/lists.ts'
import { meantFor } from '../domain/missed-cutoff.ts'
import { cutoffKey } from '../domain/next-cutoff.ts'
import type { BusinessDate, Instant } from '../domain/time.ts'
import type { UnitKind } from '../domain/unit.ts'
import type { JobName } from '../ports/jobs.ts'
import type { Night } from '../ports/register/nights.ts'
import type { FoundOutage } from '../ports/register/outages.ts'
import type { OutboxDelta } from '../ports/register/outbox.ts'
import type { JobFailure, RegisterTx } from '../ports/register.ts'
import { channelAction, type FailingChannel, failingChannels } from './alert-channels.ts'
import type { RegisterContext } from './context.ts'
import { alertsOf, scoreAt } from './cutoff-overview.ts'
import { deferredFiles } from './dated-files.ts'
import { type DriftReport, driftReport } from './drift-report.ts'
import { groupOf } from './failed-jobs.ts'
import { isFinal } from './finish-files.ts'
import { type CutoffAhead, lookAhead } from './look-ahead.ts'
import { type MissedCutoff, missedCutoffs } from './missed-cutoffs.ts'
import {
  agreementsText,
  decideText,
  driftActionText,
  missingText,
  notTakenText,
  outageWaitsText,
  sendAgainText,
  suspectLookText,
  suspectText,
  unfinishedText,
  unreadText,
} from './night-action-texts.ts'
import { forecastsOfNight, type NightForecast } from './night-forecasts.ts'
import { type OpenWork, openWork } from './open-work.ts'
import { type UpkeepState, upkeepReport } from './upkeep-report.ts'

/** How one cutoff was met. */
export interface CutoffResult {
  readonly navn: string
  readonly at: Instant
  readonly deltas: number
  readonly acknowledgedInTime: number
  readonly acknowledgedLate: number
  readonly open: number
}

/** A thing that a person must deal with. */
export interface NightAction {
  readonly kind: ActionKind
  /** Tells it from others of its kind as long as it lasts; jobs that failed in the same way share it. */
  readonly cause: string
  readonly who: 'operator' | 'leverandør' | 'kommune'
  readonly what: BilingualText
  readonly subject: string
}

/** What an operator reads in the morning; also the program's answer to `night show --json`. */
export interface NightReport {
  readonly date: BusinessDate
  readonly state: Night['state']
  readonly trigger: Night['trigger']
  readonly openedAt: Instant
  readonly closedAt: Instant | null
  readonly starts: number
  readonly files: {
    /** Files seen for the first time. */
    readonly received: number
    /** The same bytes again, from this night or an earlier one. */
    readonly repeated: number
    readonly delivered: number
    readonly rejected: number
    readonly held: number
    /** Came in this night and wait for the date they hold from. */
    readonly deferred: number
    readonly underWay: number
    readonly byState: Readonly<Partial<Record<FileState, number>>>
  }
  readonly rows: { readonly read: number; readonly accepted: number; readonly rejected: number; readonly unchanged: number }
  /** Findings by code, most frequent first. */
  readonly causes: readonly { readonly code: string; readonly count: number }[]
  readonly rejectedFiles: readonly {
    readonly fileId: string
    readonly supplierId: string
    readonly name: string
    readonly code: string
  }[]
  /** Files of any night that wait for their date, the next first. */
  readonly deferred: readonly {
    readonly fileId: string
    readonly supplierId: string
    readonly name: string
    readonly kommuneKode: string
    readonly gyldigFra: BusinessDate
  }[]
  readonly register: Readonly<Record<UnitKind, { readonly open: number; readonly closed: number }>>
  /** The newest entry of the ledger. Whoever keeps the report can hold a later ledger against it. */
  readonly ledger: { readonly seq: number; readonly hash: string } | null
  readonly deltas: {
    readonly byOperation: Readonly<Partial<Record<DeltaOperation, number>>>
    readonly byState: Readonly<Partial<Record<DeltaState, number>>>
    readonly acknowledged: number
    readonly confirmed: number
    /** Deltas of earlier nights that are not finished either. */
    readonly carriedOver: number
  }
  readonly cutoffs: readonly CutoffResult[]
  /** Changes that missed a cutoff: of this night, and of earlier ones that are not at Unilogin yet. */
  readonly misset: readonly MissedCutoff[]
  /** What was forecast in this night, by cutoff. */
  readonly forecasts: readonly NightForecast[]
  /** Times of the night in which Unilogin did not answer, and the one there is now; `endedAt` is null of that. */
  readonly outages: readonly Pick<FoundOutage, 'sinceAt' | 'reason' | 'nextProbeAt' | 'endedAt'>[]
  /** What can still be done before a cutoff; only while the night is open. */
  readonly alerts: readonly CutoffAlert[]
  /** How good the forecasts of the remembered nights were; null when there were none. */
  readonly score: Score | null
  readonly agreements: {
    /** Changes of any night that wait for an agreement, and those that wait for them. */
    readonly waiting: number
    readonly missing: readonly MissingAgreements[]
    readonly checkedAt: Instant | null
    /** The newest list lacked too many at once and was not used. */
    readonly suspect: boolean
  }
  readonly holds: readonly {
    readonly holdId: string
    readonly kommuneKode: string
    readonly supplierId: string
    readonly slice: GuardSlice
    readonly count: number
    readonly of: number
    readonly cause: HoldCause | null
    readonly state: HoldState
  }[]
  readonly late: readonly { readonly supplierId: string; readonly problem: string | null; readonly missing: readonly string[] }[]
  readonly receipts: { readonly delivered: number; readonly waiting: number }
  readonly failures: readonly Pick<JobFailure, 'jobId' | 'job' | 'code' | 'hint'>[]
  /** Where Unilogin differs from the register, as far as the nights have looked; null while nobody looks. */
  readonly drift: DriftReport | null
  /** The newest check and backup of the register, as they stand now. */
  readonly upkeep: readonly UpkeepState[]
  readonly openWork: OpenWork
  /**
   * Every accepted change has reached Unilogin and, where read-back is on, was read back, or waits for nothing but a data
   * agreement; every receipt is delivered.
   */
  readonly complete: boolean
  readonly actions: readonly NightAction[]
}

/** The report of a night from what the register holds now. Null when there is no such night. */
export function nightReport(ctx: RegisterContext, date: BusinessDate): NightReport | null {
  return ctx.register.read((tx) => reportNight(ctx, tx, date))?.report ?? null
}

/** The report as programs get it. Schema: config/schemas/nat-1.schema.json. */
export function toNightDocument(report: NightReport) {
  return { format: 'dagtilbud-nat-1' as const, ...report }
}

/** The report of a night, and the cutoffs ahead that its alerts are about; none when the night is closed. */
export function reportNight(
  ctx: RegisterContext,
  tx: RegisterTx,
  date: BusinessDate,
): { readonly report: NightReport; readonly ahead: readonly CutoffAhead[] } | null {
  const night = tx.nights.find(date)
  if (night === null) return null
  const ahead = night.state === 'open' ? lookAhead(ctx, tx) : []
  return { report: buildReport(ctx, tx, night, ahead), ahead }
}

function buildReport(ctx: RegisterContext, tx: RegisterTx, night: Night, ahead: readonly CutoffAhead[]): NightReport {
  const { date } = night
  const files = tx.files.ofNight(date)
  const arrivals = tx.nights.arrivals(date)
  const deltas = tx.outbox.ofNight(date)
  const holds = tx.files.holds({ date })
  const suppliers = tx.nights.suppliers(date)
  const receipts = tx.files.receipts({ date })
  const failures = tx.failures.open()
  const work = openWork(ctx, tx, date)
  const waiting = tx.agreements.waiting()
  const waitingIds = new Set(waiting.map((delta) => delta.deltaId))
  const unfinished = deltas.filter((delta) => !isFinal(ctx, delta.state) && !waitingIds.has(delta.deltaId))
  const notTaken = deltas.filter((delta) => delta.state === 'refused' || delta.state === 'mismatched')
  const sum = (pick: (file: (typeof files)[number]) => number) => files.reduce((total, file) => total + pick(file), 0)
  const late = suppliers
    .filter((row) => row.state !== 'complete' && (row.missing.length > 0 || row.problem !== null))
    .map(({ supplierId, problem, missing }) => ({ supplierId, problem, missing }))
  const report = {
    date,
    state: night.state,
    trigger: night.trigger,
    openedAt: night.openedAt,
    closedAt: night.closedAt,
    starts: night.starts,
    files: {
      received: files.length,
      repeated: arrivals.filter((arrival) => arrival.repeat).length,
      delivered: files.filter((file) => file.state === 'delivered').length,
      rejected: files.filter((file) => file.state === 'rejected').length,
      held: files.filter((file) => file.state === 'held').length,
      deferred: files.filter((file) => file.state === 'deferred').length,
      underWay: files.filter((file) => ['stored', 'validated', 'planned', 'applied'].includes(file.state)).length,
      byState: Object.fromEntries(countBy(files, (file) => file.state)),
    },
    rows: {
      read: sum((file) => file.read),
      accepted: sum((file) => file.accepted),
      rejected: sum((file) => file.rejected),
      unchanged: sum((file) => file.unchanged),
    },
    causes: countCauses(files.map((file) => file.findingCounts)),
    rejectedFiles: files
      .filter((file) => file.state === 'rejected')
      .map(({ fileId, supplierId, name }) => ({
        fileId,
        supplierId,
        name,
        code: tx.files.findings(fileId).find((f) => f.level === 'file')?.code ?? '',
      })),
    deferred: deferredFiles(tx).map(({ fileId, supplierId, name, header: { kommuneKode, gyldigFra } }) => ({
      fileId,
      supplierId,
      name,
      kommuneKode,
      gyldigFra,
    })),
    register: tx.units.counts(),
    ledger: headOf(tx),
    deltas: {
      byOperation: Object.fromEntries(countBy(deltas, (delta) => delta.operation)),
      byState: Object.fromEntries(countBy(deltas, (delta) => delta.state)),
      acknowledged: deltas.filter((delta) => delta.acknowledgedAt !== null).length,
      confirmed: deltas.filter((delta) => delta.state === 'confirmed').length,
      carriedOver: carriedOver(tx, date),
    },
    cutoffs: toCutoffs(deltas),
    misset: missedCutoffs(ctx, tx, date),
    forecasts: forecastsOfNight(tx, night),
    outages: tx.outages
      .between(night.openedAt, ctx.clock.now() + 1)
      .filter(({ sinceAt, endedAt }) => endedAt === null || sinceAt < (night.closedAt ?? Number.POSITIVE_INFINITY))
      .map(({ sinceAt, reason, nextProbeAt, endedAt }) => ({ sinceAt, reason, nextProbeAt, endedAt })),
    alerts: ahead.flatMap((one) => alertsOf(tx, one)),
    score: scoreAt(ctx, tx, ctx.clock.now()).score,
    agreements: toAgreements(tx, waiting),
    holds: holds.map(({ holdId, kommuneKode, supplierId, slice, count, of, cause, state }) => ({
      holdId,
      kommuneKode,
      supplierId,
      slice,
      count,
      of,
      cause,
      state,
    })),
    late,
    receipts: {
      delivered: receipts.filter((row) => row.state === 'delivered').length,
      waiting: receipts.filter((row) => row.state !== 'delivered').length,
    },
    failures: failures.map(({ jobId, job, code, hint }) => ({ jobId, job, code, hint })),
    drift: driftReport(ctx, tx),
    upkeep: upkeepReport(ctx, tx),
    openWork: work,
    complete:
      unfinished.length === 0 &&
      notTaken.length === 0 &&
      failures.every(({ job }) => besideTheNight.has(job)) &&
      receipts.every((row) => row.state === 'delivered') &&
      work.files === 0,
  }
  return { ...report, actions: toActions(report, notTaken, unfinished, failingChannels(ctx, tx)) }
}

/** Jobs that a night is complete without. */
const besideTheNight: ReadonlySet<JobName> = new Set(['export', 'watch', 'notify', 'record-notice'])

const upkeepTexts = {
  check: {
    bad: { da: 'kontrollen af registret fandt fejl', en: 'the check of the register found faults' },
    old: { da: 'registret er ikke kontrolleret i to døgn', en: 'the register was not checked for two days' },
  },
  backup: {
    bad: { da: 'sikkerhedskopien mangler noget', en: 'the backup lacks something' },
    old: { da: 'registret er ikke sikkerhedskopieret i to døgn', en: 'the register was not backed up for two days' },
  },
} as const

function headOf(tx: RegisterTx): NightReport['ledger'] {
  const last = tx.ledger.last()
  return last === null ? null : { seq: last.seq, hash: last.hash }
}

function toActions(
  report: Omit<NightReport, 'actions'>,
  notTaken: readonly OutboxDelta[],
  unfinished: readonly OutboxDelta[],
  channels: readonly FailingChannel[],
): NightAction[] {
  const actions: NightAction[] = []
  const outage = report.outages.find(({ endedAt }) => endedAt === null)
  if (outage !== undefined)
    actions.push({
      kind: 'unilogin',
      cause: '',
      who: 'operator',
      what: outageWaitsText(outage),
      subject: 'dagtilbud doctor',
    })
  for (const { task, ok, isOld } of report.upkeep)
    if (!ok || isOld)
      actions.push({
        kind: 'vedligehold',
        cause: task,
        who: 'operator',
        what: upkeepTexts[task][ok ? 'old' : 'bad'],
        subject: 'dagtilbud doctor',
      })
  for (const { channel, problem } of channels) actions.push({ ...channelAction(channel, problem), subject: 'dagtilbud doctor' })
  for (const failure of report.failures) {
    const { da, en } = hintOf(failure.code, failure.hint)
    const what = { da: `job standset: ${da}`, en: `job stopped: ${en}` }
    actions.push({ kind: 'job', cause: groupOf(failure), who: 'operator', what, subject: failure.jobId })
  }
  for (const { holdId, state, slice, count, of } of report.holds)
    if (state === 'open')
      actions.push({ kind: 'hold', cause: holdId, who: 'operator', what: decideText(slice, count, of), subject: holdId })
  for (const { kommuneKode, numbers } of report.agreements.missing)
    actions.push({
      kind: 'aftale',
      cause: kommuneKode,
      who: 'kommune',
      what: agreementsText(numbers),
      subject: `kommune ${kommuneKode}`,
    })
  if (report.agreements.suspect)
    actions.push({
      kind: 'aftaleliste',
      cause: '',
      who: 'operator',
      what: suspectText,
      subject: 'unilogin.agreementsLostRatio',
    })
  actions.push(...driftActions(report.drift))
  for (const { fileId, supplierId, name, code } of report.rejectedFiles)
    actions.push({ kind: 'fil', cause: fileId, who: 'leverandør', what: sendAgainText(code), subject: `${supplierId}/${name}` })
  for (const { supplierId, problem, missing } of report.late) {
    const own = { cause: supplierId, subject: supplierId }
    if (problem !== null) actions.push({ ...own, kind: 'server', who: 'operator', what: unreadText(problem) })
    if (missing.length > 0) actions.push({ ...own, kind: 'mangler', who: 'leverandør', what: missingText(missing) })
  }
  for (const { deltaId, nummer, replyCode, state } of notTaken)
    actions.push({ kind: 'afvist', cause: deltaId, who: 'operator', what: notTakenText(replyCode ?? state), subject: nummer })
  if (report.state === 'closed' && unfinished.length > 0 && outage === undefined)
    actions.push({
      kind: 'ikke-naaet',
      cause: report.date,
      who: 'operator',
      what: unfinishedText(unfinished.length),
      subject: report.date,
    })
  return actions
}

/** What differs at Unilogin, by who must act on it. */
function driftActions(drift: DriftReport | null): NightAction[] {
  if (drift === null) return []
  if (drift.lastRun.suspect)
    return [{ kind: 'afvigelse', cause: '', who: 'operator', what: suspectLookText, subject: 'drift.lostRatio' }]
  return drift.found.map(({ kind, who, kommuneKode, numbers }) => ({
    kind: 'afvigelse',
    cause: `${kind}/${kommuneKode ?? ''}`,
    who: who === 'os' ? 'operator' : who,
    what: driftActionText(kind, numbers),
    subject: kommuneKode === null ? 'dagtilbud quality' : `kommune ${kommuneKode}`,
  }))
}

function toAgreements(tx: RegisterTx, waiting: readonly OutboxDelta[]): NightReport['agreements'] {
  const check = tx.agreements.lastCheck()
  const missing = new Map<string, { numbers: string[]; since: BusinessDate }>()
  for (const { nummer, record, date, replyCode } of waiting) {
    if (replyCode !== agreementMissing) continue
    const kommuneKode = record.admkommunenr ?? ''
    const entry = missing.get(kommuneKode) ?? { numbers: [], since: date }
    missing.set(kommuneKode, { numbers: [...entry.numbers, nummer], since: date < entry.since ? date : entry.since })
  }
  return {
    waiting: waiting.length,
    missing: [...missing].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kommuneKode, entry]) => ({ kommuneKode, ...entry })),
    checkedAt: check?.at ?? null,
    suspect: check?.suspect ?? false,
  }
}

/** Each change counts for the cutoff it was meant to make: what was carried over counts where it was missed. */
function toCutoffs(deltas: readonly OutboxDelta[]): CutoffResult[] {
  const results = new Map<string, CutoffResult>()
  for (const delta of deltas) {
    const cutoff = meantFor(delta)
    const { acknowledgedAt, state } = delta
    if (cutoff === null || state === 'superseded') continue
    const key = cutoffKey(cutoff)
    const before = results.get(key) ?? { ...cutoff, deltas: 0, acknowledgedInTime: 0, acknowledgedLate: 0, open: 0 }
    const inTime = acknowledgedAt !== null && acknowledgedAt <= cutoff.at
    results.set(key, {
      ...before,
      deltas: before.deltas + 1,
      acknowledgedInTime: before.acknowledgedInTime + (inTime ? 1 : 0),
      acknowledgedLate: before.acknowledgedLate + (acknowledgedAt !== null && !inTime ? 1 : 0),
      open: before.open + (acknowledgedAt === null ? 1 : 0),
    })
  }
  return [...results.values()].sort((a, b) => a.at - b.at)
}

function carriedOver(tx: RegisterTx, date: BusinessDate): number {
  const states = ['waiting', 'ready', 'sent', 'unknown'] as const
  return states.flatMap((state) => tx.outbox.inState(state)).filter((delta) => delta.date !== date).length
}

function countCauses(counts: readonly Readonly<Record<string, number>>[]): { code: string; count: number }[] {
  const total = new Map<string, number>()
  for (const one of counts) for (const [code, count] of Object.entries(one)) total.set(code, (total.get(code) ?? 0) + count)
  return [...total].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1))
}
