import { describe, expect, it } from 'vitest'
import type { RegisterUnit, RegisterView } from '../../../src/domain/diff-register.ts'
import { compareWithRegister } from '../../../src/domain/rules/compare-with-register.ts'
import { keepUntold } from '../../../src/domain/rules/keep-untold.ts'
import { createRuleSet } from '../../../src/domain/rules/rule-set.ts'
import type { StagedRecord } from '../../../src/domain/unit.ts'
import { aDaginstitution, aGoodLeverance, anAnvisningsenhed } from '../../kit/make-leverance.ts'

const rules = createRuleSet()
const position = { line: 7, column: 5 }

function known(nummer: string, record: Omit<StagedRecord, 'position'>, parentNummer: string | null = null): RegisterUnit {
  return {
    nummer,
    kind: record.kind,
    parentNummer,
    fields: record.fields,
    ekstra: {},
    open: true,
    admKommuneKode: '101',
    ejerformKode: '1',
  }
}

function viewOf(...units: RegisterUnit[]): RegisterView {
  const numbersByLokalId = new Map([['E7', 'G80007']])
  return { units: new Map(units.map((unit) => [unit.nummer, unit])), numbersByLokalId, settled: new Map() }
}

describe('a file beside the register', () => {
  it('is warned that a new unit looks like one that has a number', () => {
    const record = { ...anAnvisningsenhed('E1', 'D1', { navn: 'SOLHUSET' }), position }

    const { findings } = compareWithRegister(
      [record],
      viewOf(known('G80001', anAnvisningsenhed('E9', 'D1', { navn: 'Sol huset' }))),
      rules,
    )

    expect(findings.map(({ code, line, key, facts }) => [code, line, key, facts['other']])).toEqual([
      ['LOK-32', 7, 'lokal:E1', 'G80001'],
    ])
  })

  it('is not warned when the look-alike is the unit itself, or is named in the file too', () => {
    const unit = known('G80007', anAnvisningsenhed('E7', 'D1'))
    const other = known('G80008', anAnvisningsenhed('E8', 'D1', { navn: 'Solhuset' }))
    const records = [
      { ...anAnvisningsenhed('E7', 'D1'), position },
      { ...anAnvisningsenhed('E1', 'D1', { navn: 'Solhuset' }), position },
      { ...anAnvisningsenhed('E8', 'D1'), ref: { nummer: 'G80008', lokalId: null }, position },
    ]

    expect(compareWithRegister(records, viewOf(unit, other), rules).findings).toEqual([])
  })

  it('holds a unit whose daginstitution, in the register only, does not allow its type', () => {
    const parent = known('G80001', aDaginstitution('D1', { lovgrundlagKode: 'DTL21.2' }))
    const record = { ...anAnvisningsenhed('E1', ''), parent: { nummer: 'G80001', lokalId: null }, position }

    const { holds } = compareWithRegister([record], viewOf(parent), rules)

    expect([...holds]).toEqual([['lokal:E1', ['DTR-06']]])
  })

  it('holds a daginstitution whose new lovgrundlag a unit in the register does not allow', () => {
    const parent = known('G80001', aDaginstitution('D1'))
    const child = known('G80002', anAnvisningsenhed('E1', 'D1'), 'G80001')
    const change = { ...aDaginstitution('', { lovgrundlagKode: 'DTL52' }), ref: { nummer: 'G80001', lokalId: null }, position }

    expect([...compareWithRegister([change], viewOf(parent, child), rules).holds]).toEqual([['G80001', ['DTR-06']]])
    expect([...compareWithRegister([change], viewOf(parent, { ...child, open: false }), rules).holds]).toEqual([])
  })
})

describe('a field that the file never mentions', () => {
  const { header } = aGoodLeverance({ udenFelter: ['email', 'dawaId'] })
  const register = {
    navn: 'A',
    vejNavn: 'Ærtevej',
    husNummer: '1',
    postNummer: '2100',
    kommuneKode: '101',
    email: 'a@b.example',
    dawaId: 'x',
    telefonNummer: '12345678',
  }

  it('keeps the value of the register, while a field left empty is blanked', () => {
    const { email: _email, dawaId: _dawaId, telefonNummer: _phone, ...told } = register

    expect(keepUntold(told, register, header)).toEqual({ ...told, email: 'a@b.example', dawaId: 'x' })
  })

  it('is not kept when it belongs to an address that has changed', () => {
    const { email: _email, dawaId: _dawaId, ...told } = { ...register, husNummer: '2' }

    expect(keepUntold(told, register, header)).toEqual({ ...told, email: 'a@b.example' })
  })
})
