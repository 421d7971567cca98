import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { whenUnwritable } from '../../src/adapters/sqlite/when-unwritable.ts'
import { StandstillError } from '../../src/domain/errors.ts'
import { aFolder } from '../kit/builders.ts'

const path = 'data/register.sqlite'

const troubles: readonly [string, (ours: Database.Database, theirs: Database.Database) => unknown, string][] = [
  ['full', (ours) => ours.pragma('max_page_count = 1'), 'SQLITE_FULL'],
  ['read-only', (ours) => ours.pragma('query_only = ON'), 'SQLITE_READONLY'],
  ['locked by another', (_ours, theirs) => theirs.exec('BEGIN IMMEDIATE'), 'SQLITE_BUSY'],
]

it.each(troubles)('a register that is %s keeps every job from going on, and none has failed by it', (_what, make, sqlite) => {
  const file = join(aFolder(), 'register.sqlite')
  const [ours, theirs] = [new Database(file, { timeout: 0 }), new Database(file)]
  onTestFinished(() => [ours, theirs].forEach((each) => void each.close()))
  make(ours, theirs)

  const write = () => whenUnwritable(path, () => ours.exec('CREATE TABLE t (x)'))

  expect(write).toThrow(StandstillError)
  expect(write).toThrow(expect.objectContaining({ code: 'REGISTER_WRITE_FAILED', facts: { sqlite } }))
})

it('what is wrong with a statement stays what it is', () => {
  const sqlite = new Database(':memory:')
  onTestFinished(() => void sqlite.close())

  expect(() => whenUnwritable(path, () => sqlite.exec('CREATE TABLE'))).toThrow(Database.SqliteError)
})
