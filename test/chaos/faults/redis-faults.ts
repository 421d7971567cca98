import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Random } from '../../../src/sandbox/generator/random.ts'
import { findProgram } from '../../kit/find-program.ts'
import type { Fault, Night } from '../ordeal.ts'
import { serveRedis } from '../serve-redis.ts'
import { killAgain } from './kill-again.ts'

/** How long Redis is in a bad way, in ms. */
const spell = { shortest: 500, longest: 4_000 } as const

/** What goes wrong with the private Redis of a worker that runs. */
export const redisFaults: readonly Fault[] = [
  whileItRuns('Redis killed', async (night) => {
    await onRedis(night, async (redis) => void process.kill(await pidOf(redis), 'SIGKILL'))
    return 'killed'
  }),
  whileItRuns('Redis flushed', async (night) => {
    await onRedis(night, (redis) => redis.flushall())
    return 'flushed'
  }),
  whileItRuns('Redis out of memory', async (night, random) => {
    const ms = random.between(spell.shortest, spell.longest)
    await onRedis(night, async (redis) => {
      await redis.config('SET', 'maxmemory', '1')
      await pause(ms)
      await redis.config('SET', 'maxmemory', '0')
    })
    return `${ms} ms`
  }),
  whileItRuns('Redis evicts', async (night, random) => {
    const ms = random.between(spell.shortest, spell.longest)
    await onRedis(night, async (redis) => {
      await redis.config('SET', 'maxmemory', '1', 'maxmemory-policy', 'allkeys-random')
      await pause(ms)
      await redis.config('SET', 'maxmemory', '0', 'maxmemory-policy', 'noeviction')
    })
    return `${ms} ms`
  }),
  whileItRuns('Redis stands still', async (night, random) => {
    const ms = random.between(spell.shortest, spell.longest)
    const how = random.pick(['CLIENT PAUSE', 'SIGSTOP'])
    await onRedis(night, async (redis) => {
      if (how === 'CLIENT PAUSE') return void (await redis.client('PAUSE', ms, 'ALL'))
      const pid = await pidOf(redis)
      process.kill(pid, 'SIGSTOP')
      await pause(ms)
      process.kill(pid, 'SIGCONT')
    })
    return `${how} ${ms} ms`
  }),
  {
    name: 'AOF cut off',
    nights: 2,
    strike: (night, random) =>
      killAgain(night, 3, async (worker) => {
        await worker.untilLine(random.between(8, 30))
        await onRedis(night, async (redis) => {
          const pid = await pidOf(redis)
          await worker.kill()
          process.kill(pid, 'SIGKILL')
        })
        const cut = random.between(1, 3_000)
        cutNewestAof(night, cut)
        return `${cut} bytes`
      }),
  },
  operators('redis-server'),
  operators('valkey-server'),
]

/** A server that is not ours dies and is started again by its own service manager. */
function operators(program: 'redis-server' | 'valkey-server'): Fault {
  return {
    name: `operator's ${program} killed`,
    nights: 1,
    missing: () => (hasProgram(program) ? null : `no ${program} on this machine`),
    strike: async (night, random) => {
      const server = await serveRedis(night, program)
      const worker = night.worker('worker', { env: { DAGTILBUD_REDIS_URL: server.url } })
      worker.start()
      const lines = [random.between(3, night.lines), random.between(3, night.lines)].sort((a, b) => a - b)
      for (const line of lines) {
        await worker.untilLine(line)
        await server.killAndStart()
      }
      await night.untilClosed(worker)
      return lines.map((line) => `line ${line}`)
    },
  }
}

/** Strikes up to three times at random lines of the worker's log. */
function whileItRuns(name: string, strike: (night: Night, random: Random) => Promise<string>): Fault {
  return {
    name,
    nights: 2,
    strike: async (night, random) => {
      const worker = night.worker()
      worker.start()
      const struck: string[] = []
      const lines = Array.from({ length: 3 }, () => random.between(3, night.lines)).sort((a, b) => a - b)
      for (const line of lines) {
        await worker.untilLine(line)
        if (night.isClosed()) break
        struck.push(`line ${line}: ${await strike(night, random)}`)
      }
      await night.untilClosed(worker)
      return struck
    },
  }
}

/** Does something over a connection of its own to the world's private Redis. */
async function onRedis(night: Night, work: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis({
    path: join(night.world.dir, 'data/redis/redis.sock'),
    maxRetriesPerRequest: null,
    retryStrategy: () => 50,
  })
  redis.on('error', () => undefined)
  try {
    await work(redis)
  } finally {
    redis.disconnect()
  }
}

async function pidOf(redis: Redis): Promise<number> {
  return Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1])
}

/** Takes bytes off the end of the newest append-only file, as a power cut may. */
function cutNewestAof(night: Night, bytes: number): void {
  const folder = join(night.world.dir, 'data/redis/appendonlydir')
  const [newest] = readdirSync(folder)
    .filter((name) => name.endsWith('.incr.aof'))
    .sort()
    .reverse()
  if (newest === undefined) return
  const file = join(folder, newest)
  truncateSync(file, Math.max(0, statSync(file).size - bytes))
}

function hasProgram(name: string): boolean {
  try {
    return findProgram(name) !== ''
  } catch {
    return false
  }
}
