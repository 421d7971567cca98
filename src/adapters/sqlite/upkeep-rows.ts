import { desc, eq, sql } from 'drizzle-orm'
import type { UpkeepRows } from '../../ports/register/upkeep.ts'
import { counters, numberCounter, positionCounter } from './counters.ts'
import { namedBlobs } from './named-blobs.ts'
import type { Db } from './open-register.ts'
import { preparedInsert } from './prepared.ts'
import { removedBlob, upkeep } from './schema.ts'

const finishedBefore = (at: number) => sql`
  SELECT file_id AS fileId FROM delivery_file AS f
  WHERE state IN ('delivered', 'rejected') AND stored_at < ${at}
    AND NOT EXISTS (SELECT 1 FROM receipt AS r WHERE r.file_id = f.file_id AND r.state = 'prepared')
    AND NOT EXISTS (SELECT 1 FROM hold AS h WHERE h.file_id = f.file_id AND h.state = 'open')
    AND NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.file_id = f.file_id AND o.state NOT IN ('acknowledged', 'confirmed', 'superseded'))
  ORDER BY file_id`

/** Runs of upkeep, and what was taken out of the file store. */
export function upkeepRows(db: Db): UpkeepRows {
  const addRun = preparedInsert(db, upkeep)
  const { readCounter, writeCounter } = counters(db)
  const addRemoved = preparedInsert(db, removedBlob, 'ignore')
  return {
    raiseCounters: ({ numbers, position }) => {
      const raise = (name: string, value: number) => {
        if (value > (readCounter(name) ?? 0)) writeCounter(name, value)
      }
      for (const [letter, next] of Object.entries(numbers)) raise(numberCounter(letter), next)
      raise(positionCounter, position)
    },
    addRun: (run) => void addRun({ ...run }),
    lastRun: (task) =>
      db.select().from(upkeep).where(eq(upkeep.task, task)).orderBy(desc(upkeep.at), desc(upkeep.id)).limit(1).get() ?? null,
    namedBlobs: () => namedBlobs(db),
    finishedBefore: (at) => db.all<{ fileId: string }>(finishedBefore(at)).map(({ fileId }) => fileId),
    addRemoved: (blobs) => {
      for (const blob of blobs) addRemoved({ ...blob })
    },
    findRemoved: (sha256) => db.select().from(removedBlob).where(eq(removedBlob.sha256, sha256)).get() ?? null,
  }
}
