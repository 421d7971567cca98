import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { accessSync, constants, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { Redis } from 'ioredis'
import { ConfigError, FatalError, RetryableError } from '../../domain/errors.ts'

/** BullMQ needs 6.2 for its scripts. Source: BullMQ changelog, "minimum Redis recommended version is 6.2.0". */
const oldestVersion = [6, 2] as const
/** The kernel cuts longer unix socket paths (108 bytes with the closing zero). */
const longestSocketPath = 100
const startDeadlineMs = 10_000
/** Name of a connection whose owner is leaving; it no longer counts as a user. */
const leavingName = 'leaving'

type Target =
  | { readonly path: string }
  | {
      readonly host: string
      readonly port: number
      readonly username?: string
      readonly password?: string
      readonly db?: number
      readonly tls?: object
    }

/** A Redis that is safe for queues, and how to leave it. */
export interface ProvidedRedis {
  /** Opens a connection for a queue or a worker; closed together with this. */
  connect(): Redis
  /** Version, policy, and how it was found. */
  readonly description: { readonly version: string; readonly policy: string; readonly private: boolean }
  /** True when the server is private and nobody else was connected to it when we came. */
  readonly alone: boolean
  /** Closes all connections; a private server ends when nobody else uses it. */
  close(): Promise<void>
}

/** A connection that is closed when it is closed already keeps the process alive this long. */
const disconnectTimeout = 100

/**
 * Uses the Redis of `url`, or a private one in the data folder: a `redis-server` or `valkey-server` on a unix socket,
 * append-only, `noeviction`. A private server that runs already is shared; the last one to leave ends it. One that dies is started
 * again by those who use it.
 * @throws REDIS_UNREACHABLE, REDIS_NOT_INSTALLED, REDIS_POLICY_UNSAFE, REDIS_VERSION_OLD
 */
export async function provideRedis(options: {
  readonly url: string | undefined
  readonly dataDir: string
}): Promise<ProvidedRedis> {
  const target: Target = options.url === undefined ? { path: await startPrivate(options.dataDir) } : parseUrl(options.url)
  const connections: Redis[] = []
  const reviver = options.url === undefined ? reviveServer(options.dataDir) : null
  const connect = () => {
    const redis = new Redis({
      ...target,
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(times * 100, 2000),
      disconnectTimeout,
    })
    // Reconnecting is ioredis' own work; an error event without a listener would end the process.
    redis.on('error', () => undefined)
    if (reviver !== null) redis.on('close', reviver.revive)
    connections.push(redis)
    return redis
  }
  const control = await firstConnection(target)
  try {
    const description = { ...(await inspect(control)), private: options.url === undefined }
    const alone = description.private && (await isAlone(control))
    const close = async () => {
      await reviver?.rest()
      await leave(target, control, connections, description.private)
    }
    return { connect, description, alone, close }
  } catch (error) {
    await leave(target, control, connections, options.url === undefined)
    throw error
  }
}

/** Starts the private server again whenever a connection to it is lost, until it is told to rest. Lost again, it tries again. */
function reviveServer(dataDir: string): { revive(): void; rest(): Promise<void> } {
  let resting = false
  let reviving: Promise<unknown> | null = null
  return {
    revive: () => {
      if (resting || reviving !== null) return
      // Each try to connect anew that fails asks again.
      reviving = startPrivate(dataDir)
        .catch(() => undefined)
        .finally(() => {
          reviving = null
        })
    },
    rest: async () => {
      resting = true
      await reviving
    },
  }
}

async function firstConnection(target: Target): Promise<Redis> {
  const redis = new Redis({
    ...target,
    lazyConnect: true,
    connectTimeout: 5_000,
    disconnectTimeout,
    maxRetriesPerRequest: 1,
    retryStrategy: () => null,
  })
  let reason: unknown
  redis.on('error', (error) => {
    reason = error
  })
  try {
    await redis.connect()
    await redis.ping()
    return redis
  } catch (error) {
    redis.disconnect()
    // The promise says only that the connection is closed; why, the event said before.
    const cause = reason ?? error
    const where = 'path' in target ? target.path : `${target.host}:${target.port}`
    throw new RetryableError(
      'REDIS_UNREACHABLE',
      `connecting to Redis at ${where}: ${cause instanceof Error ? cause.message : cause}`,
      {
        dataState: 'the register is untouched; the queue is rebuilt from it once Redis answers',
        hint: 'start Redis, or correct redis.url; without redis.url a private one is started',
        cause,
      },
    )
  }
}

async function inspect(redis: Redis): Promise<{ version: string; policy: string }> {
  const version = /^(?:valkey_version|redis_version):(\S+)/m.exec(await redis.info('server'))?.[1] ?? '0'
  const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1] ?? 'unknown'
  if (policy !== 'noeviction') {
    throw new ConfigError(
      'REDIS_POLICY_UNSAFE',
      `Redis has maxmemory-policy "${policy}"; only noeviction is safe: an evicted key is a lost job`,
      {
        dataState: 'nothing was queued; the register is untouched',
        hint: 'set maxmemory-policy noeviction in redis.conf (or by CONFIG SET), or give us a Redis of our own',
        facts: { policy },
      },
    )
  }
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < oldestVersion[0] || (major === oldestVersion[0] && minor < oldestVersion[1])) {
    throw new ConfigError('REDIS_VERSION_OLD', `Redis is version ${version}; ${oldestVersion.join('.')} or newer is needed`, {
      dataState: 'nothing was queued; the register is untouched',
      hint: 'update Redis, or use Valkey',
      facts: { version },
    })
  }
  return { version, policy }
}

/** Starts the private server unless it answers already; gives its socket. */
async function startPrivate(dataDir: string): Promise<string> {
  const dir = resolve(dataDir, 'redis')
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const socket = socketPath(dir)
  if (await answers(socket)) return socket
  const binary = findServer()
  await oneAtATime(join(dir, 'start.lock'), async () => {
    if (!(await answers(socket))) await startServer(binary, dir, socket)
  })
  return socket
}

/**
 * Runs the work while no other process runs its own. A server takes over a socket and a data folder that another one has,
 * so two must never start side by side. SQLite's lock is given back by the system when its holder dies.
 */
async function oneAtATime(file: string, work: () => Promise<void>): Promise<void> {
  const lock = new Database(file, { timeout: 0 })
  const take = async () => {
    try {
      lock.exec('BEGIN EXCLUSIVE')
      return true
    } catch {
      return false
    }
  }
  try {
    if (await waitFor(take, 2 * startDeadlineMs)) return await work()
    throw new RetryableError('REDIS_UNREACHABLE', `waiting for another process to start Redis, which holds ${file}`, {
      dataState: 'the register is untouched',
      hint: 'it is tried again; if it stays so, look for a process of ours that hangs',
    })
  } finally {
    lock.close()
  }
}

async function startServer(binary: string, dir: string, socket: string): Promise<void> {
  const child = spawn(
    binary,
    [
      ...['--port', '0', '--unixsocket', socket, '--unixsocketperm', '700', '--dir', dir],
      ...['--appendonly', 'yes', '--save', '', '--maxmemory-policy', 'noeviction'],
      ...['--logfile', join(dir, 'redis.log'), '--daemonize', 'no'],
    ],
    { stdio: 'ignore', detached: true },
  )
  child.unref()
  const failed = once(child, 'exit').then(([code]) => `it ended with code ${code}`)
  const started = waitFor(() => answers(socket), startDeadlineMs).then((up) => (up ? null : 'it did not answer'))
  const problem = await Promise.race([failed, started])
  if (problem === null) return
  child.kill()
  throw new FatalError('REDIS_UNREACHABLE', `started ${binary} in ${dir}; ${problem} within ${startDeadlineMs} ms`, {
    dataState: 'the register is untouched',
    hint: `see ${join(dir, 'redis.log')}`,
  })
}

function socketPath(dir: string): string {
  const inFolder = join(dir, 'redis.sock')
  if (Buffer.byteLength(inFolder) <= longestSocketPath) return inFolder
  const short = join(tmpdir(), `dagtilbud-${createHash('sha256').update(dir).digest('hex').slice(0, 16)}`)
  mkdirSync(short, { recursive: true, mode: 0o700 })
  return join(short, 'redis.sock')
}

function findServer(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  for (const name of ['valkey-server', 'redis-server']) {
    for (const folder of folders) {
      const file = join(folder, name)
      if (isExecutable(file)) return file
    }
  }
  throw new ConfigError(
    'REDIS_NOT_INSTALLED',
    'redis.url is not set, and there is no valkey-server or redis-server on the PATH',
    {
      dataState: 'the register is untouched',
      hint: 'install one (Debian: apt-get install redis-server), or set redis.url to a Redis of yours',
    },
  )
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function answers(socket: string): Promise<boolean> {
  const redis = new Redis({
    path: socket,
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    enableOfflineQueue: false,
  })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    return (await redis.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    redis.disconnect()
  }
}

async function waitFor(condition: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs
  while (performance.now() < until) {
    if (await condition()) return true
    await new Promise((wake) => setTimeout(wake, 20))
  }
  return false
}

async function leave(target: Target, control: Redis, connections: readonly Redis[], isPrivate: boolean): Promise<void> {
  for (const connection of connections) connection.disconnect()
  if (isPrivate) await endWhenUnused(target, control).catch(() => undefined)
  control.disconnect()
}

/** Ends the private server when nobody uses it but those who are leaving; of several that leave at once, the first ends it. */
async function endWhenUnused(target: Target, control: Redis): Promise<void> {
  // The server may have been killed and started again since we came.
  const own = control.status === 'ready' ? control : await firstConnection(target)
  try {
    await own.client('SETNAME', leavingName)
    const isUnused = async () => (await connectionsOf(own)).every((line) => line.includes(` name=${leavingName} `))
    if (await waitFor(isUnused, 500)) await own.shutdown()
  } finally {
    own.disconnect()
  }
}

async function isAlone(control: Redis): Promise<boolean> {
  return (await connectionsOf(control)).length <= 1
}

/** The server's list of connections, one line each, ours included. */
async function connectionsOf(control: Redis): Promise<string[]> {
  return String(await control.client('LIST'))
    .trim()
    .split('\n')
}

function parseUrl(url: string): Target {
  const { hostname, port, username, password, pathname, protocol } = new URL(url)
  if (protocol === 'unix:') return { path: pathname }
  return {
    host: hostname,
    port: port === '' ? 6379 : Number(port),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(pathname.length > 1 ? { db: Number(pathname.slice(1)) } : {}),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  }
}
