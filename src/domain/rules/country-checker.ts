import { trimBlanks } from '../checks/characters.ts'
import type { DeliveryHeader } from '../delivery-file.ts'
import { parseKommuneKode } from '../ids.ts'
import type { Limits } from '../limits.ts'
import { type RawFieldName, type RawRecord, slotOf } from '../raw-record.ts'
import { createFileContext } from './file-context.ts'
import type { FindingLog } from './finding-log.ts'
import { createRecordChecker, type RecordChecker } from './record-checker.ts'
import type { RuleSet } from './rule-set.ts'

/**
 * Holds the records of a file about the whole country against the same rules as deliveries: those of each municipality as
 * a delivery of its own. A unit goes to where it, or the unit above it, has been seen before; else to the municipality its
 * row names. So a number that comes twice, or under two municipalities, is found as in one file.
 */
export function createCountryChecker(header: DeliveryHeader, rules: RuleSet, log: FindingLog, limits: Limits): RecordChecker {
  const checkers = new Map<string, RecordChecker>()
  const checkerOfNumber = new Map<string, RecordChecker>()

  return {
    check(raw, faults) {
      const checker = checkerFor(raw)
      const own = textOf(raw, 'nummer')
      if (own !== '' && !checkerOfNumber.has(own)) checkerOfNumber.set(own, checker)
      return checker.check(raw, faults)
    },
    drop: (faults) => checkerOf('').drop(faults),
    finish: () => {
      for (const checker of checkers.values()) checker.finish()
    },
    read: () => sum((checker) => checker.read()),
    rejected: () => sum((checker) => checker.rejected()),
    rejectedWithoutKey: () => sum((checker) => checker.rejectedWithoutKey()),
    rejectedRefs: () => [...checkers.values()].flatMap((checker) => checker.rejectedRefs()),
    // Only an XML file is asked, and a file about the whole country is CSV.
    untold: () => [],
  }

  function checkerFor(raw: RawRecord): RecordChecker {
    const seen = checkerOfNumber.get(textOf(raw, 'nummer')) ?? checkerOfNumber.get(textOf(raw, 'overordnetNummer'))
    return seen ?? checkerOf(parseKommuneKode(textOf(raw, 'admKommuneKode')) ?? '')
  }

  function checkerOf(kommuneKode: string): RecordChecker {
    let checker = checkers.get(kommuneKode)
    if (checker === undefined) {
      checker = createRecordChecker(createFileContext({ ...header, kommuneKode }, rules, null), log, limits)
      checkers.set(kommuneKode, checker)
    }
    return checker
  }

  function sum(count: (checker: RecordChecker) => number): number {
    return [...checkers.values()].reduce((total, checker) => total + count(checker), 0)
  }
}

function textOf(raw: RawRecord, field: RawFieldName): string {
  return trimBlanks(raw.values[slotOf[field]] ?? '')
}
