import { desc, eq } from 'drizzle-orm'
import type { UpkeepRows } from '../../ports/register/upkeep.ts'
import type { Db } from './open-register.ts'
import { preparedInsert } from './prepared.ts'
import { removedBlob, upkeep } from './schema.ts'

/** Runs of upkeep, and what was taken out of the file store. */
export function upkeepRows(db: Db): UpkeepRows {
  const addRun = preparedInsert(db, upkeep)
  const addRemoved = preparedInsert(db, removedBlob, 'ignore')
  return {
    addRun: (run) => void addRun({ ...run }),
    lastRun: (task) =>
      db.select().from(upkeep).where(eq(upkeep.task, task)).orderBy(desc(upkeep.at), desc(upkeep.id)).limit(1).get() ?? null,
    addRemoved: (blobs) => {
      for (const blob of blobs) addRemoved({ ...blob })
    },
    findRemoved: (sha256) => db.select().from(removedBlob).where(eq(removedBlob.sha256, sha256)).get() ?? null,
  }
}
