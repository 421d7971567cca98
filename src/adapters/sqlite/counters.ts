import { eq } from 'drizzle-orm'
import type { Db } from './open-register.ts'
import { counter } from './schema.ts'

/** Counters that only grow, by name. */
export function counters(db: Db) {
  return {
    readCounter: (name: string): number | undefined => db.select().from(counter).where(eq(counter.name, name)).get()?.value,
    writeCounter: (name: string, value: number): void => {
      db.insert(counter).values({ name, value }).onConflictDoUpdate({ target: counter.name, set: { value } }).run()
    },
  }
}
