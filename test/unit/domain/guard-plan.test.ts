import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limitsOf } from '../../../src/app/build-plan.ts'
import { type Change, guardSlices } from '../../../src/domain/change-plan.ts'
import { type GuardInput, guardPlan } from '../../../src/domain/guard-plan.ts'
import { aChange, aUnit, aView, someSettings } from '../../kit/builders.ts'

const limit = { ratio: 0.1, floor: 2 }
const limits = { nedlaeg: limit, flyt: limit, ejerskab: limit, omdoeb: limit, identitet: limit }

function guard(changes: readonly Change[], input: Partial<GuardInput> = {}) {
  const base = {
    scopeSize: 1000,
    limits,
    rejectedWithoutKey: 0,
    history: [],
    routineTimes: 3,
    approved: new Set<string>(),
    units: aView([]).units,
  }
  return guardPlan({ ...base, ...input, changes })
}

const numbered = (count: number, toChange: (nummer: string) => Change) =>
  Array.from({ length: count }, (_, i) => toChange(`G${80_000 + i}`))
const closes = (count: number) => numbered(count, (nummer) => aChange('nedlaeg', nummer))
const numbersOf = (changes: readonly Change[]) => changes.map((change) => change.nummer)

describe('the guard', () => {
  it.each([
    ['up to the floor, however small the municipality', 2, 3, 'pass'],
    ['above the floor', 3, 4, 'held'],
    ['up to the ratio', 10, 100, 'pass'],
    ['above the ratio', 11, 100, 'held'],
    ['up to a ratio that is no whole number of units', 10, 109, 'pass'],
  ])('lets a kind of change pass %s', (_case, count, scopeSize, verdict) => {
    const { slices } = guard(closes(count), { scopeSize })

    expect(slices).toEqual([expect.objectContaining({ slice: 'nedlaeg', count, of: scopeSize, verdict })])
  })

  it('counts a ratio exactly, whatever binary fractions make of it', () => {
    const ratio = { ...limits, nedlaeg: { ratio: 0.29, floor: 0 } }

    expect(guard(closes(29), { scopeSize: 100, limits: ratio }).held).toEqual([])
    expect(guard(closes(30), { scopeSize: 100, limits: ratio }).pass).toEqual([])
  })

  it('holds the risky kind as a whole and lets everything else ship', () => {
    const moves = numbered(2, (nummer) => aChange('flyt', nummer, { parent: 'G70000' }))
    const others = [aChange('opret', null, { lokalId: 'e1' }), aChange('opdater', 'G90000'), aChange('omnoegl', 'G90001')]

    const { pass, held, slices } = guard([...closes(101), ...moves, ...others])

    expect(held).toHaveLength(101)
    expect(pass.map((change) => change.operation)).toEqual(['opret', 'flyt', 'flyt', 'opdater', 'omnoegl'])
    expect(slices.map(({ slice, verdict, cause }) => [slice, verdict, cause])).toEqual([
      ['nedlaeg', 'held', 'over-limit'],
      ['flyt', 'pass', null],
    ])
  })

  it.each([1, 2])('holds the closing of all %i units of a file, below the floor as it is', (count) => {
    const history = [...Array(5)].map(() => ({ nedlaeg: count }))

    expect(guard(closes(count), { scopeSize: count, history }).slices).toEqual([
      expect.objectContaining({ verdict: 'held', cause: 'closes-all' }),
    ])
  })

  it('believes no absence from a file with rows whose unit could not be read', () => {
    const byAbsence = aChange('nedlaeg', 'G80001', { position: null })
    const asked = aChange('nedlaeg', 'G80001')

    expect(guard([byAbsence], { rejectedWithoutKey: 1 }).slices[0]).toMatchObject({ verdict: 'held', cause: 'rows-without-key' })
    expect(guard([byAbsence]).slices[0]?.verdict).toBe('pass')
    expect(guard([asked], { rejectedWithoutKey: 1 }).slices[0]?.verdict).toBe('pass')
  })
})

describe('the shipped limits', () => {
  const { guards } = someSettings()
  const [laesoe, samsoe, median, koebenhavn] = [1, 4, 37, 468]

  it.each([
    ['nedlaeg', laesoe, 0],
    ['nedlaeg', samsoe, 2],
    ['nedlaeg', median, 3],
    ['nedlaeg', koebenhavn, 46],
    ['flyt', samsoe, 3],
    ['flyt', koebenhavn, 93],
    ['ejerskab', samsoe, 2],
    ['ejerskab', koebenhavn, 46],
    ['omdoeb', samsoe, 5],
    ['omdoeb', koebenhavn, 140],
    ['identitet', median, 7],
  ] as const)('%s in a municipality of %i units: %i pass and one more is held', (slice, scopeSize, most) => {
    const few = numbered(most, (nummer) => aChange('opdater', nummer, { slice }))
    const many = numbered(most + 1, (nummer) => aChange('opdater', nummer, { slice }))

    expect(guard(few, { scopeSize, limits: limitsOf(guards, '825') }).held).toEqual([])
    expect(guard(many, { scopeSize, limits: limitsOf(guards, '825') }).pass).toEqual([])
  })

  it('are a municipality of its own where the settings say so, each number for itself', () => {
    const own = someSettings({ guards: { kommuner: { '825': { nedlaeg: { floor: 0 } } } } }).guards

    expect(limitsOf(own, '825')).toEqual({ ...limitsOf(guards, '825'), nedlaeg: { ratio: 0.1, floor: 0 } })
    expect(limitsOf(own, '101')).toEqual(limitsOf(guards, '101'))
  })
})

describe('what a municipality has had before', () => {
  const nights = (...counts: number[]) => counts.map((nedlaeg) => ({ nedlaeg }))

  it.each([
    ['nothing yet', nights(), 2],
    ['one large night, which was approved', nights(0, 90, 0, 0), 2],
    ['two of them', nights(90, 90, 0, 0), 2],
    ['the same number three times', nights(8, 0, 8, 1, 8), 8],
    ['more and less: what three nights reached', nights(20, 5, 9, 7, 0), 7],
    ['less than the limit', nights(1, 1, 1, 1), 2],
  ])('lets pass what is routine: %s', (_case, history, allowed) => {
    const input = { scopeSize: 20, history }

    expect(guard(closes(allowed), input).slices).toEqual([expect.objectContaining({ verdict: 'pass', allowed })])
    expect(guard(closes(allowed + 1), input).slices).toEqual([expect.objectContaining({ verdict: 'held', allowed })])
  })

  it('says nothing of another kind of change', () => {
    const moves = numbered(8, (nummer) => aChange('flyt', nummer, { parent: 'G70000' }))

    expect(guard(moves, { scopeSize: 20, history: nights(8, 8, 8) }).pass).toEqual([])
  })

  it('does not let an absence pass that proves nothing', () => {
    const byAbsence = closes(2).map((change) => ({ ...change, position: null }))
    const input = { scopeSize: 20, history: nights(8, 8, 8), rejectedWithoutKey: 1 }

    expect(guard(byAbsence, input).slices[0]).toMatchObject({ verdict: 'held', cause: 'rows-without-key' })
  })
})

describe('an approval', () => {
  const held = guard(closes(101))
  const approved = new Set(held.slices.map((slice) => slice.sliceHash))

  it('lets exactly the changes pass that were held, in any order and from any line', () => {
    const again = closes(101)
      .reverse()
      .map((change) => ({ ...change, position: { line: 9, column: 9 } }))

    expect(guard(again, { approved }).held).toEqual([])
    expect(guard(closes(101)).pass).toEqual([])
  })

  it.each([
    ['one change more', [...closes(102)]],
    ['one change less', closes(101).slice(1).concat(aChange('nedlaeg', 'G99999'))],
    [
      'another parent',
      closes(101).map((change, i) => (i === 0 ? { ...change, parent: { nummer: 'G70000', lokalId: null } } : change)),
    ],
    ['another value', closes(101).map((change, i) => (i === 0 ? { ...change, fields: { navn: 'x' } } : change))],
  ])('is void for %s', (_case, changes) => {
    expect(guard(changes, { approved }).pass).toEqual([])
  })

  it('of one kind of change says nothing of another', () => {
    const moves = numbered(101, (nummer) => aChange('flyt', nummer, { parent: 'G70000' }))

    expect(guard([...moves, ...closes(101)], { approved }).pass.map((change) => change.operation)).toEqual(
      Array(101).fill('nedlaeg'),
    )
  })
})

describe('a close', () => {
  const top = aUnit('G80001')
  const otherTop = aUnit('G80002')
  const enhed = aUnit('G80003', { kind: 'anvisningsenhed', parent: 'G80001' })
  const adresse = aUnit('G80004', { kind: 'alternativAdresse', parent: 'G80003' })
  const { units } = aView([top, otherTop, enhed, adresse])
  const closeTop = aChange('nedlaeg', 'G80001', { kind: 'daginstitution' })
  const closeEnhed = aChange('nedlaeg', 'G80003')
  const closeAdresse = aChange('nedlaeg', 'G80004', { kind: 'alternativAdresse' })
  const wide = { ...limits, nedlaeg: { ratio: 1, floor: 9 } }

  it('never cascades: with an open child below it is held, and so is what stands above it', () => {
    const { pass, held, slices } = guard([closeTop, closeEnhed], { units, limits: wide })

    expect(pass).toEqual([])
    expect(numbersOf(held)).toEqual(['G80003', 'G80001'])
    expect(slices).toEqual([expect.objectContaining({ slice: 'nedlaeg', count: 2, verdict: 'held', cause: 'depends-on-hold' })])
  })

  it('passes with all that is below it, leaves first', () => {
    const { pass, held } = guard([closeTop, closeEnhed, closeAdresse], { units, limits: wide })

    expect(numbersOf(pass)).toEqual(['G80004', 'G80003', 'G80001'])
    expect(held).toEqual([])
  })

  it('passes when the last child moves away, and waits when that move is held', () => {
    const move = aChange('flyt', 'G80003', { parent: 'G80002' })
    const noMoves = { ...wide, flyt: { ratio: 0, floor: 0 } }

    expect(numbersOf(guard([move, closeTop], { units, limits: wide }).pass)).toEqual(['G80003', 'G80001'])

    const { pass, held, slices } = guard([move, closeTop], { units, limits: noMoves })

    expect(pass).toEqual([])
    expect(numbersOf(held)).toEqual(['G80003', 'G80001'])
    expect(slices.map(({ slice, cause }) => [slice, cause])).toEqual([
      ['flyt', 'over-limit'],
      ['nedlaeg', 'depends-on-hold'],
    ])
  })

  it('waits when a unit is moved to it or opened under it', () => {
    const moveHere = aChange('flyt', 'G80003', { parent: 'G80002' })
    const openHere = aChange('opret', null, { lokalId: 'e9', parent: 'G80002' })
    const closeOther = aChange('nedlaeg', 'G80002', { kind: 'daginstitution' })

    expect(numbersOf(guard([moveHere, closeOther], { units, limits: wide }).held)).toEqual(['G80002'])
    expect(numbersOf(guard([openHere, closeOther], { units, limits: wide }).held)).toEqual(['G80002'])
    expect(guard([closeOther], { units, limits: wide }).held).toEqual([])
  })
})

it('every change either passes or is held, and a kind of change only as a whole', () => {
  const change = fc.record({
    operation: fc.constantFrom<Change['operation']>('opret', 'flyt', 'opdater', 'nedlaeg', 'omnoegl'),
    slice: fc.option(fc.constantFrom(...guardSlices), { nil: null }),
  })
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 20 }),
      fc.nat({ max: 30 }),
      fc.nat({ max: 2 }),
      (drawn, scopeSize, rejectedWithoutKey) => {
        const changes = drawn.map(({ operation, slice }, i) => aChange(operation, `G${80_000 + i}`, { slice }))

        const { pass, held } = guard(changes, { scopeSize, rejectedWithoutKey })

        expect(new Set([...pass, ...held])).toEqual(new Set(changes))
        expect(pass.length + held.length).toBe(changes.length)
        const passed = new Set(pass.map((each) => each.slice))
        for (const { slice } of held) expect(slice === null || passed.has(slice)).toBe(false)
      },
    ),
  )
})
