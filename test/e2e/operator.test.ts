import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { decideHold } from '../../src/app/decide-hold.ts'
import { nightReport } from '../../src/app/night-report.ts'
import { requeueJob } from '../../src/app/requeue-job.ts'
import { leftOutOf } from '../../src/sandbox/generator/change-story.ts'
import { createDenmark } from '../../src/sandbox/generator/create-denmark.ts'
import { nextDay } from '../../src/sandbox/generator/next-day.ts'
import { buildNightFiles } from '../../src/sandbox/generator/night-files.ts'
import { sandboxSuppliers } from '../../src/sandbox/generator/suppliers.ts'
import { makeHostKey } from '../../src/sandbox/sftp-server/make-host-key.ts'
import { type SmallWorld, startSmallWorld } from '../kit/small-world.ts'

const [firstNight, secondNight] = ['2026-11-22', '2026-11-23'] as const
const kommuner = ['665']
const seed = 'a'

let heldNight: SmallWorld
let holdId = ''
let closed = 0
let world: SmallWorld

/** Two nights of one municipality; in the second a third of the units is missing from the file. */
beforeAll(async () => {
  heldNight = await startSmallWorld({ kommuner })
  const day1 = createDenmark({ seed, kommuner })
  heldNight.drop(buildNightFiles(day1, sandboxSuppliers, { loebenummer: 1, dannet: `${firstNight}T20:00:00Z` }))
  await heldNight.runNight(firstNight)
  const { denmark: day2, story } = nextDay(day1, { seed })
  closed = leftOutOf(story).size
  heldNight.drop(
    buildNightFiles(day2, sandboxSuppliers, { loebenummer: 2, dannet: `${secondNight}T20:00:00Z`, leftOut: leftOutOf(story) }),
  )
  const report = await heldNight.runNight(secondNight)
  expect(report).toMatchObject({ complete: true, holds: [{ state: 'open', slice: 'nedlaeg', count: closed }] })
  holdId = report.holds[0]?.holdId ?? ''
  await heldNight.denmark.close()
})

beforeEach(async () => {
  world = await startSmallWorld({ copyOf: heldNight.dir, kommuner })
})
afterEach(() => world.close())
afterAll(() => heldNight.close())

describe('a hold', () => {
  it('that is approved lets exactly its changes pass, works once, and the supplier is told', async () => {
    await world.withProgram(async (program) => {
      const worker = await program.startWorker(['register', 'edge'])
      const decision = { holdId, decision: 'approved', by: 'bo', reason: 'klyngen er lagt sammen' } as const
      expect(await decideHold(program.operator, { ...decision, by: 'anna' })).toMatchObject({ state: 'open', firstBy: 'anna' })
      await decideHold(program.operator, decision)
      await expect(decideHold(program.operator, decision)).rejects.toMatchObject({ code: 'HOLD_NOT_OPEN' })
      const report = await vi.waitFor(() => {
        const seen = nightReport(program.register, secondNight)
        expect(seen).toMatchObject({
          complete: true,
          files: { underWay: 0 },
          holds: [{ state: 'approved' }],
          receipts: { waiting: 0 },
        })
        return seen
      }, patient)
      expect(report?.holds).toMatchObject([{ state: 'approved', count: closed }])
      expect(report?.deltas.byOperation.nedlaeg).toBeGreaterThanOrEqual(closed)
      await worker.stop(5_000)
    })
  })

  it('that is approved as the process dies is applied once a worker runs again', async () => {
    await world.withProgram(async (program) => {
      const dying = { ...program.queue, add: () => Promise.reject(new Error('the process dies here')) }
      const decision = { holdId, decision: 'approved', by: 'bo', reason: 'klyngen er lagt sammen' } as const
      await decideHold(program.operator, { ...decision, by: 'anna' })
      await expect(decideHold({ ...program.operator, queue: dying }, decision)).rejects.toThrow('dies here')

      const worker = await program.startWorker(['register', 'edge'])

      await vi.waitFor(() => {
        const report = nightReport(program.register, secondNight)
        expect(report?.deltas.byOperation.nedlaeg).toBeGreaterThanOrEqual(closed)
        expect(report).toMatchObject({ complete: true, receipts: { waiting: 0 } })
      }, patient)
      await worker.stop(5_000)
    })
  })

  it('that is refused leaves the register as it is', async () => {
    await world.withProgram(async (program) => {
      const before = program.register.register.read((tx) => tx.units.counts())
      const worker = await program.startWorker(['register', 'edge'])
      await decideHold(program.operator, { holdId, decision: 'refused', by: 'anna', reason: 'fejl i filen' })
      await vi.waitFor(
        () => expect(nightReport(program.register, secondNight)).toMatchObject({ receipts: { waiting: 0 } }),
        patient,
      )
      expect(program.register.register.read((tx) => tx.units.counts())).toEqual(before)
      await worker.stop(5_000)
    })
  })
})

describe('a job that has failed', () => {
  it('stays in the report until it is re-queued, once, and then does its work', async () => {
    const hostKey = readFileSync(join(world.dir, 'sandbox/sftp-host.key'), 'utf8')

    await world.withProgram(async (program) => {
      const worker = await program.startWorker(['register', 'edge'])
      world.denmark.sftp.changeHostKey(makeHostKey().privateKey)
      await decideHold(program.operator, { holdId, decision: 'refused', by: 'anna', reason: 'fejl i filen' })
      // The receipt that says what became of the hold, and the second one of a file that now has nothing more to wait for.
      const failures = await vi.waitFor(() => {
        const open = program.register.register.read((tx) => tx.failures.open())
        expect(open.map(({ queue, code }) => [queue, code])).toEqual(Array(2).fill(['receipt', 'SFTP_HOST_KEY_CHANGED']))
        return open
      }, patient)
      const [jobId = ''] = failures.map((failure) => failure.jobId)
      expect(nightReport(program.register, secondNight)).toMatchObject({ complete: false, failures: [{ jobId }, {}] })

      world.denmark.sftp.changeHostKey(hostKey)
      for (const failure of failures) await requeueJob(program.operator, failure.jobId, 'anna', 'nøglen er rettet')
      await vi.waitFor(
        () => expect(nightReport(program.register, secondNight)).toMatchObject({ complete: true, failures: [] }),
        patient,
      )
      await expect(requeueJob(program.operator, jobId, 'anna', 'igen')).rejects.toMatchObject({ code: 'JOB_NOT_REQUEUABLE' })
      await worker.stop(5_000)
    })
  })
})

/** A loaded machine may take its time; the state is what counts. */
const patient = { timeout: 20_000, interval: 50 }
