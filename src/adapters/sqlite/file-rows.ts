import { and, asc, count, desc, eq, inArray, isNotNull, isNull, lt, max, or, type SQL, sql } from 'drizzle-orm'
import { type CountedSlice, countedSlices } from '../../domain/change-plan.ts'
import type { FileState } from '../../domain/flow.ts'
import type { ReceiptType } from '../../ports/jobs.ts'
import type { DeliveryFile, FileRows } from '../../ports/register/files.ts'
import type { Db } from './open-register.ts'
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
  const byId = db
    .select()
    .from(deliveryFile)
    .where(eq(deliveryFile.fileId, sql.placeholder('fileId')))
    .prepare()
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
    find: (fileId) => toFile(byId.get({ fileId })),
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
    insert: (file) => void db.insert(deliveryFile).values(withHeaderCopies(file)).run(),
    update: (fileId, patch) =>
      void db.update(deliveryFile).set(withHeaderCopies(patch)).where(eq(deliveryFile.fileId, fileId)).run(),
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
    ofNight: (date) =>
      db
        .select()
        .from(deliveryFile)
        .where(eq(deliveryFile.date, date))
        .orderBy(asc(deliveryFile.supplierId), asc(deliveryFile.name))
        .all(),
    inStates: (states) =>
      db
        .select()
        .from(deliveryFile)
        .where(inArray(deliveryFile.state, [...states]))
        .orderBy(asc(deliveryFile.storedAt))
        .all(),
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
      const start = db.select({ n: count() }).from(finding).where(eq(finding.fileId, fileId)).get()?.n ?? 0
      for (const [offset, row] of findings.entries())
        db.insert(finding)
          .values({ fileId, seq: start + offset, ...row })
          .run()
    },
    findings: (fileId) =>
      db
        .select()
        .from(finding)
        .where(eq(finding.fileId, fileId))
        .orderBy(asc(finding.seq))
        .all()
        .map(({ fileId: _file, seq: _seq, ...row }) => row),

    insertPlan: (plan) => void db.insert(changePlan).values(plan).onConflictDoNothing().run(),
    findPlan: (planHash) => db.select().from(changePlan).where(eq(changePlan.planHash, planHash)).get() ?? null,
    plansOf: (fileId) =>
      db
        .select()
        .from(changePlan)
        .where(eq(changePlan.fileId, fileId))
        .orderBy(asc(changePlan.createdAt), asc(changePlan.planHash))
        .all(),
    appliedCounts: (supplierId, kommuneKode, before, nights) =>
      db
        .select(sumsOfSlices)
        .from(deliveryFile)
        .innerJoin(changePlan, and(eq(changePlan.fileId, deliveryFile.fileId), eq(changePlan.state, 'applied')))
        .where(
          and(eq(deliveryFile.supplierId, supplierId), eq(deliveryFile.kommuneKode, kommuneKode), lt(deliveryFile.date, before)),
        )
        .groupBy(deliveryFile.date)
        .orderBy(desc(deliveryFile.date))
        .limit(nights)
        .all(),
    updatePlan: (planHash, patch) => void db.update(changePlan).set(patch).where(eq(changePlan.planHash, planHash)).run(),

    insertHold: (row) => void db.insert(hold).values(row).onConflictDoNothing().run(),
    findHold: (holdId) => db.select().from(hold).where(eq(hold.holdId, holdId)).get() ?? null,
    endedHolds: (limit) =>
      db.select().from(hold).where(isNotNull(hold.decidedAt)).orderBy(desc(hold.decidedAt), asc(hold.holdId)).limit(limit).all(),
    updateHold: (holdId, patch) => void db.update(hold).set(patch).where(eq(hold.holdId, holdId)).run(),
    holds: ({ fileId, date, state }) =>
      db
        .select()
        .from(hold)
        .where(
          and(
            fileId === undefined ? undefined : eq(hold.fileId, fileId),
            date === undefined ? undefined : eq(hold.date, date),
            state === undefined ? undefined : eq(hold.state, state),
          ),
        )
        .orderBy(asc(hold.openedAt), asc(hold.holdId))
        .all(),

    withoutReceipt: (date) => [
      ...lacking('received', ['rejected', 'deferred', 'held', 'applied', 'delivered'], date),
      ...lacking('delivered', ['delivered'], date),
    ],
    putReceipt: (row) => void db.insert(receipt).values(row).onConflictDoUpdate({ target: receipt.receiptId, set: row }).run(),
    findReceipt: (receiptId) => db.select().from(receipt).where(eq(receipt.receiptId, receiptId)).get() ?? null,
    receipts: ({ fileId, date, state }) =>
      db
        .select({ receipt })
        .from(receipt)
        .innerJoin(deliveryFile, eq(receipt.fileId, deliveryFile.fileId))
        .where(
          and(
            fileId === undefined ? undefined : eq(receipt.fileId, fileId),
            date === undefined ? undefined : eq(deliveryFile.date, date),
            state === undefined ? undefined : eq(receipt.state, state),
          ),
        )
        .orderBy(asc(receipt.preparedAt), asc(receipt.receiptId))
        .all()
        .map((row) => row.receipt),
  }
}

function toFile(row: FileRecord | undefined): DeliveryFile | null {
  return row ?? null
}

/** Keeps the columns that queries need in step with the header. */
function withHeaderCopies<T extends Partial<DeliveryFile>>(row: T): T & { kommuneKode?: string; loebenummer?: number } {
  return row.header ? { ...row, kommuneKode: row.header.kommuneKode, loebenummer: row.header.loebenummer } : row
}
