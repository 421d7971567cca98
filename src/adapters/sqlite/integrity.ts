import type Database from 'better-sqlite3'

/** What SQLite's own check and the check of foreign keys find; empty when the file is sound. */
export function problemsOf(sqlite: Database.Database): string[] {
  const broken = (sqlite.pragma('quick_check') as { quick_check: string }[]).map((row) => row.quick_check)
  const orphans = sqlite.pragma('foreign_key_check') as { table: string }[]
  return [...broken.filter((line) => line !== 'ok'), ...orphans.map((row) => `${row.table} points at a missing row`)]
}
