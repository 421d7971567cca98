import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { packageRoot } from '../../config/package-root.ts'
import { openRegister } from '../../src/adapters/sqlite/open-register.ts'
import { lockForUse } from '../../src/adapters/sqlite/register-lock.ts'
import { builtProgram } from '../kit/build-once.ts'
import { aFolder, aNight } from '../kit/builders.ts'

const ownMigrations = join(packageRoot, 'src/adapters/sqlite/migrations')

/** A folder with the first migrations of ours, and one more. */
function migrationsOf(folder: string, count: number, more?: { readonly tag: string; readonly sql: string }): string {
  const target = join(folder, `migrations-${count}-${more?.tag ?? 'no-more'}`)
  mkdirSync(join(target, 'meta'), { recursive: true })
  const journal = JSON.parse(readFileSync(join(ownMigrations, 'meta/_journal.json'), 'utf8'))
  const entries = journal.entries.slice(0, count)
  for (const { tag } of entries) copyFileSync(join(ownMigrations, `${tag}.sql`), join(target, `${tag}.sql`))
  if (more !== undefined) {
    entries.push({ ...journal.entries[0], idx: count, when: journal.entries.at(-1).when + 1000, tag: more.tag })
    writeFileSync(join(target, `${more.tag}.sql`), more.sql)
  }
  writeFileSync(join(target, 'meta/_journal.json'), JSON.stringify({ ...journal, entries }))
  return target
}

/** A register as the very first version left it: two units, one with a change. */
function aFirstRegister(folder = aFolder()): { readonly path: string; readonly folder: string } {
  const path = join(folder, 'register.sqlite')
  const sqlite = new Database(path)
  sqlite.pragma('journal_mode = WAL')
  migrate(drizzle({ client: sqlite }), { migrationsFolder: migrationsOf(folder, 1) })
  const version = `INSERT INTO unit_version (nummer, kind, status, navn, ekstra, root_adm_kommune_kode, root_ejerform_kode,
    valid_from, valid_to, recorded_from, recorded_to, actor) VALUES`
  sqlite.exec(`INSERT INTO unit VALUES ('G80000', 'daginstitution', ${aNight}), ('G80001', 'daginstitution', ${aNight});
    ${version} ('G80000', 'daginstitution', 'aktiv', 'Solsikken', '{}', '101', '1', ${aNight}, ${aNight + 1}, ${aNight}, NULL, 'nordsystem'),
    ('G80001', 'daginstitution', 'aktiv', 'Mælkebøtten', '{}', '101', '1', ${aNight}, NULL, ${aNight}, NULL, 'nordsystem'),
    ('G80000', 'daginstitution', 'aktiv', 'Solstrålen', '{}', '101', '1', ${aNight + 1}, NULL, ${aNight + 1}, NULL, 'nordsystem');
    INSERT INTO counter VALUES ('institutionsnummer.G', 80002);`)
  sqlite.close()
  return { path, folder }
}

function opened(...[path, options]: Parameters<typeof openRegister>) {
  const register = openRegister(path, options)
  onTestFinished(() => register.close())
  return register
}

function raw(path: string): Database.Database {
  const sqlite = new Database(path)
  onTestFinished(() => void sqlite.close())
  return sqlite
}

/** A process of its own that opens the register and closes it again. */
function openingProcess(path: string, migrationsFolder: string) {
  const program = `const { openRegister } = await import(process.argv[1]); openRegister(process.argv[2], { migrationsFolder: process.argv[3] }).close()`
  const module = pathToFileURL(builtProgram.openRegister).href
  return spawn(process.execPath, ['--input-type=module', '-e', program, module, path, migrationsFolder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

const backup = 'register.sqlite.before-0001_history.bak'
const workFiles = (folder: string) =>
  readdirSync(folder)
    .filter((name) => /migrating|\.bak/.test(name))
    .sort()

describe('a register of the first version', () => {
  it('is brought to this one with everything in it, and is kept beside it as it was', () => {
    const { path, folder } = aFirstRegister()
    const onMigrated = vi.fn()

    const register = opened(path, { onMigrated })

    register.read((tx) => {
      expect(tx.units.history('G80000').map(({ fields, position }) => [fields.navn, position])).toEqual([
        ['Solsikken', 1],
        ['Solstrålen', 3],
      ])
      expect(tx.units.lastPosition()).toBe(3)
      expect(tx.units.changesSince(1, 9).map(({ nummer }) => nummer)).toEqual(['G80001', 'G80000'])
      expect(tx.upkeep.lastRun('backup')).toBeNull()
    })
    expect(register.write((tx) => tx.units.issueNumbers(1, 'G', 80_000))).toEqual(['G80002'])
    expect(onMigrated).toHaveBeenCalledExactlyOnceWith(join(folder, backup))
    expect(workFiles(folder)).toEqual([backup])
    const kept = raw(join(folder, backup))
    expect(kept.prepare('SELECT count(*) FROM unit_version').pluck().get()).toBe(3)
    expect(kept.prepare('SELECT count(*) FROM __drizzle_migrations').pluck().get()).toBe(1)
  })

  it('can be had again from what was kept, and be migrated anew without losing that', () => {
    const { path, folder } = aFirstRegister()
    openRegister(path).close()
    copyFileSync(join(folder, backup), path)

    const register = opened(path)

    expect(register.read((tx) => tx.units.lastPosition())).toBe(3)
    expect(workFiles(folder)).toEqual(['register.sqlite.before-0001_history.2.bak', backup])
  })

  it.each([
    ['fails', 'INSERT INTO no_such_table VALUES (1)', /no_such_table/],
    ['loses rows', 'DELETE FROM unit_version WHERE id = 1', /unit_version had 3 rows and has 2/],
    ['leaves a row that points nowhere', "UPDATE unit SET nummer = 'G1' WHERE nummer = 'G80001'", /points at a missing row/],
  ])('stays as it was when a migration %s', (_how, sql, seen) => {
    const { path, folder } = aFirstRegister()
    const migrationsFolder = migrationsOf(folder, 2, { tag: '9999_bad', sql })

    expect(() => openRegister(path, { migrationsFolder })).toThrow(
      expect.objectContaining({ code: 'REGISTER_MIGRATION_FAILED', message: expect.stringMatching(seen) }),
    )

    expect(workFiles(folder)).toEqual([])
    expect(raw(path).prepare('SELECT count(*) FROM __drizzle_migrations').pluck().get()).toBe(1)
    expect(opened(path).read((tx) => tx.units.lastPosition())).toBe(3)
  })

  it('stays as it was when the process is killed in the middle of its migration', async () => {
    const { path, folder } = aFirstRegister()
    const endless = 'CREATE TABLE endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n'
    const process = openingProcess(path, migrationsOf(folder, 2, { tag: '9999_endless', sql: endless }))
    // The journal of the copy stands while its transaction does.
    await vi.waitFor(() => expect(existsSync(`${path}.migrating-journal`)).toBe(true), { timeout: 10_000, interval: 10 })
    process.kill('SIGKILL')
    await once(process, 'exit')

    expect(raw(path).prepare('SELECT count(*) FROM __drizzle_migrations').pluck().get()).toBe(1)
    expect(opened(path).read((tx) => tx.units.lastPosition())).toBe(3)
    expect(workFiles(folder)).toEqual([backup])
  })

  it('is migrated once by two that start at the same time', async () => {
    const { path, folder } = aFirstRegister()

    const exits = await Promise.all([1, 2].map(() => once(openingProcess(path, ownMigrations), 'exit')))

    expect(exits.map(([code]) => code)).toEqual([0, 0])
    expect(workFiles(folder)).toEqual([backup])
    expect(opened(path).read((tx) => tx.units.lastPosition())).toBe(3)
  })

  it.each([
    ['this version', (path: string) => lockForUse(path).release],
    [
      'a version that knows no lock',
      (path: string) => {
        const other = new Database(path)
        other.prepare('SELECT * FROM counter').get()
        return () => void other.close()
      },
    ],
  ])('is not touched while a process of %s has it open', (_which, open) => {
    const { path, folder } = aFirstRegister()
    const close = open(path)

    expect(() => openRegister(path, { waitMs: 0 })).toThrow(expect.objectContaining({ code: 'REGISTER_IN_USE' }))
    expect(workFiles(folder)).toEqual([])

    close()
    expect(opened(path).read((tx) => tx.units.lastPosition())).toBe(3)
  })
})

describe('a register of a later version', () => {
  it('is refused and not touched', () => {
    const folder = aFolder()
    const path = join(folder, 'register.sqlite')
    const later = migrationsOf(folder, 99, { tag: '9999_later', sql: 'CREATE TABLE later (a)' })
    openRegister(path, { migrationsFolder: later }).close()
    const before = readFileSync(path)

    expect(() => openRegister(path)).toThrow(expect.objectContaining({ code: 'REGISTER_VERSION_NEWER' }))

    expect(readFileSync(path).equals(before)).toBe(true)
    expect(workFiles(dirname(path))).toEqual([])
  })
})
