import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { provideRedis } from '../../src/adapters/redis/provide-redis.ts'
import { flow } from '../../src/domain/flow.ts'
import { leftOutOf } from '../../src/sandbox/generator/change-story.ts'
import { createDenmark } from '../../src/sandbox/generator/create-denmark.ts'
import { nextDay } from '../../src/sandbox/generator/next-day.ts'
import { buildNightFiles, type NightFile } from '../../src/sandbox/generator/night-files.ts'
import { sandboxSuppliers } from '../../src/sandbox/generator/suppliers.ts'
import type { StepMoment } from '../../src/worker/run-job.ts'
import { builtProgram } from '../kit/build-once.ts'
import { outcomeOf, type SmallWorld, startSmallWorld } from '../kit/small-world.ts'

/** Small municipalities of different systems; one is large enough for a closing that is held. */
const kommuner = ['492', '741', '665']
const seed = 'a'
const [firstNight, secondNight] = ['2026-11-22', '2026-11-23'] as const

const day1 = createDenmark({ seed, kommuner })
const files1 = buildNightFiles(day1, sandboxSuppliers, { loebenummer: 1, dannet: `${firstNight}T20:00:00Z` })
const { denmark: day2, story } = nextDay(day1, { seed })
const files2: Pick<NightFile, 'supplierId' | 'fileName' | 'bytes'>[] = [
  ...buildNightFiles(day2, sandboxSuppliers, { loebenummer: 2, dannet: `${secondNight}T20:00:00Z`, leftOut: leftOutOf(story) }),
  { supplierId: 'lyngblik', fileName: '741_fuld_000003.csv', bytes: Buffer.from('<!DOCTYPE html><title>Log ind</title>') },
]

/** The seams of the line: between a step's commit and the queueing of the next, and after that. */
const steps = flow.map(({ job }) => job)

let baseline: SmallWorld
let unbroken: ReturnType<typeof outcomeOf>

beforeAll(async () => {
  baseline = await startSmallWorld({ kommuner })
  baseline.drop(files1)
  expect(await baseline.runNight(firstNight)).toMatchObject({ complete: true })
  await baseline.denmark.close()

  const world = await startSmallWorld({ copyOf: baseline.dir, kommuner })
  world.drop(files2)
  expect(await world.runNight(secondNight)).toMatchObject({ complete: true })
  unbroken = outcomeOf(world)
  expect(unbroken.operations).toEqual(['flyt', 'nedlaeg', 'opdater', 'opret'])
  expect(unbroken.files.join()).toContain('"rejected"')
  expect(unbroken.holds).toHaveLength(1)
  await world.close()
})

afterAll(() => baseline.close())

describe.concurrent('a night killed with SIGKILL and started again ends as an unbroken one', () => {
  it.each(steps)('killed when %s has committed and nothing is queued yet', async (job) => {
    const { report, outcome } = await breakNight(job, 'committed')

    expect(report).toMatchObject({ complete: true, state: 'closed' })
    expect(outcome).toEqual(unbroken)
  })

  it.each(steps)('killed when %s has queued the next step, and Redis flushed', async (job) => {
    const { report, outcome } = await breakNight(job, 'queued', flushQueue)

    expect(report).toMatchObject({ complete: true, state: 'closed' })
    expect(outcome).toEqual(unbroken)
  })
})

/** The second night on a copy of the first: killed at a seam, started again, run to its end. */
async function breakNight(job: string, moment: StepMoment, inBetween?: (world: SmallWorld) => Promise<void>) {
  const world = await startSmallWorld({ copyOf: baseline.dir, kommuner })
  try {
    world.drop(files2)
    await dieAt(world, job, moment)
    await inBetween?.(world)
    const report = await world.runNight(secondNight)
    return { report, outcome: outcomeOf(world) }
  } finally {
    await world.close()
  }
}

/** Runs the night in a process of its own until it kills itself at the seam. */
async function dieAt(world: SmallWorld, job: string, moment: StepMoment): Promise<void> {
  const child = spawn(process.execPath, [builtProgram.night, JSON.stringify(world.settings), secondNight, job, moment], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  expect(signal, `the night came to its end without a step ${job} to die at`).toBe('SIGKILL')
}

async function flushQueue(world: SmallWorld): Promise<void> {
  const redis = await provideRedis({ url: undefined, dataDir: join(world.dir, 'data') })
  await redis.connect().flushall()
  await redis.close()
}
