import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSieve, type StandingUnit, toStagedLine, toStagedText } from '../../../src/domain/sift-records.ts'
import { type StagedRecord, type UnitRef, unitKinds } from '../../../src/domain/unit.ts'
import { aMandate, aRecord, aRef } from '../../kit/builders.ts'

const { ejerformer } = aMandate
const top = aRecord('G80001')
const below = aRecord('G80002', { kind: 'anvisningsenhed', parent: 'G80001' })
/** Ids of the supplier, two of them for one unit. */
const numbers = new Map([
  ['d1', 'G80001'],
  ['d1-igen', 'G80001'],
  ['e1', 'G80002'],
  ['andet', 'G80009'],
])

function standingAs(record: StagedRecord, parts: Partial<StandingUnit> = {}): StandingUnit {
  const { kind, parent, values } = toStagedLine(toStagedText(record))
  return { kind, parentNummer: parent?.nummer ?? null, ejerformKode: '1', values, ...parts }
}

const standing = new Map([
  ['G80001', standingAs(top)],
  ['G80002', standingAs(below)],
])

function sift(
  records: readonly StagedRecord[],
  units: ReadonlyMap<string, StandingUnit> = standing,
  wanted: readonly string[] = [],
) {
  const sieve = createSieve({ niveauer: unitKinds, ejerformer }, new Set(wanted))
  for (const record of records) sieve.take([toStagedLine(toStagedText(record))], numbers, units)
  return sieve
}

const by = (nummer: string | null, lokalId: string | null): UnitRef => ({ nummer, lokalId })

describe('a record that says what the register has', () => {
  it("is set aside as its number, and as the supplier's own id where it names one", () => {
    const { records, settled } = sift([top, { ...below, ref: by(null, 'e1'), parent: by('G80001', 'd1') }])

    expect(records).toEqual([])
    expect([...settled]).toEqual([
      ['G80001', null],
      ['G80002', by(null, 'e1')],
    ])
  })

  it.each<[string, readonly StagedRecord[]]>([
    ['says something else', [top, { ...below, fields: { ...below.fields, navn: 'Nyt navn' } }]],
    ['brings a column more', [top, { ...below, ekstra: { farve: 'blå' } }]],
    ['is to be seen by a person', [top, { ...below, hold: ['LOK-02'] }]],
    ['asks for a close', [top, { ...below, status: 'nedlagt' }]],
    ['is of another level', [top, { ...below, kind: 'alternativAdresse' }]],
    ['stands under another unit', [top, { ...below, parent: aRef('G80009') }]],
    ['stands before the unit above it', [below]],
    ['stands under a unit that changes', [{ ...top, fields: { ...top.fields, navn: 'Nyt navn' } }, below]],
    ['names the unit above by a number and by an id of another', [top, { ...below, parent: by('G80001', 'andet') }]],
    ['names the unit above by a number and by a new id', [top, { ...below, parent: by('G80001', 'ny') }]],
    ['names its unit by a number and by an id of another', [top, { ...below, ref: by('G80002', 'andet') }]],
    ['names its unit by a number and by a new id', [top, { ...below, ref: by('G80002', 'ny') }]],
    ['names no unit that is known', [top, { ...below, ref: by(null, 'ny') }]],
  ])('is kept when it %s', (_case, records) => {
    expect(sift(records).settled.has('G80002')).toBe(false)
    expect(sift(records).records).toContainEqual(records.at(-1))
  })

  it('is kept when the file may not speak for the unit, or it is wanted', () => {
    const ofOthers = new Map(standing).set('G80002', standingAs(below, { ejerformKode: '3' }))

    expect(sift([top, below], ofOthers).records).toEqual([below])
    expect(sift([top, below], standing, ['G80002']).records).toEqual([below])
    expect(sift([top, below], standing, ['G80001']).records).toEqual([top, below])
  })

  it('is kept after another that names its unit; one that comes before is to be read again', () => {
    const twin = { ...below, ref: by(null, 'e1') }

    expect([...sift([top, below, twin]).named]).toEqual(['G80002'])
    expect(sift([top, twin, below], standing, ['G80002']).records).toEqual([twin, below])
    expect([...sift([top, below, { ...below, ref: by('G80009', 'd1-igen') }]).named]).toEqual(['G80001'])
  })
})

it('a staged record is read in part as it is read whole, whatever its ids', () => {
  const text = fc.oneof(fc.string({ maxLength: 15 }), fc.constantFrom('a"b', 'a\\', ',"kind":"x"', '\u2028'))
  const ref = fc.record({ nummer: fc.option(text), lokalId: fc.option(text) })
  const record = fc.record({
    kind: fc.constantFrom(...unitKinds),
    ref,
    parent: fc.option(ref),
    status: fc.constantFrom('aktiv' as const, 'nedlagt' as const),
    fields: fc.record({ navn: text, email: text }, { requiredKeys: [] }),
    ekstra: fc.dictionary(fc.oneof(text, fc.constantFrom('kind', 'parent')), text, { maxKeys: 3 }),
    position: fc.record({ line: fc.nat(), column: fc.nat() }),
  })
  fc.assert(
    fc.property(record, (drawn) => {
      const whole = JSON.parse(toStagedText(drawn)) as StagedRecord

      const { kind, ref, parent, status, values } = toStagedLine(toStagedText(drawn))

      expect({ kind, ref, parent, status }).toEqual({
        kind: whole.kind,
        ref: whole.ref,
        parent: whole.parent,
        status: whole.status,
      })
      expect(JSON.parse(`${values}}`)).toEqual({ ekstra: whole.ekstra, fields: whole.fields })
    }),
    { numRuns: 60 },
  )
})
