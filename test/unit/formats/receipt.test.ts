import { describe, expect, it } from 'vitest'
import type { ReceiptInput } from '../../../src/domain/receipt.ts'
import { toSafeCell } from '../../../src/formats/csv-cell.ts'
import { buildDeliveredJson, buildReceiptCsv, buildReceiptJson, buildReceiptText } from '../../../src/formats/receipt.ts'

const input: ReceiptInput = {
  fileName: '101_fuld_000042.csv',
  sha256: 'a'.repeat(64),
  supplierId: 'nordsys',
  supplierNavn: 'Nordsys',
  header: null,
  verdict: 'delvist',
  counts: { read: 5, accepted: 2, rejected: 1, unchanged: 1, held: 1 },
  findings: [
    {
      code: 'LOK-22c',
      level: 'record',
      line: 7,
      column: 31,
      kind: 'anvisningsenhed',
      key: 'lokal:E1',
      field: 'husNummer',
      value: '=cmd|calc',
      facts: { expected: '1-999 og højst ét bogstav', expectedEn: '1-999 and at most one letter' },
    },
  ],
  findingCounts: { 'LOK-22c': 3 },
  issued: [{ lokalId: 'D1', nummer: 'G80001', kind: 'daginstitution' }],
  changes: { opret: 1, opdater: 1, flyt: 0, nedlaeg: 0, genaabn: 0 },
  held: [{ slice: '101/nedlaeg', count: 1, cause: { da: 'for mange', en: 'too many' } }],
  next: { da: 'Send rettelsen i morgen.', en: 'Send the correction tomorrow.' },
  ruleSet: '1.0+0',
  nightDate: '2026-11-24',
  receivedAt: '2026-11-24T01:00:00.000Z',
}

describe('a receipt', () => {
  it('is the same bytes for the same input', () => {
    expect([buildReceiptJson(input), buildReceiptCsv(input), buildReceiptText(input)]).toEqual([
      buildReceiptJson(structuredClone(input)),
      buildReceiptCsv(structuredClone(input)),
      buildReceiptText(structuredClone(input)),
    ])
  })

  it('names line, column, field, value, cause and cure of each finding, in both languages', () => {
    const { fund } = JSON.parse(buildReceiptJson(input))

    expect(fund).toEqual([
      {
        kode: 'LOK-22c',
        niveau: 'record',
        linje: 7,
        kolonne: 31,
        art: 'anvisningsenhed',
        noegle: 'lokal:E1',
        felt: 'husNummer',
        vaerdi: '=cmd|calc',
        tekst: {
          da: 'Feltet husNummer har ikke den rette form: 1-999 og højst ét bogstav (lokal regel).',
          en: 'The field husNummer does not have the right form: 1-999 and at most one letter (local rule).',
        },
        ret: { da: 'Ret værdien "=cmd|calc".', en: 'Correct the value "=cmd|calc".' },
        evidens: 'egen',
        kilde: 'lokal regel (vores)',
      },
    ])
  })

  it('tells each unit the number it was given', () => {
    expect(JSON.parse(buildReceiptJson(input)).udstedteNumre).toEqual([
      { lokalId: 'D1', nummer: 'G80001', art: 'daginstitution' },
    ])
    expect(buildReceiptCsv(input)).toContain('"nummer";;;;;"daginstitution";"D1";"nummer";"G80001"')
  })

  it('opens in a spreadsheet without acting as a formula', () => {
    const cells = buildReceiptCsv(input).split(/[;\r\n]+/)

    expect(cells).toContain(`"'=cmd|calc"`)
    expect(cells.filter((cell) => /^"?[=+\-@]/.test(cell))).toEqual([])
  })

  it.each(['=1+1', '+1', '-1', '@a', '\t=1', '\r=1', '＝1'])('guards the cell %j', (value) => {
    expect(toSafeCell(value)).toBe(`"'${value}"`)
  })

  it('says in the short text how many findings are not shown', () => {
    expect(buildReceiptText(input)).toContain('5 læst = 2 accepteret + 1 uændret + 1 afvist + 1 tilbageholdt.')
    expect(buildReceiptText(input)).toContain('… og 2 fund mere')
  })
})

describe('the second receipt', () => {
  it('says which numbers Unilogin has confirmed, and whether the cutoff was met', () => {
    const delivered = JSON.parse(
      buildDeliveredJson({
        fileName: 'a.xml',
        sha256: 'b',
        supplierId: 's',
        numbers: [
          { nummer: 'G80001', operation: 'opret', acknowledgedAt: '2026-11-24T02:00:00Z', refusedText: null },
          { nummer: 'G80002', operation: 'flyt', acknowledgedAt: null, refusedText: 'ukendt' },
        ],
        cutoff: { navn: 'morgen', at: '2026-11-24T05:00:00Z', met: true },
      }),
    )

    expect(delivered.antal).toEqual({ numre: 2, bekraeftet: 1, afvist: 1 })
    expect(delivered.cutoff).toEqual({ navn: 'morgen', tidspunkt: '2026-11-24T05:00:00Z', naaet: true })
  })
})
