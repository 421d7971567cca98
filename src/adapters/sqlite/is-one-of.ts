import { type Column, inArray, type SQL, sql } from 'drizzle-orm'

/** True where a text column has one of these values. They go in one parameter, so it is one statement however many they are. */
export function isOneOf(column: Column, values: readonly string[]): SQL {
  return inArray(column, sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`)
}
