import type { Finding, FindingLevel } from '../finding.ts'

/** Collects the findings of one file: every one is counted, as many as the limits allow are listed. */
export interface FindingLog {
  add(finding: Finding): void
  /** Puts the cause of a rejection first, whatever the caps. */
  addCause(finding: Finding): void
  listed(): readonly Finding[]
  counts(): Readonly<Record<string, number>>
  /** True while a further finding of the code would be listed; lets a caller spare the work of placing it. */
  wants(code: string, level: FindingLevel): boolean
  /** Counts a finding without listing it. */
  count(code: string): void
}

/**
 * @param limits How many findings are listed, in all and of one code. Warnings and notes take half the room at most, so that
 * a flood of them never hides what was refused.
 */
export function createFindingLog(limits: { readonly findings: number; readonly findingsPerCode: number }): FindingLog {
  const causes: Finding[] = []
  const findings: Finding[] = []
  const counts = new Map<string, number>()
  let mild = 0
  const isMild = (level: FindingLevel): boolean => level === 'warning' || level === 'note'
  const wants = (code: string, level: FindingLevel): boolean =>
    (counts.get(code) ?? 0) < limits.findingsPerCode && (isMild(level) ? mild * 2 : findings.length) < limits.findings
  const count = (code: string): void => {
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }

  return {
    add(finding) {
      if (wants(finding.code, finding.level) && findings.length < limits.findings) {
        findings.push(finding)
        if (isMild(finding.level)) mild += 1
      }
      count(finding.code)
    },
    addCause(finding) {
      count(finding.code)
      causes.push(finding)
    },
    listed: () => [...causes, ...findings.sort(byPlace)],
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    wants,
    count,
  }
}

/** In the order of the file; what is about the file as a whole comes last. */
function byPlace(a: Finding, b: Finding): number {
  return (a.line ?? Number.MAX_SAFE_INTEGER) - (b.line ?? Number.MAX_SAFE_INTEGER) || (a.column ?? 0) - (b.column ?? 0)
}
