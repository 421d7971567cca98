import { describe, expect, it } from 'vitest'
import { diffRegister, type FileContent, orderChanges, type RegisterView } from '../../../src/domain/diff-register.ts'
import { fieldsOf, type StagedRecord, unitKinds } from '../../../src/domain/unit.ts'
import { aChange, aMandate, aRecord, aRef, aUnit, aView, kommune } from '../../kit/builders.ts'

/** Two daginstitutioner; under the first an anvisningsenhed with an alternative adresse. */
const top = aUnit('G80001')
const otherTop = aUnit('G80002')
const enhed = aUnit('G80003', { kind: 'anvisningsenhed', parent: 'G80001' })
const adresse = aUnit('G80004', { kind: 'alternativAdresse', parent: 'G80003' })
const register = aView([top, otherTop, enhed, adresse])

const topRow = aRecord('G80001')
const otherTopRow = aRecord('G80002')
const enhedRow = aRecord('G80003', { kind: 'anvisningsenhed', parent: 'G80001' })
const adresseRow = aRecord('G80004', { kind: 'alternativAdresse', parent: 'G80003' })

function diff(records: readonly StagedRecord[], view: RegisterView = register, content: Partial<FileContent> = {}) {
  const file = { kommuneKode: kommune, fuld: false, niveauer: unitKinds, records, rejectedRefs: [], ...content }
  return diffRegister(file, view, aMandate)
}

function summary(result: ReturnType<typeof diff>): string[] {
  return orderChanges(result.changes).map((change) => `${change.operation} ${change.nummer ?? change.lokalId}`)
}

const codes = (result: ReturnType<typeof diff>) => result.findings.map((finding) => finding.code)

describe('a file that says what the register says', () => {
  it('changes nothing, in any order of its records', () => {
    const result = diff([adresseRow, otherTopRow, enhedRow, topRow], register, { fuld: true })

    expect(result).toEqual({ changes: [], findings: [], foundAgain: new Map(), unchanged: 4, rejected: 0, scopeSize: 4 })
  })

  it('takes an absent value for an empty one', () => {
    const view = aView([top, { ...enhed, fields: { ...enhed.fields, etage: '', email: '' } }])

    expect(diff([enhedRow], view).unchanged).toBe(1)
  })
})

describe('a new unit', () => {
  it('is opened with all its values, and its children under it, before either has a number', () => {
    const newTop = aRecord('lokal:d1')
    const newEnhed = aRecord('lokal:e1', { kind: 'anvisningsenhed', parent: 'lokal:d1' })
    const newAdresse = aRecord('lokal:a1', { kind: 'alternativAdresse', parent: 'lokal:e1' })

    const result = diff([newAdresse, newEnhed, newTop], aView([]))

    expect(orderChanges(result.changes)).toEqual([
      expect.objectContaining({ operation: 'opret', nummer: null, lokalId: 'd1', parent: null, fields: newTop.fields }),
      expect.objectContaining({ operation: 'opret', nummer: null, lokalId: 'e1', parent: aRef('lokal:d1'), slice: null }),
      expect.objectContaining({ operation: 'opret', nummer: null, lokalId: 'a1', parent: aRef('lokal:e1') }),
    ])
  })

  it('goes under a unit that the register has, by the number or by the supplier id', () => {
    const view = aView([top], { 'd-1': 'G80001' })
    const byNumber = aRecord('lokal:e1', { kind: 'anvisningsenhed', parent: 'G80001' })
    const byId = aRecord('lokal:e2', { kind: 'anvisningsenhed', parent: 'lokal:d-1' })

    expect(diff([byNumber, byId], view).changes.map((change) => change.parent?.nummer)).toEqual(['G80001', 'G80001'])
  })

  it.each([
    ['unknown', 'G89999', register],
    ['closed', 'G80001', aView([{ ...top, open: false }])],
    ['of the wrong level', 'G80003', register],
  ])('is refused under a parent that is %s', (_case, parent, view) => {
    const result = diff([aRecord('lokal:e9', { kind: 'anvisningsenhed', parent })], view)

    expect(codes(result)).toEqual(['DTR-07b'])
    expect(result).toMatchObject({ changes: [], rejected: 1 })
  })

  it('is refused with the children it would have had when its own parent is refused', () => {
    const orphan = aRecord('lokal:e9', { kind: 'anvisningsenhed', parent: 'G89999' })
    const child = aRecord('lokal:a9', { kind: 'alternativAdresse', parent: 'lokal:e9' })

    expect(codes(diff([child, orphan]))).toEqual(['DTR-07b', 'DTR-07b'])
  })

  it('gets a new number when the id belonged to a unit that is closed', () => {
    const view = aView([{ ...top, open: false }], { 'd-1': 'G80001' })

    expect(summary(diff([aRecord('lokal:d-1')], view))).toEqual(['opret d-1'])
  })
})

describe('an update', () => {
  it.each(unitKinds.flatMap((kind) => fieldsOf[kind].map((field) => [kind, field] as const)))(
    'of a %s names %s and no other field',
    (kind, field) => {
      const [unit, row] = {
        daginstitution: [top, topRow] as const,
        anvisningsenhed: [enhed, enhedRow] as const,
        alternativAdresse: [adresse, adresseRow] as const,
      }[kind]
      const changedRow = { ...row, fields: { ...row.fields, [field]: 'ændret' } }

      const { changes } = diff([changedRow])

      expect(changes).toEqual([
        expect.objectContaining({ operation: 'opdater', nummer: unit.nummer, changed: [field], fields: changedRow.fields }),
      ])
    },
  )

  it.each([
    ['ejerformKode', 'ejerskab'],
    ['lovgrundlagKode', 'ejerskab'],
    ['admKommuneKode', 'ejerskab'],
    ['navn', 'omdoeb'],
  ] as const)('of %s is guarded as %s', (field, slice) => {
    expect(diff([{ ...topRow, fields: { ...topRow.fields, [field]: 'ændret' } }]).changes[0]?.slice).toBe(slice)
  })

  it.each([
    ['pNummer', 'identitet'],
    ['cvrNummer', 'identitet'],
    ['telefonNummer', null],
  ] as const)('of %s on a unit is guarded as %s', (field, slice) => {
    expect(diff([{ ...enhedRow, fields: { ...enhedRow.fields, [field]: 'ændret' } }]).changes[0]?.slice).toBe(slice)
  })

  it('is guarded by the most serious field it changes', () => {
    const row = { ...topRow, fields: { ...topRow.fields, navn: 'Nyt navn', ejerformKode: '2' } }

    expect(diff([row]).changes[0]).toMatchObject({ changed: ['navn', 'ejerformKode'], slice: 'ejerskab' })
  })

  it('is seen in a column that we do not know, too', () => {
    expect(diff([{ ...topRow, ekstra: { noegle: 'ny' } }]).changes).toEqual([
      expect.objectContaining({ operation: 'opdater', changed: [], ekstra: { noegle: 'ny' }, slice: null }),
    ])
  })

  it('keeps what the register has of a field that the file never mentions', () => {
    const view = aView([top, { ...enhed, fields: { ...enhed.fields, email: 'post@boernehus.example' } }])
    const row = { ...enhedRow, fields: { ...enhedRow.fields, navn: 'Nyt navn' } }

    const { changes } = diff([row], view, { udenFelter: ['email'] })

    expect(changes).toEqual([
      expect.objectContaining({ changed: ['navn'], fields: expect.objectContaining({ email: 'post@boernehus.example' }) }),
    ])
    expect(diff([enhedRow], view, { udenFelter: ['email'] }).unchanged).toBe(1)
    expect(diff([enhedRow], view).changes[0]?.changed).toEqual(['email'])
  })
})

describe('a move', () => {
  it('is a changed parent and nothing else: the number stays and the alternative adresser follow', () => {
    const moved = { ...enhedRow, parent: aRef('G80002') }

    const result = diff([topRow, otherTopRow, moved, adresseRow], register, { fuld: true })

    expect(result.changes).toEqual([
      expect.objectContaining({
        operation: 'flyt',
        nummer: 'G80003',
        parent: aRef('G80002'),
        fields: {},
        changed: [],
        slice: 'flyt',
      }),
    ])
    expect(result.unchanged).toBe(3)
  })

  it('comes before the update when the same row also changes a field', () => {
    const row = { ...enhedRow, parent: aRef('G80002'), fields: { ...enhedRow.fields, navn: 'Nyt navn' } }

    expect(summary(diff([row]))).toEqual(['flyt G80003', 'opdater G80003'])
  })

  it('may go under a daginstitution that the same file opens', () => {
    const { changes } = diff([aRecord('lokal:d1'), { ...enhedRow, parent: aRef('lokal:d1') }])

    expect(changes.find((change) => change.operation === 'flyt')?.parent).toEqual(aRef('lokal:d1'))
  })

  it('takes an alternativ adresse to another unit', () => {
    const otherEnhed = aUnit('G80005', { kind: 'anvisningsenhed', parent: 'G80002' })
    const view = aView([...register.units.values(), otherEnhed])

    expect(summary(diff([{ ...adresseRow, parent: aRef('G80005') }], view))).toEqual(['flyt G80004'])
  })

  it('is not seen in a parent named by the supplier id instead of the number', () => {
    const view = aView([...register.units.values()], { 'd-1': 'G80001' })

    expect(diff([{ ...enhedRow, parent: aRef('lokal:d-1') }], view).unchanged).toBe(1)
  })

  it('never leaves the municipality', () => {
    const foreignTop = aUnit('G80009', { admKommuneKode: '147' })

    const result = diff([{ ...enhedRow, parent: aRef('G80009') }], aView([...register.units.values(), foreignTop]))

    expect(codes(result)).toEqual(['DTR-09'])
    expect(result.findings[0]?.facts).toEqual({ kommune: '147' })
  })

  it('never goes under an owner that the supplier may not speak for', () => {
    const privateTop = aUnit('G80009', { ejerformKode: '3' })
    const view = aView([...register.units.values(), privateTop])

    const result = diff(
      [{ ...enhedRow, parent: aRef('G80009') }, aRecord('lokal:e1', { kind: 'anvisningsenhed', parent: 'G80009' })],
      view,
    )

    expect(codes(result)).toEqual(['REG-03', 'REG-03'])
    expect(result.changes).toEqual([])
  })
})

describe('a close', () => {
  it('is proposed for what a full file leaves out, without a line', () => {
    const result = diff([topRow, enhedRow, adresseRow], register, { fuld: true })

    expect(result.changes).toEqual([
      expect.objectContaining({ operation: 'nedlaeg', nummer: 'G80002', position: null, fields: {}, slice: 'nedlaeg' }),
    ])
  })

  it('is never proposed by what a delta leaves out', () => {
    expect(diff([topRow]).changes).toEqual([])
  })

  it('is asked for by a row of either kind of file, with its line', () => {
    const row = aRecord('G80002', { status: 'nedlagt' })

    const [change] = diff([row]).changes

    expect(change).toMatchObject({ operation: 'nedlaeg', nummer: 'G80002', position: row.position })
    expect(summary(diff([topRow, enhedRow, adresseRow, row], register, { fuld: true }))).toEqual(['nedlaeg G80002'])
  })

  it.each(['G80002', 'lokal:d-2'])('of what is closed already changes nothing, when the row names it as %s', (key) => {
    const view = aView([{ ...otherTop, open: false }], { 'd-2': 'G80002' })

    expect(diff([aRecord(key, { status: 'nedlagt' })], view)).toMatchObject({ changes: [], unchanged: 1, findings: [] })
  })

  it('is not proposed for a unit whose row was dropped, by number or by the supplier id', () => {
    const view = aView([...register.units.values()], { 'd-2': 'G80002' })
    const rejectedRefs = [aRef('G80003'), aRef('lokal:d-2')]

    expect(diff([topRow, adresseRow], view, { fuld: true, rejectedRefs }).changes).toEqual([])
  })

  it('is not proposed for a unit whose row could not be placed', () => {
    const lost = { ...enhedRow, parent: aRef('G89999') }

    expect(diff([topRow, otherTopRow, lost, adresseRow], register, { fuld: true })).toMatchObject({ changes: [], rejected: 1 })
  })

  it.each([
    ['another municipality', { admKommuneKode: '147' }],
    ['an owner outside the mandate', { ejerformKode: '3' }],
  ])('is not proposed for units of %s', (_case, parts) => {
    const result = diff(
      [topRow, otherTopRow, enhedRow, adresseRow],
      aView([...register.units.values(), aUnit('G80009', parts)]),
      {
        fuld: true,
      },
    )

    expect(result).toMatchObject({ changes: [], scopeSize: 4 })
  })

  it('is not proposed for a level that the file does not speak of', () => {
    const result = diff([topRow, otherTopRow], register, { fuld: true, niveauer: ['daginstitution'] })

    expect(result).toMatchObject({ changes: [], scopeSize: 2 })
  })
})

describe('a row that cannot be placed', () => {
  it.each([
    ['REG-01', 'a number the register has not got', aRecord('G89999'), register],
    ['REG-01', 'a close of an id the register has not got', aRecord('lokal:d9', { status: 'nedlagt' }), register],
    ['REG-02', 'a number of another level', aRecord('G80003'), register],
    ['DTR-10', 'a closed number', aRecord('G80001'), aView([{ ...top, open: false }])],
    ['DTR-09', 'a unit of another municipality', aRecord('G80001'), aView([{ ...top, admKommuneKode: '147' }])],
    ['REG-03', 'a unit of a foreign owner', aRecord('G80001'), aView([{ ...top, ejerformKode: '3' }])],
  ])('is refused as %s: %s', (code, _case, record, view) => {
    const result = diff([record], view)

    expect(result).toMatchObject({ changes: [], unchanged: 0, rejected: 1 })
    expect(result.findings).toEqual([
      expect.objectContaining({ code, level: 'record', line: record.position.line, column: 1, kind: record.kind }),
    ])
  })

  it('takes its twin with it when two rows turn out to be the same unit', () => {
    const view = aView([top], { 'd-1': 'G80001' })
    const byNumber = aRecord('G80001', { fields: { navn: 'Det ene' } })
    const byId = aRecord('lokal:d-1', { fields: { navn: 'Det andet' } })

    const result = diff([byNumber, byId], view, { fuld: true })

    expect(result).toMatchObject({ changes: [], rejected: 2 })
    expect(result.findings.map(({ code, facts }) => [code, facts['firstLine']])).toEqual([
      ['POST-11', byId.position.line],
      ['POST-11', byNumber.position.line],
    ])
  })
})

describe("a supplier's new id for a unit we have", () => {
  const rekeyed = (key: string) => aRecord(key, { kind: 'anvisningsenhed', parent: 'G80001', fields: enhed.fields })

  it('is found in a full file before anything counts as missing', () => {
    const result = diff([topRow, otherTopRow, rekeyed('lokal:ny'), adresseRow], register, { fuld: true })

    expect(result.changes).toEqual([
      expect.objectContaining({ operation: 'omnoegl', nummer: 'G80003', lokalId: 'ny', slice: null }),
    ])
  })

  it('is found together with a move and an update', () => {
    const row = { ...rekeyed('lokal:ny'), parent: aRef('G80002'), fields: { ...enhed.fields, telefonNummer: '12345678' } }

    expect(summary(diff([topRow, otherTopRow, row, adresseRow], register, { fuld: true }))).toEqual([
      'flyt G80003',
      'opdater G80003',
      'omnoegl G80003',
    ])
  })

  it('is not guessed when two rows would fit, when two units would fit, or in a delta', () => {
    const twin = aUnit('G80008', { kind: 'anvisningsenhed', parent: 'G80001', fields: enhed.fields })
    const others = [topRow, otherTopRow, adresseRow]

    const twoRows = diff([...others, rekeyed('lokal:n1'), rekeyed('lokal:n2')], register, { fuld: true })
    const twoUnits = diff([...others, rekeyed('lokal:ny')], aView([...register.units.values(), twin]), { fuld: true })
    const delta = diff([rekeyed('lokal:ny')], aView([...register.units.values()], { d1: 'G80001' }))

    expect(summary(twoRows)).toEqual(['opret n1', 'opret n2', 'nedlaeg G80003'])
    expect(summary(twoUnits)).toEqual(['opret ny', 'nedlaeg G80003', 'nedlaeg G80008'])
    expect(summary(delta)).toEqual(['opret ny'])
  })

  it('is no close and no opening when a whole cluster is re-keyed, or renamed', () => {
    const rows = [topRow, otherTopRow, enhedRow, adresseRow]
    const rekeyedRows = rows.map((row) => ({
      ...row,
      ref: { nummer: null, lokalId: `ny-${row.ref.nummer}` },
      parent: row.parent === null ? null : { nummer: null, lokalId: `ny-${row.parent.nummer}` },
    }))
    const renamedRows = rows.map((row) => ({ ...row, fields: { ...row.fields, navn: `Klynge Nord ${row.ref.nummer}` } }))

    expect(summary(diff(rekeyedRows, register, { fuld: true }))).toEqual([
      'omnoegl G80001',
      'omnoegl G80002',
      'omnoegl G80003',
      'omnoegl G80004',
    ])
    expect(summary(diff(renamedRows, register, { fuld: true }))).toEqual([
      'opdater G80001',
      'opdater G80002',
      'opdater G80003',
      'opdater G80004',
    ])
  })

  it('is not taken for a unit that the file mentions in a row that was dropped', () => {
    const result = diff([topRow, otherTopRow, rekeyed('lokal:ny'), adresseRow], register, {
      fuld: true,
      rejectedRefs: [aRef('G80003')],
    })

    expect(summary(result)).toEqual(['opret ny'])
  })

  it('is noted when a row gives the number and an id that is new', () => {
    const row = { ...enhedRow, ref: { nummer: 'G80003', lokalId: 'e-3' } }

    expect(summary(diff([row]))).toEqual(['omnoegl G80003'])
    expect(diff([row], aView([...register.units.values()], { 'e-3': 'G80003' })).unchanged).toBe(1)
  })
})

it('changes are applied parents first, then moves, updates and re-keys, then closes from the leaves up', () => {
  const changes = [
    aChange('nedlaeg', 'G80001', { kind: 'daginstitution' }),
    aChange('nedlaeg', 'G80003'),
    aChange('nedlaeg', 'G80004', { kind: 'alternativAdresse' }),
    aChange('omnoegl', 'G80003'),
    aChange('opdater', 'G80003'),
    aChange('flyt', 'G80003'),
    aChange('opret', null, { kind: 'alternativAdresse', lokalId: 'a' }),
    aChange('opret', null, { lokalId: 'e' }),
    aChange('opret', null, { kind: 'daginstitution', lokalId: 'd' }),
  ]

  expect(orderChanges(changes)).toEqual([...changes].reverse())
})

describe('a municipality that has chosen another supplier', () => {
  const known = aView([...register.units.values()])
  const house = (n: number, fields = {}) => ({
    navn: `Børnehuset ${n}`,
    instType3: '6012',
    vejNavn: 'Ærtevej',
    husNummer: `${n}`,
    postNummer: '2100',
    kommuneKode: kommune,
    pNummer: `109000000${n}`,
    ...fields,
  })
  const units = aView([
    aUnit('G80001', { fields: { navn: 'Klyngen Nord' } }),
    aUnit('G80011', { kind: 'anvisningsenhed', parent: 'G80001', fields: house(1) }),
    aUnit('G80012', { kind: 'anvisningsenhed', parent: 'G80001', fields: house(2) }),
    aUnit('G80013', { kind: 'anvisningsenhed', parent: 'G80001', fields: house(3) }),
  ])
  const row = (n: number, fields = {}, key = `lokal:s${n}`) =>
    aRecord(key, { kind: 'anvisningsenhed', parent: 'lokal:sN', fields: house(n, fields) })
  const top = (navn = 'Klyngen Nord') => aRecord('lokal:sN', { fields: { navn } })
  const summaryOf = (records: readonly StagedRecord[], view = units, fuld = true) => summary(diff(records, view, { fuld }))

  it('closes and opens nothing when the new system sends the numbers', () => {
    const records = [topRow, otherTopRow, enhedRow, adresseRow].map((each) => ({
      ...each,
      ref: { nummer: each.ref.nummer, lokalId: `s-${each.ref.nummer}` },
    }))

    expect(new Set(diff(records, known, { fuld: true }).changes.map(({ operation }) => operation))).toEqual(new Set(['omnoegl']))
  })

  it.each([
    ['the same words', [top(), row(1), row(2), row(3)], []],
    [
      'names in its own way',
      [top('KLYNGEN  NORD'), row(1, { navn: 'BH Nr. 1' }), row(2), row(3)],
      ['opdater G80001', 'opdater G80011'],
    ],
    ['other P-numbers', [top(), row(1, { pNummer: '1090000777' }), row(2), row(3)], ['opdater G80011']],
    ['another spelling of the address', [top(), row(1, { vejNavn: 'Aertevej' }), row(2), row(3)], ['opdater G80011']],
    [
      'name and P-number of its own, at the same address and of the same type',
      [top(), row(1, { navn: 'Ærten', pNummer: '1090000777' }), row(2), row(3)],
      ['opdater G80011'],
    ],
  ])('finds the units again when it sends only its own ids, with %s', (_case, records, updates) => {
    const rekeys = ['omnoegl G80001', 'omnoegl G80011', 'omnoegl G80012', 'omnoegl G80013']

    expect(summaryOf(records)).toEqual([...updates, ...rekeys])
  })

  it('guesses nothing where two would fit, and nothing from a delta but what is the same in everything', () => {
    const shared = row(1, { navn: 'Ærten', husNummer: '99', pNummer: '1090000002' })
    const twice = [top(), shared, row(2, { navn: 'Bønnen', husNummer: '98' }), row(3)]

    expect(summaryOf(twice)).toEqual([
      'opret s1',
      'opret s2',
      'omnoegl G80001',
      'omnoegl G80013',
      'nedlaeg G80011',
      'nedlaeg G80012',
    ])
    expect(summaryOf([top(), row(1), row(2, { navn: 'Bønnen' })], units, false)).toEqual([
      'opret s2',
      'omnoegl G80001',
      'omnoegl G80011',
    ])
  })

  it('is asked for one telling trait only once: afterwards a new id with a known P-number is a new unit', () => {
    const later = aView([...units.units.values()], { sN: 'G80001', s2: 'G80012', s3: 'G80013' })
    const records = [top(), row(1, { navn: 'Ærten' }), row(2), row(3)]

    expect(summaryOf(records, later)).toEqual(['opret s1', 'nedlaeg G80011'])
  })
})
