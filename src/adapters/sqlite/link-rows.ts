import { asc, eq, or, sql } from 'drizzle-orm'
import { once } from '../../domain/once.ts'
import type { UnitRows } from '../../ports/register/units.ts'
import type { Db } from './open-register.ts'
import { preparedInsert } from './prepared.ts'
import { unitLink } from './schema.ts'

/** What units follow from one another; a link that is known already is left as it is. */
export function linkRows(db: Db): Pick<UnitRows, 'addLinks' | 'linksOf'> {
  const add = preparedInsert(db, unitLink, 'ignore')
  const ofNumber = once(() =>
    db
      .select()
      .from(unitLink)
      .where(or(eq(unitLink.fromNummer, sql.placeholder('nummer')), eq(unitLink.toNummer, sql.placeholder('nummer'))))
      .orderBy(asc(unitLink.recordedAt), asc(unitLink.fromNummer), asc(unitLink.toNummer))
      .prepare(),
  )
  return {
    addLinks: (links) => {
      for (const link of links) add({ ...link })
    },
    linksOf: (nummer) => ofNumber().all({ nummer }),
  }
}
