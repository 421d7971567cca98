import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Agreement } from '../../domain/agreement.ts'
import type { AlertKind, Cause, ChannelName, NoticeKind } from '../../domain/alert.ts'
import type { GuardSlice, HoldCause } from '../../domain/change-plan.ts'
import type { DeliveryHeader } from '../../domain/delivery-file.ts'
import type { DeltaOperation } from '../../domain/delta.ts'
import type { DriftKind } from '../../domain/drift.ts'
import type { FindingLevel } from '../../domain/finding.ts'
import type { DeltaState, FileState, NightState } from '../../domain/flow.ts'
import type { RiskCause } from '../../domain/forecast.ts'
import type { NightCounts } from '../../domain/guard-plan.ts'
import type { InstitutionRecord, InstitutionRecordField } from '../../domain/institution-record.ts'
import type { LedgerType } from '../../domain/ledger.ts'
import type { LinkEvidence, LinkRelation } from '../../domain/lineage.ts'
import type { UniloginRow } from '../../domain/match-units.ts'
import type { MissedWhy } from '../../domain/missed-cutoff.ts'
import type { UnitKind } from '../../domain/unit.ts'
import type { JobName, NightTrigger, QueueName, ReceiptType } from '../../ports/jobs.ts'
import type { PacedStep } from '../../ports/register/cutoffs.ts'
import type { DriftRun } from '../../ports/register/drift.ts'
import type { Hold, PlanRow } from '../../ports/register/files.ts'
import type { NightSupplier } from '../../ports/register/nights.ts'
import type { UpkeepTask } from '../../ports/register/upkeep.ts'

/*
 * Times are milliseconds since the epoch, UTC. Business dates are text, YYYY-MM-DD. Codes and numbers are text.
 * Column names follow the property names in snake case.
 */

export const nightRun = sqliteTable('night_run', {
  date: text().primaryKey(),
  state: text().$type<NightState>().notNull(),
  trigger: text().$type<NightTrigger>().notNull(),
  openedAt: integer('opened_at').notNull(),
  closedAt: integer('closed_at'),
  filesUntilAt: integer('files_until_at').notNull(),
  starts: integer().notNull(),
})

export const nightSupplier = sqliteTable(
  'night_supplier',
  {
    date: text()
      .notNull()
      .references(() => nightRun.date),
    supplierId: text('supplier_id').notNull(),
    state: text().$type<NightSupplier['state']>().notNull(),
    looks: integer().notNull(),
    lastLookAt: integer('last_look_at'),
    problem: text(),
    missing: text({ mode: 'json' }).$type<readonly string[]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.date, t.supplierId] })],
)

export const deliveryFile = sqliteTable(
  'delivery_file',
  {
    fileId: text('file_id').primaryKey(),
    supplierId: text('supplier_id').notNull(),
    sha256: text().notNull(),
    declared: text().notNull(),
    sizeBytes: integer('size_bytes').notNull(),
    promisedSha256: text('promised_sha256'),
    name: text().notNull(),
    date: text()
      .notNull()
      .references(() => nightRun.date),
    storedAt: integer('stored_at').notNull(),
    state: text().$type<FileState>().notNull(),
    header: text({ mode: 'json' }).$type<DeliveryHeader>(),
    /** Copies of header values that queries need. */
    kommuneKode: text('kommune_kode'),
    loebenummer: integer(),
    ruleSet: text('rule_set'),
    read: integer().notNull(),
    accepted: integer().notNull(),
    rejected: integer().notNull(),
    unchanged: integer().notNull(),
    findingCounts: text('finding_counts', { mode: 'json' }).$type<Readonly<Record<string, number>>>().notNull(),
    stagedSha256: text('staged_sha256'),
    rejectedRefsSha256: text('rejected_refs_sha256'),
    rejectedWithoutKey: integer('rejected_without_key').notNull(),
    planHash: text('plan_hash'),
    appliedAt: integer('applied_at'),
  },
  (t) => [
    uniqueIndex('delivery_file_same').on(t.supplierId, t.sha256, t.declared),
    index('delivery_file_state').on(t.state),
    index('delivery_file_stored').on(t.storedAt, t.fileId),
    index('delivery_file_date').on(t.date),
    index('delivery_file_line').on(t.supplierId, t.kommuneKode, t.state, t.loebenummer),
  ],
)

/** True of every arrival; as `isAnyVersion`, for the one query that asks when a supplier was last seen. */
export const isAnyArrival = sql`first_seen_at >= 0`

export const arrival = sqliteTable(
  'arrival',
  {
    date: text()
      .notNull()
      .references(() => nightRun.date),
    supplierId: text('supplier_id').notNull(),
    name: text().notNull(),
    sizeBytes: integer('size_bytes').notNull(),
    modifiedAt: integer('modified_at').notNull(),
    firstSeenAt: integer('first_seen_at').notNull(),
    fileId: text('file_id').references(() => deliveryFile.fileId),
    repeat: integer({ mode: 'boolean' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.date, t.supplierId, t.name, t.sizeBytes, t.modifiedAt] }),
    index('arrival_file').on(t.fileId),
    index('arrival_supplier').on(t.supplierId, t.firstSeenAt).where(isAnyArrival),
  ],
)

export const finding = sqliteTable(
  'finding',
  {
    fileId: text('file_id')
      .notNull()
      .references(() => deliveryFile.fileId),
    seq: integer().notNull(),
    code: text().notNull(),
    level: text().$type<FindingLevel>().notNull(),
    line: integer(),
    column: integer(),
    kind: text().$type<UnitKind>(),
    key: text(),
    field: text(),
    value: text(),
    facts: text({ mode: 'json' }).$type<Readonly<Record<string, string | number>>>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.fileId, t.seq] })],
)

export const changePlan = sqliteTable(
  'change_plan',
  {
    planHash: text('plan_hash').primaryKey(),
    fileId: text('file_id')
      .notNull()
      .references(() => deliveryFile.fileId),
    kommuneKode: text('kommune_kode').notNull(),
    baseVersion: integer('base_version').notNull(),
    state: text().$type<PlanRow['state']>().notNull(),
    createdAt: integer('created_at').notNull(),
    appliedAt: integer('applied_at'),
    counts: text({ mode: 'json' }).$type<Readonly<Record<string, number>>>().notNull(),
    /** Changes of each kind that a guard counts, those that wait left out. */
    sliceCounts: text('slice_counts', { mode: 'json' }).$type<NightCounts>().notNull().default({}),
  },
  (t) => [index('change_plan_file').on(t.fileId)],
)

export const hold = sqliteTable(
  'hold',
  {
    holdId: text('hold_id').primaryKey(),
    fileId: text('file_id')
      .notNull()
      .references(() => deliveryFile.fileId),
    supplierId: text('supplier_id').notNull(),
    kommuneKode: text('kommune_kode').notNull(),
    planHash: text('plan_hash').notNull(),
    date: text().notNull(),
    slice: text().$type<GuardSlice>().notNull(),
    sliceHash: text('slice_hash').notNull(),
    count: integer().notNull(),
    of: integer().notNull(),
    /** How many would have passed; null where the number does not decide. */
    allowed: integer(),
    verdict: text().$type<Hold['verdict']>().notNull(),
    cause: text().$type<HoldCause>(),
    openedAt: integer('opened_at').notNull(),
    state: text().$type<Hold['state']>().notNull(),
    /** The first of two persons, where the number of closes asks for two. */
    firstBy: text('first_by'),
    firstReason: text('first_reason'),
    firstAt: integer('first_at'),
    decidedBy: text('decided_by'),
    reason: text(),
    decidedAt: integer('decided_at'),
  },
  (t) => [index('hold_file').on(t.fileId), index('hold_state').on(t.state), index('hold_date').on(t.date)],
)

export const receipt = sqliteTable(
  'receipt',
  {
    receiptId: text('receipt_id').primaryKey(),
    fileId: text('file_id')
      .notNull()
      .references(() => deliveryFile.fileId),
    type: text().$type<ReceiptType>().notNull(),
    inputSha256: text('input_sha256').notNull(),
    state: text().$type<'prepared' | 'delivered'>().notNull(),
    preparedAt: integer('prepared_at').notNull(),
    deliveredAt: integer('delivered_at'),
  },
  (t) => [index('receipt_file').on(t.fileId), index('receipt_state').on(t.state)],
)

/** One row per institution number ever issued or loaded; a number is never given out twice. */
export const unit = sqliteTable('unit', {
  nummer: text().primaryKey(),
  kind: text().$type<UnitKind>().notNull(),
  firstRecordedAt: integer('first_recorded_at').notNull(),
})

/**
 * True of every version. An index over it serves the queries that say it word for word, as those that ask how units were at
 * any moment, and stays out of the way of the others, for which a narrower one is right.
 */
export const isAnyVersion = sql`recorded_from >= 0`

/**
 * What was true of a unit from `valid_from` to `valid_to`, as the register held it from `recorded_from` to `recorded_to`. A
 * row is never changed but for its `recorded_to`: what is learned later is a new row.
 */
export const unitVersion = sqliteTable(
  'unit_version',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** Counts the states told, without a gap, for those who read the changes; null on a row that only ends an earlier one. */
    position: integer(),
    nummer: text()
      .notNull()
      .references(() => unit.nummer),
    kind: text().$type<UnitKind>().notNull(),
    parentNummer: text('parent_nummer').references(() => unit.nummer),
    status: text().$type<'aktiv' | 'nedlagt'>().notNull(),
    navn: text(),
    ejerformKode: text('ejerform_kode'),
    lovgrundlagKode: text('lovgrundlag_kode'),
    admKommuneKode: text('adm_kommune_kode'),
    instType3: text('inst_type3'),
    vejNavn: text('vej_navn'),
    husNummer: text('hus_nummer'),
    etage: text(),
    doer: text(),
    postNummer: text('post_nummer'),
    byNavn: text('by_navn'),
    supplerendeBynavn: text('supplerende_bynavn'),
    kommuneKode: text('kommune_kode'),
    geoBredde: text('geo_bredde'),
    geoLaengde: text('geo_laengde'),
    dawaId: text('dawa_id'),
    email: text(),
    telefonNummer: text('telefon_nummer'),
    cvrNummer: text('cvr_nummer'),
    pNummer: text('p_nummer'),
    ekstra: text({ mode: 'json' }).$type<Readonly<Record<string, string>>>().notNull(),
    /** From the daginstitution above: who administers and who owns. */
    rootAdmKommuneKode: text('root_adm_kommune_kode').notNull(),
    rootEjerformKode: text('root_ejerform_kode').notNull(),
    validFrom: integer('valid_from').notNull(),
    validTo: integer('valid_to'),
    recordedFrom: integer('recorded_from').notNull(),
    recordedTo: integer('recorded_to'),
    actor: text().notNull(),
    /** The night it came with; null when it did not come with a night. */
    date: text(),
    fileId: text('file_id'),
    line: integer(),
    planHash: text('plan_hash'),
  },
  (t) => [
    uniqueIndex('unit_version_position').on(t.position),
    uniqueIndex('unit_version_current').on(t.nummer).where(sql`valid_to IS NULL AND recorded_to IS NULL`),
    index('unit_version_kommune')
      .on(t.rootAdmKommuneKode)
      .where(sql`valid_to IS NULL AND recorded_to IS NULL AND status = 'aktiv'`),
    index('unit_version_history').on(t.nummer, t.validFrom),
    index('unit_version_parent').on(t.parentNummer, t.nummer).where(isAnyVersion),
    index('unit_version_of_kommune').on(t.rootAdmKommuneKode, t.nummer).where(isAnyVersion),
    index('unit_version_count')
      .on(t.kind, t.status, t.validTo, t.recordedTo)
      .where(sql`valid_to IS NULL AND recorded_to IS NULL`),
  ],
)

/** Where a unit came from or went: what it was merged into, split from, or called before. */
export const unitLink = sqliteTable(
  'unit_link',
  {
    /** A number of the register, or one from before it, such as an A-number. */
    fromNummer: text('from_nummer').notNull(),
    toNummer: text('to_nummer')
      .notNull()
      .references(() => unit.nummer),
    relation: text().$type<LinkRelation>().notNull(),
    evidence: text().$type<LinkEvidence>().notNull(),
    recordedAt: integer('recorded_at').notNull(),
    actor: text().notNull(),
    fileId: text('file_id'),
    planHash: text('plan_hash'),
    reason: text(),
  },
  (t) => [primaryKey({ columns: [t.fromNummer, t.toNummer, t.relation] }), index('unit_link_to').on(t.toNummer)],
)

/** What was taken out of the file store because its time was over. */
export const removedBlob = sqliteTable('removed_blob', {
  sha256: text().primaryKey(),
  sizeBytes: integer('size_bytes').notNull(),
  removedAt: integer('removed_at').notNull(),
  reason: text().notNull(),
})

/** Backups, integrity checks and clearing up, one row per run. */
export const upkeep = sqliteTable(
  'upkeep',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    task: text().$type<UpkeepTask>().notNull(),
    at: integer().notNull(),
    ok: integer({ mode: 'boolean' }).notNull(),
    facts: text({ mode: 'json' }).$type<Readonly<Record<string, unknown>>>().notNull(),
  },
  (t) => [index('upkeep_task').on(t.task, t.at)],
)

export const lokalId = sqliteTable(
  'lokal_id',
  {
    supplierId: text('supplier_id').notNull(),
    lokalId: text('lokal_id').notNull(),
    nummer: text()
      .notNull()
      .references(() => unit.nummer),
  },
  (t) => [primaryKey({ columns: [t.supplierId, t.lokalId] })],
)

/** Counters that only grow: the next institution number, and a version per municipality. */
export const counter = sqliteTable('counter', { name: text().primaryKey(), value: integer().notNull() })

/**
 * What the index over unfinished deltas covers. A query must say it word for word beside its own condition: SQLite uses a
 * partial index only when it finds the index's condition among the query's, and does not infer one from `state = 'sent'`.
 */
export const isUnfinished = sql`state IN ('waiting', 'ready', 'sent', 'unknown', 'acknowledged', 'refused')`

export const outbox = sqliteTable(
  'outbox',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    deltaId: text('delta_id').notNull().unique(),
    nummer: text()
      .notNull()
      .references(() => unit.nummer),
    operation: text().$type<DeltaOperation>().notNull(),
    record: text({ mode: 'json' }).$type<InstitutionRecord>().notNull(),
    rank: integer().notNull(),
    state: text().$type<DeltaState>().notNull(),
    fileId: text('file_id').notNull(),
    planHash: text('plan_hash').notNull(),
    date: text().notNull(),
    cutoffNavn: text('cutoff_navn'),
    cutoffAt: integer('cutoff_at'),
    /** The first cutoff it missed, and how it stood then. */
    missedCutoffNavn: text('missed_cutoff_navn'),
    missedCutoffAt: integer('missed_cutoff_at'),
    missedWhy: text('missed_why').$type<MissedWhy>(),
    sourceDateTime: text('source_date_time'),
    attempts: integer().notNull(),
    notBeforeAt: integer('not_before_at'),
    batchId: text('batch_id'),
    replyCode: text('reply_code'),
    replyText: text('reply_text'),
    createdAt: integer('created_at').notNull(),
    sentAt: integer('sent_at'),
    acknowledgedAt: integer('acknowledged_at'),
    confirmedAt: integer('confirmed_at'),
  },
  (t) => [
    index('outbox_sendable').on(t.cutoffAt, t.rank, t.id).where(sql`state IN ('ready', 'unknown')`),
    index('outbox_unfinished').on(t.state).where(isUnfinished),
    index('outbox_mismatched').on(t.id).where(sql`state = 'mismatched'`),
    index('outbox_nummer').on(t.nummer, t.id),
    index('outbox_batch').on(t.batchId),
    index('outbox_file').on(t.fileId),
    index('outbox_date').on(t.date, t.state),
    index('outbox_cutoff').on(t.cutoffAt, t.cutoffNavn),
  ],
)

/** How a cutoff passed. */
export const cutoffPassed = sqliteTable(
  'cutoff_passed',
  {
    navn: text().notNull(),
    at: integer().notNull(),
    recordedAt: integer('recorded_at').notNull(),
    total: integer().notNull(),
    inTime: integer('in_time').notNull(),
    missed: integer().notNull(),
    apart: integer().notNull(),
    missingFiles: integer('missing_files').notNull(),
  },
  (t) => [primaryKey({ columns: [t.at, t.navn] })],
)

/** What was forecast of a cutoff; scored against `cutoff_passed`. */
export const forecast = sqliteTable(
  'forecast',
  {
    navn: text().notNull(),
    at: integer().notNull(),
    madeAt: integer('made_at').notNull(),
    total: real().notNull(),
    acknowledged: integer().notNull(),
    expected: real().notNull(),
    probability: real().notNull(),
    riskCause: text('risk_cause').$type<RiskCause>(),
    riskSupplierId: text('risk_supplier_id'),
    riskProbability: real('risk_probability'),
    latestStartAt: integer('latest_start_at'),
  },
  (t) => [primaryKey({ columns: [t.at, t.navn, t.madeAt] }), index('forecast_made').on(t.madeAt)],
)

/** How fast a night's steps went, while they had something to do. */
export const nightPace = sqliteTable(
  'night_pace',
  {
    date: text()
      .notNull()
      .references(() => nightRun.date),
    step: text().$type<PacedStep>().notNull(),
    done: integer().notNull(),
    minutes: real().notNull(),
  },
  (t) => [primaryKey({ columns: [t.step, t.date] })],
)

/** A delta that waits for another to be acknowledged, or for the data agreement of a number (`aftale.G12345`). */
export const outboxNeed = sqliteTable(
  'outbox_need',
  { deltaId: text('delta_id').notNull(), needsId: text('needs_id').notNull() },
  (t) => [primaryKey({ columns: [t.deltaId, t.needsId] }), index('outbox_need_needs').on(t.needsId)],
)

/** Whether Unilogin lists a data agreement for a number; one without a row never had any. */
export const agreement = sqliteTable('agreement', {
  nummer: text().primaryKey(),
  state: text().$type<Agreement['state']>().notNull(),
  approvedAt: integer('approved_at').notNull(),
  changedAt: integer('changed_at').notNull(),
})

/** Every look at the list of data agreements. */
export const agreementCheck = sqliteTable('agreement_check', {
  id: integer().primaryKey({ autoIncrement: true }),
  at: integer().notNull(),
  listed: integer().notNull(),
  approved: integer().notNull(),
  lapsed: integer().notNull(),
  suspect: integer({ mode: 'boolean' }).notNull(),
  listSha256: text('list_sha256').notNull(),
})

export const deliveryAttempt = sqliteTable(
  'delivery_attempt',
  {
    deltaId: text('delta_id').notNull(),
    attempt: integer().notNull(),
    messageId: text('message_id').notNull(),
    sentAt: integer('sent_at').notNull(),
    answeredAt: integer('answered_at').notNull(),
    outcome: text().notNull(),
    code: text(),
    exchangesSha256: text('exchanges_sha256').notNull(),
  },
  (t) => [primaryKey({ columns: [t.deltaId, t.attempt, t.messageId] })],
)

/** Times in which the target gave no clear answer; while `foundAt` is null it may be chance. */
export const outage = sqliteTable('outage', {
  id: integer().primaryKey({ autoIncrement: true }),
  sinceAt: integer('since_at').notNull(),
  failures: integer().notNull(),
  reason: text().notNull(),
  foundAt: integer('found_at'),
  probes: integer().notNull(),
  nextProbeAt: integer('next_probe_at').notNull(),
  endedAt: integer('ended_at'),
})

/** Each number as it was last looked at in Unilogin; `kind` is null when it was as the register says. */
export const drift = sqliteTable(
  'drift',
  {
    nummer: text().primaryKey(),
    kommuneKode: text('kommune_kode').notNull(),
    lookedAt: integer('looked_at').notNull(),
    kind: text().$type<DriftKind>(),
    fields: text({ mode: 'json' }).$type<readonly InstitutionRecordField[]>().notNull(),
    sinceAt: integer('since_at'),
    held: text({ mode: 'json' }).$type<UniloginRow>(),
  },
  (t) => [index('drift_found').on(t.kommuneKode, t.kind, t.nummer).where(sql`kind IS NOT NULL`)],
)

/** Looks at what Unilogin holds, one a night. */
export const driftRun = sqliteTable('drift_run', {
  id: integer().primaryKey({ autoIncrement: true }),
  date: text().notNull(),
  at: integer().notNull(),
  source: text().$type<DriftRun['source']>().notNull(),
  asOfAt: integer('as_of_at').notNull(),
  looked: integer().notNull(),
  found: integer().notNull(),
  suspect: integer({ mode: 'boolean' }).notNull(),
  seenSha256: text('seen_sha256').notNull(),
})

export const sourceClock = sqliteTable(
  'source_clock',
  {
    nummer: text().notNull(),
    source: text().notNull(),
    lastAllocated: text('last_allocated'),
    lastAccepted: text('last_accepted'),
    remoteSeen: text('remote_seen'),
  },
  (t) => [primaryKey({ columns: [t.nummer, t.source] })],
)

export const ledger = sqliteTable(
  'ledger',
  {
    seq: integer().primaryKey(),
    at: integer().notNull(),
    type: text().$type<LedgerType>().notNull(),
    subject: text().notNull(),
    facts: text({ mode: 'json' }).$type<Readonly<Record<string, unknown>>>().notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text().notNull(),
  },
  (t) => [index('ledger_subject').on(t.subject), index('ledger_type').on(t.type, t.seq)],
)

/** What the ledger last said of a table's rows, so that a step need not read the ledger back; never believed by itself. */
export const seal = sqliteTable('seal', {
  tableName: text('table_name').primaryKey(),
  /** The table's columns when it was sealed, by name and in order. */
  columns: text().notNull(),
  digest: text().notNull(),
})

/** What a person must know of, from when it was first seen to when it was over. */
export const alert = sqliteTable(
  'alert',
  {
    alertId: text('alert_id').primaryKey(),
    kind: text().$type<AlertKind>().notNull(),
    subject: text().notNull(),
    who: text().$type<Cause['who']>().notNull(),
    latestAt: integer('latest_at'),
    beganAt: integer('began_at').notNull(),
    toldAt: integer('told_at'),
    remindedAt: integer('reminded_at'),
    reminders: integer().notNull(),
    goneAt: integer('gone_at'),
    endedAt: integer('ended_at'),
  },
  (t) => [index('alert_open').on(t.beganAt).where(sql`ended_at IS NULL`), index('alert_cause').on(t.kind, t.subject)],
)

/** Messages to the operators, by channel. What they say is not kept here: it is a blob, made anew when it goes. */
export const notice = sqliteTable(
  'notice',
  {
    noticeId: text('notice_id').primaryKey(),
    channel: text().$type<ChannelName>().notNull(),
    kind: text().$type<NoticeKind>().notNull(),
    alertId: text('alert_id').references(() => alert.alertId),
    date: text(),
    createdAt: integer('created_at').notNull(),
    tries: integer().notNull(),
    triedAt: integer('tried_at'),
    nextAt: integer('next_at').notNull(),
    problem: text(),
    sentAt: integer('sent_at'),
    withdrawnAt: integer('withdrawn_at'),
  },
  (t) => [
    index('notice_unsent').on(t.createdAt).where(sql`sent_at IS NULL AND withdrawn_at IS NULL`),
    index('notice_channel').on(t.channel, t.triedAt),
    index('notice_alert').on(t.alertId),
  ],
)

export const jobFailure = sqliteTable(
  'job_failure',
  {
    jobId: text('job_id').primaryKey(),
    queue: text().$type<QueueName>().notNull(),
    job: text().$type<JobName>().notNull(),
    payload: text().notNull(),
    code: text().notNull(),
    message: text().notNull(),
    hint: text().notNull(),
    dataState: text('data_state').notNull(),
    failedAt: integer('failed_at').notNull(),
    resolvedAt: integer('resolved_at'),
    resolvedBy: text('resolved_by'),
    reason: text(),
  },
  (t) => [index('job_failure_open').on(t.failedAt).where(sql`resolved_at IS NULL`)],
)
