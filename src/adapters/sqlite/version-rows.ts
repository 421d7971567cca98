import { and, asc, eq, getTableColumns, gt, isNotNull, isNull, lte, or, type Query, sql } from 'drizzle-orm'
import type { RegisterUnit } from '../../domain/diff-register.ts'
import { once } from '../../domain/once.ts'
import { type FieldName, fieldNames, type UnitFields, unitKinds } from '../../domain/unit.ts'
import type { NewVersion, UnitRows, UnitVersion } from '../../ports/register/units.ts'
import { counters, positionCounter } from './counters.ts'
import type { Db } from './open-register.ts'
import { preparedInsert, toSlot } from './prepared.ts'
import { isAnyVersion, unit, unitVersion } from './schema.ts'

export type VersionRecord = typeof unitVersion.$inferSelect

/** How a unit is now: the version without an end, as we hold it now. */
export const isCurrent = and(isNull(unitVersion.validTo), isNull(unitVersion.recordedTo))

/** Rows of a long answer that are read at a time. */
const pageRows = 2_000

/**
 * Versions in two times. A new state takes over from its valid time on: versions that reach past it are no longer held, and
 * the part of them that lies before it is written again as a version that ends there. So what was held before can still be
 * asked for, and the current state is one row per unit.
 */
export function versionRows(db: Db): Pick<UnitRows, 'write' | 'history' | 'asOf' | 'allAsOf' | 'changesSince' | 'lastPosition'> {
  const addUnit = preparedInsert(db, unit, 'ignore')
  const addVersion = preparedInsert(db, unitVersion)
  const { readCounter, writeCounter } = counters(db)
  const reachingPast = rawRows(db, () =>
    db
      .select({ id: unitVersion.id, validFrom: unitVersion.validFrom, recordedFrom: unitVersion.recordedFrom })
      .from(unitVersion)
      .where(
        and(
          eq(unitVersion.nummer, sql.placeholder('nummer')),
          isNull(unitVersion.recordedTo),
          or(isNull(unitVersion.validTo), gt(unitVersion.validTo, sql.placeholder('from'))),
        ),
      )
      .toSQL(),
  )
  const holdNoLonger = db.$client.prepare('UPDATE unit_version SET recorded_to = ? WHERE id = ?')
  const copied = Object.values(getTableColumns(unitVersion))
    .map(({ name }) => name)
    .filter((name) => !['id', 'position', 'valid_to', 'recorded_from', 'recorded_to'].includes(name))
    .join(', ')
  const endEarlier = db.$client.prepare(
    `INSERT INTO unit_version (${copied}, valid_to, recorded_from) SELECT ${copied}, ?, ? FROM unit_version WHERE id = ?`,
  )
  const heldAt = and(
    lte(unitVersion.recordedFrom, sql.placeholder('knownAt')),
    or(isNull(unitVersion.recordedTo), gt(unitVersion.recordedTo, sql.placeholder('knownAt'))),
    lte(unitVersion.validFrom, sql.placeholder('at')),
    or(isNull(unitVersion.validTo), gt(unitVersion.validTo, sql.placeholder('at'))),
  )
  // There is one at most. No LIMIT: with one, SQLite makes a sorter for it, which costs four times the search.
  const oneAsOf = rawRows(db, () =>
    db
      .select()
      .from(unitVersion)
      .where(and(eq(unitVersion.nummer, sql.placeholder('nummer')), heldAt))
      .toSQL(),
  )
  const allOf = rawRows(db, () =>
    db
      .select()
      .from(unitVersion)
      .where(eq(unitVersion.nummer, sql.placeholder('nummer')))
      .orderBy(asc(unitVersion.validFrom), asc(unitVersion.recordedFrom), asc(unitVersion.id))
      .toSQL(),
  )
  const pageSince = rawRows(db, () =>
    db
      .select()
      .from(unitVersion)
      .where(and(isNotNull(unitVersion.position), gt(unitVersion.position, sql.placeholder('position'))))
      .orderBy(asc(unitVersion.position))
      .limit(sql.placeholder('limit'))
      .toSQL(),
  )

  const pageAsOf = ({ kommuneKode, parentNummer }: NonNullable<Parameters<UnitRows['allAsOf']>[1]>) =>
    rawRows(db, () =>
      db
        .select()
        .from(unitVersion)
        .where(
          and(
            gt(unitVersion.nummer, sql.placeholder('after')),
            eq(unitVersion.kind, sql.placeholder('kind')),
            kommuneKode === undefined ? undefined : eq(unitVersion.rootAdmKommuneKode, kommuneKode),
            parentNummer === undefined ? undefined : eq(unitVersion.parentNummer, parentNummer),
            kommuneKode === undefined && parentNummer === undefined ? undefined : isAnyVersion,
            heldAt,
          ),
        )
        .orderBy(asc(unitVersion.nummer))
        .limit(pageRows)
        .toSQL(),
    )

  const pageOfAll = pageAsOf({})

  const writeOne = ({ fields, admKommuneKode, ejerformKode, ...version }: NewVersion, position: number): void => {
    const { nummer, validFrom } = version
    const earlier = reachingPast({ nummer, from: validFrom }) as [id: number, from: number, recorded: number][]
    if (earlier.length === 0) addUnit({ nummer, kind: version.kind, firstRecordedAt: version.recordedFrom })
    // The clock may have been set back; what we come to know, we know after what we knew.
    const recordedFrom = Math.max(version.recordedFrom, ...earlier.map(([, , recorded]) => recorded))
    for (const [id, from] of earlier) {
      holdNoLonger.run(recordedFrom, id)
      if (from < validFrom) endEarlier.run(validFrom, recordedFrom, id)
    }
    const roots = { rootAdmKommuneKode: admKommuneKode, rootEjerformKode: ejerformKode }
    addVersion({ ...version, ...roots, ...toColumns(fields), recordedFrom, position })
  }

  return {
    write: (versions) => {
      let position = readCounter(positionCounter) ?? 0
      for (const version of lastOfEach(versions)) writeOne(version, ++position)
      writeCounter(positionCounter, position)
    },
    history: (nummer) => allOf({ nummer }).map(toVersion),
    asOf: (nummer, moment) => oneAsOf({ nummer, ...moment }).map(toVersion)[0] ?? null,
    *allAsOf(moment, filter = {}) {
      const page = Object.keys(filter).length === 0 ? pageOfAll : pageAsOf(filter)
      for (const kind of unitKinds) {
        let after = ''
        for (;;) {
          const rows = page({ ...moment, kind, after })
          for (const row of rows) yield toVersion(row)
          if (rows.length < pageRows) break
          after = String(rows.at(-1)?.[slotOf.nummer])
        }
      }
    },
    changesSince: (position, limit) => pageSince({ position, limit }).map(toVersion),
    lastPosition: () => readCounter(positionCounter) ?? 0,
  }
}

/** Of several states of one number for the same moment, the last; in the order in which the last ones stand. */
function lastOfEach(versions: readonly NewVersion[]): NewVersion[] {
  const keyOf = ({ nummer, validFrom }: NewVersion) => `${nummer} ${validFrom}`
  const last = new Map(versions.map((version, i) => [keyOf(version), i]))
  return versions.filter((version, i) => last.get(keyOf(version)) === i)
}

function toColumns(fields: UnitFields): Pick<VersionRecord, (typeof fieldNames)[number]> {
  return Object.fromEntries(fieldNames.map((name) => [name, fields[name] ?? null])) as ReturnType<typeof toColumns>
}

export type Raw = readonly unknown[]

/** Where each column stands in a row as SQLite hands it over. */
const slotOf = Object.fromEntries(Object.keys(getTableColumns(unitVersion)).map((name, slot) => [name, slot])) as Record<
  keyof VersionRecord,
  number
>
const fieldSlots: readonly (readonly [name: FieldName, slot: number])[] = fieldNames.map((name) => [name, slotOf[name]])
const noEkstra: UnitVersion['ekstra'] = Object.freeze({})

/** A query whose rows come as SQLite has them: a full export reads hundreds of thousands, and mapping them costs more than reading. */
export function rawRows(db: Db, build: () => Query): (values: Readonly<Record<string, unknown>>) => readonly Raw[] {
  const compiled = once(() => {
    const { sql: text, params } = build()
    return { statement: db.$client.prepare(text), slots: params.map(toSlot) }
  })
  return (values) => {
    const { statement, slots } = compiled()
    return statement.raw().all(slots.map(({ name, encode }) => encode(values[name]))) as Raw[]
  }
}

function toVersion(row: Raw): UnitVersion {
  return {
    nummer: row[slotOf.nummer] as string,
    kind: row[slotOf.kind] as UnitVersion['kind'],
    parentNummer: row[slotOf.parentNummer] as string | null,
    status: row[slotOf.status] as UnitVersion['status'],
    fields: fieldsFrom(row, fieldSlots),
    ekstra: ekstraFrom(row[slotOf.ekstra] as string),
    admKommuneKode: row[slotOf.rootAdmKommuneKode] as string,
    ejerformKode: row[slotOf.rootEjerformKode] as string,
    validFrom: row[slotOf.validFrom] as number,
    validTo: row[slotOf.validTo] as number | null,
    recordedFrom: row[slotOf.recordedFrom] as number,
    recordedTo: row[slotOf.recordedTo] as number | null,
    actor: row[slotOf.actor] as string,
    date: row[slotOf.date] as string | null,
    fileId: row[slotOf.fileId] as string | null,
    line: row[slotOf.line] as number | null,
    planHash: row[slotOf.planHash] as string | null,
    position: row[slotOf.position] as number | null,
  }
}

const { nummer, kind, parentNummer, status, ekstra, rootAdmKommuneKode, rootEjerformKode } = getTableColumns(unitVersion)

/** What `unitFrom` reads of a version, in its order; each column costs time, and a plan reads every unit of a municipality. */
export const unitColumns = {
  ...{ nummer, kind, parentNummer, status, ekstra, rootAdmKommuneKode, rootEjerformKode },
  ...(Object.fromEntries(fieldNames.map((name) => [name, unitVersion[name]])) as Pick<typeof unitVersion, FieldName>),
}
const unitFieldSlots = fieldNames.map((name, i) => [name, Object.keys(unitColumns).length - fieldNames.length + i] as const)

/** How a unit is, from a row of `unitColumns`. */
export function unitFrom(row: Raw): RegisterUnit {
  const [number, level, parent, state, extra, adm, ejerform] = row as string[]
  return {
    nummer: number as string,
    kind: level as RegisterUnit['kind'],
    parentNummer: (parent as string | null) ?? null,
    fields: fieldsFrom(row, unitFieldSlots),
    ekstra: ekstraFrom(extra as string),
    open: state === 'aktiv',
    admKommuneKode: adm as string,
    ejerformKode: ejerform as string,
  }
}

function fieldsFrom(row: Raw, slots: typeof fieldSlots): UnitFields {
  const fields: Partial<Record<FieldName, string>> = {}
  for (const [name, slot] of slots) {
    const value = row[slot] as string | null
    if (value !== null) fields[name] = value
  }
  return fields
}

function ekstraFrom(text: string): UnitVersion['ekstra'] {
  return text === '{}' ? noEkstra : JSON.parse(text)
}
