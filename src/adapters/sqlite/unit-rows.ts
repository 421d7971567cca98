import { and, count, eq, inArray, type SQL, sql } from 'drizzle-orm'
import { FatalError } from '../../domain/errors.ts'
import { once } from '../../domain/once.ts'
import { unitKinds } from '../../domain/unit.ts'
import type { UnitRows } from '../../ports/register/units.ts'
import { counters, numberCounter } from './counters.ts'
import { isOneOf } from './is-one-of.ts'
import { isOpenInKommune, kommuneRows } from './kommune-rows.ts'
import { linkRows } from './link-rows.ts'
import type { Db } from './open-register.ts'
import { preparedInsert } from './prepared.ts'
import { lokalId as lokalIdTable, unit, unitVersion } from './schema.ts'
import { isCurrent, type Raw, rawRows, unitColumns, unitFrom, versionRows } from './version-rows.ts'

/** A number is a letter and five digits. */
const lastNumber = 99_999

/** Units of all three levels with every version of each, the numbers given out, and the suppliers' own ids. */
export function unitRows(db: Db): UnitRows {
  const currentByNumber = rawRows(db, () =>
    db
      .select(unitColumns)
      .from(unitVersion)
      .where(and(isOneOf(unitVersion.nummer, sql.placeholder('numbers')), isCurrent))
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

  const idsWhere = (also?: () => SQL | undefined) =>
    rawRows(db, () =>
      db
        .select({ lokalId: lokalIdTable.lokalId, nummer: lokalIdTable.nummer })
        .from(lokalIdTable)
        .where(and(eq(lokalIdTable.supplierId, sql.placeholder('supplierId')), also?.()))
        .toSQL(),
    )
  const idsOf = idsWhere()
  const idsAmong = idsWhere(() => isOneOf(lokalIdTable.lokalId, sql.placeholder('lokalIds')))
  const idsInKommune = idsWhere(() =>
    inArray(lokalIdTable.nummer, db.select({ nummer: unitVersion.nummer }).from(unitVersion).where(isOpenInKommune)),
  )

  const { readCounter, writeCounter } = counters(db)

  return {
    byNumbers: (numbers) => {
      const units = new Map(currentByNumber({ numbers: JSON.stringify(numbers) }).map((row) => [row[0], unitFrom(row)]))
      return numbers.flatMap((nummer) => units.get(nummer) ?? [])
    },
    ...kommuneRows(db),
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
    numbersByLokalId: (supplierId, which) => {
      if (which === undefined) return toNumbers(idsOf({ supplierId }))
      if ('kommuneKode' in which) return toNumbers(idsInKommune({ supplierId, ...which }))
      const { lokalIds } = which
      return toNumbers(lokalIds.length === 0 ? [] : idsAmong({ supplierId, lokalIds: JSON.stringify(lokalIds) }))
    },
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

function toNumbers(rows: readonly Raw[]): Map<string, string> {
  return new Map(rows as readonly [lokalId: string, nummer: string][])
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
