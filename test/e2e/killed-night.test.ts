import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { provideRedis } from '../../src/adapters/redis/provide-redis.ts'
import { flow } from '../../src/domain/flow.ts'
import { builtProgram } from '../kit/build-once.ts'
import type { DoomedNight } from '../kit/night-process.ts'
import { brokenPromises, type Outcome, wholeOutcomeOf } from '../kit/promises-hold.ts'
import { type SmallWorld, startSmallWorld } from '../kit/small-world.ts'
import { notADelivery, onlyExpected, twoNights } from '../kit/two-nights.ts'

/** Two small municipalities of different systems, and a day with every kind of change in them. */
const kommuner = ['482', '741']
const seed = 'k5'
/** Any renaming waits for a person, so that the night has a hold as well; data agreements are asked for, and Unilogin is looked at. */
const settings = {
  guards: { omdoeb: { ratio: 0, floor: 0 } },
  unilogin: { agreements: 'kraeves' },
  drift: { source: 'opslag', nights: 2 },
}
const [firstNight, secondNight] = ['2026-11-22', '2026-11-23'] as const
const { first: files1, second } = twoNights({ seed, kommuner, dates: [firstNight, secondNight] })
const files2 = [...second, notADelivery]

/**
 * Where the night is cut off: each step has queued what follows, and nothing of that is done. CI also cuts it off where a step
 * has committed and queued nothing yet.
 */
const moments = process.env['CI'] === undefined ? (['queued'] as const) : (['committed', 'queued'] as const)
const seams = flow.flatMap(({ job }) => moments.map((moment) => ({ job, moment })))
/** Each world's night is cut off again and again, always further down the line, so that a few worlds meet every seam. */
const fates = Array.from({ length: 6 }, (_, world) => seams.filter((_, i) => i % 6 === world))
const [{ length: rounds } = []] = fates

let worlds: SmallWorld[] = []
let unbroken: Outcome
let doomed: ChildProcess | undefined

beforeAll(async () => {
  const baseline = await startSmallWorld({ kommuner, settings, suppliers: onlyExpected })
  baseline.drop(files1)
  expect(await baseline.runNight(firstNight)).toMatchObject({ complete: true })
  await baseline.denmark.close()

  const copies = [...fates, 'unbroken'].map(() =>
    startSmallWorld({ copyOf: baseline.dir, kommuner, settings, suppliers: onlyExpected }),
  )
  worlds = await Promise.all(copies)
  await baseline.close()
  for (const world of worlds) world.drop(files2)

  const whole = worlds.at(-1) as SmallWorld
  expect(await whole.runNight(secondNight)).toMatchObject({ complete: true })
  unbroken = wholeOutcomeOf(whole)
  expect(unbroken.operations).toEqual(['flyt', 'nedlaeg', 'opdater', 'opret'])
  expect(unbroken.files.join()).toContain('"rejected"')
  expect(unbroken.holds).toHaveLength(1)

  for (let round = 0; round < rounds; round++) {
    await dieAt(fates.map((fate) => fate[round]))
    // Some find their queue as it was left, the others find none.
    await Promise.all(worlds.slice(0, -1).map((world, i) => (i % 2 === 0 ? flushQueue(world) : undefined)))
  }
})

afterAll(async () => {
  doomed?.kill('SIGKILL')
  await Promise.all(worlds.map((world) => world.close()))
})

describe.concurrent('a night that is killed with SIGKILL and started again ends as an unbroken one', () => {
  it.each(
    fates.map((fate, i) => ({ i, queue: i % 2 === 0 ? 'its queue lost' : 'its queue kept', seams: fate.map(nameOf).join(', ') })),
  )('killed at $seams, each time with $queue', async ({ i }) => {
    const world = worlds[i] as SmallWorld

    const report = await world.runNight(secondNight)

    expect(report).toMatchObject({ complete: true, state: 'closed' })
    expect(wholeOutcomeOf(world)).toEqual(unbroken)
    // A proof is among the promises and runs the nights once more, so not of every one.
    if (i % 3 === 0) expect(await brokenPromises(world, [firstNight, secondNight], unbroken)).toEqual([])
  })
})

type Seam = (typeof seams)[number]

function nameOf({ job, moment }: Seam): string {
  return `${job} (${moment})`
}

/** Runs the night of every world with a seam left in one process of their own, each up to it, where it is until the process is killed. */
async function dieAt(places: readonly (Seam | undefined)[]): Promise<void> {
  const nights = places.flatMap((place, i): DoomedNight[] =>
    place === undefined ? [] : [{ ...place, settings: (worlds[i] as SmallWorld).settings, date: secondNight }],
  )
  doomed = spawn(process.execPath, [builtProgram.night, JSON.stringify(nights)], { stdio: ['ignore', 'ignore', 'inherit'] })
  const [, signal] = (await once(doomed, 'exit')) as [number | null, NodeJS.Signals | null]
  expect(signal, 'a night came to its end without its seam').toBe('SIGKILL')
}

async function flushQueue(world: SmallWorld): Promise<void> {
  const redis = await provideRedis({ url: undefined, dataDir: join(world.dir, 'data') })
  await redis.connect().flushall()
  await redis.close()
}
