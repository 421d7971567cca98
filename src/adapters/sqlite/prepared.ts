import { type Column, eq, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from './open-register.ts'

type Row = Readonly<Record<string, unknown>>

/**
 * An insert that is compiled once and run per row; columns the row does not name are stored as NULL. What happens on a
 * conflict is said once, when it is made.
 */
export function preparedInsert(
  db: Db,
  table: SQLiteTable,
  onConflict: 'fail' | 'ignore' | { readonly replaceOn: readonly Column[] } = 'fail',
) {
  const names = Object.entries(getTableColumns(table))
    .filter(([, column]) => !(column as unknown as { autoIncrement?: boolean }).autoIncrement)
    .map(([name]) => name)
  const placeholders = Object.fromEntries(names.map((name) => [name, sql.placeholder(name)]))
  const insert = db.insert(table).values(placeholders)
  const statement = (
    onConflict === 'fail'
      ? insert
      : onConflict === 'ignore'
        ? insert.onConflictDoNothing()
        : insert.onConflictDoUpdate({ target: onConflict.replaceOn as never, set: placeholders })
  ).prepare()
  return (row: Row): number => statement.run(Object.fromEntries(names.map((name) => [name, row[name] ?? null]))).changes
}

/** An update by key of whichever columns the patch names; each set of columns is compiled once. */
export function preparedPatch(db: Db, table: SQLiteTable, key: Column) {
  const compiled = new Map<string, { run(values: Row): unknown }>()
  return (id: string, patch: Row): void => {
    const names = Object.keys(patch).sort()
    const shape = names.join()
    let statement = compiled.get(shape)
    if (statement === undefined) {
      const set: Record<string, SQL | ReturnType<typeof sql.placeholder>> = Object.fromEntries(
        names.map((name) => [name, sql.placeholder(name)]),
      )
      statement = db
        .update(table)
        .set(set as never)
        .where(eq(key, sql.placeholder('key')))
        .prepare()
      compiled.set(shape, statement)
    }
    statement.run({ ...patch, key: id })
  }
}
