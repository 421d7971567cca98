import { describe, expect, it } from 'vitest'
import { codesOf, validateBytes } from '../../kit/validate-text.ts'

const unitColumns =
  'anvisningsenhedsNummer;DAGINSTITUTIONS_NUMMER;navn;aktivitetsstatus;instType3;kommuneKode;vejNavn;husNummer;postNummer;byNavn;supplerendeBynavn;geoBredde;geoLaengde;email;telefonNummer;cvrNummer;pNummer'
const unit = 'G80002;G80001;Børnehuset;Aktiv;6012;101;Ærtevej;1;2100;København Ø;;55.7;12.5;;;;1090000000'

describe('a CSV of one level', () => {
  it('is known by its first column, or by its name', async () => {
    for (const name of ['101_fuld_1.csv', '101_fuld_1_anvisningsenhed.csv']) {
      const { result, staged } = await validateBytes(name, `${unitColumns}\r\n${unit}\r\n`)

      expect(result.header?.niveauer).toEqual(['anvisningsenhed'])
      expect(staged.map(({ kind, ref, parent }) => [kind, ref.nummer, parent?.nummer])).toEqual([
        ['anvisningsenhed', 'G80002', 'G80001'],
      ])
    }
  })

  it('is refused when the columns are those of another level', async () => {
    const { result } = await validateBytes('101_fuld_1_alternativadresse.csv', `${unitColumns}\r\n${unit}\r\n`)

    expect(result.findings[0]).toMatchObject({ code: 'FIL-08', facts: { missing: 'alternativAdresseNummer' } })
  })

  it('says nothing of the fields it has no column for', async () => {
    const { result } = await validateBytes('101_fuld_1_n1.csv', `${unitColumns}\r\n${unit}\r\n`)

    expect(result.header?.udenFelter).toEqual(['etage', 'doer', 'dawaId'])
    expect(codesOf(result.findings)).toContain('FIL-34')
  })

  it('keeps unknown columns, by their own names, whatever they are called', async () => {
    const { staged } = await validateBytes('101_fuld_1_n1.csv', `${unitColumns};normering;__proto__\r\n${unit};22;x\r\n`)

    expect(Object.entries(staged[0]?.ekstra ?? {})).toEqual([
      ['normering', '22'],
      ['__proto__', 'x'],
    ])
  })

  it('drops a record whose unknown value is too long to keep, at its place', async () => {
    const { result } = await validateBytes('101_fuld_1_n1.csv', `${unitColumns};normering\r\n${unit};${'9'.repeat(1_001)}\r\n`)

    expect(result.findings[0]).toMatchObject({ code: 'POST-08', line: 2, column: unit.length + 2, field: 'normering' })
  })
})

describe('an empty full file', () => {
  it('never means that everything is to be closed', async () => {
    const { result } = await validateBytes('101_fuld_1_n0.csv', `${unitColumns}\r\n`)

    expect([result.verdict, result.findings[0]?.code]).toEqual(['rejected', 'FIL-01'])
  })
})
