import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CheckDocument, DeliveredDocument, ReceiptDocument } from '../../../config/documents/deliveries.ts'
import { buildJsonSchemas } from '../../../config/documents/published.ts'
import { ruleTable } from '../../../src/domain/rules/rule-table.ts'
import { buildFindingsPage } from '../../../src/formats/findings-page.ts'
import { buildDeliveredJson, buildReceiptJson } from '../../../src/formats/receipt.ts'
import { toCheckDocument } from '../../../src/formats/validation-report.ts'
import { aReceiptInput } from '../../kit/make-receipt.ts'
import { validateBytes } from '../../kit/validate-text.ts'

const root = new URL('../../../', import.meta.url)

describe('what we publish', () => {
  it('docs/findings.md is the rule table, nothing more and nothing less (npm run docs:findings)', () => {
    const page = readFileSync(new URL('docs/findings.md', root), 'utf8')

    expect(page).toBe(buildFindingsPage())
    expect([...page.matchAll(/^### (\S+)$/gm)].map((match) => match[1]).sort()).toEqual([...ruleTable.keys()].sort())
  })

  it('each JSON schema is the shape that the code says (npm run docs:findings)', () => {
    for (const [name, schema] of Object.entries(buildJsonSchemas())) {
      expect(JSON.parse(readFileSync(new URL(`config/schemas/${name}`, root), 'utf8'))).toEqual(JSON.parse(schema))
    }
  })

  it('receipts and checks have that shape', async () => {
    const { result } = await validateBytes('101_fuld_1.csv', 'dagtilbudsType;navn\r\n')
    const delivered = {
      fileName: 'a.xml',
      sha256: 'b'.repeat(64),
      supplierId: 's',
      numbers: [
        { nummer: 'G80001', operation: 'opret', acknowledgedAt: '2026-11-24T02:00:00Z', refusedText: null, missed: null },
      ],
      cutoff: { navn: 'morgen', at: '2026-11-24T05:00:00Z', met: true },
    } as const

    expect(ReceiptDocument.safeParse(JSON.parse(buildReceiptJson(aReceiptInput({ header: null })))).error).toBeUndefined()
    expect(DeliveredDocument.safeParse(JSON.parse(buildDeliveredJson(delivered))).error).toBeUndefined()
    expect(CheckDocument.safeParse(toCheckDocument([{ fileName: 'a.csv', result }])).error).toBeUndefined()
  })
})

describe('the texts of a rule', () => {
  it.each([...ruleTable.values()].map((rule) => [rule.code, rule] as const))(
    '%s say the same facts in both languages',
    (_code, rule) => {
      const facts = (text: string): string[] =>
        [...text.matchAll(/\{(\w+)\}/g)].map((match) => (match[1] ?? '').replace(/En$/, '')).sort()

      expect(facts(rule.seen.en)).toEqual(facts(rule.seen.da))
      expect(facts(rule.change.en)).toEqual(facts(rule.change.da))
      expect([rule.seen.da, rule.seen.en, rule.change.da, rule.change.en].filter((text) => !/[.!]$/.test(text))).toEqual([])
    },
  )

  it.each([...ruleTable.values()].filter(({ code }) => code.startsWith('LOK-')).map((rule) => [rule.code, rule] as const))(
    '%s never pass for a rule of the register',
    (_code, rule) => {
      expect(rule.evidens).toBe('egen')
      expect(`${rule.seen.da} ${rule.source}`).toMatch(/lokal regel|vores/)
    },
  )
})
