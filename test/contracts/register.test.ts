import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openRegister, refuseUnsafeVersion } from '../../src/adapters/sqlite/open-register.ts'
import { outboxRows } from '../../src/adapters/sqlite/outbox-rows.ts'
import { unitRows } from '../../src/adapters/sqlite/unit-rows.ts'
import { type DeltaState, deltaStates } from '../../src/domain/flow.ts'
import type { NightCounts } from '../../src/domain/guard-plan.ts'
import { chainEntry, type LedgerEntry, type NewLedgerEntry } from '../../src/domain/ledger.ts'
import { toStagedLine, toStagedText } from '../../src/domain/sift-records.ts'
import { fieldNames, type StagedRecord, type UnitFields, type UnitKind, unitKinds } from '../../src/domain/unit.ts'
import type { DeliveryFile, PlanRow } from '../../src/ports/register/files.ts'
import type { OutboxDelta } from '../../src/ports/register/outbox.ts'
import type { NewVersion } from '../../src/ports/register/units.ts'
import type { JobFailure, Register, RegisterTx } from '../../src/ports/register.ts'
import { aDelta, aFile, aFolder, aHold, aMandate, aNight, aNightRun, aVersion, kommune } from '../kit/builders.ts'
import { aGoodLeverance } from '../kit/make-leverance.ts'

const { supplierId } = aMandate
const night = aNightRun()
const common = {
  fileId: 'f-1',
  planHash: 'p-1',
  date: night.date,
  cutoffNavn: 'morgen',
  cutoffAt: aNight + 1000,
  createdAt: aNight,
}

/** An empty register that every test starts from; making one anew takes most of a test's time. */
const templateFolder = mkdtempSync(join(tmpdir(), 'dagtilbud-test-'))
const template = join(templateFolder, 'register.sqlite')
beforeAll(() => openRegister(template).close())
afterAll(() => rmSync(templateFolder, { recursive: true }))

function aRegister(): { readonly register: Register; readonly path: string; reopen(): Register } {
  const path = join(aFolder(), 'register.sqlite')
  copyFileSync(template, path)
  const open = () => {
    const register = openRegister(path)
    onTestFinished(() => register.close())
    return register
  }
  return { register: open(), path, reopen: open }
}

/** A second connection that waits for nobody. */
function rawConnection(path: string): Database.Database {
  const raw = new Database(path, { timeout: 0 })
  onTestFinished(() => void raw.close())
  return raw
}

/** A register with open units of these numbers, ready for an outbox. */
function aRegisterWith(...numbers: string[]): Register {
  const { register } = aRegister()
  register.write((tx) => tx.units.write(numbers.map((nummer) => aVersion(nummer))))
  return register
}

/** A register with a night, so that files can be stored. */
function aRegisterWithNight(): Register {
  const { register } = aRegister()
  register.write((tx) => tx.nights.insert(night))
  return register
}

describe('a transaction', () => {
  it('is rolled back as a whole when the work throws: units, numbers, outbox, ledger', () => {
    const { register } = aRegister()
    const work = (tx: RegisterTx) => {
      const [nummer = ''] = tx.units.issueNumbers(1, 'G', 80_000)
      tx.units.write([aVersion(nummer)])
      tx.units.bumpKommuneVersion(kommune)
      tx.outbox.insert([aDelta('d-1', nummer)], common)
      tx.ledger.append({ at: aNight, type: 'apply', subject: 'p-1', facts: {} })
    }

    expect(() =>
      register.write((tx) => {
        work(tx)
        throw new Error('the power fails')
      }),
    ).toThrow('the power fails')

    register.read((tx) => {
      expect(tx.units.history('G80000')).toEqual([])
      expect(tx.units.kommuneVersion(kommune)).toBe(0)
      expect(tx.outbox.find('d-1')).toBeNull()
      expect(tx.ledger.last()).toBeNull()
    })
    register.write(work)
    expect(register.read((tx) => tx.units.byNumbers(['G80000']))).toHaveLength(1)
  })

  it('cannot be left open by work that promises to end later', () => {
    const { register } = aRegister()

    expect(() =>
      register.write(async (tx) => {
        tx.ledger.append({ at: aNight, type: 'file', subject: 'f', facts: {} })
      }),
    ).toThrow(/promise/)
    expect(register.read((tx) => tx.ledger.last())).toBeNull()
  })

  it('takes the write lock before its first read, so that what it reads is what it changes', () => {
    const { register, path } = aRegister()
    const other = rawConnection(path)

    register.write(() => expect(() => other.exec('BEGIN IMMEDIATE')).toThrow(/locked/))
    register.read(() => expect(() => other.exec('BEGIN IMMEDIATE; ROLLBACK')).not.toThrow())
  })

  it('waits for another writer instead of failing', async () => {
    const { register, path } = aRegister()
    const turn = new Int32Array(new SharedArrayBuffer(4))
    const holder = new Worker(
      `const { workerData } = require('node:worker_threads')
       const db = new (require('better-sqlite3'))(workerData.path)
       db.exec('BEGIN IMMEDIATE')
       Atomics.store(workerData.turn, 0, 1)
       Atomics.notify(workerData.turn, 0)
       // Holds the lock while the other side asks for it.
       Atomics.wait(workerData.turn, 0, 1, 50)
       db.prepare("insert into counter values ('held', 1)").run()
       db.exec('COMMIT')
       db.close()`,
      { eval: true, workerData: { path, turn } },
    )
    const ended = once(holder, 'exit')
    Atomics.wait(turn, 0, 0)

    const version = register.write((tx) => tx.units.bumpKommuneVersion(kommune))

    expect(version).toBe(1)
    expect(rawConnection(path).prepare("select value from counter where name = 'held'").pluck().get()).toBe(1)
    await ended
  })

  it('reads the last committed state while another writes', () => {
    const { register, path } = aRegister()
    const other = rawConnection(path)
    other.exec("BEGIN IMMEDIATE; insert into counter values ('kommune.101', 5)")

    expect(register.read((tx) => tx.units.kommuneVersion(kommune))).toBe(0)
    other.exec('COMMIT')
    expect(register.read((tx) => tx.units.kommuneVersion(kommune))).toBe(5)
  })
})

describe('opening a register', () => {
  it.each([
    ['3.51.2', false],
    ['3.51.3', true],
    ['3.51.10', true],
    ['3.52.0', true],
    ['3.9.99', false],
    ['4.0.0', true],
    ['3.51', false],
  ])('with SQLite %s is allowed: %s', (version, allowed) => {
    const open = () => refuseUnsafeVersion(version, 'register.sqlite')

    if (allowed) expect(open).not.toThrow()
    else expect(open).toThrow(expect.objectContaining({ code: 'REGISTER_VERSION_UNSAFE', facts: { sqliteVersion: version } }))
  })

  it('again changes nothing: migrations are run once and the data stays', () => {
    const { register, path, reopen } = aRegister()
    register.write((tx) => tx.units.write([aVersion('G80000')]))
    const migrations = () => rawConnection(path).prepare('select count(*) from __drizzle_migrations').pluck().get()
    const before = migrations()

    const again = reopen()

    expect(migrations()).toBe(before)
    expect(again.read((tx) => tx.units.byNumbers(['G80000']))).toHaveLength(1)
  })

  it('sets what a crash must not undo: WAL and foreign keys', () => {
    const { register, path } = aRegister()

    expect(rawConnection(path).pragma('journal_mode', { simple: true })).toBe('wal')
    expect(() => register.write((tx) => tx.outbox.insert([aDelta('d-1', 'G89999')], common))).toThrow(/FOREIGN KEY/)
  })

  it.each([
    ['is no database', (path: string) => writeFileSync(path, 'navn;adresse\n'.repeat(100))],
    ['is a folder', (path: string) => mkdirSync(path)],
    ['lies in a folder that cannot be made', (path: string) => writeFileSync(join(path, '..', 'file'), '')],
  ])('that %s says so and what to look at', (problem, spoil) => {
    const path = join(aFolder(), 'register.sqlite')
    spoil(path)

    expect(() => openRegister(problem.includes('made') ? join(path, '..', 'file', 'register.sqlite') : path)).toThrow(
      expect.objectContaining({ code: 'REGISTER_OPEN_FAILED', message: expect.stringContaining('register.sqlite') }),
    )
  })

  it('can be checked: sound, and with a row that points nowhere', () => {
    const { register, path } = aRegister()

    expect(register.check()).toEqual({ sqliteVersion: expect.stringMatching(/^3\.\d+\.\d+$/), problems: [] })

    const other = rawConnection(path)
    other.pragma('foreign_keys = OFF')
    other.exec("insert into lokal_id values ('s', 'd-1', 'G89999')")

    expect(register.check().problems).toEqual(['lokal_id points at a missing row'])
  })
})

describe('institution numbers', () => {
  it('count up and are never given out twice, not after a close and not after a restart', () => {
    const { register, reopen } = aRegister()
    const first = register.write((tx) => {
      const numbers = tx.units.issueNumbers(3, 'G', 80_000)
      tx.units.write(numbers.map((nummer) => aVersion(nummer)))
      tx.units.write([aVersion('G80002', { status: 'nedlagt' })])
      return numbers
    })

    const second = reopen().write((tx) => tx.units.issueNumbers(2, 'G', 80_000))

    expect([first, second]).toEqual([
      ['G80000', 'G80001', 'G80002'],
      ['G80003', 'G80004'],
    ])
  })

  it('differ within one transaction, too, before any of them is used', () => {
    const { register } = aRegister()

    const issued = register.write((tx) => [...tx.units.issueNumbers(1, 'G', 80_000), ...tx.units.issueNumbers(1, 'G', 80_000)])

    expect(issued).toEqual(['G80000', 'G80001'])
  })

  it('leave out those that came with a baseline, open or closed', () => {
    const { register } = aRegister()
    register.write((tx) => tx.units.write([aVersion('G80001'), aVersion('G80002', { status: 'nedlagt' })]))

    expect(register.write((tx) => tx.units.issueNumbers(2, 'G', 80_000))).toEqual(['G80000', 'G80003'])
  })

  it('are counted for each letter', () => {
    const { register } = aRegister()
    register.write((tx) => tx.units.issueNumbers(3, 'G', 80_000))

    expect(register.write((tx) => tx.units.issueNumbers(1, 'D', 80_000))).toEqual(['D80000'])
  })

  it('have five digits, and end with an error instead of a sixth', () => {
    const { register } = aRegister()

    expect(register.write((tx) => tx.units.issueNumbers(1, 'G', 7))).toEqual(['G00007'])

    const { register: almostFull } = aRegister()
    const issue = () => almostFull.write((tx) => tx.units.issueNumbers(2, 'G', 99_999))

    expect(issue).toThrow(expect.objectContaining({ code: 'REGISTER_STATE_UNEXPECTED' }))
    expect(almostFull.write((tx) => tx.units.issueNumbers(1, 'G', 99_999))).toEqual(['G99999'])
  })
})

describe('units', () => {
  it('keep every value of every field, and nothing that is absent', () => {
    const { register } = aRegister()
    const fields: UnitFields = Object.fromEntries(fieldNames.map((name) => [name, `${name} æøå "x"`]))
    const ekstra = { ukendtKolonne: 'værdi' }
    register.write((tx) =>
      tx.units.write([
        { ...aVersion('G80000'), fields, ekstra },
        { ...aVersion('G80001'), fields: {} },
      ]),
    )

    const [full, empty] = register.read((tx) => tx.units.byNumbers(['G80000', 'G80001']))

    expect(full).toMatchObject({ fields, ekstra })
    expect(empty?.fields).toEqual({})
  })

  it('have one current version and a history in both times: what held, and what we held of it', () => {
    const { register } = aRegister()
    const at = [aNight, aNight + 1000, aNight + 2000]
    const write = (moment: number | undefined, rest: Partial<NewVersion>) =>
      register.write((tx) => tx.units.write([aVersion('G80000', { validFrom: moment ?? 0, recordedFrom: moment ?? 0, ...rest })]))
    write(at[0], { fields: { navn: 'Først' } })
    write(at[1], { fields: { navn: 'Så' }, line: 7, fileId: 'f-1' })
    write(at[2], { status: 'nedlagt', planHash: 'p' })

    const history = register.read((tx) => tx.units.history('G80000'))

    expect(
      history.map(({ status, validFrom, validTo, recordedFrom, recordedTo, position }) => [
        [status, validFrom, validTo],
        [recordedFrom, recordedTo, position],
      ]),
    ).toEqual([
      [
        ['aktiv', at[0], null],
        [at[0], at[1], 1],
      ],
      [
        ['aktiv', at[0], at[1]],
        [at[1], null, null],
      ],
      [
        ['aktiv', at[1], null],
        [at[1], at[2], 2],
      ],
      [
        ['aktiv', at[1], at[2]],
        [at[2], null, null],
      ],
      [
        ['nedlagt', at[2], null],
        [at[2], null, 3],
      ],
    ])
    expect(history[3]).toMatchObject({ fields: { navn: 'Så' }, line: 7, fileId: 'f-1', actor: supplierId })
    expect(history[4]?.planHash).toBe('p')
  })

  it('keep of several changes of one moment the last', () => {
    const { register } = aRegister()
    register.write((tx) => tx.units.write(['a', 'b', 'c'].map((navn) => aVersion('G80000', { fields: { navn } }))))

    const history = register.read((tx) => tx.units.history('G80000'))

    expect(history.map(({ fields, validTo, position }) => [fields.navn, validTo, position])).toEqual([['c', null, 1]])
  })

  it('are answered as of a moment, to the millisecond, and as they were known at another', () => {
    const { register } = aRegister()
    const [opened, renamed, told] = [aNight, aNight + 10_000, aNight + 50_000]
    register.write((tx) =>
      tx.units.write([aVersion('G80000', { validFrom: opened, recordedFrom: opened, fields: { navn: 'Før' } })]),
    )
    register.write((tx) =>
      tx.units.write([aVersion('G80000', { validFrom: renamed, recordedFrom: told, fields: { navn: 'Efter' } })]),
    )
    const nameAt = (at: number, knownAt: number) =>
      register.read((tx) => tx.units.asOf('G80000', { at, knownAt }))?.fields.navn ?? null

    expect([opened - 1, opened, renamed - 1, renamed, told].map((at) => nameAt(at, told))).toEqual([
      null,
      'Før',
      'Før',
      'Efter',
      'Efter',
    ])
    expect([opened, renamed, told].map((at) => nameAt(at, told - 1))).toEqual(['Før', 'Før', 'Før'])
    expect(nameAt(told, opened - 1)).toBeNull()
  })

  it.each([
    ['when the hour comes twice', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
    ['when the hour is left out', '2027-03-28T00:59:59Z', '2027-03-28T01:00:00Z'],
  ])('are right to the second through the night %s', (_, first, second) => {
    const { register } = aRegister()
    const [opened, renamed] = [Date.parse(first), Date.parse(second)]
    const tell = (at: number, navn: string) =>
      register.write((tx) => tx.units.write([aVersion('G80000', { validFrom: at, recordedFrom: at, fields: { navn } })]))
    tell(opened, 'før')
    tell(renamed, 'efter')
    const nameAt = (at: number) => register.read((tx) => tx.units.asOf('G80000', { at, knownAt: renamed }))?.fields.navn ?? null

    const moments = [opened - 1_000, opened, opened + 1_000, renamed - 1_000, renamed, renamed + 1_000]
    const expected = moments.map((at) => (at < opened ? null : at < renamed ? 'før' : 'efter'))
    expect(moments.map(nameAt)).toEqual(expected)
  })

  it('let a state told for an earlier time take over from then on, also over what was told since', () => {
    const { register } = aRegister()
    const tell = (validFrom: number, recordedFrom: number, navn: string) =>
      register.write((tx) => tx.units.write([aVersion('G80000', { validFrom, recordedFrom, fields: { navn } })]))
    tell(aNight, aNight, 'a')
    tell(aNight + 100, aNight + 100, 'b')
    tell(aNight + 50, aNight + 200, 'c')
    const names = (knownAt: number) =>
      register.read((tx) => [0, 50, 100, 150].map((ms) => tx.units.asOf('G80000', { at: aNight + ms, knownAt })?.fields.navn))

    expect(names(aNight + 199)).toEqual(['a', 'a', 'b', 'b'])
    expect(names(aNight + 200)).toEqual(['a', 'c', 'c', 'c'])
    expect(register.read((tx) => tx.units.byNumbers(['G80000']))).toMatchObject([{ fields: { navn: 'c' } }])
  })

  it('stay current when the clock has been set back', () => {
    const { register } = aRegister()
    const tell = (at: number, navn: string) =>
      register.write((tx) => tx.units.write([aVersion('G80000', { validFrom: at, recordedFrom: at, fields: { navn } })]))
    tell(aNight, 'før')
    tell(aNight - 3_600_000, 'efter')

    expect(register.read((tx) => tx.units.byNumbers(['G80000']))).toMatchObject([{ fields: { navn: 'efter' } }])
    expect(register.read((tx) => tx.units.asOf('G80000', { at: aNight, knownAt: aNight }))?.fields.navn).toBe('efter')
  })

  it('are read by others without a gap, from any position, and all at a moment, parents first', () => {
    const { register } = aRegister()
    const numbers = ['G80003', 'G80001', 'G80002']
    register.write((tx) => tx.units.write(numbers.map((nummer) => aVersion(nummer))))
    const later = aNight + 1
    register.write((tx) =>
      tx.units.write([
        aVersion('G80001', { validFrom: later, recordedFrom: later, fields: { navn: 'nyt' } }),
        aVersion('G80009', { kind: 'anvisningsenhed', parentNummer: 'G80001', validFrom: later, recordedFrom: later }),
      ]),
    )

    const told = register.read((tx) => tx.units.changesSince(0, 100))
    expect(told.map(({ position, nummer }) => [position, nummer])).toEqual([
      [1, 'G80003'],
      [2, 'G80001'],
      [3, 'G80002'],
      [4, 'G80001'],
      [5, 'G80009'],
    ])
    expect(register.read((tx) => tx.units.changesSince(3, 1)).map(({ position }) => position)).toEqual([4])
    expect(register.read((tx) => tx.units.lastPosition())).toBe(5)
    const all = (at: number) => register.read((tx) => [...tx.units.allAsOf({ at, knownAt: later })].map(({ nummer }) => nummer))
    expect(all(later)).toEqual(['G80001', 'G80002', 'G80003', 'G80009'])
    expect(all(aNight)).toEqual(['G80001', 'G80002', 'G80003'])
  })

  it('are found open in their municipality, and by number also when closed', () => {
    const { register } = aRegister()
    register.write((tx) =>
      tx.units.write([
        aVersion('G80001'),
        aVersion('G80000', { kind: 'anvisningsenhed', parentNummer: 'G80001' }),
        aVersion('G80002', { admKommuneKode: '147' }),
        aVersion('G80003', { status: 'nedlagt' }),
      ]),
    )

    register.read((tx) => {
      expect(tx.units.openInKommune(kommune).map(({ nummer, parentNummer }) => [nummer, parentNummer])).toEqual([
        ['G80000', 'G80001'],
        ['G80001', null],
      ])
      expect(tx.units.byNumbers(['G80003', 'G80002', 'G89999']).map(({ nummer, open }) => [nummer, open])).toEqual([
        ['G80003', false],
        ['G80002', true],
      ])
    })
  })

  it('are found open in their municipality but for those that are known', () => {
    const register = aRegisterWith('G80000', 'G80001', 'G80002')

    const others = register.read((tx) => tx.units.openInKommune(kommune, new Set(['G80001', 'G89999'])))

    expect(others.map(({ nummer }) => nummer)).toEqual(['G80000', 'G80002'])
  })

  it('tell where they are, level by level, page by page', () => {
    const { register } = aRegister()
    const many = Array.from({ length: 2_001 }, (_, i) =>
      aVersion(`H${String(i).padStart(5, '0')}`, { kind: 'alternativAdresse' }),
    )
    const place = { vejNavn: 'Bygade', husNummer: '2', postNummer: '2000', doer: 'tv', pNummer: '1090000003' }
    register.write((tx) =>
      tx.units.write([
        aVersion('G80000'),
        aVersion('G80001', { kind: 'anvisningsenhed', fields: place }),
        aVersion('G80002', { kind: 'anvisningsenhed', fields: place, status: 'nedlagt' }),
        ...many,
      ]),
    )

    const placesOf = (kinds: readonly UnitKind[]) => register.read((tx) => [...tx.units.openPlaces(kommune, kinds)].flat())
    expect(placesOf(['daginstitution', 'anvisningsenhed'])).toEqual([
      { nummer: 'G80000', kind: 'daginstitution', pNummer: null, address: null },
      { nummer: 'G80001', kind: 'anvisningsenhed', pNummer: '1090000003', address: 'Bygade|2||tv|2000' },
    ])
    expect(placesOf(['alternativAdresse']).map(({ nummer }) => nummer)).toEqual(many.map(({ nummer }) => nummer))
  })

  it('stand beside a record as a record would say them, whatever their values', () => {
    const { register } = aRegister()
    const ekstra = { '1': 'et', zø: '\\', æ: '"x":null,"kind":"' }
    const odd = fc.record(
      Object.fromEntries(fieldNames.map((name) => [name, fc.option(fc.string({ unit: 'binary' }), { nil: undefined })])),
    )
    const texts = fc.sample(odd, 30).map((fields, i) => {
      const version = aVersion(`G${80_000 + i}`, { kind: 'anvisningsenhed', ekstra })
      return { ...version, fields: { ...version.fields, ...(fields as UnitFields) } }
    })
    register.write((tx) =>
      tx.units.write([...texts, aVersion('G80100', { status: 'nedlagt' }), aVersion('G80101', { admKommuneKode: '147' })]),
    )

    const standing = register.read((tx) =>
      tx.units.standing(kommune, [...texts.map(({ nummer }) => nummer), 'G80100', 'G80101', 'G89999']),
    )

    expect([...standing.keys()].sort()).toEqual(texts.map(({ nummer }) => nummer))
    for (const { nummer, kind, fields } of texts) {
      const record: StagedRecord = {
        kind,
        fields,
        ekstra,
        ref: { nummer, lokalId: null },
        parent: null,
        status: 'aktiv',
        position: { line: 1, column: 1 },
      }
      expect(standing.get(nummer)).toEqual({
        kind,
        parentNummer: null,
        ejerformKode: '1',
        values: toStagedLine(toStagedText(record)).values,
      })
    }
  })

  it('are counted by level, open and closed, each unit once', () => {
    const { register } = aRegister()
    register.write((tx) =>
      tx.units.write([
        aVersion('G80000'),
        aVersion('G80000', { fields: { navn: 'Nyt navn' } }),
        aVersion('G80001', { kind: 'anvisningsenhed' }),
        aVersion('G80002', { kind: 'anvisningsenhed', status: 'nedlagt' }),
      ]),
    )

    expect(register.read((tx) => tx.units.counts())).toEqual({
      daginstitution: { open: 1, closed: 0 },
      anvisningsenhed: { open: 1, closed: 1 },
      alternativAdresse: { open: 0, closed: 0 },
    })
  })

  it('are known by the ids of each supplier, which may come to mean another unit', () => {
    const register = aRegisterWith('G80000', 'G80001')
    const map = (supplier: string, lokalId: string, nummer: string) =>
      register.write((tx) => tx.units.mapLokalIds(supplier, [{ lokalId, nummer }]))
    map('nordsystem', 'd-1', 'G80000')
    map('sydsystem', 'd-1', 'G80001')
    map('nordsystem', 'd-1', 'G80001')
    map('nordsystem', 'ny', 'G80001')

    register.read((tx) => {
      expect(Object.fromEntries(tx.units.numbersByLokalId('nordsystem'))).toEqual({ 'd-1': 'G80001', ny: 'G80001' })
      expect(Object.fromEntries(tx.units.numbersByLokalId('sydsystem'))).toEqual({ 'd-1': 'G80001' })
      const among = tx.units.numbersByLokalId('nordsystem', { lokalIds: ['ny', 'nobody', 'd-1"'] })
      expect(Object.fromEntries(among)).toEqual({ ny: 'G80001' })
      expect(tx.units.numbersByLokalId('nordsystem', { lokalIds: [] }).size).toBe(0)
      expect(tx.units.numbersByLokalId('nordsystem', { kommuneKode: kommune }).size).toBe(2)
      expect(tx.units.numbersByLokalId('nordsystem', { kommuneKode: '147' }).size).toBe(0)
    })
    expect(() => map('nordsystem', 'd-9', 'G89999')).toThrow(/FOREIGN KEY/)
  })

  it('have a version per municipality that only grows', () => {
    const { register } = aRegister()

    const versions = register.write((tx) => [
      tx.units.kommuneVersion(kommune),
      tx.units.bumpKommuneVersion(kommune),
      tx.units.bumpKommuneVersion(kommune),
      tx.units.kommuneVersion('147'),
    ])

    expect(versions).toEqual([0, 1, 2, 0])
  })
})

const few = { attempts: 4, longestWaitMs: 60_000, limit: 10 }

describe('the outbox', () => {
  const idsOf = (deltas: readonly OutboxDelta[]) => deltas.map((delta) => delta.deltaId)

  it('lets a delta go that needs nothing, and holds one back that does', () => {
    const register = aRegisterWith('G80000')
    register.write((tx) => tx.outbox.insert([aDelta('d-1', 'G80000'), aDelta('d-2', 'G80000', { needs: ['d-1'] })], common))

    register.read((tx) => {
      expect(tx.outbox.find('d-1')).toMatchObject({ ...common, state: 'ready', attempts: 0, sourceDateTime: null })
      expect(tx.outbox.find('d-2')?.state).toBe('waiting')
      expect(idsOf(tx.outbox.sendable(aNight, few))).toEqual(['d-1'])
    })
  })

  it('takes a delta in once: the same plan applied again does not set it back', () => {
    const register = aRegisterWith('G80000')
    const insert = () => register.write((tx) => tx.outbox.insert([aDelta('d-1', 'G80000')], common))
    insert()
    register.write((tx) => tx.outbox.update('d-1', { state: 'acknowledged', attempts: 2 }))
    insert()

    expect(register.read((tx) => tx.outbox.find('d-1'))).toMatchObject({ state: 'acknowledged', attempts: 2 })
  })

  it('sends by cutoff, then rank, then age; without a cutoff last', () => {
    const register = aRegisterWith('G80000')
    register.write((tx) => {
      tx.outbox.insert([aDelta('no cutoff', 'G80000', { rank: 0 })], { ...common, cutoffAt: null })
      tx.outbox.insert([aDelta('later cutoff', 'G80000', { rank: 0 })], { ...common, cutoffAt: aNight + 9000 })
      tx.outbox.insert(
        [aDelta('rank 4, older', 'G80000'), aDelta('rank 4, newer', 'G80000'), aDelta('rank 0', 'G80000', { rank: 0 })],
        common,
      )
    })

    const order = ['rank 0', 'rank 4, older', 'rank 4, newer', 'later cutoff', 'no cutoff']
    expect(idsOf(register.read((tx) => tx.outbox.sendable(aNight, few)))).toEqual(order)
    expect(idsOf(register.read((tx) => tx.outbox.sendable(aNight, { ...few, limit: 2 })))).toEqual(order.slice(0, 2))
  })

  it.each<[string, Partial<OutboxDelta>, boolean]>([
    ['is ready', { state: 'ready' }, true],
    ['has no clear answer yet', { state: 'unknown' }, true],
    ['was sent', { state: 'sent' }, false],
    ['was refused', { state: 'refused' }, false],
    ['is not due yet', { notBeforeAt: aNight + 1 }, false],
    ['is due now', { notBeforeAt: aNight }, true],
    ['was put off by a clock that was set back since', { notBeforeAt: aNight + 60_001 }, true],
    ['has one try left', { attempts: 3 }, true],
    ['has no tries left', { attempts: 4 }, false],
  ])('sends a delta that %s: %o', (_case, patch, sent) => {
    const register = aRegisterWith('G80000')
    register.write((tx) => {
      tx.outbox.insert([aDelta('d-1', 'G80000')], common)
      tx.outbox.update('d-1', patch)
    })

    expect(register.read((tx) => tx.outbox.sendable(aNight, few)).length).toBe(sent ? 1 : 0)
  })

  it('releases what waited for the last thing it needed, and no sooner', () => {
    const register = aRegisterWith('G80000')
    const stateOf = (id: string) => register.read((tx) => tx.outbox.find(id)?.state)
    register.write((tx) =>
      tx.outbox.insert([aDelta('a', 'G80000'), aDelta('b', 'G80000'), aDelta('c', 'G80000', { needs: ['a', 'b'] })], common),
    )

    register.write((tx) => tx.outbox.release(['a']))
    expect(stateOf('c')).toBe('waiting')

    register.write((tx) => tx.outbox.release(['b', 'unknown']))
    expect(stateOf('c')).toBe('ready')

    register.write((tx) => {
      tx.outbox.update('c', { state: 'sent' })
      tx.outbox.release(['a', 'b'])
    })
    expect(stateOf('c')).toBe('sent')
  })

  it('lets a later delta take the place of a refused one: what waited for the old waits for the new', () => {
    const register = aRegisterWith('G80000')
    const states = () => register.read((tx) => ['old', 'new', 'child'].map((id) => tx.outbox.find(id)?.state))
    register.write((tx) => {
      tx.outbox.insert([aDelta('old', 'G80000'), aDelta('child', 'G80000', { needs: ['old'] })], common)
      tx.outbox.update('old', { state: 'refused' })
      tx.outbox.insert([aDelta('new', 'G80000')], common)
      tx.outbox.supersede('old', 'new')
    })

    expect(states()).toEqual(['superseded', 'ready', 'waiting'])

    register.write((tx) => tx.outbox.release(['new']))
    expect(states()).toEqual(['superseded', 'ready', 'ready'])
  })

  it('never wakes a delta that was replaced while it waited', () => {
    const register = aRegisterWith('G80000')
    register.write((tx) => {
      tx.outbox.insert(
        [aDelta('first', 'G80000'), aDelta('old', 'G80000', { needs: ['first'] }), aDelta('new', 'G80000')],
        common,
      )
      tx.outbox.supersede('old', 'new')
      tx.outbox.release(['first'])
    })

    expect(register.read((tx) => tx.outbox.find('old')?.state)).toBe('superseded')
  })

  it('frees the new delta when it waited for the one it replaces', () => {
    const register = aRegisterWith('G80000')
    register.write((tx) => {
      tx.outbox.insert([aDelta('old', 'G80000'), aDelta('new', 'G80000', { needs: ['old'] })], common)
      tx.outbox.supersede('old', 'new')
    })

    expect(register.read((tx) => tx.outbox.find('new')?.state)).toBe('ready')
  })

  it('knows what is not acknowledged, what was refused, and what the target should hold, per number', () => {
    const register = aRegisterWith(...deltaStates.map((_, i) => `G8000${i}`), 'G80009')
    const numberOf = (state: DeltaState) => `G8000${deltaStates.indexOf(state)}`
    register.write((tx) => {
      for (const state of deltaStates) {
        tx.outbox.insert([aDelta(`1-${state}`, numberOf(state)), aDelta(`2-${state}`, numberOf(state))], common)
        tx.outbox.update(`1-${state}`, { state })
        tx.outbox.update(`2-${state}`, { state })
      }
    })
    const all = deltaStates.map(numberOf)

    register.read((tx) => {
      const expectedPending = ['waiting', 'ready', 'sent', 'unknown', 'refused'] as const
      expect(Object.fromEntries(tx.outbox.pendingOf(all))).toEqual(
        Object.fromEntries(expectedPending.map((state) => [numberOf(state), [`1-${state}`, `2-${state}`]])),
      )
      expect(idsOf(tx.outbox.refusedOf([...all, 'G80009']))).toEqual(['1-refused', '2-refused'])
      expect([...tx.outbox.latestAcknowledged(all)].map(([, delta]) => delta.deltaId)).toEqual([
        '2-acknowledged',
        '2-confirmed',
        '2-mismatched',
      ])
    })
  })

  it('knows what is on its way out of a unit: closes and moves of what stood under it, not acknowledged', () => {
    const { register } = aRegister()
    const under = (nummer: string, parentNummer: string) => aVersion(nummer, { kind: 'anvisningsenhed', parentNummer })
    register.write((tx) => {
      tx.units.write([aVersion('G80000'), aVersion('G80001')])
      tx.units.write(['G80002', 'G80003', 'G80004', 'G80005'].map((nummer) => under(nummer, 'G80000')))
      tx.units.write([under('G80002', 'G80001'), under('G80006', 'G80001')])
      const closing = { operation: 'nedlaeg', record: { instnr: '' } } as const
      tx.outbox.insert(
        [
          aDelta('move', 'G80002', { operation: 'flyt' }),
          aDelta('close', 'G80003', closing),
          aDelta('refused close', 'G80003', closing),
          aDelta('acknowledged close', 'G80004', closing),
          aDelta('update', 'G80005'),
          aDelta('close elsewhere', 'G80006', closing),
        ],
        common,
      )
      tx.outbox.update('refused close', { state: 'refused' })
      tx.outbox.update('acknowledged close', { state: 'acknowledged' })
    })

    expect(Object.fromEntries(register.read((tx) => tx.outbox.pendingDepartures(['G80000', 'G80009'])))).toEqual({
      G80000: ['move', 'close', 'refused close'],
    })
  })

  it('looks up more numbers than one statement can name', () => {
    const numbers = Array.from({ length: 1201 }, (_, i) => `G${10_000 + i}`)
    const register = aRegisterWith(...numbers)
    register.write((tx) =>
      tx.outbox.insert(
        numbers.map((nummer) => aDelta(`d-${nummer}`, nummer)),
        common,
      ),
    )

    expect(register.read((tx) => tx.outbox.pendingOf(numbers)).size).toBe(1201)
  })

  it('counts by state, by file and by night, and lists a batch in order', () => {
    const register = aRegisterWith('G80000')
    register.write((tx) => {
      tx.outbox.insert([aDelta('a', 'G80000'), aDelta('b', 'G80000'), aDelta('c', 'G80000', { needs: ['a'] })], common)
      tx.outbox.insert([aDelta('d', 'G80000')], { ...common, fileId: 'f-2', date: '2026-11-25' })
      for (const id of ['b', 'a']) tx.outbox.update(id, { state: 'sent', batchId: 'batch-1' })
    })

    register.read((tx) => {
      expect(tx.outbox.countsByState()).toEqual({ sent: 2, waiting: 1, ready: 1 })
      expect(tx.outbox.countsByState({ fileId: 'f-2' })).toEqual({ ready: 1 })
      expect(tx.outbox.countsByState({ date: night.date })).toEqual({ sent: 2, waiting: 1 })
      expect([tx.outbox.countInState('sent'), tx.outbox.countInState('confirmed')]).toEqual([2, 0])
      expect(idsOf(tx.outbox.ofBatch('batch-1'))).toEqual(['a', 'b'])
      expect(idsOf(tx.outbox.inState('sent'))).toEqual(['a', 'b'])
      expect(idsOf(tx.outbox.ofNight('2026-11-25'))).toEqual(['d'])
      expect(idsOf(tx.outbox.ofFile('f-1'))).toEqual(['a', 'b', 'c'])
    })
  })

  it('says what is still to be sent tonight, and when the next one that is not due yet will be', () => {
    const register = aRegisterWith('G80000')
    const patches: Record<string, Partial<OutboxDelta>> = {
      due: { notBeforeAt: aNight - 5 },
      'due now': { notBeforeAt: aNight },
      soon: { state: 'unknown', notBeforeAt: aNight + 10 },
      later: { notBeforeAt: aNight + 20 },
      'used up': { attempts: 4, notBeforeAt: aNight + 1 },
      sent: { state: 'sent', notBeforeAt: aNight + 1 },
    }
    register.write((tx) => {
      for (const [id, patch] of Object.entries(patches)) {
        tx.outbox.insert([aDelta(id, 'G80000')], common)
        tx.outbox.update(id, patch)
      }
    })

    register.read((tx) => {
      expect(tx.outbox.countDue(4)).toBe(4)
      expect(tx.outbox.nextDueAt(aNight, 4)).toBe(aNight + 10)
      expect(tx.outbox.nextDueAt(aNight + 20, 4)).toBeNull()
    })
  })

  it('gives new tries to what used them up, and to nothing else', () => {
    const register = aRegisterWith('G80000')
    register.write((tx) => {
      tx.outbox.insert(
        ['fresh', 'used up', 'unclear', 'refused'].map((id) => aDelta(id, 'G80000')),
        common,
      )
      tx.outbox.update('used up', { attempts: 4, notBeforeAt: aNight + 9 })
      tx.outbox.update('unclear', { attempts: 4, state: 'unknown' })
      tx.outbox.update('refused', { attempts: 1, state: 'refused' })
    })

    expect(register.write((tx) => tx.outbox.renewAttempts())).toBe(2)
    register.read((tx) => {
      expect(idsOf(tx.outbox.sendable(aNight, few))).toEqual(['fresh', 'used up', 'unclear'])
      expect(tx.outbox.find('refused')?.attempts).toBe(1)
    })
  })

  it('offers for read-back what was acknowledged long enough ago and is in no batch', () => {
    const register = aRegisterWith('G80000')
    register.write((tx) => {
      tx.outbox.insert(
        ['a', 'b', 'in a batch', 'too new', 'sent', 'by a clock set back'].map((id) => aDelta(id, 'G80000')),
        common,
      )
      tx.outbox.update('by a clock set back', { state: 'acknowledged', acknowledgedAt: aNight + 9_000_001 })
      for (const id of ['b', 'a', 'in a batch']) tx.outbox.update(id, { state: 'acknowledged', acknowledgedAt: aNight })
      tx.outbox.update('in a batch', { batchId: 'c-1' })
      tx.outbox.update('too new', { state: 'acknowledged', acknowledgedAt: aNight + 1 })
    })

    const due = (limit: number) => register.read((tx) => tx.outbox.confirmable(aNight + 9_000_000, 9_000_000, limit))
    expect(due(10)).toEqual(['a', 'b', 'by a clock set back'])
    expect(due(1)).toEqual(['a'])
  })

  it('keeps every attempt once, in the order they were made', () => {
    const register = aRegisterWith('G80000')
    const attempt = {
      deltaId: 'd-1',
      sentAt: aNight,
      answeredAt: aNight + 1,
      outcome: 'accepted',
      code: 'OK',
      exchangesSha256: 'x',
    }
    const attempts = [
      { ...attempt, attempt: 2, messageId: 'm-2' },
      { ...attempt, attempt: 1, messageId: 'm-1' },
    ]
    register.write((tx) => tx.outbox.addAttempts(attempts))
    register.write((tx) => tx.outbox.addAttempts(attempts))

    expect(register.read((tx) => tx.outbox.attempts('d-1')).map(({ messageId }) => messageId)).toEqual(['m-1', 'm-2'])
  })

  it('has one clock per number and source', () => {
    const register = aRegisterWith('G80000')
    const unknown = { lastAllocated: null, lastAccepted: null, remoteSeen: null }
    register.write((tx) => {
      tx.outbox.setClock('G80000', 'a', { ...unknown, lastAllocated: '2026-11-24T02:15:00' })
      tx.outbox.setClock('G80000', 'a', { ...unknown, lastAllocated: '2026-11-24T02:15:01' })
    })

    register.read((tx) => {
      expect(tx.outbox.clock('G80000', 'a')).toEqual({ ...unknown, lastAllocated: '2026-11-24T02:15:01' })
      expect(tx.outbox.clock('G80000', 'b')).toEqual(unknown)
    })
  })
})

const anyMoment = { at: aNight, knownAt: aNight }

describe('however long the history', () => {
  it.each<[string, (outbox: RegisterTx['outbox']) => unknown, string]>([
    ['what may be sent', (outbox) => outbox.sendable(aNight, few), 'outbox_sendable'],
    ['how many may be sent', (outbox) => outbox.countDue(4), 'outbox_sendable'],
    ['when the next may be sent', (outbox) => outbox.nextDueAt(aNight, 4), 'outbox_sendable'],
    ['how many are under way', (outbox) => outbox.countInState('sent'), 'outbox_unfinished'],
    ['what is under way', (outbox) => outbox.inState('sent'), 'outbox_unfinished'],
    ['what may be read back', (outbox) => outbox.confirmable(aNight, 0, 10), 'outbox_unfinished'],
    ['what is in a batch', (outbox) => outbox.ofBatch('b-1'), 'outbox_batch'],
    ['the counts of a file', (outbox) => outbox.countsByState({ fileId: 'f-1' }), 'outbox_file'],
    ['the counts of a night', (outbox) => outbox.countsByState({ date: night.date }), 'outbox_date'],
  ])('%s is found without reading all of it', (_case, ask, index) => {
    const { path } = aRegister()

    const plan = plansOf(path, (db) => ask(outboxRows(db)))

    expect(plan[0]).toMatch(new RegExp(`USING (COVERING )?INDEX ${index}\\b`))
    expect(plan.filter((step) => step.includes('ORDER BY'))).toEqual([])
  })

  it('what is pending of numbers is found number by number', () => {
    const { path } = aRegister()

    const plan = plansOf(path, (db) => outboxRows(db).pendingOf(['G80000', 'G80001']))

    expect(plan[0]).toContain('SEARCH outbox USING INDEX outbox_nummer')
  })

  it('what is on its way out of a unit is found among the unfinished, unit by unit', () => {
    const { path } = aRegister()

    const plan = plansOf(path, (db) => outboxRows(db).pendingDepartures(['G80000']))

    expect(plan).toContainEqual(expect.stringContaining('SEARCH outbox USING INDEX outbox_unfinished'))
    expect(plan).toContainEqual(expect.stringContaining('SEARCH unit_version USING INDEX unit_version_history'))
  })

  it.each<[string, (units: RegisterTx['units']) => unknown, string]>([
    ['a number', (units) => units.byNumbers(['G80000']), 'unit_version_current'],
    ['a municipality', (units) => units.openInKommune(kommune), 'unit_version_kommune'],
    ['what else a municipality has', (units) => units.openInKommune(kommune, ['G80000']), 'unit_version_kommune'],
    ['where the units of a municipality are', (units) => [...units.openPlaces(kommune, unitKinds)], 'unit_version_kommune'],
    ['what a record is held beside', (units) => units.standing(kommune, ['G80000', 'G80001']), 'unit_version_current'],
    ['a history', (units) => units.history('G80000'), 'unit_version_history'],
    ['what stood under a unit', (units) => [...units.allAsOf(anyMoment, { parentNummer: 'G80000' })], 'unit_version_parent'],
    ['what a municipality had', (units) => [...units.allAsOf(anyMoment, { kommuneKode: kommune })], 'unit_version_of_kommune'],
  ])('%s is found without reading all versions', (_case, ask, index) => {
    const { path } = aRegister()

    expect(plansOf(path, (db) => ask(unitRows(db)))[0]).toContain(`SEARCH unit_version USING INDEX ${index}`)
  })
})

/** How SQLite would run the statements of a repository's call, for each its steps. */
function plansOf(path: string, call: (db: ReturnType<typeof drizzle>) => unknown): string[] {
  const statements: string[] = []
  const raw = new Database(path, { verbose: (text) => statements.push(String(text)) })
  onTestFinished(() => void raw.close())
  call(drizzle({ client: raw }))
  return [...statements].flatMap((text) =>
    (raw.prepare(`EXPLAIN QUERY PLAN ${text}`).all() as { detail: string }[]).map((step) => step.detail),
  )
}

describe('delivery files', () => {
  const header = aGoodLeverance().header

  it('are one row per supplier, bytes and what the name declares', () => {
    const register = aRegisterWithNight()
    const file = aFile('f-1', { declared: '101.fuld.1' })
    register.write((tx) => tx.files.insert(file))

    register.read((tx) => {
      expect(tx.files.find('f-1')).toMatchObject(file)
      expect(tx.files.findSame(supplierId, file.sha256, '101.fuld.1')?.fileId).toBe('f-1')
      expect(tx.files.findSame(supplierId, file.sha256, '101.fuld.2')).toBeNull()
      expect(tx.files.findSame('sydsystem', file.sha256, '101.fuld.1')).toBeNull()
    })
    expect(() => register.write((tx) => tx.files.insert({ ...file, fileId: 'f-2' }))).toThrow(/UNIQUE/)
  })

  it('are found by their state and by their night', () => {
    const register = aRegisterWithNight()
    register.write((tx) => {
      tx.files.insert(aFile('f-1', { storedAt: aNight + 5 }))
      tx.files.insert(aFile('f-2', { state: 'validated' }))
      tx.files.insert(aFile('f-3', { state: 'rejected' }))
    })

    register.read((tx) => {
      expect(tx.files.inStates(['stored', 'validated']).map(({ fileId }) => fileId)).toEqual(['f-2', 'f-1'])
      expect(tx.files.ofNight(night.date).map(({ fileId }) => fileId)).toEqual(['f-1', 'f-2', 'f-3'])
      expect(tx.files.ofNight(night.date, ['stored', 'rejected']).map(({ fileId }) => fileId)).toEqual(['f-1', 'f-3'])
      expect(tx.files.ofNight('2026-11-25')).toEqual([])
      expect([tx.files.countOfNight(night.date), tx.files.countOfNight('2026-11-25')]).toEqual([3, 0])
    })
  })

  it('of a municipality have the highest one applied as the last', () => {
    const register = aRegisterWithNight()
    register.write((tx) => {
      for (const [fileId, loebenummer] of [
        ['f-9', 9],
        ['f-10', 10],
        ['f-8', 8],
      ] as const) {
        tx.files.insert(aFile(fileId))
        tx.files.update(fileId, { state: 'validated', header: { ...header, loebenummer } })
      }
      tx.files.insert(aFile('other', { state: 'validated', header: { ...header, kommuneKode: '147', loebenummer: 1 } }))
    })
    const last = () => register.read((tx) => tx.files.lastApplied(supplierId, header.kommuneKode)?.loebenummer ?? null)

    expect(last()).toBeNull()

    register.write((tx) => {
      tx.files.update('f-10', { state: 'delivered', appliedAt: aNight })
      tx.files.update('f-8', { state: 'applied', appliedAt: aNight + 1 })
    })
    expect(last()).toBe(10)
  })

  it('have their findings in the order they were added, over several times', () => {
    const register = aRegisterWithNight()
    const finding = {
      level: 'record',
      line: 7,
      column: 1,
      kind: null,
      key: 'G80000',
      field: 'navn',
      value: 'x',
      facts: { max: 3 },
    } as const
    register.write((tx) => {
      tx.files.insert(aFile('f-1'))
      tx.files.addFindings('f-1', [
        { ...finding, code: 'A' },
        { ...finding, code: 'B' },
      ])
      tx.files.addFindings('f-1', [{ ...finding, code: 'C' }])
    })

    const findings = register.read((tx) => tx.files.findings('f-1'))

    expect(findings.map(({ code }) => code)).toEqual(['A', 'B', 'C'])
    expect(findings[0]).toEqual({ ...finding, code: 'A' })
  })

  it('have plans, of which the same one is kept once', () => {
    const register = aRegisterWithNight()
    const plan = {
      fileId: 'f-1',
      kommuneKode: kommune,
      baseVersion: 1,
      state: 'planned',
      appliedAt: null,
      counts: { opret: 2 },
      sliceCounts: { nedlaeg: 1 },
    } as const
    register.write((tx) => {
      tx.files.insert(aFile('f-1'))
      tx.files.insertPlan({ ...plan, planHash: 'p-2', createdAt: aNight + 1 })
      tx.files.insertPlan({ ...plan, planHash: 'p-1', createdAt: aNight })
      tx.files.updatePlan('p-1', { state: 'applied', appliedAt: aNight + 2 })
      tx.files.insertPlan({ ...plan, planHash: 'p-1', createdAt: aNight })
    })

    register.read((tx) => {
      expect(tx.files.plansOf('f-1').map(({ planHash, state }) => [planHash, state])).toEqual([
        ['p-1', 'applied'],
        ['p-2', 'planned'],
      ])
      expect(tx.files.findPlan('p-1')).toEqual({
        ...plan,
        planHash: 'p-1',
        createdAt: aNight,
        state: 'applied',
        appliedAt: aNight + 2,
      })
      expect(tx.files.findPlan('p-9')).toBeNull()
    })
  })

  it('say how much of each kind was applied, a night at a time, the newest first', () => {
    const register = aRegisterWithNight()
    const header = { ...aGoodLeverance().header, kommuneKode: kommune }
    const applyOn = (
      date: string,
      sliceCounts: NightCounts,
      file: Partial<DeliveryFile> = {},
      state: PlanRow['state'] = 'applied',
    ) =>
      register.write((tx) => {
        if (tx.nights.find(date) === null) tx.nights.insert({ ...night, date })
        const id = `${date}-${JSON.stringify([sliceCounts, file, state])}`
        tx.files.insert(aFile(`f-${id}`, { date, header, ...file }))
        const at = { createdAt: aNight, appliedAt: aNight }
        const plan = { planHash: `p-${id}`, fileId: `f-${id}`, kommuneKode: kommune, baseVersion: 1, counts: {} }
        tx.files.insertPlan({ ...plan, ...at, state, sliceCounts })
      })
    applyOn('2026-11-01', { nedlaeg: 9 })
    applyOn('2026-11-02', { nedlaeg: 1, flyt: 4 })
    applyOn('2026-11-02', { nedlaeg: 2 })
    applyOn('2026-11-03', {})
    applyOn('2026-11-03', { nedlaeg: 50 }, {}, 'held')
    applyOn('2026-11-03', { nedlaeg: 60 }, { supplierId: 'sydsystem' })
    applyOn('2026-11-03', { nedlaeg: 70 }, { header: { ...header, kommuneKode: '147' } })
    applyOn('2026-11-04', { nedlaeg: 80 })

    const counts = register.read((tx) => tx.files.appliedCounts(supplierId, kommune, '2026-11-04', 2))

    const none = { nedlaeg: 0, flyt: 0, ejerskab: 0, omdoeb: 0, identitet: 0 }
    expect(counts).toEqual([none, { ...none, nedlaeg: 3, flyt: 4 }])
  })

  it('have holds, which are decided once and found by file, night and state', () => {
    const register = aRegisterWithNight()
    const hold = aHold('h-1', { supplierId, date: night.date })
    const decision = { state: 'approved', decidedBy: 'drift', reason: 'sommerlukning', decidedAt: aNight + 1 } as const
    register.write((tx) => {
      tx.files.insert(aFile('f-1'))
      tx.files.insertHold(hold)
      tx.files.insertHold({ ...hold, holdId: 'h-2', openedAt: aNight - 1 })
      tx.files.updateHold('h-1', decision)
      tx.files.insertHold(hold)
    })

    register.read((tx) => {
      expect(tx.files.findHold('h-1')).toEqual({ ...hold, ...decision })
      expect(tx.files.holds({ state: 'open' }).map(({ holdId }) => holdId)).toEqual(['h-2'])
      expect(tx.files.holds({ fileId: 'f-1', date: night.date }).map(({ holdId }) => holdId)).toEqual(['h-2', 'h-1'])
      expect(tx.files.holds({ fileId: 'f-9' })).toEqual([])
    })
  })

  it('lack a first receipt once they came to an end, and a second one once delivered', () => {
    const register = aRegisterWithNight()
    const states = ['stored', 'validated', 'planned', 'held', 'applied', 'delivered', 'rejected'] as const
    const receipt = { inputSha256: 'x', state: 'prepared', preparedAt: aNight, deliveredAt: null } as const
    register.write((tx) => {
      for (const state of states) tx.files.insert(aFile(state, { state }))
      tx.files.putReceipt({ ...receipt, receiptId: 'r-1', fileId: 'applied', type: 'received' })
    })

    const lacking = register.read((tx) => tx.files.withoutReceipt().map(({ fileId, type }) => `${fileId}: ${type}`))
    expect(lacking.sort()).toEqual(['delivered: delivered', 'delivered: received', 'held: received', 'rejected: received'])

    register.write((tx) =>
      tx.files.putReceipt({
        ...receipt,
        receiptId: 'r-1',
        fileId: 'applied',
        type: 'received',
        state: 'delivered',
        deliveredAt: aNight + 1,
      }),
    )
    register.read((tx) => {
      expect(tx.files.receipts({ fileId: 'applied' })).toEqual([
        expect.objectContaining({ receiptId: 'r-1', state: 'delivered' }),
      ])
      expect(tx.files.receipts({ date: night.date, state: 'prepared' })).toEqual([])
      expect(tx.files.findReceipt('r-9')).toBeNull()
    })
  })
})

describe('nights', () => {
  it('are one per business date', () => {
    const register = aRegisterWithNight()
    expect(() => register.write((tx) => tx.nights.insert(aNightRun({ trigger: 'operator' })))).toThrow(/UNIQUE/)

    register.write((tx) => {
      tx.nights.insert(aNightRun({ date: '2026-11-25' }))
      tx.nights.update(night.date, { state: 'closed', closedAt: aNight + 1 })
    })
    register.read((tx) => {
      expect(tx.nights.find(night.date)).toEqual({ ...night, state: 'closed', closedAt: aNight + 1 })
      expect(tx.nights.openNights().map(({ date }) => date)).toEqual(['2026-11-25'])
      expect(tx.nights.latest()?.date).toBe('2026-11-25')
      expect(tx.nights.find('2026-11-26')).toBeNull()
    })
  })

  it('remember how each supplier stands', () => {
    const register = aRegisterWithNight()
    const row = {
      date: night.date,
      supplierId,
      state: 'looking',
      looks: 0,
      lastLookAt: null,
      problem: null,
      missing: ['101', '147'],
    } as const
    const after = { ...row, state: 'complete', looks: 1, lastLookAt: aNight, missing: [] } as const
    register.write((tx) => {
      tx.nights.putSupplier(row)
      tx.nights.putSupplier({ ...row, supplierId: 'aaa' })
      tx.nights.putSupplier(after)
    })

    expect(register.read((tx) => tx.nights.suppliers(night.date))).toEqual([{ ...row, supplierId: 'aaa' }, after])
  })

  it('know a file by night, name, size and time: first seen once, and new stays new', () => {
    const register = aRegisterWithNight()
    const seen = {
      date: night.date,
      supplierId,
      name: 'a.xml',
      sizeBytes: 7,
      modifiedAt: 1,
      firstSeenAt: aNight,
      fileId: null,
      repeat: false,
    }
    register.write((tx) => {
      tx.files.insert(aFile('f-1'))
      tx.nights.putArrival(seen)
      tx.nights.putArrival({ ...seen, sizeBytes: 8 })
      tx.nights.putArrival({ ...seen, firstSeenAt: aNight + 9, fileId: 'f-1', repeat: false })
      tx.nights.putArrival({ ...seen, firstSeenAt: aNight + 10, fileId: 'f-1', repeat: true })
    })

    register.read((tx) => {
      expect(tx.nights.arrivalsOfFile('f-1')).toEqual([{ ...seen, fileId: 'f-1' }])
      expect(tx.nights.arrivals(night.date)).toHaveLength(2)
      expect(tx.nights.storedArrivals(supplierId)).toHaveLength(1)
      expect(tx.nights.storedArrivals('sydsystem')).toEqual([])
      expect([tx.nights.lastArrivalAt(supplierId), tx.nights.lastArrivalAt('sydsystem')]).toEqual([aNight, null])
    })
  })

  it('call a file repeated when the same bytes came before this night', () => {
    const register = aRegisterWithNight()
    const seen = {
      date: night.date,
      supplierId,
      name: 'a.xml',
      sizeBytes: 7,
      modifiedAt: 1,
      firstSeenAt: aNight,
      fileId: null,
      repeat: false,
    }
    register.write((tx) => {
      tx.files.insert(aFile('f-1'))
      tx.nights.putArrival(seen)
      tx.nights.putArrival({ ...seen, fileId: 'f-1', repeat: true })
    })

    expect(register.read((tx) => tx.nights.arrivals(night.date))).toEqual([{ ...seen, fileId: 'f-1', repeat: true }])
  })
})

describe('failures', () => {
  const failure: JobFailure = {
    jobId: 'plan.f-1',
    queue: 'register',
    job: 'plan',
    payload: '{"fileId":"f-1"}',
    code: 'UNEXPECTED',
    message: 'm',
    hint: 'h',
    dataState: 'd',
    failedAt: aNight,
    resolvedAt: null,
    resolvedBy: null,
    reason: null,
  }

  it('wait for a person, are dealt with, and open again when the job fails again', () => {
    const { register } = aRegister()
    const open = () => register.read((tx) => tx.failures.open().map(({ jobId }) => jobId))
    register.write((tx) => {
      tx.failures.put(failure)
      tx.failures.put({ ...failure, jobId: 'plan.f-2', failedAt: aNight - 1 })
    })
    expect(open()).toEqual(['plan.f-2', 'plan.f-1'])

    register.write((tx) => tx.failures.resolve('plan.f-1', 'drift', 'disken var fuld', aNight + 1))
    expect(open()).toEqual(['plan.f-2'])
    expect(register.read((tx) => tx.failures.find('plan.f-1'))).toMatchObject({ resolvedBy: 'drift', reason: 'disken var fuld' })

    register.write((tx) => tx.failures.put({ ...failure, failedAt: aNight + 2 }))
    expect(open()).toEqual(['plan.f-2', 'plan.f-1'])
    expect(register.read((tx) => tx.failures.find('plan.f-1'))).toEqual({ ...failure, failedAt: aNight + 2 })
  })
})

describe('the ledger', () => {
  it('goes on from the last entry after a restart, and what is stored proves the chain', () => {
    const { register, reopen, path } = aRegister()
    const entries: NewLedgerEntry[] = [
      { at: aNight, type: 'file', subject: 'f-1', facts: { sha256: 'aa', navn: 'Ærtebjerg', none: null } },
      { at: aNight + 1, type: 'plan', subject: 'p-1', facts: { b: 1, a: [1, { z: 1, y: 2 }] } },
    ]
    register.write((tx) => tx.ledger.append(entries[0] as NewLedgerEntry))
    const second = reopen().write((tx) => tx.ledger.append(entries[1] as NewLedgerEntry))

    const stored = rawConnection(path).prepare('select * from ledger order by seq').all() as Record<string, string>[]
    let previous: LedgerEntry | null = null
    const chained: LedgerEntry[] = []
    for (const row of stored) {
      const { at, type, subject, facts } = row
      const again: LedgerEntry = chainEntry(
        { at: Number(at), type, subject, facts: JSON.parse(facts ?? '') } as NewLedgerEntry,
        previous,
      )
      expect(row).toMatchObject({ seq: again.seq, hash: again.hash, previous_hash: again.previousHash })
      previous = again
      chained.push(again)
    }
    expect(chained).toContainEqual(second)
  })
})
