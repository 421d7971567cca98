import { and, asc, eq, getTableColumns, gt, not, sql } from 'drizzle-orm'
import { addressParts } from '../../domain/diff-register.ts'
import type { UnitPlace } from '../../domain/find-lineage.ts'
import { type FieldName, fieldNames, type UnitKind } from '../../domain/unit.ts'
import type { UnitRows } from '../../ports/register/units.ts'
import { isOneOf } from './is-one-of.ts'
import type { Db } from './open-register.ts'
import { unitVersion } from './schema.ts'
import { isCurrent, type Raw, rawRows, unitColumns, unitFrom } from './version-rows.ts'

/** Said as the index over open units has it. */
const isOpen = sql`status = 'aktiv'`

/** Open units whose daginstitution a municipality administers. */
export const isOpenInKommune = and(eq(unitVersion.rootAdmKommuneKode, sql.placeholder('kommuneKode')), isCurrent, isOpen)

/** Rows of a long answer that are read at a time. */
const pageRows = 2_000

/** `ekstra` and the fields that are there as a staged record begins, put together by SQLite: a row is one text instead of twenty. */
const stagedValues = (() => {
  const columns = getTableColumns(unitVersion)
  const field = (name: FieldName) =>
    sql`iif(${columns[name]} IS NULL, NULL, ${sql.raw(`'"${name}":'`)} || json_quote(${columns[name]}))`
  const fields = sql.join([...fieldNames].sort().map(field), sql`, `)
  return sql<string>`concat('{"ekstra":', ${columns.ekstra}, ',"fields":{', concat_ws(',', ${fields}), '}')`
})()

const addressText = sql<string | null>`iif(${unitVersion.vejNavn} IS NULL, NULL, concat(${sql.join(
  addressParts.map((part) => sql`${unitVersion[part]}`),
  sql.raw(`, '|', `),
)}))`

/** What a plan asks of a municipality's open units: a country's file asks for a hundred thousand of them, so no more than it needs. */
export function kommuneRows(db: Db): Pick<UnitRows, 'openInKommune' | 'openPlaces' | 'standing'> {
  const whole = rawRows(db, () =>
    db
      .select(unitColumns)
      .from(unitVersion)
      .where(and(isOpenInKommune, not(isOneOf(unitVersion.nummer, sql.placeholder('except')))))
      .orderBy(asc(unitVersion.nummer))
      .toSQL(),
  )
  const { id, nummer, kind, parentNummer, pNummer, rootAdmKommuneKode: rootAdm, rootEjerformKode } = unitVersion
  const places = rawRows(db, () =>
    db
      .select({ id, nummer, kind, pNummer, address: addressText })
      .from(unitVersion)
      .where(and(isOpenInKommune, isOneOf(kind, sql.placeholder('kinds')), gt(id, sql.placeholder('after'))))
      .orderBy(asc(id))
      .limit(pageRows)
      .toSQL(),
  )
  const beside = rawRows(db, () =>
    db
      .select({ nummer, kind, parentNummer, rootEjerformKode, values: stagedValues })
      .from(unitVersion)
      // The plus keeps SQLite from reading the whole municipality instead of looking the numbers up.
      .where(
        and(isOneOf(nummer, sql.placeholder('numbers')), isCurrent, isOpen, sql`+${rootAdm} = ${sql.placeholder('kommuneKode')}`),
      )
      .toSQL(),
  )
  return {
    openInKommune: (kommuneKode, except = []) => whole({ kommuneKode, except: JSON.stringify([...except]) }).map(unitFrom),
    *openPlaces(kommuneKode, kinds) {
      for (let after = 0; ; ) {
        const rows = places({ kommuneKode, kinds: JSON.stringify(kinds), after })
        yield rows.map(toPlace)
        if (rows.length < pageRows) return
        after = Number(rows.at(-1)?.[0])
      }
    },
    standing: (kommuneKode, named) => {
      const rows = beside({ kommuneKode, numbers: JSON.stringify(named) }) as readonly string[][]
      return new Map(
        rows.map(([number, level, parent, ejerform, values]) => [
          number as string,
          {
            kind: level as UnitKind,
            parentNummer: parent ?? null,
            ejerformKode: ejerform as string,
            values: values as string,
          },
        ]),
      )
    },
  }
}

function toPlace([, nummer, kind, pNummer, address]: Raw): UnitPlace {
  return {
    nummer: nummer as string,
    kind: kind as UnitKind,
    pNummer: pNummer as string | null,
    address: address as string | null,
  }
}
