import { channelsOf } from '../../config/alert-channels.ts'
import { programVersion } from '../../config/package-root.ts'
import { deltaStates, fileStates } from '../domain/flow.ts'
import { countBy, sumOf } from '../domain/lists.ts'
import type { LabelsOf, MetricName, Sample } from '../domain/metric-table.ts'
import { type Cutoff, cutoffsBetween, isSameCutoff } from '../domain/next-cutoff.ts'
import { dayMs, type Instant } from '../domain/time.ts'
import { unitKinds } from '../domain/unit.ts'
import type { JobQueue } from '../ports/jobs.ts'
import type { Night } from '../ports/register/nights.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { OperatorContext, RegisterContext } from './context.ts'

/** How far ahead the next passing of a cutoff is looked for, and how far back the last one. */
const cutoffReachMs = 14 * dayMs
const supplierStates = ['looking', 'complete', 'late'] as const
const unfinishedStates = ['waiting', 'ready', 'sent', 'unknown', 'refused', 'mismatched'] as const
/** BullMQ's own words to ours. */
const queueStates = {
  waiting: 'waiting',
  prioritized: 'waiting',
  active: 'active',
  delayed: 'delayed',
  failed: 'failed',
} as const

type Add = <N extends MetricName>(name: N, labels: LabelsOf<N>, value: number) => void

/**
 * What the register, and the queue beside it, say of how things stand: a sample for each gauge that is not counted in the process.
 * Reads the latest night's files and changes, and otherwise only indexes and single rows, so it costs the same however
 * long the history is.
 */
export async function readSamples(ctx: OperatorContext): Promise<Sample[]> {
  const samples: Sample[] = []
  const add: Add = (name, labels, value) => void samples.push({ name, labels, value } as unknown as Sample)
  add('dagtilbud_info', { version: programVersion }, 1)
  ctx.register.read((tx) => {
    const night = tx.nights.latest()
    add('dagtilbud_night_open', {}, tx.nights.openNights().length)
    if (night !== null) addNight(tx, night, add)
    addSuppliers(ctx, tx, night, add)
    addCutoffs(ctx, tx, add)
    addWaiting(tx, add)
    addAlerts(ctx, tx, add)
    addUpkeep(tx, add)
  })
  add('dagtilbud_register_bytes', {}, ctx.register.sizeBytes())
  addMoment(add, 'dagtilbud_ledger_anchor_timestamp_seconds', {}, ctx.register.anchoredAt())
  await addQueue(ctx.queue, add)
  return samples
}

function addNight(tx: RegisterTx, { date, openedAt, closedAt }: Night, add: Add): void {
  addMoment(add, 'dagtilbud_night_opened_timestamp_seconds', {}, openedAt)
  addMoment(add, 'dagtilbud_night_closed_timestamp_seconds', {}, closedAt)
  const files = tx.files.ofNight(date)
  const byState = countBy(files, ({ state }) => state)
  for (const state of fileStates) add('dagtilbud_night_files', { state }, byState.get(state) ?? 0)
  for (const result of ['accepted', 'rejected', 'unchanged'] as const)
    add('dagtilbud_night_rows', { result }, sumOf(files.map((file) => file[result])))
  const deltas = tx.outbox.countsByState({ date })
  for (const state of deltaStates) add('dagtilbud_night_deltas', { state }, deltas[state] ?? 0)
  const suppliers = countBy(tx.nights.suppliers(date), ({ state }) => state)
  for (const state of supplierStates) add('dagtilbud_night_suppliers', { state }, suppliers.get(state) ?? 0)
}

function addSuppliers({ settings }: RegisterContext, tx: RegisterTx, night: Night | null, add: Add): void {
  const rows = new Map((night === null ? [] : tx.nights.suppliers(night.date)).map((row) => [row.supplierId, row]))
  for (const { id: supplier } of settings.suppliers) {
    const row = rows.get(supplier)
    addMoment(add, 'dagtilbud_supplier_last_arrival_timestamp_seconds', { supplier }, tx.nights.lastArrivalAt(supplier))
    add('dagtilbud_supplier_missing_files', { supplier }, row?.missing.length ?? 0)
    add('dagtilbud_supplier_unreadable', { supplier }, row !== undefined && row.problem !== null ? 1 : 0)
  }
}

/** Of each rule its next passing with what is due then and the forecast the sweep last kept of it, and its last passing. */
function addCutoffs(ctx: RegisterContext, tx: RegisterTx, add: Add): void {
  const now = ctx.clock.now()
  const { cutoffs, forecast, unilogin } = ctx.settings
  const kept = tx.cutoffs.forecasts(now, now + cutoffReachMs).filter(({ madeAt }) => madeAt >= now - 2 * forecast.everyMs)
  for (const next of firstOfEach(cutoffsBetween(cutoffs, now, now + cutoffReachMs))) {
    const cutoff = next.navn
    add('dagtilbud_cutoff_remaining_seconds', { cutoff }, (next.at - now) / 1000)
    const due = tx.cutoffs.countDue(next, unilogin.attempts)
    for (const state of ['acknowledged', 'moving', 'waiting', 'refused', 'tired'] as const)
      add('dagtilbud_cutoff_deltas', { cutoff, state }, sumOf(due.map((row) => row[state])))
    const last = kept.findLast((one) => isSameCutoff(one, next))
    if (last !== undefined) add('dagtilbud_cutoff_probability', { cutoff }, last.probability)
  }
  for (const { navn: cutoff, missed } of firstOfEach(tx.cutoffs.passed(now - cutoffReachMs, now).toReversed()))
    add('dagtilbud_cutoff_missed_deltas', { cutoff }, missed)
}

function firstOfEach<C extends Cutoff>(cutoffs: readonly C[]): C[] {
  return cutoffs.filter(({ navn }, i) => cutoffs.findIndex((one) => one.navn === navn) === i)
}

function addWaiting(tx: RegisterTx, add: Add): void {
  for (const state of unfinishedStates) add('dagtilbud_unfinished_deltas', { state }, tx.outbox.countInState(state))
  add('dagtilbud_holds_open', {}, tx.files.holds({ state: 'open' }).length)
  add('dagtilbud_receipts_waiting', {}, tx.files.receipts({ state: 'prepared' }).length)
  for (const [step, count] of countBy(tx.failures.open(), ({ job }) => job)) add('dagtilbud_failures_open', { step }, count)
}

function addAlerts({ settings }: RegisterContext, tx: RegisterTx, add: Add): void {
  const told = tx.alerts.open().filter(({ toldAt }) => toldAt !== null)
  for (const [kind, count] of countBy(told, (alert) => alert.kind)) add('dagtilbud_alerts_open', { kind }, count)
  for (const channel of channelsOf(settings)) {
    const last = tx.alerts.lastResult(channel)
    if (last !== null) add('dagtilbud_channel_up', { channel }, last.sentAt === null ? 0 : 1)
  }
}

function addUpkeep(tx: RegisterTx, add: Add): void {
  for (const task of ['check', 'backup', 'retention', 'export'] as const) {
    const run = tx.upkeep.lastRun(task)
    if (run === null) continue
    addMoment(add, 'dagtilbud_upkeep_timestamp_seconds', { task }, run.at)
    add('dagtilbud_upkeep_ok', { task }, run.ok ? 1 : 0)
  }
  const units = tx.units.counts()
  for (const kind of unitKinds) {
    add('dagtilbud_register_units', { kind, status: 'aktiv' }, units[kind].open)
    add('dagtilbud_register_units', { kind, status: 'nedlagt' }, units[kind].closed)
  }
  add('dagtilbud_ledger_entries', {}, tx.ledger.last()?.seq ?? 0)
}

async function addQueue(queue: Pick<JobQueue, 'counts'>, add: Add): Promise<void> {
  const counts = await queue.counts().catch(() => null)
  add('dagtilbud_redis_up', {}, counts === null ? 0 : 1)
  for (const [name, states] of Object.entries(counts ?? {})) {
    const own = new Map<string, number>()
    for (const [theirs, state] of Object.entries(queueStates)) own.set(state, (own.get(state) ?? 0) + (states[theirs] ?? 0))
    for (const [state, count] of own) add('dagtilbud_queue_jobs', { queue: name, state }, count)
  }
}

/** A moment as Prometheus writes it; nothing when it has not come. */
function addMoment<N extends Extract<MetricName, `${string}_timestamp_seconds`>>(
  add: Add,
  name: N,
  labels: LabelsOf<N>,
  at: Instant | null,
): void {
  if (at !== null) add(name, labels, at / 1000)
}
