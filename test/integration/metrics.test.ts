import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { packageRoot } from '../../config/package-root.ts'
import { createMetrics } from '../../src/adapters/metrics/create-metrics.ts'
import { timeTarget } from '../../src/adapters/metrics/time-target.ts'
import { createUniloginTarget } from '../../src/adapters/unilogin/create-unilogin-target.ts'
import type { ConsoleContext } from '../../src/console/context.ts'
import { RetryableError } from '../../src/domain/errors.ts'
import { deltaStates, fileStates } from '../../src/domain/flow.ts'
import { type Metric, metricTable } from '../../src/domain/metric-table.ts'
import { fromWallTime, type Instant } from '../../src/domain/time.ts'
import { unitKinds } from '../../src/domain/unit.ts'
import type { EndedCall } from '../../src/ports/metrics.ts'
import { aClock, aFile, aNight, aNightRun, aSupplier, aVersion, someSettings } from '../kit/builders.ts'
import { type ConsoleWorld, openConsoleWorld } from '../kit/console-world.ts'

const table = Object.entries(metricTable) as [string, Metric][]
const read = (file: string) => readFileSync(join(packageRoot, file), 'utf8')

let world: ConsoleWorld
beforeAll(async () => {
  const suppliers = [aSupplier('nordsystem', { kommuner: ['101'] }), aSupplier('havtorn', { kommuner: ['147'] })]
  world = await openConsoleWorld({ settings: { suppliers } })
  world.ctx.register.write((tx) => {
    tx.units.write([aVersion('G80000')])
    tx.nights.insert(aNightRun())
    tx.nights.putSupplier(aNightSupplier('nordsystem', { state: 'complete' }))
    tx.nights.putSupplier(aNightSupplier('havtorn', { problem: 'SFTP_LOGIN_REFUSED', missing: ['147'] }))
    tx.files.insert(aFile('f-1', { state: 'applied', read: 7, accepted: 5, rejected: 2 }))
    tx.files.insert(aFile('f-2', { state: 'rejected' }))
    tx.nights.putArrival({
      date: '2026-11-24',
      supplierId: 'nordsystem',
      name: 'hemmeligt-filnavn.xml',
      sizeBytes: 7,
      modifiedAt: 0,
      firstSeenAt: aNight,
      fileId: 'f-1',
      repeat: false,
    })
    tx.cutoffs.keepForecast(aForecast(aNight - 60_000, 0.4))
    tx.failures.put(aFailure('push.b-1'))
    tx.upkeep.addRun({ task: 'backup', at: aNight, ok: false, facts: {} })
  })
  world.ctx.metrics.jobEnded({
    job: 'plan',
    jobId: 'plan.f-1',
    attempt: 1,
    startedAt: aNight,
    endedAt: aNight + 70,
    result: 'done',
    outcome: 'planned',
    about: [],
  })
})
afterAll(() => world.close())

function aNightSupplier(supplierId: string, parts: { state?: 'complete' | 'looking'; problem?: string; missing?: string[] }) {
  return {
    date: '2026-11-24',
    supplierId,
    state: 'looking' as const,
    looks: 1,
    lastLookAt: aNight,
    problem: null,
    missing: [],
    ...parts,
  }
}

function aForecast(madeAt: Instant, probability: number) {
  const risk = { riskCause: null, riskSupplierId: null, riskProbability: null, latestStartAt: null }
  const at = fromWallTime('2026-11-24', '06:00')
  return { navn: 'morgen', at, madeAt, total: 5, acknowledged: 1, expected: 3, probability, ...risk }
}

function aFailure(jobId: string) {
  return {
    jobId,
    queue: 'push' as const,
    job: 'push' as const,
    payload: '{}',
    code: 'UNEXPECTED',
    message: 'x',
    hint: 'x',
    dataState: 'x',
    failedAt: aNight,
    resolvedAt: null,
    resolvedBy: null,
    reason: null,
  }
}

const scrape = async (from = world.browser()) => (await from.get('/metrics')).text

/** Names of what a process exports, as a query says them. */
async function exportedNames(): Promise<Set<string>> {
  const ofProcess = [...(await createMetrics().show([])).text.matchAll(/^# TYPE (\S+) (\S+)/gm)].map(([, name, type]) => [
    name,
    type,
  ])
  return new Set(
    [...ofProcess, ...table.map(([name, { type }]) => [name, type])].flatMap(([name, type]) =>
      type === 'histogram' ? ['_bucket', '_count', '_sum'].map((ending) => `${name}${ending}`) : [`${name}`],
    ),
  )
}

/** Metrics that a query names, labels and functions left out. */
function namesIn(query: string): string[] {
  return query.match(/\b(?:dagtilbud|nodejs|process)_\w+/g) ?? []
}

const dashboard = () =>
  JSON.parse(read('deploy/grafana-dashboard.json')).panels.flatMap((panel: { targets: { expr: string }[] }) =>
    panel.targets.map(({ expr }) => expr),
  ) as string[]
const rules = () =>
  parse(read('deploy/prometheus-rules.yml')).groups.flatMap((group: { rules: { expr: string }[] }) =>
    group.rules.map(({ expr }) => expr),
  ) as string[]

describe('the metrics', () => {
  it('are in docs/metrics.md, each with its type and labels, and no other', () => {
    const rows = [...read('docs/metrics.md').matchAll(/^\| `(dagtilbud_\w+)` \| (\w+) \|(.*?)\| .+ \|$/gm)]

    expect(rows.map(([, name, type, labels = '']) => [name, type, labels.match(/\w+/g) ?? []])).toEqual(
      table.map(([name, { type, labels }]) => [name, type, labels]),
    )
  })

  it('that dashboard and rules ask for are exported', async () => {
    const exported = await exportedNames()
    const asked = [...dashboard(), ...rules()].flatMap(namesIn)

    expect(asked.filter((name) => !exported.has(name))).toEqual([])
    expect(asked.length).toBeGreaterThan(40)
  })

  it('are each on the dashboard', () => {
    const shown = dashboard().join('\n')

    expect(table.map(([name]) => name).filter((name) => !shown.includes(name))).toEqual([])
  })

  it('say how the night, its suppliers and what waits stand', async () => {
    const text = await scrape()

    for (const line of [
      'dagtilbud_night_open 1',
      `dagtilbud_night_opened_timestamp_seconds ${aNight / 1000}`,
      'dagtilbud_night_files{state="applied"} 1',
      'dagtilbud_night_files{state="held"} 0',
      'dagtilbud_night_rows{result="accepted"} 5',
      'dagtilbud_night_suppliers{state="looking"} 1',
      `dagtilbud_supplier_last_arrival_timestamp_seconds{supplier="nordsystem"} ${aNight / 1000}`,
      'dagtilbud_supplier_missing_files{supplier="havtorn"} 1',
      'dagtilbud_supplier_unreadable{supplier="havtorn"} 1',
      'dagtilbud_supplier_unreadable{supplier="nordsystem"} 0',
      'dagtilbud_cutoff_deltas{cutoff="morgen",state="moving"} 0',
      'dagtilbud_cutoff_probability{cutoff="morgen"} 0.4',
      'dagtilbud_failures_open{step="push"} 1',
      'dagtilbud_upkeep_ok{task="backup"} 0',
      'dagtilbud_register_units{kind="daginstitution",status="aktiv"} 1',
      'dagtilbud_jobs_total{step="plan",result="done"} 1',
      'dagtilbud_job_seconds_bucket{le="0.1",step="plan"} 1',
      'dagtilbud_job_seconds_bucket{le="0.05",step="plan"} 0',
    ])
      expect(text.split('\n')).toContain(line)
    expect(text).not.toContain('dagtilbud_night_closed_timestamp_seconds')
    expect(text).toMatch(/^dagtilbud_cutoff_remaining_seconds\{cutoff="morgen"\} \d+/m)
  })

  it('have labels of small known sets, and name no file, number or municipality', async () => {
    const known = new Set<string>([
      ...[...fileStates, ...deltaStates, ...unitKinds, 'aktiv', 'nedlagt', 'accepted', 'rejected', 'unchanged'],
      ...[
        'looking',
        'complete',
        'late',
        'acknowledged',
        'moving',
        'waiting',
        'refused',
        'tired',
        'done',
        'plan',
        'push',
        'backup',
      ],
      ...['nordsystem', 'havtorn', 'morgen'],
    ])
    const lines = (await scrape())
      .split('\n')
      .filter((line) => line.startsWith('dagtilbud_') && !line.startsWith('dagtilbud_info'))
    const values = lines.flatMap((line) => [...line.matchAll(/(?!le)\b\w+="([^"]*)"/g)].map(([, value = '']) => value))

    expect(new Set(values.filter((value) => !known.has(value) && !/^[\d.+]|Inf/.test(value)))).toEqual(new Set())
  })

  it('show Redis as away, and no queue, while it does not answer', async () => {
    expect(await scrape()).toContain('dagtilbud_redis_up 1')

    const text = await scrape(withBroken({ queue: { counts: async () => fail() } }))

    expect(text).toContain('dagtilbud_redis_up 0')
    expect(text).not.toContain('dagtilbud_queue_jobs')
  })

  it('tell of a call that got no answer, and of how long it took', async () => {
    const calls: EndedCall[] = []
    const settings = someSettings({ unilogin: { baseUrl: 'https://127.0.0.1:1' } }).unilogin
    const target = timeTarget(createUniloginTarget({ settings, clock: aClock() }), (call) => calls.push(call))

    await expect(target.hello()).rejects.toMatchObject({ code: 'UNILOGIN_UNREACHABLE' })
    await target.push({ deltaId: 'd', operation: 'opdater', source: 's', sourceDateTime: 't', record: { instnr: 'G80000' } })
    await target.close()

    expect(calls).toMatchObject([
      { operation: 'hello', result: 'failed' },
      { operation: 'push', result: 'failed' },
    ])
    const metrics = createMetrics()
    for (const call of calls) metrics.callEnded(call)
    const { text } = await metrics.show([])
    expect(text).toContain('dagtilbud_target_up{target="unilogin"} 0')
    expect(text).toMatch(/dagtilbud_target_call_seconds_count\{target="unilogin",operation="push",result="failed"\} 1/)
  })
})

describe('who may read the metrics', () => {
  const statusOf = async (parts: Parameters<typeof openConsoleWorld>[0], authorization = '') => {
    const own = await openConsoleWorld(parts)
    try {
      const publicUrl = (parts?.settings?.['console'] as { publicUrl?: string } | undefined)?.publicUrl
      return (await own.browser(publicUrl).get('/metrics', { Authorization: authorization })).status
    } finally {
      own.close()
    }
  }
  const behindProxy = { settings: { console: { publicUrl: 'https://sync.example' } } }

  it('is this machine, as long as nobody else reaches the console and no token is set', async () => {
    expect(await statusOf({})).toBe(200)
    expect(await statusOf(behindProxy)).toBe(403)
  })

  it('is who gives the token, once there is one, wherever it is asked from', async () => {
    const parts = { ...behindProxy, metricsToken: 'et-langt-token' }

    expect(await statusOf(parts, 'Bearer et-langt-token')).toBe(200)
    expect(await statusOf(parts, 'Bearer et-andet-token')).toBe(401)
    expect(await statusOf(parts)).toBe(401)
    expect(await statusOf({ metricsToken: 'et-langt-token' })).toBe(401)
  })
})

/** The console with some parts that are broken. */
function withBroken(parts: { [P in 'queue' | 'register' | 'files']?: Partial<ConsoleContext[P]> } & { nextNight?: () => null }) {
  const { ctx } = world
  const { queue, register, files, ...others } = parts
  return world.browserOf({
    ...ctx,
    ...others,
    queue: { ...ctx.queue, ...queue },
    register: { ...ctx.register, ...register },
    files: { ...ctx.files, ...files },
  })
}

const diskFull = new RetryableError('STORE_WRITE_FAILED', 'x', { dataState: 'x', hint: 'x' })

function fail(): never {
  throw new Error('broken')
}

describe('/readyz', () => {
  it('says that the worker can do its work', async () => {
    const { status, text } = await world.browser().get('/readyz')

    expect(status).toBe(200)
    expect(JSON.parse(text)).toEqual({
      status: 'ready',
      parts: { register: 'ok', redis: 'ok', files: 'ok', scheduler: 'ok' },
    })
  })

  it.each([
    ['register', { register: { read: fail } }, 'failed'],
    ['redis', { queue: { counts: async () => fail() } }, 'failed'],
    ['files', { files: { check: async () => Promise.reject(diskFull) } }, 'STORE_WRITE_FAILED'],
    ['scheduler', { nextNight: () => null }, 'failed'],
  ])('says when it cannot, for want of %s, while the process is alive', async (part, parts, said) => {
    const browser = withBroken(parts)

    const { status, text } = await browser.get('/readyz')

    expect(status).toBe(503)
    const ok = { register: 'ok', redis: 'ok', files: 'ok', scheduler: 'ok' }
    expect(JSON.parse(text)).toEqual({ status: 'not ready', parts: { ...ok, [part]: said } })
    expect((await browser.get('/healthz')).status).toBe(200)
  })
})
