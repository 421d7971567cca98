import { join } from 'node:path'
import { destination } from 'pino'
import { channelsOf } from '../../config/alert-channels.ts'
import { asksForTraces } from '../../config/asks-for-traces.ts'
import { sftpServers } from '../../config/export-server.ts'
import { loadSecret } from '../../config/load-secret.ts'
import { loadSettings } from '../../config/load-settings.ts'
import type { Settings } from '../../config/settings.ts'
import { jobs } from '../../jobs/index.ts'
import { openAccounts } from '../adapters/accounts/open-accounts.ts'
import { createJobQueue } from '../adapters/bullmq/create-job-queue.ts'
import { startQueueWorker } from '../adapters/bullmq/start-queue-worker.ts'
import { createBackupFolder } from '../adapters/files/create-backup-folder.ts'
import { createFolderFileStore } from '../adapters/files/create-folder-file-store.ts'
import { timeTarget } from '../adapters/metrics/time-target.ts'
import { provideRedis } from '../adapters/redis/provide-redis.ts'
import { createSftpInbox } from '../adapters/sftp/create-sftp-inbox.ts'
import { type PooledInbox, poolSessions } from '../adapters/sftp/pool-sessions.ts'
import { openRegister } from '../adapters/sqlite/open-register.ts'
import { openRegisterFile } from '../adapters/sqlite/open-register-file.ts'
import { createLog } from '../adapters/system/create-log.ts'
import { systemClock } from '../adapters/system/system-clock.ts'
import { createUniloginTarget } from '../adapters/unilogin/create-unilogin-target.ts'
import { loadMessageSecurity } from '../adapters/unilogin/load-message-security.ts'
import { loadTlsMaterial } from '../adapters/unilogin/load-tls-material.ts'
import { openListFile } from '../adapters/unilogin/open-list-file.ts'
import type { EdgeContext, RegisterContext } from '../app/context.ts'
import type { EdgeProgram, Parts, QueueProgram, ReadingProgram, Role, WorkerOptions } from '../cli/program.ts'
import type { Backups } from '../ports/backups.ts'
import type { Channels } from '../ports/channels.ts'
import type { FileStore } from '../ports/file-store.ts'
import type { Log } from '../ports/log.ts'
import type { Metrics } from '../ports/metrics.ts'
import type { JobRunner } from '../worker/run-job.ts'
import { startWorker } from '../worker/start-worker.ts'
import { filesFolder, registerPath } from './data-folder.ts'
import { openProof } from './open-proof.ts'

/** How long a supplier's session stays open for the next receipt. */
const idleSessionMs = 3_000

/** Wires the adapters to the doors. Decides nothing. */
export const parts: Parts = {
  loadSettings: (overrides) => loadSettings(process.env, overrides),
  createLog: ({ level, file }) =>
    createLog(file === undefined ? { level } : { level, stream: destination({ dest: file, mkdir: true, sync: false }) }),
  openReading,
  openQueue,
  openEdgeQueue,
  openProof,
  openAccounts: (settings) => openAccounts(join(settings.dataDir, 'accounts.sqlite')),
  // Loaded when asked for, as Bull Board is: a command that needs neither starts an eighth of a second sooner.
  createIdentityProvider: async ({ console: { oidc } }) => {
    if (oidc === undefined) return null
    const { createOidcProvider } = await import('../adapters/oidc/create-oidc-provider.ts')
    return createOidcProvider(oidc)
  },
  createMetrics: async () => {
    const { createMetrics } = await import('../adapters/metrics/create-metrics.ts')
    return createMetrics()
  },
  openTraces: async ({ traces: { endpoint }, log: { level } }) => {
    if (endpoint === undefined && !asksForTraces(process.env)) return null
    const { createTraces, otlpExporter } = await import('../adapters/traces/create-traces.ts')
    return createTraces(otlpExporter(endpoint), createLog({ level }))
  },
  loadMetricsToken: ({ console }) => loadSecret(process.env, 'console.metricsToken', console.metricsTokenFile),
  openBackups,
  openRestore: async (settings, backupFolder) => ({
    clock: systemClock,
    settings,
    files: await openFiles(settings),
    registerFile: openRegisterFile(registerPath(settings)),
    backups: openBackups(settings, backupFolder),
  }),
  clearQueue,
  openEdge: async (settings) => {
    const log = createLog({ level: settings.log.level })
    return edgeContext(settings, log, await openFiles(settings))
  },
}

async function openReading(settings: Settings, log = createLog({ level: settings.log.level })): Promise<ReadingProgram> {
  const files = await openFiles(settings)
  const store = openRegister(registerPath(settings), {
    onMigrated: (backupPath) => log.warn({ backupPath }, 'the register was migrated; as it was before, it is kept'),
  })
  const register: RegisterContext = { clock: systemClock, log, settings, files, register: store }
  return { settings, register, close: async () => store.close() }
}

async function openQueue(settings: Settings, log = createLog({ level: settings.log.level })): Promise<QueueProgram> {
  const { register } = await openReading(settings, log)
  const { queue, redis, startWorker: start } = await connectQueue(settings, log, register.files)
  return {
    settings,
    register,
    clock: systemClock,
    log,
    queue,
    operator: { ...register, queue },
    redis: redis.description,
    viewQueues: async () => {
      const { viewQueues } = await import('../adapters/bullmq/view-queues.ts')
      return viewQueues(redis.connect(), settings.redis.prefix)
    },
    startWorker: async (roles, options) => {
      // A private queue that nobody else works on: what was running when its worker died need not wait for its lock.
      if (redis.alone && roles.includes('register')) {
        const jobIds = await queue.takeBackOrphans()
        if (jobIds.length > 0) log.warn({ jobIds }, 'jobs of a worker that died are run again')
      }
      return start(roles, register, options)
    },
    close: async () => {
      await queue.close()
      await redis.close()
      register.register.close()
    },
  }
}

async function openEdgeQueue(settings: Settings): Promise<EdgeProgram> {
  const log = createLog({ level: settings.log.level })
  const { queue, redis, startWorker: start } = await connectQueue(settings, log, await openFiles(settings))
  return {
    startWorker: (_roles, options) => start(['edge'], null, options),
    close: async () => {
      await queue.close()
      await redis.close()
    },
  }
}

/** Redis and the queue on it. */
async function openRedisQueue({ redis: { url, prefix }, dataDir }: Settings) {
  const redis = await provideRedis({ url, dataDir })
  return { redis, queue: createJobQueue(redis.connect(), prefix, (name) => jobs[name]) }
}

/** Redis, the queue on it, and a way to start a worker, with the register or without. */
async function connectQueue(settings: Settings, log: Log, files: FileStore) {
  const { redis, queue } = await openRedisQueue(settings)
  const start = async (
    roles: readonly Role[],
    register: RegisterContext | null,
    { metrics, traces, probe }: WorkerOptions = {},
  ) => {
    const edge = roles.includes('edge') ? await edgeContext(settings, log, files, metrics) : null
    const runner: JobRunner = {
      clock: systemClock,
      log,
      files,
      queue,
      register: roles.includes('register') && register !== null ? { ...register, queue, backups: openBackups(settings) } : null,
      edge,
      watchers: [metrics, traces].filter((watcher) => watcher !== undefined && watcher !== null),
      ...(probe === undefined ? {} : { probe }),
    }
    const worker = startWorker(runner, settings, log, ({ queue: name, concurrency, run }) =>
      startQueueWorker({
        redis: redis.connect(),
        prefix: settings.redis.prefix,
        queue: name,
        concurrency,
        lockMs: settings.redis.lockMs,
        log,
        run,
      }),
    )
    return {
      stop: async (graceMs: number) => {
        await worker.stop(graceMs)
        await edge?.close()
      },
    }
  }
  return { queue, redis, startWorker: start }
}

async function clearQueue(settings: Settings): Promise<void> {
  const { queue, redis } = await openRedisQueue(settings)
  await queue.clear()
  await queue.close()
  await redis.close()
}

/** Loaded when the settings name one: a mail client is not small. */
async function openChannels(settings: Settings): Promise<Channels> {
  if (channelsOf(settings).length === 0) return {}
  const { createChannels } = await import('../adapters/channels/create-channels.ts')
  const { mail, webhook } = settings.alerts
  const secrets = {
    mailPassword: loadSecret(process.env, 'alerts.mail.password', mail?.passwordFile),
    webhookSecret: loadSecret(process.env, 'alerts.webhook.secret', webhook?.secretFile),
  }
  return createChannels(settings.alerts, secrets, systemClock)
}

function openBackups(settings: Settings, folder = settings.backup.folder ?? join(settings.dataDir, 'backups')): Backups {
  return createBackupFolder(folder, filesFolder(settings))
}

function openFiles(settings: Settings): Promise<FileStore> {
  return createFolderFileStore(filesFolder(settings))
}

async function edgeContext(
  settings: Settings,
  log: Log,
  files: EdgeContext['files'],
  metrics?: Metrics,
): Promise<EdgeContext & { readonly inbox: PooledInbox; close(): Promise<void> }> {
  const inbox = poolSessions(createSftpInbox({ suppliers: sftpServers(settings), sftp: settings.sftp, log }), idleSessionMs)
  const target = createUniloginTarget({
    settings: settings.unilogin,
    clock: systemClock,
    tls: await loadTlsMaterial(settings.unilogin),
    security: await loadMessageSecurity(settings.unilogin, systemClock),
  })
  return {
    clock: systemClock,
    log,
    settings,
    files,
    inbox,
    openUniloginList: openListFile(settings.drift.listFile),
    channels: await openChannels(settings),
    target: metrics === undefined ? target : timeTarget(target, metrics.callEnded),
    close: async () => {
      await Promise.all([inbox.drain(), target.close()])
    },
  }
}
