import type Database from 'better-sqlite3'
import { eq } from 'drizzle-orm'
import type { Db } from './open-register.ts'
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
  return {
    readCounter: (name: string): number | undefined => db.select().from(counter).where(eq(counter.name, name)).get()?.value,
    writeCounter: (name: string, value: number): void => {
      db.insert(counter).values({ name, value }).onConflictDoUpdate({ target: counter.name, set: { value } }).run()
    },
  }
}
