import type { InstitutionRecord } from '../../domain/institution-record.ts'
import type { Instant } from '../../domain/time.ts'
import type { KnownInstitution } from './decide-delta.ts'
import type { SandboxDatabase } from './open-sandbox-database.ts'

/** The institutions that the sandbox knows, with every state they had, and the clocks per number and source. */
export interface InstitutionStore {
  find(instnr: string): KnownInstitution | null
  /** The state a look-up shows at an instant: the last one taken at or before it. */
  findVisible(instnr: string, takenBy: Instant): KnownInstitution | null
  countOpenChildren(instnr: string): number
  count(): { readonly open: number; readonly closed: number }
  save(institution: KnownInstitution, takenAt: Instant): void
  lastSourceDateTime(instnr: string, source: string): string | null
  clocks(instnr: string): readonly { readonly source: string; readonly lastSourceDateTime: string }[]
  moveClock(instnr: string, source: string, sourceDateTime: string): void
}

interface Row {
  readonly record: string
  readonly closed: number
}

export function openInstitutionStore(database: SandboxDatabase): InstitutionStore {
  const find = database.prepare<[string], Row>('SELECT record, closed FROM institution WHERE instnr = ?')
  const findVisible = database.prepare<[string, number], Row>(
    'SELECT record, closed FROM institution_version WHERE instnr = ? AND taken_at <= ? ORDER BY version DESC LIMIT 1',
  )
  const countChildren = database
    .prepare<[string], number>('SELECT count(*) FROM institution WHERE parent = ? AND closed = 0')
    .pluck()
  const countAll = database.prepare<[], { open: number; closed: number }>(
    'SELECT count(*) FILTER (WHERE closed = 0) AS open, count(*) FILTER (WHERE closed = 1) AS closed FROM institution',
  )
  const save = database.prepare<[string, string | null, number, string]>(
    'INSERT OR REPLACE INTO institution (instnr, parent, closed, record) VALUES (?, ?, ?, ?)',
  )
  const addVersion = database.prepare<{ instnr: string; takenAt: number; closed: number; record: string }>(
    `INSERT INTO institution_version (instnr, version, taken_at, closed, record)
     SELECT :instnr, 1 + coalesce(max(version), 0), :takenAt, :closed, :record FROM institution_version WHERE instnr = :instnr`,
  )
  const lastTime = database
    .prepare<[string, string], string>('SELECT last_source_date_time FROM source_clock WHERE instnr = ? AND source = ?')
    .pluck()
  const clocks = database.prepare<[string], { source: string; lastSourceDateTime: string }>(
    'SELECT source, last_source_date_time AS lastSourceDateTime FROM source_clock WHERE instnr = ? ORDER BY source',
  )
  const moveClock = database.prepare<[string, string, string]>(
    'INSERT OR REPLACE INTO source_clock (instnr, source, last_source_date_time) VALUES (?, ?, ?)',
  )

  return {
    find: (instnr) => toInstitution(find.get(instnr)),
    findVisible: (instnr, takenBy) => toInstitution(findVisible.get(instnr, takenBy)),
    countOpenChildren: (instnr) => countChildren.get(instnr) ?? 0,
    count: () => countAll.get() ?? { open: 0, closed: 0 },
    save({ record, closed }, takenAt) {
      const json = JSON.stringify(record)
      const closedFlag = closed ? 1 : 0
      save.run(record.instnr, record.hovedinstitutionsnr ?? null, closedFlag, json)
      addVersion.run({ instnr: record.instnr, takenAt, closed: closedFlag, record: json })
    },
    lastSourceDateTime: (instnr, source) => lastTime.get(instnr, source) ?? null,
    clocks: (instnr) => clocks.all(instnr),
    moveClock: (instnr, source, sourceDateTime) => {
      moveClock.run(instnr, source, sourceDateTime)
    },
  }
}

function toInstitution(row: Row | undefined): KnownInstitution | null {
  return row === undefined ? null : { record: JSON.parse(row.record) as InstitutionRecord, closed: row.closed === 1 }
}
