import type { BusinessDate } from './time.ts'
import type { FieldName, StagedRecord, UnitKind } from './unit.ts'

/** `fuld` says everything the municipality has, `delta` only what it says. The sender declares which. */
export const leveranceKinds = ['fuld', 'delta'] as const
export type LeveranceKind = (typeof leveranceKinds)[number]

/** What a delivery file (leverance) says of itself before its first record. */
export interface DeliveryHeader {
  readonly format: 'leverance-xml' | 'eksport-csv'
  /** The supplier's own name for itself in the file; null where the format has no place for it. */
  readonly leverandoer: string | null
  /** Three digits, see ids.ts. */
  readonly kommuneKode: string
  readonly art: LeveranceKind
  /** Counts up per supplier and municipality; a gap is reported, an old number refused. */
  readonly loebenummer: number
  readonly dannet: string | null
  /** Records promised by the header; null where the format has no place for it. */
  readonly antal: number | null
  /** The levels the file speaks of; a `fuld` file can only propose closes within them. */
  readonly niveauer: readonly UnitKind[]
  /** From the start of this date on the units are as the file says; null: from when it is applied. Earlier files have none. */
  readonly gyldigFra: BusinessDate | null
  /**
   * Fields that the file does not mention at all, by a column or by any element: it says nothing of them, so a plan keeps
   * what the register has (see keepUntold). Absent when there are none.
   */
  readonly udenFelter?: readonly FieldName[]
}

/** Which units a supplier may speak for: the municipalities that chose it, and the ownership kinds within them. */
export interface Mandate {
  readonly supplierId: string
  /** Three-digit codes, or 'alle'. */
  readonly kommuner: readonly string[] | 'alle'
  /** ejerformKode values: a municipality's own system speaks for 1, 2 and 4, a private owner for 3. */
  readonly ejerformer: readonly string[]
}

/** A whole delivery in memory: what a writer turns into bytes. */
export interface Leverance {
  readonly header: DeliveryHeader
  readonly records: readonly Omit<StagedRecord, 'position'>[]
}
