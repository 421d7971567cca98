import { describe, expect, it } from 'vitest'
import { buildDeliveryName, parseDeliveryName } from '../../../src/formats/delivery-name.ts'

describe('the name of a CSV delivery', () => {
  it('says municipality, kind and running number', () => {
    expect(parseDeliveryName('101_fuld_000042.csv')).toEqual({
      kommuneKode: '101',
      art: 'fuld',
      loebenummer: 42,
      niveau: null,
      antal: null,
      gyldigFra: null,
      kontrolsum: null,
    })
  })

  it('may say level and number of records, in any case of letters', () => {
    expect(parseDeliveryName('0751_DELTA_7_AlternativAdresse_n57.CSV')).toEqual({
      kommuneKode: '751',
      art: 'delta',
      loebenummer: 7,
      niveau: 'alternativAdresse',
      antal: 57,
      gyldigFra: null,
      kontrolsum: null,
    })
  })

  it('may carry a checksum of the file', () => {
    expect(parseDeliveryName('101_fuld_000042_n57_k0123456789ABCDEF.csv')).toMatchObject({
      antal: 57,
      kontrolsum: '0123456789abcdef',
    })
    expect(parseDeliveryName('101_delta_7_k0123456789abcdef.csv')).toMatchObject({ antal: null, kontrolsum: '0123456789abcdef' })
  })

  it('may say from which date on the file holds', () => {
    expect(parseDeliveryName('101_delta_7_G20270131.csv')).toMatchObject({ art: 'delta', antal: null, gyldigFra: '2027-01-31' })
  })

  it.each([
    '101.csv',
    '999_fuld_1.csv',
    '411_fuld_1.csv',
    '101_hel_1.csv',
    '101_fuld_x.csv',
    '101_fuld_1_skole.csv',
    '101_fuld_1.xml',
    'x101_fuld_1.csv',
    '101_fuld_1_k0123456789abcde.csv',
    '101_fuld_1_k0123456789abcdeg.csv',
    '101_fuld_1_k0123456789abcdef_n57.csv',
    '101_delta_1_g20270229.csv',
    '101_delta_1_g2027-01-01.csv',
    '101_delta_1_g20270101_n57.csv',
    '101_delta_1_k0123456789abcdef_g20270101.csv',
  ])('is not guessed from %s', (name) => {
    expect(parseDeliveryName(name)).toBeNull()
  })

  it('is read back as it was built', () => {
    const kontrolsum = '0123456789abcdef'
    const dated = { gyldigFra: '2027-01-01', kontrolsum }
    const name = { kommuneKode: '101', art: 'delta', loebenummer: 42, niveau: 'anvisningsenhed', antal: 3, ...dated } as const

    expect(buildDeliveryName(name)).toBe('101_delta_000042_anvisningsenhed_n3_g20270101_k0123456789abcdef.csv')
    expect(parseDeliveryName(buildDeliveryName(name))).toEqual(name)
  })
})
