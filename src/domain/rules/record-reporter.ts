import type { RawRecord, RecordFault } from '../raw-record.ts'
import { refKey, type UnitRef } from '../unit.ts'
import type { FindingLog } from './finding-log.ts'
import type { Report } from './report.ts'
import type { RuleSet } from './rule-set.ts'

/** Reports findings about one record after another, and keeps what they do to the record at hand. */
export interface RecordReporter {
  /** Starts a record; its key is not known yet. */
  begin(raw: RawRecord): void
  /** From here on findings carry the key. */
  setRef(ref: UnitRef): void
  readonly report: Report
  /** Adds what a reader saw wrong with the record's form; `raw` is null for one whose values cannot be told apart. */
  addFault(fault: RecordFault, raw: RawRecord | null): void
  isDropped(): boolean
  /** Codes at level `hold`; null on most records. */
  holds(): readonly string[] | null
}

const noFacts: Readonly<Record<string, string | number>> = {}
const shownChars = 200

/** Starts with no record at hand. */
export function createRecordReporter(rules: RuleSet, log: FindingLog): RecordReporter {
  let raw: RawRecord | null = null
  let ref: UnitRef = { nummer: null, lokalId: null }
  let dropped = false
  let holds: string[] | null = null

  const apply = (code: string): ReturnType<RuleSet['levelOf']> => {
    const level = rules.levelOf(code)
    if (level === 'record') dropped = true
    else if (level === 'hold' && holds?.includes(code) !== true) holds = [...(holds ?? []), code]
    return level
  }
  const keyOf = (): string | null => (ref.nummer === null && ref.lokalId === null ? null : refKey(ref))

  return {
    begin(next) {
      raw = next
      ref = { nummer: null, lokalId: null }
      dropped = false
      holds = null
    },
    setRef(next) {
      ref = next
    },
    report(code, slot, facts = noFacts) {
      const level = apply(code)
      if (raw === null || !log.wants(code, level)) {
        log.count(code)
        return
      }
      const { line, column } = slot === null ? raw.position() : raw.positionOf(slot)
      log.add({
        code,
        level,
        line,
        column,
        kind: raw.kind,
        key: keyOf(),
        field: slot === null ? null : raw.labelOf(slot),
        value: slot === null ? null : (raw.values[slot]?.slice(0, shownChars) ?? null),
        facts,
      })
    },
    addFault({ code, position, field, value, facts }, faulty) {
      const { line, column } = position
      log.add({
        code,
        level: apply(code),
        line,
        column,
        kind: faulty?.kind ?? null,
        key: faulty === null ? null : keyOf(),
        field,
        value: value?.slice(0, shownChars) ?? null,
        facts,
      })
    },
    isDropped: () => dropped,
    holds: () => holds,
  }
}
