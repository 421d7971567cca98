import { describe, expect, it } from 'vitest'
import type { Finding, FindingLevel } from '../../../src/domain/finding.ts'
import { createFindingLog } from '../../../src/domain/rules/finding-log.ts'

function finding(code: string, level: FindingLevel, line: number): Finding {
  return { code, level, line, column: 1, kind: null, key: null, field: null, value: null, facts: {} }
}

describe('the findings of a file', () => {
  it('are counted exactly and listed up to a cap per code', () => {
    const log = createFindingLog({ findings: 100, findingsPerCode: 3 })

    for (let line = 1; line <= 50; line++) log.add(finding('LOK-06', 'note', line))

    expect(log.listed()).toHaveLength(3)
    expect(log.counts()).toEqual({ 'LOK-06': 50 })
  })

  it('leave room for what was refused, however many warnings came first', () => {
    const log = createFindingLog({ findings: 10, findingsPerCode: 10 })

    for (let line = 1; line <= 50; line++) log.add(finding(`LOK-${line}`, 'warning', line))
    for (let line = 51; line <= 60; line++) log.add(finding('DTR-02a', 'record', line))

    expect(log.listed().filter(({ level }) => level === 'record')).toHaveLength(5)
    expect(log.counts()['DTR-02a']).toBe(10)
  })

  it('stand in the order of the file, the cause of a rejection first', () => {
    const log = createFindingLog({ findings: 10, findingsPerCode: 10 })

    log.add(finding('B', 'note', 9))
    log.add(finding('A', 'record', 2))
    log.addCause(finding('FIL-07', 'file', 99))

    expect(log.listed().map(({ code }) => code)).toEqual(['FIL-07', 'A', 'B'])
  })
})
