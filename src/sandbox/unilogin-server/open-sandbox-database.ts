import Database from 'better-sqlite3'

export type SandboxDatabase = Database.Database

const schema = `
  CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;
  CREATE TABLE IF NOT EXISTS system (
    id TEXT PRIMARY KEY, kommuner TEXT NOT NULL, passive INTEGER NOT NULL, certificate_sha256 TEXT
  ) WITHOUT ROWID, STRICT;
  CREATE TABLE IF NOT EXISTS institution (
    instnr TEXT PRIMARY KEY, parent TEXT, closed INTEGER NOT NULL, record TEXT NOT NULL
  ) WITHOUT ROWID, STRICT;
  CREATE INDEX IF NOT EXISTS institution_open_child ON institution (parent) WHERE closed = 0;
  CREATE TABLE IF NOT EXISTS institution_version (
    instnr TEXT NOT NULL, version INTEGER NOT NULL, taken_at INTEGER NOT NULL, closed INTEGER NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (instnr, version)
  ) WITHOUT ROWID, STRICT;
  CREATE TABLE IF NOT EXISTS source_clock (
    instnr TEXT NOT NULL, source TEXT NOT NULL, last_source_date_time TEXT NOT NULL, PRIMARY KEY (instnr, source)
  ) WITHOUT ROWID, STRICT;
  CREATE TABLE IF NOT EXISTS agreement (
    system TEXT NOT NULL, instnr TEXT NOT NULL, status TEXT NOT NULL, PRIMARY KEY (system, instnr)
  ) WITHOUT ROWID, STRICT;
  CREATE TABLE IF NOT EXISTS agreement_history (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, system TEXT NOT NULL, instnr TEXT NOT NULL, status TEXT NOT NULL, comment TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS weather (position INTEGER PRIMARY KEY, rule TEXT NOT NULL, struck INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS call_counter (
    operation TEXT NOT NULL, instnr TEXT NOT NULL, calls INTEGER NOT NULL, PRIMARY KEY (operation, instnr)
  ) WITHOUT ROWID, STRICT;
  CREATE TABLE IF NOT EXISTS call (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, operation TEXT NOT NULL, verb TEXT, instnr TEXT NOT NULL, system TEXT,
    delta_id TEXT, source_date_time TEXT, outcome TEXT NOT NULL, weather TEXT, http_status INTEGER NOT NULL
  ) STRICT;
`

/**
 * Opens the sandbox's own SQLite file, made when it is not there. WAL with synchronous=OFF: a crash of the process loses
 * nothing, a loss of power may; that is fast and good enough for a sandbox, and wrong for a register.
 */
export function openSandboxDatabase(file: string): SandboxDatabase {
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = OFF')
  database.exec(schema)
  return database
}
