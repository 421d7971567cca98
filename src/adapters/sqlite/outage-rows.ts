import { and, asc, eq, gt, isNotNull, isNull, lt, or } from 'drizzle-orm'
import { once } from '../../domain/once.ts'
import type { FoundOutage, OutageRows } from '../../ports/register/outages.ts'
import type { Db } from './open-register.ts'
import { outage } from './schema.ts'

/** Times in which the target gave no clear answer; at most one of them has not ended. */
export function outageRows(db: Db): OutageRows {
  const goesOn = isNull(outage.endedAt)
  const current = once(() => db.select().from(outage).where(goesOn).prepare())
  return {
    current: () => {
      const row = current().get()
      return row === undefined ? null : withoutId(row)
    },
    found: () => {
      const row = current().get()
      return row === undefined || row.foundAt === null ? null : withoutId({ ...row, foundAt: row.foundAt })
    },
    put: (next, at) => {
      const row = current().get()
      const isOwn = row === undefined ? undefined : eq(outage.id, row.id)
      if (next === null && row?.foundAt === null) db.delete(outage).where(isOwn).run()
      else if (next === null && row !== undefined) db.update(outage).set({ endedAt: at }).where(isOwn).run()
      else if (next !== null && row === undefined) db.insert(outage).values(next).run()
      else if (next !== null) db.update(outage).set(next).where(isOwn).run()
    },
    between: (from, until) =>
      db
        .select()
        .from(outage)
        .where(and(isNotNull(outage.foundAt), lt(outage.sinceAt, until), or(goesOn, gt(outage.endedAt, from))))
        .orderBy(asc(outage.sinceAt))
        .all()
        .map((row) => withoutId(row as typeof row & Pick<FoundOutage, 'foundAt'>)),
  }
}

function withoutId<T extends { readonly id: number }>({ id: _id, ...row }: T): Omit<T, 'id'> {
  return row
}
