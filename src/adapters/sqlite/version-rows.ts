import { and, asc, desc, eq, gt, isNotNull, isNull, lte, or, sql } from 'drizzle-orm'
import { fieldNames, type UnitFields, unitKinds } from '../../domain/unit.ts'
import type { NewVersion, UnitRows, UnitVersion } from '../../ports/register/units.ts'
import { counters } from './counters.ts'
import type { Db } from './open-register.ts'
import { preparedInsert } from './prepared.ts'
import { unit, unitVersion } from './schema.ts'

export type VersionRecord = typeof unitVersion.$inferSelect

/** How a unit is now: the version without an end, as we hold it now. */
export const isCurrent = and(isNull(unitVersion.validTo), isNull(unitVersion.recordedTo))

const positionCounter = 'unit-position'
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
  const reachingPast = db
    .select()
    .from(unitVersion)
    .where(
      and(
        eq(unitVersion.nummer, sql.placeholder('nummer')),
        isNull(unitVersion.recordedTo),
        or(isNull(unitVersion.validTo), gt(unitVersion.validTo, sql.placeholder('from'))),
      ),
    )
    .prepare()
  const holdNoLonger = db
    .update(unitVersion)
    .set({ recordedTo: sql`${sql.placeholder('recordedTo')}` })
    .where(eq(unitVersion.id, sql.placeholder('id')))
    .prepare()
  const heldAt = and(
    lte(unitVersion.recordedFrom, sql.placeholder('knownAt')),
    or(isNull(unitVersion.recordedTo), gt(unitVersion.recordedTo, sql.placeholder('knownAt'))),
    lte(unitVersion.validFrom, sql.placeholder('at')),
    or(isNull(unitVersion.validTo), gt(unitVersion.validTo, sql.placeholder('at'))),
  )
  const oneAsOf = db
    .select()
    .from(unitVersion)
    .where(and(eq(unitVersion.nummer, sql.placeholder('nummer')), heldAt))
    .orderBy(desc(unitVersion.id))
    .limit(1)
    .prepare()

  const pageAsOf = (kommuneKode: string | undefined) =>
    db
      .select()
      .from(unitVersion)
      .where(
        and(
          gt(unitVersion.nummer, sql.placeholder('after')),
          eq(unitVersion.kind, sql.placeholder('kind')),
          kommuneKode === undefined ? undefined : eq(unitVersion.rootAdmKommuneKode, sql.placeholder('kommuneKode')),
          heldAt,
        ),
      )
      .orderBy(asc(unitVersion.nummer))
      .limit(pageRows)
      .prepare()

  const writeOne = ({ fields, admKommuneKode, ejerformKode, ...version }: NewVersion, position: number): void => {
    const { nummer, validFrom } = version
    addUnit({ nummer, kind: version.kind, firstRecordedAt: version.recordedFrom })
    const earlier = reachingPast.all({ nummer, from: validFrom })
    // The clock may have been set back; what we come to know, we know after what we knew.
    const recordedFrom = Math.max(version.recordedFrom, ...earlier.map((row) => row.recordedFrom))
    for (const row of earlier) {
      holdNoLonger.run({ id: row.id, recordedTo: recordedFrom })
      if (row.validFrom < validFrom) addVersion({ ...row, id: null, position: null, validTo: validFrom, recordedFrom })
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
    history: (nummer) =>
      db
        .select()
        .from(unitVersion)
        .where(eq(unitVersion.nummer, nummer))
        .orderBy(asc(unitVersion.validFrom), asc(unitVersion.recordedFrom), asc(unitVersion.id))
        .all()
        .map(toVersion),
    asOf: (nummer, moment) => {
      const row = oneAsOf.get({ nummer, ...moment })
      return row === undefined ? null : toVersion(row)
    },
    *allAsOf(moment, filter = {}) {
      for (const kind of unitKinds) {
        let after = ''
        for (;;) {
          const rows = pageAsOf(filter.kommuneKode).all({ ...moment, ...filter, kind, after })
          for (const row of rows) yield toVersion(row)
          if (rows.length < pageRows) break
          after = rows.at(-1)?.nummer ?? after
        }
      }
    },
    changesSince: (position, limit) =>
      db
        .select()
        .from(unitVersion)
        .where(and(isNotNull(unitVersion.position), gt(unitVersion.position, position)))
        .orderBy(asc(unitVersion.position))
        .limit(limit)
        .all()
        .map(toVersion),
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

export function toFields(row: VersionRecord): UnitFields {
  return Object.fromEntries(fieldNames.flatMap((name) => (row[name] === null ? [] : [[name, row[name]]])))
}

function toVersion(row: VersionRecord): UnitVersion {
  return {
    nummer: row.nummer,
    kind: row.kind,
    parentNummer: row.parentNummer,
    status: row.status,
    fields: toFields(row),
    ekstra: row.ekstra,
    admKommuneKode: row.rootAdmKommuneKode,
    ejerformKode: row.rootEjerformKode,
    validFrom: row.validFrom,
    validTo: row.validTo,
    recordedFrom: row.recordedFrom,
    recordedTo: row.recordedTo,
    actor: row.actor,
    date: row.date,
    fileId: row.fileId,
    line: row.line,
    planHash: row.planHash,
    position: row.position,
  }
}
