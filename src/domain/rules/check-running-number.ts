import type { DeliveryHeader } from '../delivery-file.ts'
import type { Finding } from '../finding.ts'
import { ruleTable } from './rule-table.ts'

/** The last delivery of the same supplier and municipality that was not refused. */
export interface LastDelivery {
  readonly loebenummer: number
  readonly sha256: string
}

/**
 * Holds a running number against the last one used: an old one stops the file (FIL-25), one that was used for other bytes
 * too (FIL-26), a gap is reported (FIL-30). Null when it follows, or when the same bytes come again.
 */
export function checkRunningNumber(header: DeliveryHeader, sha256: string, last: LastDelivery | null): Finding | null {
  if (last === null) return null
  const number = header.loebenummer
  const previous = last.loebenummer
  if (number === previous) return sha256 === last.sha256 ? null : toFinding('FIL-26', { number })
  if (number < previous) return toFinding('FIL-25', { number, previous })
  return number === previous + 1 ? null : toFinding('FIL-30', { number, previous, missing: number - previous - 1 })
}

function toFinding(code: string, facts: Finding['facts']): Finding {
  return {
    code,
    level: ruleTable.get(code)?.level ?? 'file',
    line: null,
    column: null,
    kind: null,
    key: null,
    field: 'loebenummer',
    value: String(facts['number']),
    facts,
  }
}
