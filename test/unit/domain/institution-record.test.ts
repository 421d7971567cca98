import { describe, expect, it } from 'vitest'
import {
  differingFields,
  institutionRecordFields,
  toInstitutionRecord,
  type UnitInContext,
} from '../../../src/domain/institution-record.ts'
import { aUnit } from '../../kit/builders.ts'

const full: UnitInContext = aUnit('G80003', {
  kind: 'anvisningsenhed',
  parent: 'G80001',
  fields: {
    navn: 'Børnehuset Ærtebjerg',
    vejNavn: 'Ærtevej',
    husNummer: '12A',
    etage: 'st',
    doer: 'tv',
    postNummer: '2000',
    byNavn: 'Frederiksberg',
    kommuneKode: '147',
    email: 'post@boernehus.example',
    telefonNummer: '12345678',
    cvrNummer: '64942212',
    pNummer: '1003123456',
    geoBredde: '55.7',
  },
})

describe('the record we send of a unit', () => {
  it('has the documented fields in their order, places from the address and owners from the daginstitution', () => {
    const record = toInstitutionRecord(full)

    expect(Object.entries(record)).toEqual([
      ['instnr', 'G80003'],
      ['instnavn', 'Børnehuset Ærtebjerg'],
      ['type3', '6012'],
      ['type3navn', 'Aldersintegreret institution (0-5 år)'],
      ['adresse', 'Ærtevej 12A, st. tv'],
      ['bynavn', 'Frederiksberg'],
      ['postnr', '2000'],
      ['telefonnr', '12345678'],
      ['mailadresse', 'post@boernehus.example'],
      ['hovedinstitutionsnr', 'G80001'],
      ['kommunenr', '147'],
      ['kommune', 'Frederiksberg'],
      ['admkommunenr', '101'],
      ['admkommune', 'København'],
      ['regionsnr', '1084'],
      ['region', 'Region Hovedstaden'],
      ['enhedsart', 'Anvisningsenhed'],
    ])
  })

  it('holds neither CVR, P-number nor coordinates', () => {
    const sent = Object.values(toInstitutionRecord(full))

    for (const value of ['64942212', '1003123456', '55.7']) expect(sent).not.toContain(value)
  })

  it('leaves out what is empty, and has no parent on a daginstitution', () => {
    expect(toInstitutionRecord(aUnit('G80001', { fields: { navn: 'Klyngen' } }))).toEqual({
      instnr: 'G80001',
      instnavn: 'Klyngen',
      admkommunenr: '101',
      admkommune: 'København',
      regionsnr: '1084',
      region: 'Region Hovedstaden',
      enhedsart: 'Daginstitution',
    })
  })

  it.each([
    ['street alone', { husNummer: '', etage: '', doer: '' }, 'Ærtevej'],
    ['street and number', { etage: '', doer: '' }, 'Ærtevej 12A'],
    ['a floor without a door', { doer: '' }, 'Ærtevej 12A, st.'],
    ['a door without a floor', { etage: '' }, 'Ærtevej 12A, tv'],
  ])('writes an address of %s', (_case, fields, adresse) => {
    expect(toInstitutionRecord({ ...full, fields: { ...full.fields, ...fields } }).adresse).toBe(adresse)
  })
})

describe('two records', () => {
  const record = toInstitutionRecord(full)

  it('are equal when they differ only in absent and empty', () => {
    expect(differingFields(record, { ...record, faxnr: '', www: '' })).toEqual([])
  })

  it.each(institutionRecordFields)('differ in %s when one side has another value, or none', (field) => {
    expect(differingFields(record, { ...record, [field]: 'andet' })).toEqual([field])
    expect(differingFields({ ...record, [field]: 'andet' }, { ...record, [field]: '' })).toEqual([field])
  })
})
