import type { SliceVerdict } from '../../domain/change-plan.ts'
import type { DeliveryHeader } from '../../domain/delivery-file.ts'
import type { Finding } from '../../domain/finding.ts'
import type { FileState, HoldState } from '../../domain/flow.ts'
import type { NightCounts } from '../../domain/guard-plan.ts'
import type { LastDelivery } from '../../domain/rules/check-running-number.ts'
import type { BusinessDate, Instant } from '../../domain/time.ts'
import type { ReceiptType } from '../jobs.ts'

/**
 * A delivery file: unique on supplier, bytes and what its name declares, so the same file sent again is the same row. The
 * name counts only in the format that declares its running number there.
 */
export interface DeliveryFile {
  readonly fileId: string
  readonly supplierId: string
  readonly sha256: string
  /** Municipality, kind and running number as the name of a CSV declares them; empty when the file itself declares them. */
  readonly declared: string
  readonly sizeBytes: number
  /** Hash that a checksum file beside it promised; null when there was none. */
  readonly promisedSha256: string | null
  /** Name at its first arrival. */
  readonly name: string
  /** The night it belongs to: the one it first came in, or the one in which it took effect after it was `deferred`. */
  readonly date: BusinessDate
  readonly storedAt: Instant
  readonly state: FileState
  readonly header: DeliveryHeader | null
  readonly ruleSet: string | null
  /** Counts of records; `accepted` and `rejected` include what the plan decided. */
  readonly read: number
  readonly accepted: number
  readonly rejected: number
  readonly unchanged: number
  /** Exact counts per finding code, also where the rows were capped. */
  readonly findingCounts: Readonly<Record<string, number>>
  readonly stagedSha256: string | null
  readonly rejectedRefsSha256: string | null
  readonly rejectedWithoutKey: number
  readonly planHash: string | null
  readonly appliedAt: Instant | null
}

/** A plan as the register knows it; its content is a blob named by `planHash`. */
export interface PlanRow {
  readonly planHash: string
  readonly fileId: string
  readonly kommuneKode: string
  readonly baseVersion: number
  readonly state: 'planned' | 'held' | 'applied' | 'superseded'
  readonly createdAt: Instant
  readonly appliedAt: Instant | null
  readonly counts: Readonly<Record<string, number>>
  /** Changes of each kind that the guard counts, those that wait left out. */
  readonly sliceCounts: NightCounts
}

/** A slice that waits for a person. */
export interface Hold extends SliceVerdict {
  readonly holdId: string
  readonly fileId: string
  readonly supplierId: string
  readonly kommuneKode: string
  readonly planHash: string
  readonly date: BusinessDate
  readonly openedAt: Instant
  readonly state: HoldState
  /** The first of two persons, where the number of closes asks for two. */
  readonly firstBy: string | null
  readonly firstReason: string | null
  readonly firstAt: Instant | null
  readonly decidedBy: string | null
  readonly reason: string | null
  readonly decidedAt: Instant | null
}

/** A document for the supplier, and whether it stands on its server. */
export interface Receipt {
  readonly receiptId: string
  readonly fileId: string
  readonly type: ReceiptType
  /** Blob with the names and hashes of the documents, see `app/deliver-receipt.ts`. */
  readonly inputSha256: string
  readonly state: 'prepared' | 'delivered'
  readonly preparedAt: Instant
  readonly deliveredAt: Instant | null
}

export interface FileFilter {
  readonly date?: BusinessDate
  readonly supplierId?: string
  readonly kommuneKode?: string
  readonly state?: FileState
}

export interface FileRows {
  find(fileId: string): DeliveryFile | null
  findSame(supplierId: string, sha256: string, declared: string): DeliveryFile | null
  insert(file: DeliveryFile): void
  update(fileId: string, patch: Partial<Omit<DeliveryFile, 'fileId'>>): void
  /** Files of a night, or those of them that are in one of the states. */
  ofNight(date: BusinessDate, states?: readonly FileState[]): readonly DeliveryFile[]
  countOfNight(date: BusinessDate): number
  /** Files that fit, newest first, at most `limit`, after the one that the page before ended with. */
  page(filter: FileFilter, after: DeliveryFile | null, limit: number): readonly DeliveryFile[]
  inStates(states: readonly FileState[]): readonly DeliveryFile[]
  /** Files about a municipality that said so, newest first, at most `limit`. */
  ofKommune(kommuneKode: string, limit: number): readonly DeliveryFile[]
  /** The applied file of a supplier and municipality with the highest running number. */
  lastApplied(supplierId: string, kommuneKode: string): LastDelivery | null
  /** Files of a supplier and municipality that wait for their date. */
  deferred(supplierId: string, kommuneKode: string): readonly LastDelivery[]

  /** Adds findings behind those the file has. */
  addFindings(fileId: string, findings: readonly Finding[]): void
  findings(fileId: string): readonly Finding[]

  insertPlan(plan: PlanRow): void
  findPlan(planHash: string): PlanRow | null
  /** Plans of a file, oldest first. */
  plansOf(fileId: string): readonly PlanRow[]
  /**
   * What a supplier's files have changed in a municipality, a night at a time, newest first: the last `nights` before `date`
   * in which one was applied.
   */
  appliedCounts(supplierId: string, kommuneKode: string, before: BusinessDate, nights: number): readonly NightCounts[]
  updatePlan(planHash: string, patch: Partial<Omit<PlanRow, 'planHash'>>): void

  insertHold(hold: Hold): void
  findHold(holdId: string): Hold | null
  updateHold(holdId: string, patch: Partial<Omit<Hold, 'holdId'>>): void
  /** Holds that were decided or have lapsed, newest first, at most `limit`. */
  endedHolds(limit: number): readonly Hold[]
  holds(filter: { readonly fileId?: string; readonly date?: BusinessDate; readonly state?: Hold['state'] }): readonly Hold[]

  /** Files that have come to an end or wait for something, and whose receipt was not prepared since their last plan; of all nights, or of one. */
  withoutReceipt(date?: BusinessDate): readonly { readonly fileId: string; readonly type: ReceiptType }[]
  putReceipt(receipt: Receipt): void
  findReceipt(receiptId: string): Receipt | null
  receipts(filter: {
    readonly fileId?: string
    readonly date?: BusinessDate
    readonly state?: Receipt['state']
  }): readonly Receipt[]
}
