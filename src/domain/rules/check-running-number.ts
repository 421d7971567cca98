import type { DeliveryHeader } from '../delivery-file.ts'
import { type Finding, wholeFile } from '../finding.ts'
import { ruleTable } from './rule-table.ts'

/** A delivery of the same supplier and municipality that was not refused. */
export interface LastDelivery {
  readonly loebenummer: number
  readonly sha256: string
}

/**
 * Holds a running number against the last one applied and those that wait for their date: one older than the last applied
 * stops the file (FIL-25), one that was used for other bytes too (FIL-26), a gap is reported (FIL-30). A file that waits
 * makes no other one old. Null when the number follows, or when the same bytes come again.
 */
export function checkRunningNumber(
  header: DeliveryHeader,
  sha256: string,
  last: LastDelivery | null,
  deferred: readonly LastDelivery[],
): Finding | null {
  const number = header.loebenummer
  const used = last === null ? deferred : [last, ...deferred]
  const same = used.find(({ loebenummer }) => loebenummer === number)
  if (same !== undefined) return sha256 === same.sha256 ? null : toFinding('FIL-26', { number })
  if (last !== null && number < last.loebenummer) return toFinding('FIL-25', { number, previous: last.loebenummer })
  const before = used.map(({ loebenummer }) => loebenummer).filter((loebenummer) => loebenummer < number)
  if (before.length === 0) return null
  const previous = Math.max(...before)
  return number === previous + 1 ? null : toFinding('FIL-30', { number, previous, missing: number - previous - 1 })
}

function toFinding(code: string, facts: Finding['facts']): Finding {
  return {
    ...wholeFile,
    code,
    level: ruleTable.get(code)?.level ?? 'file',
    field: 'loebenummer',
    value: String(facts['number']),
    facts,
  }
}
