import type Database from 'better-sqlite3'

/**
 * What SQLite's own check and the check of foreign keys find; empty when the file is sound.
 * @param check `quick_check`, as every day, or `integrity_check`, which also compares the indexes row by row
 */
export function problemsOf(sqlite: Database.Database, check: 'quick_check' | 'integrity_check' = 'quick_check'): string[] {
  const broken = (sqlite.pragma(check) as Record<string, string>[]).flatMap((row) => Object.values(row))
  const orphans = sqlite.pragma('foreign_key_check') as { table: string }[]
  return [...broken.filter((line) => line !== 'ok'), ...orphans.map((row) => `${row.table} points at a missing row`)]
}
