import { env } from 'node:process'
import { beforeAll, describe, expect, it } from 'vitest'
import { brokenAtTarget } from '../kit/promises-hold.ts'
import { createTestPki, type TestPki } from '../kit/start-test-unilogin.ts'
import { liveThroughStorm } from '../kit/stormy-nights.ts'

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
        expect(brokenAtTarget(storm)).toEqual([])
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
