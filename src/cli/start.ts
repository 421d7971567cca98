import { type Command, InvalidArgumentError } from 'commander'
import { example } from './example.ts'
import { openToOthers } from './open-to-others.ts'
import type { Parts, Role } from './program.ts'
import type { Screen } from './screen.ts'
import { untilSignal } from './until-signal.ts'

/** How long running steps may take to end after SIGTERM; what is cut off is run again at the next start. */
const graceMs = 25_000

/** `dagtilbud start` and `dagtilbud worker`: what runs day and night. */
export function registerStart(cli: Command, parts: Parts, { say }: Screen): void {
  cli
    .command('start')
    .description(
      say({
        da: 'kør planlægger, worker og konsol, til SIGTERM kommer',
        en: 'run the scheduler, the worker and the console until SIGTERM',
      }),
    )
    .addHelpText('after', example(say, 'dagtilbud start'))
    .action(async () => {
      // Listened for from the first moment: in a container we are process 1, and a signal without a listener is lost.
      const signal = untilSignal()
      // Loaded when they are asked for: other commands need neither.
      const [{ startConsole }, { startScheduler }] = await Promise.all([
        import('../console/start-console.ts'),
        import('../worker/start-scheduler.ts'),
      ])
      const settings = parts.loadSettings()
      const program = await parts.openQueue(settings)
      const metrics = await parts.createMetrics()
      const traces = await parts.openTraces(settings)
      const worker = await program.startWorker(['register', 'edge'], { metrics, traces })
      const { clock, log, operator, queue, register } = program
      const scheduler = await startScheduler({ settings, clock, log, queue, register: register.register })
      const accounts = parts.openAccounts(settings)
      const identity = await parts.createIdentityProvider(settings)
      const console = await startConsole({
        ...operator,
        accounts,
        identity,
        metrics,
        metricsToken: parts.loadMetricsToken(settings),
        nextNight: scheduler.nextRun,
        viewQueues: program.viewQueues,
      })
      const open = openToOthers(settings)
      if (open.length > 0)
        log.warn({ paths: open }, 'others on this machine can read secrets or change data: see dagtilbud doctor')
      log.info({ console: console.url, nextNight: scheduler.nextRun(), redis: program.redis }, 'started')
      await signal
      log.info({}, 'stopping')
      await scheduler.stop()
      await worker.stop(graceMs)
      await traces?.close()
      await console.close()
      accounts.close()
      await program.close()
    })

  cli
    .command('worker')
    .description(say({ da: 'kør kun job, på denne eller en maskine til', en: 'run jobs only, on this or a further machine' }))
    .option(
      '--roles <list>',
      say({
        da: 'register, edge eller begge; én proces i alt har register',
        en: 'register, edge, or both; one process in all has register',
      }),
      parseRoles,
      ['register', 'edge'] as Role[],
    )
    .addHelpText('after', example(say, 'dagtilbud worker --roles edge'))
    .action(async ({ roles }: { roles: readonly Role[] }) => {
      const signal = untilSignal()
      const settings = parts.loadSettings()
      const program = roles.includes('register') ? await parts.openQueue(settings) : await parts.openEdgeQueue(settings)
      const traces = await parts.openTraces(settings)
      const worker = await program.startWorker(roles, { traces })
      await signal
      await worker.stop(graceMs)
      await traces?.close()
      await program.close()
    })
}

function parseRoles(text: string): Role[] {
  const roles = text.split(',').map((role) => role.trim())
  const unknown = roles.filter((role) => role !== 'register' && role !== 'edge')
  if (unknown.length > 0) throw new InvalidArgumentError(`It takes register and edge, not ${unknown.join(', ')}.`)
  return roles as Role[]
}
