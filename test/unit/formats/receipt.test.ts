import { describe, expect, it } from 'vitest'
import { toSafeCell } from '../../../src/formats/csv-cell.ts'
import { buildDeliveredJson, buildReceiptCsv, buildReceiptJson, buildReceiptText } from '../../../src/formats/receipt.ts'
import { aReceiptInput } from '../../kit/make-receipt.ts'

const input = aReceiptInput()

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
  it('says which numbers Unilogin has confirmed, and which missed the cutoff', () => {
    const missed = { navn: 'morgen', at: '2026-11-24T05:00:00Z' }
    const delivered = JSON.parse(
      buildDeliveredJson({
        fileName: 'a.xml',
        sha256: 'b',
        supplierId: 's',
        numbers: [
          { nummer: 'G80001', operation: 'opret', acknowledgedAt: '2026-11-24T02:00:00Z', refusedText: null, missed: null },
          { nummer: 'G80002', operation: 'flyt', acknowledgedAt: null, refusedText: 'ukendt', missed },
        ],
        cutoff: { ...missed, met: false },
      }),
    )

    expect(delivered.antal).toEqual({ numre: 2, bekraeftet: 1, afvist: 1 })
    expect(delivered.cutoff).toEqual({ navn: 'morgen', tidspunkt: '2026-11-24T05:00:00Z', naaet: false })
    expect(delivered.numre.map((row: { cutoffMisset: unknown }) => row.cutoffMisset)).toEqual([
      null,
      { navn: 'morgen', tidspunkt: '2026-11-24T05:00:00Z' },
    ])
  })
})
