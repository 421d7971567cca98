import { type Column, inArray, type Placeholder, type SQL, sql } from 'drizzle-orm'

/**
 * True where a text column has one of these values; a placeholder is given them as JSON. They go in one parameter, so it is one
 * statement however many they are.
 */
export function isOneOf(column: Column, values: readonly string[] | Placeholder): SQL {
  const list = Array.isArray(values) ? JSON.stringify(values) : values
  return inArray(column, sql`(SELECT value FROM json_each(${list}))`)
}
