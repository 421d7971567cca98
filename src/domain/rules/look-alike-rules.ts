import { slotOf } from '../raw-record.ts'
import { levelOf, type UnitFields, type UnitKind } from '../unit.ts'
import { addLooseText, addText, type Fingerprint, startFingerprint } from './fingerprint.ts'
import { createPairTable } from './pair-table.ts'
import type { Report } from './report.ts'

/** Compares each record with those before it: shared P numbers (LOK-06) and units that look the same (LOK-07). */
export interface LookAlikeRules {
  check(kind: UnitKind, fields: UnitFields, line: number): void
}

/** @param expected Records that the file promises; the indexes are made as large. */
export function createLookAlikeRules(report: Report, expected: number): LookAlikeRules {
  const pNumbers = createPairTable(expected)
  const looks = createPairTable(expected)
  const print: Fingerprint = { high: 0, low: 0 }

  return {
    check(kind, fields, line) {
      const { navn, pNummer } = fields
      if (pNummer !== undefined) {
        const first = findNumber(pNummer, line)
        if (first !== 0) report('LOK-06', slotOf.pNummer, { firstLine: first })
      }
      if (navn === undefined) return
      const first = findLooks(kind, navn, fields, line)
      if (first !== 0) report('LOK-07', slotOf.navn, { firstLine: first, ...basisOf(kind) })
    },
  }

  /** Ten digits fit into a pair as they are: no two P numbers share one. */
  function findNumber(pNummer: string, line: number): number {
    const value = Number(pNummer)
    return pNumbers.getOrPut(Math.floor(value / 0x1_0000_0000), value % 0x1_0000_0000, line)
  }

  /**
   * A daginstitution by its name, the file being one municipality's; a unit by name and address, within its level. Two
   * looks could share a fingerprint (odds about one in 10^7 for a million records), so this serves a warning only.
   */
  function findLooks(kind: UnitKind, navn: string, fields: UnitFields, line: number): number {
    startFingerprint(print, levelOf(kind))
    addLooseText(print, navn)
    if (kind !== 'daginstitution') {
      addLooseText(print, fields.vejNavn ?? '')
      addLooseText(print, fields.husNummer ?? '')
      addText(print, fields.postNummer ?? '')
    }
    return looks.getOrPut(print.high, print.low, line)
  }
}

function basisOf(kind: UnitKind): { basis: string; basisEn: string } {
  return kind === 'daginstitution'
    ? { basis: 'samme navn i kommunen', basisEn: 'same name in the municipality' }
    : { basis: 'samme navn og adresse', basisEn: 'same name and address' }
}
