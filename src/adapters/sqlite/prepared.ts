import { and, type Column, eq, getTableColumns, is, Param, Placeholder, type SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { once, oncePer } from '../../domain/once.ts'
import type { Db } from './open-register.ts'

type Row = Readonly<Record<string, unknown>>

/**
 * An insert that is compiled once and run per row; columns the row does not name are stored as NULL. What happens on a
 * conflict is said once, when it is made. The rows go past Drizzle, which would look at each value anew.
 */
export function preparedInsert(
  db: Db,
  table: SQLiteTable,
  onConflict: 'fail' | 'ignore' | { readonly replaceOn: readonly Column[] } = 'fail',
) {
  const compiled = once(() => {
    const columns = Object.entries(getTableColumns(table)).filter(
      ([, column]) => !(column as unknown as { autoIncrement?: boolean }).autoIncrement,
    )
    const placeholders = Object.fromEntries(columns.map(([name]) => [name, sql.placeholder(name)]))
    const insert = db.insert(table).values(placeholders)
    const { sql: text, params } = (
      onConflict === 'fail'
        ? insert
        : onConflict === 'ignore'
          ? insert.onConflictDoNothing()
          : insert.onConflictDoUpdate({ target: onConflict.replaceOn as never, set: placeholders })
    ).toSQL()
    return { statement: db.$client.prepare(text), slots: params.map(toSlot) }
  })
  return (row: Row): number => {
    const { statement, slots } = compiled()
    return statement.run(slots.map(({ name, encode }) => encode(row[name] ?? null))).changes
  }
}

/** Which value of a row goes into a parameter, and how SQLite takes it. */
export function toSlot(param: unknown): { readonly name: string; readonly encode: (value: unknown) => unknown } {
  if (is(param, Placeholder)) return { name: param.name, encode: (value) => value }
  if (!is(param, Param) || !is(param.value, Placeholder)) return { name: '', encode: () => param }
  const { encoder, value } = param
  return { name: value.name, encode: (given) => (given === null ? null : encoder.mapToDriverValue(given)) }
}

/** An update by key of whichever columns the patch names; each set of columns is compiled once. */
export function preparedPatch(db: Db, table: SQLiteTable, key: Column) {
  const compiled = oncePer((shape) => {
    const set: Record<string, SQL | ReturnType<typeof sql.placeholder>> = Object.fromEntries(
      shape.split(',').map((name) => [name, sql.placeholder(name)]),
    )
    return db
      .update(table)
      .set(set as never)
      .where(eq(key, sql.placeholder('key')))
      .prepare()
  })
  return (id: string, patch: Row): void => void compiled(Object.keys(patch).sort().join()).run({ ...patch, key: id })
}

/** A query for the rows in which columns have the values of a filter, where it names any; each set of columns is compiled once. */
export function preparedFilter<R>(
  columns: Readonly<Record<string, Column>>,
  query: (fits: SQL | undefined) => { prepare(): { all(values: Row): R[] } },
) {
  const namesOf = (filter: Row) => Object.keys(columns).filter((name) => filter[name] !== undefined)
  const compiled = oncePer((shape) => {
    const named = Object.entries(columns).filter(([name]) => shape.split(',').includes(name))
    return query(and(...named.map(([name, column]) => eq(column, sql.placeholder(name))))).prepare()
  })
  return (filter: Row): R[] => compiled(namesOf(filter).join()).all(filter)
}
