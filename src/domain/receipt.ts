import type { BilingualText } from './bilingual-text.ts'
import type { DeliveryHeader } from './delivery-file.ts'
import type { DeltaOperation } from './delta.ts'
import type { Finding } from './finding.ts'
import type { UnitKind } from './unit.ts'

/**
 * accepteret: all of it. delvist: some records were dropped or held. afvist: none of it. tilbageholdt: waits for a person.
 * afventer: waits for the date it holds from; the records counted as accepted are those that passed the checks.
 */
export const receiptVerdicts = ['accepteret', 'delvist', 'afvist', 'tilbageholdt', 'afventer'] as const
export type ReceiptVerdict = (typeof receiptVerdicts)[number]

/** Records of one file. `read` = `accepted` + `rejected` + `unchanged` + `held`. */
export interface ReceiptCounts {
  readonly read: number
  /** Changed something in the register. */
  readonly accepted: number
  readonly rejected: number
  /** Said what the register already had, or were told anew by a later file for the same date. */
  readonly unchanged: number
  /** Wait for a person. */
  readonly held: number
}

/** A number the register issued for a unit that came without one. */
export interface IssuedNumber {
  readonly lokalId: string
  readonly nummer: string
  readonly kind: UnitKind
}

/** A part of the plan that waits for a person. */
export interface HeldSlice {
  readonly slice: string
  readonly count: number
  readonly cause: BilingualText
}

/** All that the first receipt (.kvittering) says; the documents are a pure function of it. */
export interface ReceiptInput {
  readonly fileName: string
  readonly sha256: string
  readonly supplierId: string
  readonly supplierNavn: string
  readonly header: DeliveryHeader | null
  readonly verdict: ReceiptVerdict
  readonly counts: ReceiptCounts
  readonly findings: readonly Finding[]
  readonly findingCounts: Readonly<Record<string, number>>
  readonly issued: readonly IssuedNumber[]
  readonly changes: {
    readonly opret: number
    readonly opdater: number
    readonly flyt: number
    readonly nedlaeg: number
    readonly genaabn: number
  }
  readonly held: readonly HeldSlice[]
  /** What happens next and by when. */
  readonly next: BilingualText
  readonly ruleSet: string
  /** Business date of the night run. */
  readonly nightDate: string
  /** ISO, UTC. */
  readonly receivedAt: string
}

/** One number that was pushed because of the file. */
export interface DeliveredNumber {
  readonly nummer: string
  readonly operation: DeltaOperation
  /** ISO, UTC; null while the target has not acknowledged. */
  readonly acknowledgedAt: string | null
  /** The target's own words when it refused. */
  readonly refusedText: string | null
  /** The cutoff it missed first; null when it made its own. `at` is ISO, UTC. */
  readonly missed: { readonly navn: string; readonly at: string } | null
}

/** All that the second receipt (.leveret) says. */
export interface DeliveredInput {
  readonly fileName: string
  readonly sha256: string
  readonly supplierId: string
  readonly numbers: readonly DeliveredNumber[]
  /** The first cutoff that a change missed; when none did, the one they were due at. Null when no cutoff applies. `at` is ISO, UTC. */
  readonly cutoff: { readonly navn: string; readonly at: string; readonly met: boolean } | null
}
