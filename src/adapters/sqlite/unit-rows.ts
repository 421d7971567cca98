import { and, asc, count, eq, sql } from 'drizzle-orm'
import { FatalError } from '../../domain/errors.ts'
import { unitKinds } from '../../domain/unit.ts'
import type { UnitRows } from '../../ports/register/units.ts'
import { counters, numberCounter } from './counters.ts'
import { linkRows } from './link-rows.ts'
import { once } from './once.ts'
import type { Db } from './open-register.ts'
import { preparedInsert } from './prepared.ts'
import { lokalId as lokalIdTable, unit, unitVersion } from './schema.ts'
import { isCurrent, rawRows, unitColumns, unitFrom, versionRows } from './version-rows.ts'

/** A number is a letter and five digits. */
const lastNumber = 99_999

/** Units of all three levels with every version of each, the numbers given out, and the suppliers' own ids. */
export function unitRows(db: Db): UnitRows {
  const currentByNumber = rawRows(db, () =>
    db
      .select(unitColumns)
      .from(unitVersion)
      .where(and(eq(unitVersion.nummer, sql.placeholder('nummer')), isCurrent))
      .toSQL(),
  )
  const currentInKommune = rawRows(db, () =>
    db
      .select(unitColumns)
      .from(unitVersion)
      .where(and(eq(unitVersion.rootAdmKommuneKode, sql.placeholder('kommuneKode')), isCurrent, sql`status = 'aktiv'`))
      .orderBy(asc(unitVersion.nummer))
      .toSQL(),
  )
  const versions = versionRows(db)
  const putLokalId = preparedInsert(db, lokalIdTable, { replaceOn: [lokalIdTable.supplierId, lokalIdTable.lokalId] })
  const isTaken = once(() =>
    db
      .select({ nummer: unit.nummer })
      .from(unit)
      .where(eq(unit.nummer, sql.placeholder('nummer')))
      .prepare(),
  )

  const { readCounter, writeCounter } = counters(db)

  return {
    openInKommune: (kommuneKode) => currentInKommune({ kommuneKode }).map(unitFrom),
    byNumbers: (numbers) => numbers.flatMap((nummer) => currentByNumber({ nummer }).map(unitFrom)),
    ...versions,
    ...linkRows(db),
    counts: () => {
      const rows = db
        .select({ kind: unitVersion.kind, status: unitVersion.status, n: count() })
        .from(unitVersion)
        .where(isCurrent)
        .groupBy(unitVersion.kind, unitVersion.status)
        .all()
      const of = (kind: string, status: string) => rows.find((row) => row.kind === kind && row.status === status)?.n ?? 0
      const entries = unitKinds.map((kind) => [kind, { open: of(kind, 'aktiv'), closed: of(kind, 'nedlagt') }] as const)
      return Object.fromEntries(entries) as ReturnType<UnitRows['counts']>
    },

    issueNumbers: (howMany, prefix, start) => {
      const numbers: string[] = []
      const name = numberCounter(prefix)
      // A start that was raised, as after a restore from an old backup, leaves a gap instead of giving numbers out twice.
      let next = Math.max(readCounter(name) ?? start, start)
      while (numbers.length < howMany) {
        if (next > lastNumber) throw numbersUsedUp(prefix)
        const nummer = `${prefix}${String(next).padStart(5, '0')}`
        // A number that came with a baseline is taken, too.
        if (isTaken().get({ nummer }) === undefined) numbers.push(nummer)
        next += 1
      }
      writeCounter(name, next)
      return numbers
    },
    numbersByLokalId: (supplierId) =>
      new Map(
        db
          .select()
          .from(lokalIdTable)
          .where(eq(lokalIdTable.supplierId, supplierId))
          .all()
          .map((row) => [row.lokalId, row.nummer]),
      ),
    mapLokalIds: (supplierId, pairs) => {
      for (const pair of pairs) {
        putLokalId({ supplierId, ...pair })
      }
    },

    kommuneVersion: (kommuneKode) => readCounter(`kommune.${kommuneKode}`) ?? 0,
    bumpKommuneVersion: (kommuneKode) => {
      const next = (readCounter(`kommune.${kommuneKode}`) ?? 0) + 1
      writeCounter(`kommune.${kommuneKode}`, next)
      return next
    },
  }
}

function numbersUsedUp(prefix: string): FatalError {
  return new FatalError(
    'REGISTER_STATE_UNEXPECTED',
    `issuing institution numbers after ${prefix}${lastNumber}, which is the last`,
    {
      dataState: 'nothing of the plan was applied; no number was given out',
      hint: 'decide on another letter with the register, and set institutionsnummer.praefiks and .start',
      facts: { prefix },
    },
  )
}
