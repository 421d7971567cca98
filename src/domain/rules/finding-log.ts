import type { Finding } from '../finding.ts'

/** Collects the findings of one file: every one is counted, as many as the limits allow are listed. */
export interface FindingLog {
  add(finding: Finding): void
  /** Puts the cause of a rejection first, whatever the caps. */
  addCause(finding: Finding): void
  listed(): readonly Finding[]
  counts(): Readonly<Record<string, number>>
  /** True while a further finding of the code would be listed; lets a caller spare the work of placing it. */
  wants(code: string): boolean
  /** Counts a finding without listing it. */
  count(code: string): void
}

/** @param limits How many findings are listed, in all and of one code. */
export function createFindingLog(limits: { readonly findings: number; readonly findingsPerCode: number }): FindingLog {
  const findings: Finding[] = []
  const counts = new Map<string, number>()
  const count = (code: string): number => {
    const next = (counts.get(code) ?? 0) + 1
    counts.set(code, next)
    return next
  }

  return {
    add(finding) {
      if (count(finding.code) <= limits.findingsPerCode && findings.length < limits.findings) findings.push(finding)
    },
    addCause(finding) {
      count(finding.code)
      findings.unshift(finding)
    },
    listed: () => findings,
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    wants: (code) => (counts.get(code) ?? 0) < limits.findingsPerCode && findings.length < limits.findings,
    count,
  }
}
