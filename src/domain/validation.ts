import type { BilingualText } from './bilingual-text.ts'
import type { DeliveryHeader } from './delivery-file.ts'
import type { Finding, RecordCounts } from './finding.ts'
import type { UnitRef } from './unit.ts'

/** What validation says of one file. Plain data: it is stored by hash and read again by the later steps. */
export interface ValidationResult {
  /** `rejected`: nothing of the file may be used, and the first finding is the one cause. */
  readonly verdict: 'validated' | 'rejected'
  /** Null when the file was refused before it said what it is. */
  readonly header: DeliveryHeader | null
  /** Name and version of the rules that were used, and a hash of their settings. */
  readonly ruleSet: string
  /** Up to where the reading stopped. Of a rejected file nothing counts as accepted. */
  readonly counts: RecordCounts
  /** In the order of the file, the cause of a rejection first; capped, see `findingCounts`. */
  readonly findings: readonly Finding[]
  /** Exact number of findings by code, listed or not. */
  readonly findingCounts: Readonly<Record<string, number>>
  /** Units whose record was dropped: the file did mention them, so they are not missing from it. */
  readonly rejectedRefs: readonly UnitRef[]
  /** Dropped records whose key could not be read: with one of these no close may be derived from the file. */
  readonly rejectedWithoutKey: number
  /** What the file was taken for, and why: 'gzip, by its first bytes'. In the order the layers were opened. */
  readonly takenFor: readonly BilingualText[]
}
