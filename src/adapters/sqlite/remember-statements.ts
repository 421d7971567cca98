import type Database from 'better-sqlite3'
import { once } from '../../domain/once.ts'

/** Far more texts than the repositories have. */
const mostRemembered = 1_000

type Runs = Pick<Database.Statement, 'run' | 'get' | 'all'>

/**
 * A connection whose statements are compiled when they are first run, and once: Drizzle prepares every query anew. What it
 * gives is run to its end; who walks over rows one by one takes the connection itself.
 */
export function rememberStatements(sqlite: Database.Database): Database.Database {
  const remembered = new Map<string, ReturnType<typeof toStatement>>()
  const prepare = (text: string) => {
    let statement = remembered.get(text)
    if (statement === undefined) {
      if (remembered.size >= mostRemembered) remembered.clear()
      statement = toStatement(sqlite, text)
      remembered.set(text, statement)
    }
    return statement
  }
  return Object.create(sqlite, { prepare: { value: prepare } })
}

/** Rows as objects and rows as lists come from two statements: one would stay as whoever ran it last has set it. */
function toStatement(sqlite: Database.Database, text: string): Runs & { raw(): Runs } {
  const lists = compiledLater(() => sqlite.prepare(text).raw())
  return { ...compiledLater(() => sqlite.prepare(text)), raw: () => lists }
}

function compiledLater(compile: () => Database.Statement): Runs {
  const statement = once(compile)
  return {
    run: (...values) => statement().run(...values),
    get: (...values) => statement().get(...values),
    all: (...values) => statement().all(...values),
  }
}
