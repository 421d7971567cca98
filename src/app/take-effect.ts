import { wholeFile } from '../domain/finding.ts'
import { ruleTable } from '../domain/rules/rule-table.ts'
import type { BusinessDate } from '../domain/time.ts'
import type { JobRequest } from '../ports/jobs.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { type DatedFile, deferredFiles } from './dated-files.ts'
import { speaksFor } from './mandate-of.ts'
import { nextPlans } from './record-validation.ts'

/**
 * Makes the files whose date has come files of this night, validated as they were when they came; the ordinary line goes on
 * from there. One whose municipality has left the supplier meanwhile is refused. Returns what is to be done next.
 */
export function takeEffect(ctx: RegisterContext, tx: RegisterTx, date: BusinessDate): JobRequest[] {
  const due = deferredFiles(tx).filter(({ header }) => header.gyldigFra <= date)
  const refused = due.flatMap((file) => {
    if (speaksFor(ctx.settings, file.supplierId, file.header.kommuneKode, date)) {
      tx.files.update(file.fileId, { state: 'validated', date })
      return []
    }
    return [refuse(tx, file, date)]
  })
  return [...refused, ...[...new Set(due.map(({ supplierId }) => supplierId))].flatMap((id) => nextPlans(tx, id))]
}

function refuse(
  tx: RegisterTx,
  { fileId, header: { kommuneKode }, read, findingCounts }: DatedFile,
  date: BusinessDate,
): JobRequest {
  const code = 'DTR-11a'
  const level = ruleTable.get(code)?.level ?? 'file'
  tx.files.addFindings(fileId, [{ ...wholeFile, code, level, value: kommuneKode, facts: { kommune: kommuneKode } }])
  const counts = { ...findingCounts, [code]: 1 }
  tx.files.update(fileId, { state: 'rejected', date, accepted: 0, rejected: read, findingCounts: counts })
  return { job: 'prepare-receipt', payload: { fileId, type: 'received' } }
}
