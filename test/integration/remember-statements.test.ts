import Database from 'better-sqlite3'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { integer, sqliteTable } from 'drizzle-orm/sqlite-core'
import { expect, it, onTestFinished, vi } from 'vitest'
import { rememberStatements } from '../../src/adapters/sqlite/remember-statements.ts'

const counted = sqliteTable('counted', { n: integer().notNull() })

function aConnection() {
  const sqlite = new Database(':memory:')
  onTestFinished(() => void sqlite.close())
  sqlite.exec('CREATE TABLE counted (n INTEGER NOT NULL); INSERT INTO counted VALUES (1), (2)')
  const compile = vi.spyOn(sqlite, 'prepare')
  return { compile, client: rememberStatements(sqlite) }
}

it('a query that Drizzle builds anew is compiled once', () => {
  const { compile, client } = aConnection()
  const db = drizzle({ client })

  const answers = [1, 2, 1].map((n) => db.select().from(counted).where(sql`n = ${n}`).get())

  expect(answers).toEqual([{ n: 1 }, { n: 2 }, { n: 1 }])
  expect(compile).toHaveBeenCalledTimes(1)
})

it('one text gives rows as objects and as lists, in whatever order they are asked for', () => {
  const { client } = aConnection()
  const db = drizzle({ client })
  const query = db.select().from(counted)
  const text = query.toSQL().sql

  const answers = [db.all(sql.raw(text)), query.all(), client.prepare(text).raw().all(), db.all(sql.raw(text)), query.all()]

  const objects = [{ n: 1 }, { n: 2 }]
  expect(answers).toEqual([objects, objects, [[1], [2]], objects, objects])
})

it('a statement that is held goes on after more texts were asked for than are remembered', () => {
  const { client } = aConnection()
  const held = client.prepare('SELECT n FROM counted')

  for (let i = 0; i < 3_000; i++) client.prepare(`SELECT n FROM counted WHERE n > ${i}`)

  expect(held.all()).toEqual([{ n: 1 }, { n: 2 }])
})
