import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openEvidence } from '../../src/adapters/sqlite/open-evidence.ts'
import { openRegister } from '../../src/adapters/sqlite/open-register.ts'
import { sealedTables } from '../../src/adapters/sqlite/seal-rows.ts'
import type { LedgerEntry, Step } from '../../src/domain/ledger.ts'
import { checkSeals, followChain, lastSeals } from '../../src/domain/verify-ledger.ts'
import type { Register } from '../../src/ports/register.ts'
import { aFolder, aNight, aNightRun, aVersion } from '../kit/builders.ts'

const step: Step = { name: 'open-night', input: { date: '2026-11-24' }, at: aNight, program: '1.2.3', settingsSha256: null }

function aPlace() {
  const path = join(aFolder(), 'register.sqlite')
  const open = (): Register => {
    const register = openRegister(path)
    onTestFinished(() => register.close())
    return register
  }
  const raw = (work: (sqlite: Database.Database) => void) => {
    const sqlite = new Database(path)
    work(sqlite)
    sqlite.close()
  }
  return { path, open, raw }
}

/** Tables whose rows are not those of the last seal. */
function unfitting(path: string): string[] {
  const evidence = openEvidence(path)
  try {
    const tables = new Map(
      [...evidence.tables()].map(([table, { columns }]) => [table, { columns, digest: evidence.digestOf(table) }]),
    )
    return checkSeals(tables, lastSeals(followChain(evidence.ledger())), evidence.seals()).map(({ place }) => place)
  } finally {
    evidence.close()
  }
}

const entriesOf = (register: Register): LedgerEntry[] => register.read((tx) => [...tx.ledger.after(0)])

describe('a transaction that changes the register', () => {
  it('ends with an entry that says what it was and seals every table it touched, whoever reads them', () => {
    const { path, open } = aPlace()
    const register = open()

    register.write((tx) => tx.nights.insert(aNightRun()), step)
    register.write((tx) => tx.nights.update('2026-11-24', { state: 'closed' }), step)

    const [first, second] = entriesOf(register)
    expect(first).toMatchObject({
      type: 'step',
      subject: 'open-night',
      at: aNight,
      facts: { input: step.input, program: '1.2.3', sealed: { night_run: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    })
    expect(second?.facts['sealed']).not.toEqual(first?.facts['sealed'])
    expect(unfitting(path)).toEqual([])
  })

  it('has such an entry also when nobody says what it was', () => {
    const { path, open } = aPlace()
    const register = open()

    register.write((tx) => tx.units.write([aVersion('G80000')]))

    const sealed = { counter: expect.anything(), unit: expect.anything(), unit_version: expect.anything() }
    expect(entriesOf(register)).toMatchObject([{ type: 'step', subject: 'unnamed', facts: { sealed } }])
    expect(unfitting(path)).toEqual([])
  })

  it('has none when it changed nothing, or was rolled back', () => {
    const { path, open } = aPlace()
    const register = open()

    register.write((tx) => tx.nights.find('2026-11-24'), step)
    expect(() =>
      register.write((tx) => {
        tx.nights.insert(aNightRun())
        throw new Error('the power fails')
      }, step),
    ).toThrow('the power fails')

    expect(entriesOf(register)).toEqual([])
    register.write((tx) => tx.nights.insert(aNightRun()), step)
    expect(unfitting(path)).toEqual([])
  })

  it('is the only way to change rows unseen: what another program writes does not fit the seal', () => {
    const { path, open, raw } = aPlace()
    open().write((tx) => tx.nights.insert(aNightRun()), step)

    raw((sqlite) => sqlite.exec(`UPDATE night_run SET trigger = 'operator'`))

    expect(unfitting(path)).toEqual(['night_run'])
  })
})

describe('the seals', () => {
  it('cover every table but the ledger, which its chain proves, themselves, and the migrator’s own', () => {
    const { open, raw } = aPlace()
    open()

    raw((sqlite) => {
      sqlite.exec('CREATE TABLE later (id INTEGER PRIMARY KEY)')
      const all = sqlite.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all() as string[]
      const left = all.filter((name) => !sealedTables(sqlite).includes(name))
      expect(left.toSorted()).toEqual(['__drizzle_migrations', 'ledger', 'seal', 'sqlite_sequence'])
    })
  })

  it('are made anew, and the ledger says so, when a migration has given a table other columns', () => {
    const { path, open, raw } = aPlace()
    open().write((tx) => tx.nights.insert(aNightRun()), step)
    raw((sqlite) => sqlite.exec(`ALTER TABLE night_run ADD COLUMN later TEXT DEFAULT 'x'`))
    expect(unfitting(path)).toContain('night_run')

    const register = open()

    expect(entriesOf(register).at(-1)).toMatchObject({
      type: 'step',
      subject: 'reseal',
      facts: { sealed: { night_run: expect.anything() } },
    })
    expect(unfitting(path)).toEqual([])
  })
})
