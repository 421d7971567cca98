import { describe, expect, it } from 'vitest'
import { proposeMatches } from '../../../src/domain/match-units.ts'
import { checkUnits } from '../../../src/domain/quality.ts'
import { createRuleSet } from '../../../src/domain/rules/rule-set.ts'
import { aUnit } from '../../kit/builders.ts'

const rules = createRuleSet()
const sound = { pNummer: '1090000000', cvrNummer: '64942212' }
const top = aUnit('G10001')
const house = aUnit('G10002', { kind: 'anvisningsenhed', parent: 'G10001', fields: sound })

describe('the checks of open units', () => {
  it('say nothing of units without faults', () => {
    expect(checkUnits([top, house], rules)).toEqual([])
  })

  it.each([
    ['felt-mangler', 'G10003', aUnit('G10003', { kind: 'anvisningsenhed', parent: 'G10001', fields: { cvrNummer: '64942212' } })],
    ['uden-cvr', 'G10003', aUnit('G10003', { kind: 'anvisningsenhed', parent: 'G10001', fields: { pNummer: '1090000000' } })],
    ['uden-enheder', 'G10003', aUnit('G10003')],
    [
      'ligner',
      'G10003',
      aUnit('G10003', {
        kind: 'anvisningsenhed',
        parent: 'G10001',
        fields: { ...sound, ...house.fields, navn: 'ENHED  g10002' },
      }),
    ],
    [
      'ulovlig-kombination',
      'G10003',
      aUnit('G10003', { kind: 'anvisningsenhed', parent: 'G10001', fields: { ...sound, instType3: '6013' } }),
    ],
  ])('find %s', (check, nummer, unit) => {
    expect(checkUnits([top, house, unit], rules).map((line) => [line.check, line.nummer])).toEqual([[check, nummer]])
  })

  it('do not take a daginstitution for its only unit of the same name', () => {
    const named = { navn: 'Åhuset' }
    const pair = [
      aUnit('G10001', { fields: named }),
      aUnit('G10002', { kind: 'anvisningsenhed', parent: 'G10001', fields: { ...sound, ...named } }),
    ]

    expect(checkUnits(pair, rules)).toEqual([])
  })
})

describe('a match for an institution of Unilogin', () => {
  const row = { instnr: 'A12345', instnavn: 'Børnehuset Åkanden', adresse: 'Ærtevej 12A, st.', postnr: '2100', kommunenr: '101' }
  const unit = (nummer: string, fields: Readonly<Record<string, string>>) => ({ nummer, fields })

  it('is the unit of the same name and place, with the reasons', () => {
    const same = unit('G10001', { navn: 'BØRNEHUSET ÅKANDEN', vejNavn: 'Ærtevej', husNummer: '12A', postNummer: '2100' })

    const [match] = proposeMatches(row, [same])
    expect(match).toMatchObject({ nummer: 'G10001', navn: same.fields['navn'], score: 100 })
    expect(match?.grunde.map(({ da }) => da)).toEqual(['samme navn', 'samme vej og husnummer', 'samme postnummer'])
  })

  it('comes best first, at most three, and none that is only chance', () => {
    const near = (nummer: string, navn: string) => unit(nummer, { navn, vejNavn: 'Ærtevej', husNummer: '12', postNummer: '2100' })
    const units = [
      near('G1', 'Åkanden'),
      near('G2', 'Børnehuset Åkande'),
      near('G3', 'Børnehuset'),
      near('G4', 'Åkandens Børnehus'),
    ]
    const far = unit('G5', { navn: 'Solstrålen', vejNavn: 'Byvej', husNummer: '1', postNummer: '5000' })
    const found = proposeMatches(row, [...units, far])

    expect(found).toHaveLength(3)
    expect(found[0]?.nummer).toBe('G2')
    expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).toSorted((a, b) => b - a))
    expect(proposeMatches(row, [far])).toEqual([])
  })

  it('takes number 1 for no part of number 12', () => {
    const other = unit('G1', { navn: 'x', vejNavn: 'Ærtevej', husNummer: '1', postNummer: '2100' })

    expect(proposeMatches({ ...row, instnavn: 'x' }, [other])[0]?.grunde).toContainEqual({ da: 'samme vej', en: 'same street' })
  })
})
