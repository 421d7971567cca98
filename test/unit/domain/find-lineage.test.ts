import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/domain/change-plan.ts'
import type { RegisterUnit } from '../../../src/domain/diff-register.ts'
import { findLineage } from '../../../src/domain/find-lineage.ts'
import type { UnitFields } from '../../../src/domain/unit.ts'
import { aChange, aUnit, aView, kommune } from '../../kit/builders.ts'

const at = (husNummer: string, pNummer?: string): UnitFields => ({
  navn: 'x',
  instType3: '6012',
  vejNavn: 'Ærtevej',
  husNummer,
  postNummer: '2100',
  ...(pNummer === undefined ? {} : { pNummer }),
})
const unit = (nummer: string, fields: UnitFields, parts: Partial<RegisterUnit> = {}) =>
  aUnit(nummer, { kind: 'anvisningsenhed', ...parts, fields })
const opening = (lokalId: string, fields: UnitFields) => aChange('opret', null, { lokalId, fields })
const closing = (nummer: string) => aChange('nedlaeg', nummer)

function links(units: readonly RegisterUnit[], pass: readonly Change[], held: readonly Change[] = [], ids = {}) {
  const found = findLineage({ pass, held, view: aView(units, ids), kommuneKode: kommune, ejerformer: ['1', '2', '4'] })
  return found.map(({ fromNummer, relation, to }) => `${fromNummer} ${relation} ${to.nummer ?? to.lokalId}`)
}

describe('a unit that closes', () => {
  it('is succeeded by the one that opens with its P-number, wherever it is', () => {
    expect(links([unit('G1', at('1', '109'))], [closing('G1'), opening('n', at('9', '109'))])).toEqual(['G1 afloest n'])
  })

  it('is succeeded by the one that opens at its address, when it is of the same type', () => {
    const opens = opening('n', at('1', '110'))
    const otherType = opening('n', { ...at('1', '110'), instType3: '6010' })

    expect(links([unit('G1', at('1', '109'))], [closing('G1'), opens])).toEqual(['G1 afloest n'])
    expect(links([unit('G1', at('1', '109'))], [closing('G1'), otherType])).toEqual([])
  })

  it.each([
    ['P-number', at('1', '109'), at('2', '109')],
    ['address', at('1', '109'), at('1', '110')],
  ])('went into the one open unit that has its %s', (_trait, gone, stays) => {
    expect(links([unit('G1', gone), unit('G2', stays)], [closing('G1')])).toEqual(['G1 lagt-sammen G2'])
  })

  it('went, with others, into the one that is there afterwards', () => {
    const units = [unit('G1', at('1', '109')), unit('G2', at('2', '110')), unit('G3', at('3', '111'))]
    const moved = aChange('opdater', 'G3', { fields: at('1', '111') })

    expect(links(units, [closing('G1'), moved])).toEqual(['G1 lagt-sammen G3'])
  })
})

describe('a unit that opens', () => {
  it.each([
    ['P-number', at('2', '109')],
    ['address', at('1', '110')],
  ])('came out of the one that stays with the same %s', (_trait, fields) => {
    expect(links([unit('G1', at('1', '109'))], [opening('n', fields)])).toEqual(['G1 udskilt n'])
  })

  it('did not come out of a unit that has moved away in the same plan', () => {
    const moved = aChange('opdater', 'G1', { fields: at('7', '109') })

    expect(links([unit('G1', at('1', '109'))], [moved, opening('n', at('1', '110'))])).toEqual([])
  })

  it('succeeds the closed number that its id belonged to, if it is the same by any trait', () => {
    const closed = unit('G1', at('1', '109'), { open: false })
    const ids = { n: 'G1' }

    expect(links([closed], [opening('n', at('1', '109'))], [], ids)).toEqual(['G1 afloest n'])
    expect(links([closed], [opening('n', at('9', '109'))], [], ids)).toEqual(['G1 afloest n'])
    expect(links([closed], [opening('n', { ...at('9', '999'), navn: 'y' })], [], ids)).toEqual([])
    expect(links([closed], [opening('m', at('1', '109'))], [], ids)).toEqual([])
  })
})

describe('nothing is claimed', () => {
  it.each([
    ['when two units open', [closing('G1'), opening('n', at('1', '109')), opening('m', at('1', '109'))]],
    ['when one closes, one opens and another stays', [closing('G1'), opening('n', at('2', '110'))]],
  ])('%s', (_case, pass) => {
    const staying = unit('G2', at('2', '110'))
    const second = unit('G3', at('2', '110'))

    expect(links([unit('G1', at('1', '109')), staying, second], pass)).toEqual([])
  })

  it('about a unit whose close waits for a person', () => {
    expect(links([unit('G1', at('1', '109'))], [opening('n', at('1', '109'))], [closing('G1')])).toEqual([])
  })

  it('about dagpleje, which shares one address and one P-number', () => {
    const dagpleje = (n: string) => ({ ...at('1', '109'), instType3: '6013', navn: n })

    expect(links([unit('G1', dagpleje('a')), unit('G2', dagpleje('b'))], [closing('G1')])).toEqual([])
    expect(links([unit('G1', dagpleje('a'))], [opening('n', dagpleje('b'))])).toEqual([])
  })

  it("about another owner's unit, another municipality's, or another level", () => {
    const others = [
      unit('G2', at('1', '109'), { ejerformKode: '3' }),
      unit('G3', at('1', '109'), { admKommuneKode: '147' }),
      unit('G4', at('1', '109'), { kind: 'alternativAdresse' }),
    ]

    expect(links([unit('G1', at('1', '109')), ...others], [closing('G1')])).toEqual([])
  })
})

it('every link is told once, in one order, whatever the order of units and changes', () => {
  const place = fc.record({ hus: fc.constantFrom('1', '2', '3'), p: fc.constantFrom('109', '110', undefined) })
  fc.assert(
    fc.property(
      fc.array(fc.record({ place, closes: fc.boolean() }), { maxLength: 5 }),
      fc.array(place, { maxLength: 3 }),
      (known, fresh) => {
        const units = known.map(({ place: { hus, p } }, i) => unit(`G${i}`, at(hus, p)))
        const closes = known.flatMap(({ closes }, i) => (closes ? [closing(`G${i}`)] : []))
        const pass = [...closes, ...fresh.map(({ hus, p }, i) => opening(`n${i}`, at(hus, p)))]

        const found = links(units, pass)

        expect(links(units.toReversed(), pass.toReversed())).toEqual(found)
        expect(new Set(found).size).toBe(found.length)
        const succeeded = found.filter((link) => link.includes('afloest')).map((link) => link.split(' ')[0])
        expect(new Set(succeeded).size).toBe(succeeded.length)
      },
    ),
  )
})
