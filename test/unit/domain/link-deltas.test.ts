import { describe, expect, it } from 'vitest'
import { rankOf } from '../../../src/domain/diff-register.ts'
import type { UnitInContext } from '../../../src/domain/institution-record.ts'
import { type AppliedChange, linkDeltas } from '../../../src/domain/link-deltas.ts'
import { levelOf, type UnitKind } from '../../../src/domain/unit.ts'
import { aUnit, kommune } from '../../kit/builders.ts'

const none = new Map<string, readonly string[]>()
const kinds: Readonly<Record<string, UnitKind>> = { D: 'daginstitution', E: 'anvisningsenhed', A: 'alternativAdresse' }

/** A change that was applied: the first letter of the number says its level here, `parent` is its parent afterwards. */
function applied(
  operation: AppliedChange['operation'],
  nummer: string,
  parts: { parent?: string; parentBefore?: string } = {},
): AppliedChange {
  const kind = kinds[nummer.charAt(0)] ?? 'daginstitution'
  const after: UnitInContext = {
    ...aUnit(nummer, { kind }),
    parentNummer: parts.parent ?? null,
    admKommuneKode: kommune,
  }
  return { operation, kind, nummer, after: operation === 'nedlaeg' ? null : after, parentBefore: parts.parentBefore ?? null }
}

/** Which changes each one waits for, by what they do instead of by id. */
function waits(changes: readonly AppliedChange[], pending = none): Record<string, string[]> {
  const deltas = linkDeltas(changes, 'plan', pending)
  const nameOf = new Map(deltas.map((delta) => [delta.deltaId, `${delta.operation} ${delta.nummer}`]))
  return Object.fromEntries(deltas.map((delta) => [nameOf.get(delta.deltaId), delta.needs.map((id) => nameOf.get(id) ?? id)]))
}

describe('a delta waits', () => {
  it('for the opening of what stands above it', () => {
    const changes = [applied('opret', 'D1'), applied('opret', 'E1', { parent: 'D1' }), applied('opret', 'A1', { parent: 'E1' })]

    expect(waits(changes)).toEqual({ 'opret D1': [], 'opret E1': ['opret D1'], 'opret A1': ['opret E1'] })
  })

  it('for the earlier ones of its own number', () => {
    const changes = [applied('flyt', 'E1', { parent: 'D2', parentBefore: 'D1' }), applied('opdater', 'E1', { parent: 'D2' })]

    expect(waits(changes)).toEqual({ 'flyt E1': [], 'opdater E1': ['flyt E1'] })
  })

  it('for the opening of the daginstitution it is moved to', () => {
    expect(waits([applied('opret', 'D2'), applied('flyt', 'E1', { parent: 'D2', parentBefore: 'D1' })])).toEqual({
      'opret D2': [],
      'flyt E1': ['opret D2'],
    })
  })

  it('to close until everything below is closed or has moved away', () => {
    const changes = [
      applied('flyt', 'E2', { parent: 'D2', parentBefore: 'D1' }),
      applied('nedlaeg', 'A1', { parentBefore: 'E1' }),
      applied('nedlaeg', 'E1', { parentBefore: 'D1' }),
      applied('nedlaeg', 'D1'),
    ]

    expect(waits(changes)).toEqual({
      'flyt E2': [],
      'nedlaeg A1': [],
      'nedlaeg E1': ['nedlaeg A1'],
      'nedlaeg D1': ['flyt E2', 'nedlaeg E1'],
    })
  })

  it('for what an earlier night left unacknowledged, of its own number and of its parent', () => {
    const pending = new Map([
      ['E1', ['old-1', 'old-2']],
      ['D1', ['old-3']],
      ['D9', ['old-9']],
    ])

    expect(waits([applied('opdater', 'E1', { parent: 'D1' })], pending)).toEqual({ 'opdater E1': ['old-1', 'old-2', 'old-3'] })
  })

  it('to close until what an earlier night took away from below is acknowledged', () => {
    const [close] = linkDeltas(
      [applied('nedlaeg', 'D1')],
      'plan',
      none,
      new Map([
        ['D1', ['old-1']],
        ['D2', ['old-2']],
      ]),
    )

    expect(close?.needs).toEqual(['old-1'])
  })

  it('not for what has nothing to do with it', () => {
    const changes = [applied('opret', 'D1'), applied('opdater', 'E5', { parent: 'D5' }), applied('nedlaeg', 'D6')]

    expect(Object.values(waits(changes))).toEqual([[], [], []])
  })
})

describe('a delta', () => {
  const opened = [applied('opret', 'D1'), applied('opret', 'E1', { parent: 'D1' })]

  it('has the same id whenever the same plan is applied again, and another for any other plan, number or verb', () => {
    const [first, second] = [linkDeltas(opened, 'plan', none), linkDeltas(opened, 'plan', none)]
    const others = [
      ...linkDeltas(opened, 'another plan', none),
      ...linkDeltas([applied('opdater', 'D1'), applied('opret', 'D2')], 'plan', none),
    ]

    expect(second).toEqual(first)
    expect(new Set([...first, ...others].map((delta) => delta.deltaId)).size).toBe(6)
  })

  it('has an id that is a UUID of version 8', () => {
    for (const { deltaId } of linkDeltas(opened, 'plan', none)) {
      expect(deltaId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }
  })

  it('carries the unit as it is afterwards, and only the number when it is closed', () => {
    const [change, close] = linkDeltas(
      [applied('flyt', 'E1', { parent: 'D2', parentBefore: 'D1' }), applied('nedlaeg', 'E2')],
      'p',
      none,
    )

    expect(change?.record).toMatchObject({ instnr: 'E1', instnavn: 'Enhed E1', hovedinstitutionsnr: 'D2', admkommunenr: kommune })
    expect(close?.record).toEqual({ instnr: 'E2' })
  })

  it('has a rank after everything it waits for, so that the order of sending never blocks itself', () => {
    const order = (['opret', 'flyt', 'opdater', 'nedlaeg'] as const).flatMap((operation) =>
      Object.values(kinds).map((kind) => ({ operation, kind, rank: rankOf({ operation, kind }) })),
    )
    const byRank = [...order].sort((a, b) => a.rank - b.rank)

    expect([...new Set(byRank.map(({ operation }) => operation))]).toEqual(['opret', 'flyt', 'opdater', 'nedlaeg'])
    expect(byRank.filter(({ operation }) => operation === 'opret').map(({ kind }) => levelOf(kind))).toEqual([0, 1, 2])
    expect(byRank.filter(({ operation }) => operation === 'nedlaeg').map(({ kind }) => levelOf(kind))).toEqual([2, 1, 0])
  })
})
