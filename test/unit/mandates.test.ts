import { describe, expect, it } from 'vitest'
import type { MandateSetting } from '../../config/mandates.ts'
import { expectedOf, mandateOf, speaksFor } from '../../src/app/mandate-of.ts'
import { sandboxSuppliers, toSupplierSettings } from '../../src/sandbox/generator/suppliers.ts'
import { someSettings } from '../kit/builders.ts'

interface Given extends Partial<MandateSetting> {
  readonly [setting: string]: unknown
}

function settings(...suppliers: readonly Given[]) {
  const base = { navn: 'x', host: 'sftp.example', username: 'u', hostKeys: { current: `SHA256:${'a'.repeat(43)}` } }
  return someSettings({ suppliers: suppliers.map((supplier, i) => ({ ...base, id: `s${i}`, ...supplier })) })
}

describe('a mandate', () => {
  const handover = settings(
    { kommuner: [{ kode: '101', til: '2026-12-31' }, '147'], expects: ['101', '147'] },
    { kommuner: [{ kode: '101', fra: '2027-01-01' }, '461'], expects: ['101', '461'] },
  )

  it.each([
    ['2026-12-31', ['101', '147'], ['461']],
    ['2027-01-01', ['147'], ['101', '461']],
  ])('on %s is what the dates say, both included', (date, first, second) => {
    expect(mandateOf(handover, 's0', date).kommuner).toEqual(first)
    expect(mandateOf(handover, 's1', date).kommuner).toEqual(second)
    expect(expectedOf(handover, 's0', date)).toEqual(first)
    expect(speaksFor(handover, 's1', '101', date)).toBe(second.includes('101'))
  })

  it('of a supplier that is gone from the settings is nobody', () => {
    expect(speaksFor(handover, 's9', '101', '2026-12-31')).toBe(false)
  })
})

describe('two suppliers', () => {
  it.each([
    ['the same code', { kommuner: ['101'] }, { kommuner: ['101'] }, /101, with no dates/],
    ['all and one', { kommuner: 'alle' }, { kommuner: ['147'] }, /147/],
    [
      'periods that meet on one day',
      { kommuner: [{ kode: '101', til: '2026-12-31' }] },
      { kommuner: [{ kode: '101', fra: '2026-12-31' }] },
      /101 from 2026-12-31 until 2026-12-31/,
    ],
    ['one kind of ownership', { kommuner: ['101'] }, { kommuner: ['101'], ejerformer: ['3', '4'] }, /ejerform 4 of/],
  ] as const)('may not speak for the same units: %s', (_case, first, second, said) => {
    expect(() => settings(first, second)).toThrow(said)
    expect(() => settings(first, second)).toThrow(/suppliers\.1\.kommuner.*"s0" and "s1".*\(til, fra\)/s)
  })

  it('that both have all are told of once, with the number of municipalities', () => {
    const both = () => settings({ kommuner: 'alle' }, { kommuner: 'alle' })

    expect(both).toThrow(/1 of them cannot be used.*and for 97 more/s)
  })

  it.each([
    ['other municipalities', { kommuner: ['101'] }, { kommuner: ['147'] }],
    ['other owners', { kommuner: 'alle' }, { kommuner: 'alle', ejerformer: ['3'] }],
    [
      'one after the other',
      { kommuner: [{ kode: '101', til: '2026-12-31' }] },
      { kommuner: [{ kode: '101', fra: '2027-01-01' }] },
    ],
  ] as const)('may stand side by side: %s', (_case, first, second) => {
    expect(settings(first, second).suppliers).toHaveLength(2)
  })

  it('of the sandbox share the country without a clash', () => {
    const access = { host: 'localhost', port: 22, fingerprint: `SHA256:${'a'.repeat(43)}`, username: 'u', folder: '.' }

    expect(settings(...sandboxSuppliers.map((supplier) => ({ ...toSupplierSettings(supplier, access) }))).suppliers).toHaveLength(
      sandboxSuppliers.length,
    )
  })
})

describe('a supplier in Udbyderregisteret', () => {
  it.each([
    [{ cvrNummer: '90000005' }, 'modulus 11'],
    [{ cvrNummer: '9000000' }, 'modulus 11'],
    [{ pNummer: '109000000' }, 'ten digits'],
    [{ kommuner: [{ kode: '101', fra: '2027-01-01', til: '2026-12-31' }] }, 'a period that starts before it ends'],
  ])('is refused with %j', (given, said) => {
    expect(() => settings({ kommuner: ['101'], ...given })).toThrow(said)
  })

  it('keeps its CVR number and its P-number, which need not pass modulus 11', () => {
    const [supplier] = settings({ kommuner: ['101'], cvrNummer: '90000004', pNummer: '1090000001' }).suppliers

    expect(supplier).toMatchObject({ cvrNummer: '90000004', pNummer: '1090000001' })
  })
})
