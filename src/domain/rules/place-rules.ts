import { postnumre } from '../postnumre.ts'
import { slotOf } from '../raw-record.ts'
import type { UnitFields } from '../unit.ts'
import type { Report } from './report.ts'

/** What a unit's address says beside its municipality; notes and warnings only. Numbers behind them: public export, 2026-03. */
export function checkPlace(fields: UnitFields, kommune: string, report: Report): void {
  const { kommuneKode, postNummer } = fields
  if (kommuneKode !== undefined && kommuneKode !== kommune) report('LOK-15', slotOf.kommuneKode, { kommune })
  const known = postNummer === undefined ? undefined : postnumre.get(postNummer)
  if (known !== undefined && kommuneKode !== undefined && !known.kommuneKoder.includes(kommuneKode)) {
    report('LOK-10b', slotOf.postNummer, { kommune: kommuneKode })
  }
  const missing = (['byNavn', 'geoBredde', 'geoLaengde'] as const).find((field) => fields[field] === undefined)
  if (missing !== undefined) report('LOK-12', slotOf[missing])
}
