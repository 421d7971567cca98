import { trimBlanks } from '../checks/characters.ts'
import { ejerformer, institutionstyper } from '../code-tables.ts'
import { kommuner } from '../kommuner.ts'
import { type RawRecord, slotOf } from '../raw-record.ts'
import type { Report } from './report.ts'

type TextOf = (code: string) => string | undefined

const kommuneText: TextOf = (code) => kommuner.get(code)?.navn
const labels: readonly (readonly [textSlot: number, codeSlot: number, textOf: TextOf])[] = [
  [slotOf.ejerformTekst, slotOf.ejerformKode, (code) => ejerformer.get(code)?.tekst],
  [slotOf.instType3Tekst, slotOf.instType3, (code) => institutionstyper.get(code)?.tekst],
  [slotOf.admKommuneTekst, slotOf.admKommuneKode, kommuneText],
  [slotOf.kommuneTekst, slotOf.kommuneKode, kommuneText],
]

/** The CSV layout puts a label beside each code; one that says something else is a sign of shifted columns (LOK-25). */
export function checkLabels(raw: RawRecord, report: Report): void {
  for (const [textSlot, codeSlot, textOf] of labels) {
    const text = raw.values[textSlot]
    const code = raw.values[codeSlot]
    if (!text || !code) continue
    const expected = textOf(code)
    if (expected === undefined || expected === text) continue
    // One consumer of the export writes "Private" for "Privat".
    if (!trimBlanks(text).toLowerCase().startsWith(expected.toLowerCase())) report('LOK-25', textSlot, { code })
  }
}
