import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openAccounts } from '../../src/adapters/accounts/open-accounts.ts'
import { addUser } from '../../src/app/manage-users.ts'
import type { QueueProgram } from '../../src/cli/program.ts'
import { startConsole } from '../../src/console/start-console.ts'
import { parts } from '../../src/main/parts.ts'
import { leftOutOf } from '../../src/sandbox/generator/change-story.ts'
import { createDenmark } from '../../src/sandbox/generator/create-denmark.ts'
import { nextDay } from '../../src/sandbox/generator/next-day.ts'
import { buildNightFiles } from '../../src/sandbox/generator/night-files.ts'
import { sandboxSuppliers } from '../../src/sandbox/generator/suppliers.ts'
import { makeHostKey } from '../../src/sandbox/sftp-server/make-host-key.ts'
import { aPassword } from './console-world.ts'
import { startSmallWorld } from './small-world.ts'

const goodNight = '2026-11-22'
export const badNight = '2026-11-23'
const kommuner = ['665']
const seed = 'a'

/** A running worker with its console, the morning after a night in which a third of a municipality's units was missing. */
export interface BadNight {
  readonly url: string
  readonly program: QueueProgram
  /** Makes the suppliers' server one that nobody knows, and itself again. */
  loseSupplier(): void
  findSupplier(): void
  close(): Promise<void>
}

export async function startBadNight(): Promise<BadNight> {
  const world = await startSmallWorld({ kommuner, settings: { console: { port: 0 }, guards: { secondPerson: 100 } } })
  const day1 = createDenmark({ seed, kommuner })
  world.drop(buildNightFiles(day1, sandboxSuppliers, { loebenummer: 1, dannet: `${goodNight}T20:00:00Z` }))
  await world.runNight(goodNight)
  const { denmark: day2, story } = nextDay(day1, { seed })
  const leftOut = leftOutOf(story)
  world.drop(buildNightFiles(day2, sandboxSuppliers, { loebenummer: 2, dannet: `${badNight}T20:00:00Z`, leftOut }))
  await world.runNight(badNight)

  const hostKey = readFileSync(join(world.dir, 'sandbox/sftp-host.key'), 'utf8')
  let done: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    done = resolve
  })
  let stopped: Promise<void> | undefined
  const started = await new Promise<{ program: QueueProgram; url: string }>((resolve, reject) => {
    stopped = world.withProgram(async (program) => {
      const worker = await program.startWorker(['register', 'edge'])
      const accounts = openAccounts(join(world.dir, 'data/accounts.sqlite'), { N: 2, r: 1, p: 1 })
      const ctx = {
        ...program.operator,
        accounts,
        identity: null,
        metrics: await parts.createMetrics(),
        metricsToken: null,
        nextNight: () => null,
        viewQueues: program.viewQueues,
      }
      await addUser(ctx, { brugernavn: 'anna', navn: 'Anna Holm', roller: ['admin'] }, aPassword, 'prøven')
      const console = await startConsole(ctx)
      resolve({ program, url: console.url })
      await ended
      await console.close()
      accounts.close()
      await worker.stop(5_000)
    })
    stopped.catch(reject)
  })
  return {
    ...started,
    loseSupplier: () => world.denmark.sftp.changeHostKey(makeHostKey().privateKey),
    findSupplier: () => world.denmark.sftp.changeHostKey(hostKey),
    close: async () => {
      done()
      await stopped
      await world.close()
    },
  }
}
