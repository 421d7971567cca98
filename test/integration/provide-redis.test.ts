import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type ProvidedRedis, provideRedis } from '../../src/adapters/redis/provide-redis.ts'

/** A data folder, removed when the test has ended and the servers in it have gone. */
function aDataFolder(...below: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'dagtilbud-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }))
  return join(folder, ...below)
}

/** Provides a private Redis and leaves it when the test has ended, unless the test has done so. */
async function provide(dataDir: string, url?: string): Promise<ProvidedRedis> {
  const provided = await provideRedis({ url, dataDir })
  let left: Promise<void> | undefined
  const close = () => {
    left ??= provided.close()
    return left
  }
  onTestFinished(close)
  return { ...provided, close }
}

/** The process id of the server behind a connection. */
async function serverOf(provided: ProvidedRedis): Promise<number> {
  return Number(/process_id:(\d+)/.exec(await provided.connect().info('server'))?.[1])
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const untilEnded = (pid: number) => vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 5000, interval: 5 })

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe('a private Redis', () => {
  it('is started in the data folder, safe for queues and reachable by its socket only', async () => {
    const redis = await provide(aDataFolder())

    const connection = redis.connect()

    expect(redis.description).toEqual({ version: expect.stringMatching(/^\d+\.\d+/), policy: 'noeviction', private: true })
    expect(redis.alone).toBe(true)
    expect(await connection.config('GET', 'appendonly')).toEqual(['appendonly', 'yes'])
    expect(await connection.config('GET', 'port')).toEqual(['port', '0'])
  })

  it('is shared by whoever comes next, and ends with the last one to leave', async () => {
    const dataDir = aDataFolder()
    const first = await provide(dataDir)
    const second = await provide(dataDir)
    const server = await serverOf(first)

    expect(await serverOf(second)).toBe(server)
    expect(second.alone).toBe(false)

    await first.close()
    expect(await second.connect().ping()).toBe('PONG')
    expect(isRunning(server)).toBe(true)

    await second.close()
    await untilEnded(server)
  })

  it('ends when all leave at once', async () => {
    const dataDir = aDataFolder()
    const all = [await provide(dataDir), await provide(dataDir), await provide(dataDir)]
    const server = await serverOf(all[0] as ProvidedRedis)

    await Promise.all(all.map((redis) => redis.close()))

    await untilEnded(server)
  })

  it('is one when several start it at once', async () => {
    const dataDir = aDataFolder()

    const all = await Promise.all([provide(dataDir), provide(dataDir), provide(dataDir)])

    expect(new Set(await Promise.all(all.map(serverOf))).size).toBe(1)
    expect(readFileSync(join(dataDir, 'redis/redis.log'), 'utf8').match(/is starting/g)).toHaveLength(1)
    await Promise.all(all.map((redis) => redis.close()))
  })

  it('remembers what was in it when it is started again', async () => {
    const dataDir = aDataFolder()
    const before = await provide(dataDir)
    const server = await serverOf(before)
    await before.connect().set('job', 'waiting')
    await before.close()
    await untilEnded(server)

    const after = await provide(dataDir)

    expect(await after.connect().get('job')).toBe('waiting')
  })

  it('is started again after its server was killed', async () => {
    const dataDir = aDataFolder()
    const before = await provide(dataDir)
    const server = await serverOf(before)
    process.kill(server, 'SIGKILL')
    await untilEnded(server)

    const after = await provide(dataDir)
    const next = await serverOf(after)

    expect(await after.connect().ping()).toBe('PONG')
    await Promise.all([before.close(), after.close()])
    await untilEnded(next)
  })

  it('is started again by those who use it when its server is killed under them', async () => {
    const dataDir = aDataFolder()
    const users = [await provide(dataDir), await provide(dataDir)]
    const connections = users.map((user) => user.connect())
    await connections[0]?.set('before', 'kept')
    const first = await serverOf(users[0] as ProvidedRedis)

    process.kill(first, 'SIGKILL')

    expect(await Promise.all(connections.map((redis) => redis.get('before')))).toEqual(['kept', 'kept'])
    const second = await serverOf(users[0] as ProvidedRedis)
    expect(second).not.toBe(first)
    await Promise.all(users.map((user) => user.close()))
    await untilEnded(second)
  })

  it('can live in a folder whose path is too long for a socket', async () => {
    const dataDir = aDataFolder('x'.repeat(60), 'y'.repeat(60))
    vi.stubEnv('TMPDIR', aDataFolder())
    onTestFinished(() => void vi.unstubAllEnvs())
    const [one, other] = [await provide(dataDir), await provide(dataDir)]

    expect(await serverOf(one)).toBe(await serverOf(other))
    expect(await one.connect().config('GET', 'dir')).toEqual(['dir', join(dataDir, 'redis')])
    await Promise.all([one.close(), other.close()])
  })

  it('cannot be started without a server on the PATH, and says what to install', async () => {
    vi.stubEnv('PATH', '/nowhere')
    onTestFinished(() => void vi.unstubAllEnvs())

    await expect(provide(aDataFolder())).rejects.toMatchObject({
      code: 'REDIS_NOT_INSTALLED',
      hint: expect.stringContaining('apt-get install redis-server'),
    })
  })
})

describe('a Redis of the operator', () => {
  it('is used as it is, and left running', async () => {
    const port = await startServer('--maxmemory-policy', 'noeviction')
    const redis = await provide(aDataFolder(), `redis://127.0.0.1:${port}/3`)
    const server = await serverOf(redis)
    await redis.connect().set('job', 'waiting')

    await redis.close()

    expect(redis.description.private).toBe(false)
    expect(redis.alone).toBe(false)
    expect(isRunning(server)).toBe(true)
    const again = new Redis({ port, db: 3 })
    expect(await again.get('job')).toBe('waiting')
    again.disconnect()
  })

  it('is refused when it may evict jobs', async () => {
    const port = await startServer('--maxmemory-policy', 'allkeys-lru')

    await expect(provide(aDataFolder(), `redis://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'REDIS_POLICY_UNSAFE',
      message: expect.stringContaining('allkeys-lru'),
      facts: { policy: 'allkeys-lru' },
    })
  })

  it('is refused when it is too old for the queues', async () => {
    const port = await startOldServer('6.0.16')

    await expect(provide(aDataFolder(), `redis://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'REDIS_VERSION_OLD',
      facts: { version: '6.0.16' },
    })
  })

  it('is named when it does not answer, without its password', async () => {
    const port = await freePort()
    const url = `redis://user:hemmelig@127.0.0.1:${port}`

    const failure = await provide(aDataFolder(), url).catch((error: unknown) => error)

    expect(failure).toMatchObject({ code: 'REDIS_UNREACHABLE' })
    expect((failure as Error).message).toMatch(new RegExp(`at 127.0.0.1:${port}: .*ECONNREFUSED`))
    expect(JSON.stringify(failure)).not.toContain('hemmelig')
  })
})

/** A server of the test's own on a free port. */
async function startServer(...options: string[]): Promise<number> {
  const port = await freePort()
  const dir = aDataFolder()
  const server = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', dir, ...options], {
    stdio: 'ignore',
  })
  onTestFinished(async () => {
    server.kill()
    await once(server, 'exit')
  })
  const redis = new Redis({ port, retryStrategy: () => 5, maxRetriesPerRequest: null })
  redis.on('error', () => undefined)
  await redis.ping()
  redis.disconnect()
  return port
}

/** Says of itself that it is Redis of some version, and nothing else. */
async function startOldServer(version: string): Promise<number> {
  const info = `redis_version:${version}\r\nmaxmemory_policy:noeviction\r\n`
  const server = createServer((socket) => {
    socket.on('data', (data) => {
      for (const command of data
        .toString()
        .split(/\*\d+\r\n/)
        .slice(1))
        socket.write(/info/i.test(command) ? `$${info.length}\r\n${info}\r\n` : '+OK\r\n')
    })
  }).listen(0, '127.0.0.1')
  onTestFinished(async () => {
    server.close()
    await once(server, 'close')
  })
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
