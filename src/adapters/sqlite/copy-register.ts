import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { RegisterCopy } from '../../ports/register.ts'
import { reachedOf } from './counters.ts'
import { problemsOf } from './integrity.ts'
import { ledgerEnd } from './ledger-rows.ts'
import { namedBlobs } from './named-blobs.ts'
import { tagOf } from './schema-version.ts'

const firstPages = 2_000

/**
 * Copies the register while it is in use, in steps between which others have their turn. A write by another process begins the
 * copy anew; since each step is twice the one before, it comes to an end however busy they are.
 */
export async function copyRegister(sqlite: Database.Database, to: string, migrationsFolder: string): Promise<RegisterCopy> {
  let pages = firstPages
  await sqlite.backup(to, {
    progress: () => {
      pages *= 2
      return pages
    },
  })
  const facts = describeCopy(to, migrationsFolder)
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(to)) hash.update(chunk)
  return { ...facts, sha256: hash.digest('hex'), sizeBytes: (await stat(to)).size }
}

/** What a copy holds, after SQLite's checks, and as one file. */
function describeCopy(path: string, migrationsFolder: string): Omit<RegisterCopy, 'sha256' | 'sizeBytes'> {
  const sqlite = new Database(path)
  try {
    sqlite.pragma('journal_mode = DELETE')
    const removed = sqlite.prepare('SELECT sha256 FROM removed_blob').pluck().all() as string[]
    const night = sqlite.prepare('SELECT date, state FROM night_run ORDER BY date DESC LIMIT 1').get() as
      | RegisterCopy['night']
      | undefined
    return {
      removed: new Set(removed),
      night: night ?? null,
      problems: problemsOf(sqlite),
      blobs: namedBlobs(drizzle({ client: sqlite })),
      schema: tagOf(sqlite, migrationsFolder),
      ledger: ledgerEnd(sqlite),
      ...reachedOf(sqlite),
    }
  } finally {
    sqlite.close()
  }
}
