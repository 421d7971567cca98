import type { Instant } from '../../domain/time.ts'
import type { SandboxDatabase } from './open-sandbox-database.ts'
import type { WeatherKind } from './weather.ts'

/** One call as it is logged: ids and codes only, never what an institution's fields hold. */
export interface LoggedCall {
  readonly at: Instant
  /** The SOAP operation, or '-' when the request could not be read that far. */
  readonly operation: string
  /** opret, opdater, flyt or nedlaeg. */
  readonly verb: string | null
  /** The institution number, or '-' for a call about several or none. */
  readonly instnr: string
  readonly system: string | null
  readonly deltaId: string | null
  readonly sourceDateTime: string | null
  /** What the sandbox decided: OK, UAENDRET, a refusal code, a fault's type, or `none` when weather came first. */
  readonly outcome: string
  readonly weather: WeatherKind | null
  /** 0 when no answer was sent. */
  readonly httpStatus: number
}

export interface CallLog {
  /** Counts a call; gives how often the same operation on the same number was called before. */
  count(operation: string, instnr: string): number
  add(call: LoggedCall): void
  /** The newest calls first. */
  list(limit: number, instnr: string | null): readonly LoggedCall[]
  counts(): readonly {
    readonly operation: string
    readonly outcome: string
    readonly weather: string | null
    readonly calls: number
  }[]
}

export function openCallLog(database: SandboxDatabase): CallLog {
  const count = database
    .prepare<[string, string], number>(
      `INSERT INTO call_counter (operation, instnr, calls) VALUES (?, ?, 1)
       ON CONFLICT DO UPDATE SET calls = calls + 1 RETURNING calls - 1`,
    )
    .pluck()
  const add = database.prepare<LoggedCall>(
    `INSERT INTO call (at, operation, verb, instnr, system, delta_id, source_date_time, outcome, weather, http_status)
     VALUES (:at, :operation, :verb, :instnr, :system, :deltaId, :sourceDateTime, :outcome, :weather, :httpStatus)`,
  )
  const list = database.prepare<{ limit: number; instnr: string | null }, LoggedCall>(
    `SELECT at, operation, verb, instnr, system, delta_id AS deltaId, source_date_time AS sourceDateTime, outcome, weather,
            http_status AS httpStatus
     FROM call WHERE :instnr IS NULL OR instnr = :instnr ORDER BY seq DESC LIMIT :limit`,
  )
  const counts = database.prepare<[], { operation: string; outcome: string; weather: string | null; calls: number }>(
    'SELECT operation, outcome, weather, count(*) AS calls FROM call GROUP BY operation, outcome, weather ORDER BY 1, 2, 3',
  )
  return {
    count: (operation, instnr) => count.get(operation, instnr) ?? 0,
    add: (call) => {
      add.run(call)
    },
    list: (limit, instnr) => list.all({ limit, instnr }),
    counts: () => counts.all(),
  }
}
