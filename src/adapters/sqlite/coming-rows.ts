import { and, asc, eq, inArray, lte } from 'drizzle-orm'
import type { UnitRows } from '../../ports/register/units.ts'
import type { Db } from './open-register.ts'
import { preparedInsert } from './prepared.ts'
import { comingChange } from './schema.ts'

/** Changes that wait for their date. */
export function comingRows(db: Db): Pick<UnitRows, 'addComing' | 'coming' | 'endComing'> {
  const add = preparedInsert(db, comingChange)
  return {
    addComing: (changes) => {
      for (const change of changes) add({ ...change, state: 'waiting', endedAt: null })
    },
    coming: ({ supplierId, kommuneKode, fileId, dueOn }) =>
      db
        .select()
        .from(comingChange)
        .where(
          and(
            eq(comingChange.state, 'waiting'),
            supplierId === undefined ? undefined : eq(comingChange.supplierId, supplierId),
            kommuneKode === undefined ? undefined : eq(comingChange.kommuneKode, kommuneKode),
            fileId === undefined ? undefined : eq(comingChange.fileId, fileId),
            dueOn === undefined ? undefined : lte(comingChange.effectiveOn, dueOn),
          ),
        )
        .orderBy(asc(comingChange.effectiveOn), asc(comingChange.id))
        .all(),
    endComing: (ids, state, at) => {
      if (ids.length === 0) return
      db.update(comingChange)
        .set({ state, endedAt: at })
        .where(inArray(comingChange.id, [...ids]))
        .run()
    },
  }
}
