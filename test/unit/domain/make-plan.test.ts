import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, sha256Hex } from '../../../src/domain/ids.ts'
import { countSlices, makePlan, type PlanInput } from '../../../src/domain/make-plan.ts'
import { createRuleSet } from '../../../src/domain/rules/rule-set.ts'
import { type FieldName, type StagedRecord, type UnitKind, unitKinds } from '../../../src/domain/unit.ts'
import { aChange, aMandate, aRecord, aRef, aUnit, aView } from '../../kit/builders.ts'
import { aGoodLeverance } from '../../kit/make-leverance.ts'

const header = aGoodLeverance().header
const rules = createRuleSet()
const limit = { ratio: 0.3, floor: 1 }
const limits = { nedlaeg: limit, flyt: limit, ejerskab: limit, omdoeb: limit, identitet: limit }

function plan(parts: Partial<PlanInput> = {}) {
  return makePlan({
    fileId: 'f-1',
    header,
    ruleSet: 'r1',
    rules,
    records: [],
    rejectedRefs: [],
    rejectedWithoutKey: 0,
    mandate: aMandate,
    view: aView([]),
    baseVersion: 7,
    limits,
    history: [],
    routineTimes: 3,
    approved: new Set(),
    ...parts,
  })
}

/** A small register and a file drawn against it: known, unknown, closed and foreign units, changed, moved, closed. */
const drawn = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...unitKinds),
      parent: fc.nat({ max: 5 }),
      state: fc.constantFrom('open', 'open', 'open', 'closed', 'absent', 'foreign'),
      row: fc.constantFrom('same', 'same', 'renamed', 'moved', 'closed', 'none', 'twin'),
      newParent: fc.nat({ max: 5 }),
      key: fc.constantFrom('number', 'id'),
      field: fc.constantFrom<FieldName>('navn', 'vejNavn', 'pNummer', 'ejerformKode'),
    }),
    { maxLength: 10 },
  )
  .map((items) => {
    const nummerOf = (i: number) => `G${80_000 + i}`
    const parentOf = (kind: UnitKind, i: number) =>
      kind === 'daginstitution' ? {} : { parent: nummerOf(i % Math.max(1, items.length)) }
    const units = items.flatMap(({ kind, parent, state }, i) =>
      state === 'absent'
        ? []
        : [
            aUnit(nummerOf(i), {
              kind,
              ...parentOf(kind, parent),
              open: state !== 'closed',
              ...(state === 'foreign' ? { admKommuneKode: '147' } : {}),
            }),
          ],
    )
    const records = items.flatMap(({ kind, parent, row, newParent, key, field }, i): StagedRecord[] => {
      if (row === 'none') return []
      const nummer = nummerOf(i)
      const record = aRecord(nummer, {
        kind,
        ...parentOf(kind, row === 'moved' ? newParent : parent),
        status: row === 'closed' ? 'nedlagt' : 'aktiv',
        ...(row === 'renamed' ? { fields: { [field]: 'ændret' } } : {}),
      })
      const byId = { ...record, ref: { nummer: null, lokalId: `u${i}` } }
      if (row === 'twin') return [record, { ...byId, position: { line: record.position.line, column: 99 } }]
      return [key === 'id' ? byId : record]
    })
    const ids = Object.fromEntries(items.flatMap(({ state }, i) => (state === 'absent' ? [] : [[`u${i}`, nummerOf(i)]])))
    return { records, view: aView(units, ids) }
  })

describe('a plan', () => {
  it('accounts for every record, once, whatever file meets whatever register', () => {
    fc.assert(
      fc.property(drawn, fc.constantFrom('fuld' as const, 'delta' as const), ({ records, view }, art) => {
        const { counts } = plan({ records, view, header: { ...header, art } })

        expect(counts.changed + counts.unchanged + counts.held + counts.rejected).toBe(records.length)
      }),
      { numRuns: 150 },
    )
  })

  it('is the same for the same input, whatever the order of rows and units', () => {
    fc.assert(
      fc.property(drawn, fc.func(fc.integer()), ({ records, view }, draw) => {
        const shuffle = <T>(items: Iterable<T>) =>
          [...items].map((item, i) => [draw(i), item] as const).sort((a, b) => a[0] - b[0])
        const units = shuffle(view.units.values()).map(([, unit]) => unit)
        const rows = shuffle(records).map(([, row]) => row)

        const { findings: one, ...first } = plan({ records, view })
        const { findings: two, ...second } = plan({
          records: rows,
          view: { ...aView(units), numbersByLokalId: view.numbersByLokalId },
        })

        expect(sha256Hex(canonicalJson(second))).toBe(sha256Hex(canonicalJson(first)))
        expect(new Set(two.map(canonicalJson))).toEqual(new Set(one.map(canonicalJson)))
      }),
    )
  })

  it('finds nothing to do once it has been applied', () => {
    fc.assert(
      fc.property(drawn, ({ records, view }) => {
        const { changes } = plan({ records, view, header: { ...header, art: 'delta' } })
        const units = new Map(view.units)
        for (const change of changes) {
          const unit = units.get(change.nummer ?? '')
          if (unit === undefined) continue
          if (change.operation === 'nedlaeg') units.set(unit.nummer, { ...unit, open: false })
          if (change.operation === 'flyt') units.set(unit.nummer, { ...unit, parentNummer: change.parent?.nummer ?? null })
          if (change.operation === 'opdater') units.set(unit.nummer, { ...unit, fields: change.fields, ekstra: change.ekstra })
        }
        const known = changes.flatMap((change) => (change.nummer === null ? [] : [change.nummer]))

        const again = plan({ records, view: { ...view, units }, header: { ...header, art: 'delta' } })

        const repeated = again.changes.filter((change) => known.includes(change.nummer ?? '') && change.operation !== 'omnoegl')
        expect(repeated).toEqual([])
      }),
    )
  })

  it('never closes by absence what is not in its scope, and nothing at all from a delta', () => {
    fc.assert(
      fc.property(drawn, ({ records, view }) => {
        const full = plan({ records, view })
        const absent = [...full.changes, ...full.held].filter(
          (change) => change.operation === 'nedlaeg' && change.position === null,
        )
        for (const { nummer } of absent) expect(view.units.get(nummer ?? '')).toMatchObject({ open: true, admKommuneKode: '101' })

        const delta = plan({ records, view, header: { ...header, art: 'delta' } })
        expect([...delta.changes, ...delta.held].filter((change) => change.position === null)).toEqual([])
      }),
    )
  })

  it('counts a record as held only when all its changes are', () => {
    const top = aUnit('G80001')
    const enheder = ['G80003', 'G80004'].map((nummer) => aUnit(nummer, { kind: 'anvisningsenhed', parent: 'G80001' }))
    const records = [
      aRecord('G80001'),
      aRecord('G80002'),
      aRecord('G80003', { kind: 'anvisningsenhed', parent: 'G80002', fields: { telefonNummer: '12345678' } }),
      aRecord('G80004', { kind: 'anvisningsenhed', parent: 'G80002' }),
    ]

    const { counts } = plan({ records, view: aView([top, aUnit('G80002'), ...enheder]), header: { ...header, art: 'delta' } })

    expect(counts).toEqual({ changed: 1, unchanged: 2, held: 1, rejected: 0 })
  })

  it('holds every change of a record that a rule wants a person to see, however few, and releases it by approval', () => {
    const view = aView([aUnit('G80001'), aUnit('G80002')])
    const seen = aRecord('G80001', { fields: { navn: 'Nyt navn' }, hold: ['DTR-06'] })
    const records = [seen, aRecord('G80002', { fields: { navn: 'Nyt navn' } })]
    const delta = { ...header, art: 'delta' as const }

    const held = plan({ records, view, header: delta })
    const approved = new Set(held.slices.filter(({ slice }) => slice === 'regel').map(({ sliceHash }) => sliceHash))
    const released = plan({ records, view, header: delta, approved })

    expect(held.changes.map(({ nummer }) => nummer)).toEqual(['G80002'])
    expect(held.held.map(({ nummer, slice }) => [nummer, slice])).toEqual([['G80001', 'regel']])
    expect(held.slices).toContainEqual(expect.objectContaining({ slice: 'regel', verdict: 'held', cause: 'rule', count: 1 }))
    expect(held.counts).toEqual({ changed: 1, unchanged: 0, held: 1, rejected: 0 })
    expect(released.held).toEqual([])
  })

  it('needs nobody to see a record that changes nothing', () => {
    const records = [aRecord('G80001', { hold: ['DTR-06'] })]

    expect(plan({ records, view: aView([aUnit('G80001')]) })).toMatchObject({ held: [], counts: { unchanged: 1 } })
  })

  it('says what it was made from', () => {
    expect(plan()).toMatchObject({
      fileId: 'f-1',
      supplierId: aMandate.supplierId,
      kommuneKode: header.kommuneKode,
      loebenummer: header.loebenummer,
      ruleSet: 'r1',
      baseVersion: 7,
    })
  })

  it('leaves alone the fields that the header says the file does not mention', () => {
    const view = aView([
      aUnit('G80001'),
      aUnit('G80003', { kind: 'anvisningsenhed', parent: 'G80001', fields: { email: 'a@b.example' } }),
    ])
    const records = [aRecord('G80001'), aRecord('G80003', { kind: 'anvisningsenhed', parent: 'G80001' })]

    expect(plan({ records, view, header: { ...header, udenFelter: ['email'] } }).counts.unchanged).toBe(2)
    expect(plan({ records, view }).counts.unchanged).toBe(1)
  })

  it('lets a dropped row under an unknown id prove nothing: what the file does not mention waits', () => {
    const top = aUnit('G80001')
    const enheder = ['G80003', 'G80004', 'G80005', 'G80006'].map((nummer) =>
      aUnit(nummer, { kind: 'anvisningsenhed', parent: 'G80001' }),
    )
    const view = aView([top, ...enheder], { e6: 'G80006' })
    const records = ['G80003', 'G80004'].map((nummer) => aRecord(nummer, { kind: 'anvisningsenhed', parent: 'G80001' }))
    const file = { records: [aRecord('G80001'), ...records], view }

    const unknown = plan({ ...file, rejectedRefs: [aRef('G80006'), aRef('lokal:e99')] })
    const known = plan({ ...file, rejectedRefs: [aRef('lokal:e6')] })

    expect(unknown.slices).toEqual([expect.objectContaining({ slice: 'nedlaeg', count: 1, cause: 'rows-without-key' })])
    expect(known.changes.map(({ operation, nummer }) => [operation, nummer])).toEqual([['nedlaeg', 'G80005']])
  })

  it('counts what it applies by kind, for the guard of later nights', () => {
    const changes = [aChange('nedlaeg', 'G1'), aChange('nedlaeg', 'G2'), aChange('flyt', 'G3'), aChange('opret', null)]
    const seen = [aChange('opdater', 'G4', { slice: 'regel' })]

    expect(countSlices([...changes, ...seen])).toEqual({ nedlaeg: 2, flyt: 1 })
  })
})
