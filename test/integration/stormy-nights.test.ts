import { env } from 'node:process'
import { beforeAll, describe, expect, it } from 'vitest'
import { missedCutoffs } from '../../src/app/missed-cutoffs.ts'
import { toInstitutionRecord } from '../../src/domain/institution-record.ts'
import { nextCutoff } from '../../src/domain/next-cutoff.ts'
import type { OutboxDelta } from '../../src/ports/register/outbox.ts'
import { createTestPki, type TestPki } from '../kit/start-test-unilogin.ts'
import { type AfterTheStorm, liveThroughStorm } from '../kit/stormy-nights.ts'

/** How many storms are lived through: 500 on request, some on the build server, a few at a desk. */
const storms = Number(env['STORMS'] ?? (env['CI'] === undefined ? 2 : 40))
const firstSeed = Number(env['STORM_SEED'] ?? 100)

/** Every trouble that any of the nights has met. */
const met = new Set<string>()
let pki: TestPki
beforeAll(async () => {
  pki = await createTestPki()
})

describe('nights of random weather at the target, of jobs lost and doubled, and of clocks set back', () => {
  it.each(Array.from({ length: storms }, (_, i) => firstSeed + i))(
    'leave the target as the register is, each change taken once and in order, and what was late named (seed %i)',
    async (seed) => {
      const storm = await liveThroughStorm(seed, pki)
      try {
        for (const trouble of Object.keys(storm.troubles)) met.add(trouble)
        const deltas = storm.dates.flatMap((date) => storm.ctx.register.read((tx) => tx.outbox.ofNight(date)))

        expect(deltas.filter(({ state }) => state !== 'confirmed').map(inShort)).toEqual([])
        expect(atTarget(storm)).toEqual(inRegister(storm, Object.keys(numbersInOrder(deltas))))
        expect(takenByTarget(storm)).toEqual(numbersInOrder(deltas))
        expect(lateButNotNamed(storm, deltas)).toEqual([])
      } finally {
        await storm.close()
      }
    },
  )

  it('have all met jobs that were lost and came twice, answers that were lost, and a target that was closed or down', () => {
    const troubles = ['clock set', 'job lost before', 'job lost after', 'job twice', 'lostAfterCommit', 'closed']
    expect([...met]).toEqual(expect.arrayContaining(troubles))
  })
})

function inShort({ nummer, operation, state, date, attempts, replyCode, replyText }: OutboxDelta): string {
  return [date, nummer, operation, state, attempts, replyCode, replyText].join(' ')
}

/** What the target holds of each number: its record, or null once it is closed there. */
function atTarget({ target }: AfterTheStorm): Record<string, unknown> {
  const rows = target.prepare('SELECT instnr, closed, record FROM institution ORDER BY instnr').all() as Held[]
  return Object.fromEntries(rows.map(({ instnr, closed, record }) => [instnr, closed === 1 ? null : JSON.parse(record)]))
}

interface Held {
  readonly instnr: string
  readonly closed: number
  readonly record: string
}

function inRegister({ ctx }: AfterTheStorm, numbers: readonly string[]): Record<string, unknown> {
  const units = ctx.register.read((tx) => tx.units.byNumbers(numbers))
  return Object.fromEntries(units.map((unit) => [unit.nummer, unit.open ? toInstitutionRecord(unit) : null]))
}

/** Each number with the deltas that the target took, in the order it took them; their source times only grow. */
function takenByTarget({ target }: AfterTheStorm): Record<string, string[]> {
  const calls = target
    .prepare(
      "SELECT instnr, delta_id, source_date_time FROM call WHERE outcome IN ('OK', 'UAENDRET') AND verb IS NOT NULL ORDER BY seq",
    )
    .all() as { instnr: string; delta_id: string; source_date_time: string }[]
  const taken: Record<string, string[]> = {}
  const last = new Map<string, string>()
  for (const { instnr, delta_id, source_date_time } of calls) {
    expect(source_date_time > (last.get(instnr) ?? ''), `${instnr} went back to ${source_date_time}`).toBe(true)
    last.set(instnr, source_date_time)
    taken[instnr] = [...(taken[instnr] ?? []), delta_id]
  }
  return taken
}

function numbersInOrder(deltas: readonly OutboxDelta[]): Record<string, string[]> {
  const numbers: Record<string, string[]> = {}
  for (const { nummer, deltaId } of deltas) numbers[nummer] = [...(numbers[nummer] ?? []), deltaId]
  return numbers
}

/** Numbers of changes that came too late for the first cutoff after they arose, and that no night's report names. */
function lateButNotNamed({ ctx, dates }: AfterTheStorm, deltas: readonly OutboxDelta[]): string[] {
  const named = new Set(
    dates.flatMap((date) => ctx.register.read((tx) => missedCutoffs(ctx, tx, date))).flatMap(({ subjects }) => subjects),
  )
  const late = deltas.filter(({ createdAt, acknowledgedAt }) => {
    const cutoff = nextCutoff(ctx.settings.cutoffs, createdAt)
    return cutoff !== null && (acknowledgedAt ?? Number.POSITIVE_INFINITY) > cutoff.at
  })
  return late.map(({ nummer }) => nummer).filter((nummer) => !named.has(nummer))
}
