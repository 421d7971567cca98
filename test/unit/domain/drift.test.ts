import { describe, expect, it } from 'vitest'
import { driftText, findDrift, isSuspectLook, recordOfRow, rowOfRecord } from '../../../src/domain/drift.ts'
import type { InstitutionRecord } from '../../../src/domain/institution-record.ts'

const own: InstitutionRecord = {
  instnr: 'G10001',
  instnavn: 'Ærtebjerg',
  adresse: 'Ærtevej 1',
  postnr: '2860',
  kommunenr: '159',
  kommune: 'Gladsaxe',
  telefonnr: '12345678',
}
const { kommunenr: _kommunenr, kommune: _kommune, ...withoutKommune } = own

describe('drift', () => {
  it.each([
    ['nothing, when it is the same', own, own, null],
    ['nothing, when a look-up leaves the municipality out', own, withoutKommune, null],
    ['nothing, when it is closed here and gone there', null, null, null],
    ['nothing, when neither knows the number', undefined, null, null],
    ['missing there', own, null, { kind: 'mangler-i-unilogin', fields: [] }],
    [
      'different there, by field',
      own,
      { ...own, instnavn: 'x', telefonnr: undefined },
      { kind: 'afviger-i-unilogin', fields: ['instnavn', 'telefonnr'] },
    ],
    ['another municipality there', own, { ...own, kommunenr: '101' }, { kind: 'afviger-i-unilogin', fields: ['kommunenr'] }],
    ['closed here, and there still', null, own, { kind: 'nedlagt-i-register', fields: [] }],
    ['known there only', undefined, own, { kind: 'kun-i-unilogin', fields: [] }],
  ] as const)('is %s', (_case, ours, theirs, expected) => {
    expect(findDrift(ours, theirs as InstitutionRecord | null)).toEqual(expected)
  })

  it('is not found in what a list has no column for, or leaves empty', () => {
    const row = { instnr: 'G10001', instnavn: 'Ærtebjerg', adresse: '', postnr: '', kommunenr: null }

    expect(findDrift(own, recordOfRow(own, row))).toBeNull()
    expect(findDrift(own, recordOfRow(own, { ...row, postnr: '9999' }))).toEqual({
      kind: 'afviger-i-unilogin',
      fields: ['postnr'],
    })
    expect(rowOfRecord(recordOfRow(undefined, row))).toEqual(row)
  })

  it('is not believed when too many are gone at once, but a few are always', () => {
    expect(isSuspectLook(100, 20, 0.2)).toBe(false)
    expect(isSuspectLook(100, 21, 0.2)).toBe(true)
    expect(isSuspectLook(6, 5, 0.2)).toBe(false)
    expect(isSuspectLook(6, 6, 0.2)).toBe(true)
  })

  it('is told with its fields and since when', () => {
    const lookedAt = Date.parse('2026-11-24T01:15:00Z')

    expect(driftText({ lookedAt, kind: null, fields: [], sinceAt: null }).da).toBe('set 2026-11-24 02:15: som her')
    expect(driftText({ lookedAt, kind: 'afviger-i-unilogin', fields: ['instnavn'], sinceAt: lookedAt - 86_400_000 }).da).toBe(
      'set 2026-11-24 02:15: Står anderledes i Unilogin: instnavn; sådan siden 2026-11-23 02:15',
    )
  })
})
