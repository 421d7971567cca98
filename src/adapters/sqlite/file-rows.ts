import { and, asc, count, desc, eq, getTableColumns, inArray, isNotNull, isNull, lt, max, or, type SQL, sql } from 'drizzle-orm'
import { type CountedSlice, countedSlices } from '../../domain/change-plan.ts'
import type { FileState } from '../../domain/flow.ts'
import { once } from '../../domain/once.ts'
import type { ReceiptType } from '../../ports/jobs.ts'
import type { DeliveryFile, FileRows } from '../../ports/register/files.ts'
import { isOneOf } from './is-one-of.ts'
import type { Db } from './open-register.ts'
import { preparedFilter, preparedInsert, preparedPatch } from './prepared.ts'
import { changePlan, deliveryFile, finding, hold, nightRun, receipt } from './schema.ts'

type FileRecord = typeof deliveryFile.$inferSelect

/** The sum of each kind of change over several plans. */
const sumsOfSlices = Object.fromEntries(
  countedSlices.map((slice) => [slice, sql<number>`coalesce(sum(json_extract(${changePlan.sliceCounts}, ${`$.${slice}`})), 0)`]),
) as Record<CountedSlice, SQL<number>>

/** Delivery files with their findings, plans, holds and receipts. */
export function fileRows(db: Db): FileRows {
  // A file that is planned again after a hold, or whose date has come, has outgrown the receipt it got before.
  const plannedAt = db
    .select({ at: max(changePlan.createdAt) })
    .from(changePlan)
    .where(eq(changePlan.fileId, deliveryFile.fileId))
  const openedAt = db.select({ at: nightRun.openedAt }).from(nightRun).where(eq(nightRun.date, deliveryFile.date))
  const isOutgrown = and(eq(receipt.type, 'received'), or(lt(receipt.preparedAt, plannedAt), lt(receipt.preparedAt, openedAt)))
  const byId = once(() =>
    db
      .select()
      .from(deliveryFile)
      .where(eq(deliveryFile.fileId, sql.placeholder('fileId')))
      .prepare(),
  )
  const byStates = once(() =>
    db
      .select()
      .from(deliveryFile)
      .where(isOneOf(deliveryFile.state, sql.placeholder('states')))
      .orderBy(asc(deliveryFile.storedAt))
      .prepare(),
  )
  const addFile = preparedInsert(db, deliveryFile)
  const patchFile = preparedPatch(db, deliveryFile, deliveryFile.fileId)
  const addFinding = preparedInsert(db, finding)
  const addPlan = preparedInsert(db, changePlan, 'ignore')
  const patchPlan = preparedPatch(db, changePlan, changePlan.planHash)
  const plansOfFile = once(() =>
    db
      .select()
      .from(changePlan)
      .where(eq(changePlan.fileId, sql.placeholder('fileId')))
      .orderBy(asc(changePlan.createdAt), asc(changePlan.planHash))
      .prepare(),
  )
  const countsApplied = once(() =>
    db
      .select(sumsOfSlices)
      .from(deliveryFile)
      .innerJoin(changePlan, and(eq(changePlan.fileId, deliveryFile.fileId), eq(changePlan.state, 'applied')))
      .where(
        and(
          eq(deliveryFile.supplierId, sql.placeholder('supplierId')),
          eq(deliveryFile.kommuneKode, sql.placeholder('kommuneKode')),
          lt(deliveryFile.date, sql.placeholder('before')),
        ),
      )
      .groupBy(deliveryFile.date)
      .orderBy(desc(deliveryFile.date))
      .limit(sql.placeholder('nights'))
      .prepare(),
  )
  const addHold = preparedInsert(db, hold, 'ignore')
  const patchHold = preparedPatch(db, hold, hold.holdId)
  const { fileId, date, state } = getTableColumns(hold)
  const holdsBy = preparedFilter({ fileId, date, state }, (fits) =>
    db.select().from(hold).where(fits).orderBy(asc(hold.openedAt), asc(hold.holdId)),
  )
  const putReceipt = preparedInsert(db, receipt, { replaceOn: [receipt.receiptId] })
  const receiptsBy = preparedFilter({ fileId: receipt.fileId, date: deliveryFile.date, state: receipt.state }, (fits) =>
    db
      .select({ receipt })
      .from(receipt)
      .innerJoin(deliveryFile, eq(receipt.fileId, deliveryFile.fileId))
      .where(fits)
      .orderBy(asc(receipt.preparedAt), asc(receipt.receiptId)),
  )
  const lacking = (type: ReceiptType, states: FileState[], date: string | undefined) =>
    db
      .select({ fileId: deliveryFile.fileId })
      .from(deliveryFile)
      .leftJoin(receipt, and(eq(receipt.fileId, deliveryFile.fileId), eq(receipt.type, type)))
      .where(
        and(
          inArray(deliveryFile.state, states),
          date === undefined ? undefined : eq(deliveryFile.date, date),
          or(isNull(receipt.receiptId), isOutgrown),
        ),
      )
      .all()
      .map(({ fileId }) => ({ fileId, type }))
  return {
    find: (fileId) => toFile(byId().get({ fileId })),
    findSame: (supplierId, sha256, declared) =>
      toFile(
        db
          .select()
          .from(deliveryFile)
          .where(
            and(eq(deliveryFile.supplierId, supplierId), eq(deliveryFile.sha256, sha256), eq(deliveryFile.declared, declared)),
          )
          .get(),
      ),
    insert: (file) => void addFile({ ...withHeaderCopies(file) }),
    update: (fileId, patch) => patchFile(fileId, withHeaderCopies(patch)),
    ofKommune: (kommuneKode, limit) =>
      db
        .select()
        .from(deliveryFile)
        .where(eq(deliveryFile.kommuneKode, kommuneKode))
        .orderBy(desc(deliveryFile.storedAt), desc(deliveryFile.loebenummer))
        .limit(limit)
        .all(),
    page: ({ date, supplierId, kommuneKode, state }, after, limit) =>
      db
        .select()
        .from(deliveryFile)
        .where(
          and(
            date === undefined ? undefined : eq(deliveryFile.date, date),
            supplierId === undefined ? undefined : eq(deliveryFile.supplierId, supplierId),
            kommuneKode === undefined ? undefined : eq(deliveryFile.kommuneKode, kommuneKode),
            state === undefined ? undefined : eq(deliveryFile.state, state),
            after === null
              ? undefined
              : sql`(${deliveryFile.storedAt}, ${deliveryFile.fileId}) < (${after.storedAt}, ${after.fileId})`,
          ),
        )
        .orderBy(desc(deliveryFile.storedAt), desc(deliveryFile.fileId))
        .limit(limit)
        .all(),
    ofNight: (date, states) =>
      db
        .select()
        .from(deliveryFile)
        .where(and(eq(deliveryFile.date, date), states === undefined ? undefined : inArray(deliveryFile.state, [...states])))
        .orderBy(asc(deliveryFile.supplierId), asc(deliveryFile.name))
        .all(),
    countOfNight: (date) => db.select({ n: count() }).from(deliveryFile).where(eq(deliveryFile.date, date)).get()?.n ?? 0,
    inStates: (states) => byStates().all({ states: JSON.stringify(states) }),
    lastApplied: (supplierId, kommuneKode) =>
      db
        .select({ loebenummer: sql<number>`${deliveryFile.loebenummer}`, sha256: deliveryFile.sha256 })
        .from(deliveryFile)
        .where(
          and(
            eq(deliveryFile.supplierId, supplierId),
            eq(deliveryFile.kommuneKode, kommuneKode),
            isNotNull(deliveryFile.appliedAt),
          ),
        )
        .orderBy(desc(deliveryFile.loebenummer))
        .limit(1)
        .get() ?? null,
    deferred: (supplierId, kommuneKode) =>
      db
        .select({ loebenummer: sql<number>`${deliveryFile.loebenummer}`, sha256: deliveryFile.sha256 })
        .from(deliveryFile)
        .where(
          and(
            eq(deliveryFile.supplierId, supplierId),
            eq(deliveryFile.kommuneKode, kommuneKode),
            eq(deliveryFile.state, 'deferred'),
          ),
        )
        .all(),

    addFindings: (fileId, findings) => {
      if (findings.length === 0) return
      const start = db.select({ n: count() }).from(finding).where(eq(finding.fileId, fileId)).get()?.n ?? 0
      for (const [offset, row] of findings.entries()) addFinding({ fileId, seq: start + offset, ...row })
    },
    findings: (fileId) =>
      db
        .select()
        .from(finding)
        .where(eq(finding.fileId, fileId))
        .orderBy(asc(finding.seq))
        .all()
        .map(({ fileId: _file, seq: _seq, ...row }) => row),

    insertPlan: (plan) => void addPlan({ ...plan }),
    findPlan: (planHash) => db.select().from(changePlan).where(eq(changePlan.planHash, planHash)).get() ?? null,
    plansOf: (fileId) => plansOfFile().all({ fileId }),
    appliedCounts: (supplierId, kommuneKode, before, nights) => countsApplied().all({ supplierId, kommuneKode, before, nights }),
    updatePlan: patchPlan,

    insertHold: (row) => void addHold({ ...row }),
    findHold: (holdId) => db.select().from(hold).where(eq(hold.holdId, holdId)).get() ?? null,
    endedHolds: (limit) =>
      db.select().from(hold).where(isNotNull(hold.decidedAt)).orderBy(desc(hold.decidedAt), asc(hold.holdId)).limit(limit).all(),
    updateHold: patchHold,
    holds: holdsBy,

    withoutReceipt: (date) => [
      ...lacking('received', ['rejected', 'deferred', 'held', 'applied', 'delivered'], date),
      ...lacking('delivered', ['delivered'], date),
    ],
    putReceipt: (row) => void putReceipt({ ...row }),
    findReceipt: (receiptId) => db.select().from(receipt).where(eq(receipt.receiptId, receiptId)).get() ?? null,
    receipts: (filter) => receiptsBy(filter).map((row) => row.receipt),
  }
}

function toFile(row: FileRecord | undefined): DeliveryFile | null {
  return row ?? null
}

/** Keeps the columns that queries need in step with the header. */
function withHeaderCopies<T extends Partial<DeliveryFile>>(row: T): T & { kommuneKode?: string; loebenummer?: number } {
  return row.header ? { ...row, kommuneKode: row.header.kommuneKode, loebenummer: row.header.loebenummer } : row
}
