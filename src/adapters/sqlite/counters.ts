import type Database from 'better-sqlite3'
import { eq, sql } from 'drizzle-orm'
import { once } from '../../domain/once.ts'
import type { Db } from './open-register.ts'
import { preparedInsert } from './prepared.ts'
import { counter } from './schema.ts'

/** The position of the last state told. */
export const positionCounter = 'unit-position'

const numberStart = 'institutionsnummer.'

/** The next institution number of a letter. */
export function numberCounter(letter: string): string {
  return `${numberStart}${letter}`
}

/** What a register has given out and told, from its counters. */
export function reachedOf(sqlite: Database.Database): { position: number; numbers: Record<string, number> } {
  const rows = sqlite.prepare('SELECT name, value FROM counter').all() as { name: string; value: number }[]
  return {
    position: rows.find(({ name }) => name === positionCounter)?.value ?? 0,
    numbers: Object.fromEntries(
      rows.flatMap(({ name, value }) => (name.startsWith(numberStart) ? [[name.slice(numberStart.length), value]] : [])),
    ),
  }
}

/** Counters that only grow, by name. */
export function counters(db: Db) {
  const stored = once(() =>
    db
      .select({ value: counter.value })
      .from(counter)
      .where(eq(counter.name, sql.placeholder('name')))
      .prepare(),
  )
  const put = preparedInsert(db, counter, { replaceOn: [counter.name] })
  return {
    readCounter: (name: string): number | undefined => stored().get({ name })?.value,
    writeCounter: (name: string, value: number): void => void put({ name, value }),
  }
}
