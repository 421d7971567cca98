import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { jobs } from '../../jobs/index.ts'
import { createFolderFileStore } from '../../src/adapters/files/create-folder-file-store.ts'
import { openRegister } from '../../src/adapters/sqlite/open-register.ts'
import type { EdgeContext, RegisterContext } from '../../src/app/context.ts'
import { getDocument, putDocument, trusted } from '../../src/app/documents.ts'
import type { PullResult } from '../../src/app/pull-supplier.ts'
import { sweep } from '../../src/app/sweep.ts'
import { addDays, type BusinessDate, fromWallTime } from '../../src/domain/time.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { type JobRequest, jobIdOf, type StepResult } from '../../src/ports/jobs.ts'
import { applyIssuedNumbers } from '../../src/sandbox/generator/apply-issued-numbers.ts'
import { createDenmark } from '../../src/sandbox/generator/create-denmark.ts'
import { nextDay } from '../../src/sandbox/generator/next-day.ts'
import { buildNightFiles, type NightFile } from '../../src/sandbox/generator/night-files.ts'
import { createRandom, type Random } from '../../src/sandbox/generator/random.ts'
import { sandboxSuppliers } from '../../src/sandbox/generator/suppliers.ts'
import { type WeatherRule, weatherKinds } from '../../src/sandbox/unilogin-server/weather.ts'
import { aClock, aSupplier, fastFolder, silentLog, someSettings } from './builders.ts'
import { bothSecurities, startTestUnilogin, type TestPki, type TestUnilogin } from './start-test-unilogin.ts'

const minuteMs = 60_000
/** The smallest municipalities, of three systems. */
const kommuner = ['825', '563', '741']
/** Nights that a clock change falls in or near, and one far from any. */
const firstDates: readonly BusinessDate[] = ['2026-11-24', '2027-03-27', '2027-10-30']

type Ctx = RegisterContext & EdgeContext & { readonly clock: ReturnType<typeof aClock> }

/** What is left after the nights: the worker's side and the target's. */
export interface AfterTheStorm {
  readonly ctx: Ctx
  readonly dates: readonly BusinessDate[]
  /** The sandbox's own database, read only. */
  readonly target: Database.Database
  /** What went wrong on the way, by kind: weather that struck, jobs lost and doubled. */
  readonly troubles: Readonly<Record<string, number>>
  close(): Promise<void>
}

/**
 * Lives through a few nights of small municipalities in random weather at the target, on a real register and over real
 * HTTPS with signed messages. The jobs come in any order, some twice; some are lost before or after their work is committed;
 * the clock is set back and forth. The last night has fair weather. The same seed gives the same nights.
 */
export async function liveThroughStorm(seed: number, pki: TestPki): Promise<AfterTheStorm> {
  const random = createRandom(seed, 'storm')
  const dir = mkdtempSync(join(fastFolder(), 'dagtilbud-storm-'))
  const first = random.pick(firstDates)
  const dates = [first, addDays(first, 1), addDays(first, 2)]
  const clock = aClock(fromWallTime(first, '00:05'))
  const unilogin = await startTestUnilogin(pki, { clock: neverBack(clock), seed, signed: true })
  const register = openRegister(join(dir, 'register.sqlite'), { fleeting: true })
  const suppliers = sandboxSuppliers.map(({ id, kommuner, ejerformer }) =>
    aSupplier(id, { kommuner: kommuner === 'alle' ? kommuner : [...kommuner], ejerformer: [...ejerformer] }),
  )
  const agreements = random.chance(0.5) ? 'kraeves' : 'ingen'
  const wire = {
    baseUrl: unilogin.url,
    source: 'Prøve',
    parallel: 3,
    retryDelaysMs: [5_000, 60_000],
    readBack: 'alle',
    agreements,
  }
  const settings = someSettings({ suppliers, unilogin: wire, backup: { nightly: false } })
  const ctx = {
    ...{ clock, register, settings, log: silentLog },
    files: await createFolderFileStore(join(dir, 'files')),
    target: unilogin.connect({
      clock,
      security: bothSecurities(pki).ours(clock),
      settings: { ...settings.unilogin, callDeadlineMs: 10_000 },
    }),
  } as unknown as Ctx
  const storm = { ctx, random, unilogin, troubles: new Map<string, number>() }

  let denmark = createDenmark({ seed, kommuner })
  for (const [i, date] of dates.entries()) {
    clock.turn(Math.max(0, fromWallTime(date, '00:35') - clock.now()))
    const files = buildNightFiles(denmark, sandboxSuppliers, { loebenummer: i + 1, dannet: `${date}T00:30:00Z` })
    await liveThroughNight(storm, date, files, i === dates.length - 1)
    denmark = nextDay(withNumbers(ctx, denmark), { seed: `${seed}/${i}` }).denmark
  }
  const target = new Database(unilogin.stateFile, { readonly: true })
  const struck = target.prepare('SELECT weather, count(*) AS calls FROM call WHERE weather IS NOT NULL GROUP BY weather').all()
  for (const { weather, calls } of struck as { weather: string; calls: number }[]) storm.troubles.set(weather, calls)
  return {
    ...{ ctx, dates, target, troubles: Object.fromEntries([...storm.troubles].sort()) },
    close: async () => {
      target.close()
      register.close()
      await unilogin.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** The target's own clock goes on when ours is set back. */
function neverBack(clock: Clock): Clock {
  let latest = 0
  return {
    now: () => {
      latest = Math.max(latest, clock.now())
      return latest
    },
  }
}

interface Storm {
  readonly ctx: Ctx
  readonly random: Random
  readonly unilogin: TestUnilogin
  readonly troubles: Map<string, number>
}

async function liveThroughNight(storm: Storm, date: BusinessDate, files: readonly NightFile[], isFair: boolean): Promise<void> {
  const { ctx, random } = storm
  const { clock } = ctx
  const waiting = new Map<string, { readonly request: JobRequest; readonly dueAt: number }>()
  const add = (requests: readonly JobRequest[]) => {
    for (const request of requests) {
      const id = jobIdOf(request)
      if (!waiting.has(id)) waiting.set(id, { request, dueAt: clock.now() + (request.delayMs ?? 0) })
    }
  }
  const note = (trouble: string) => storm.troubles.set(trouble, (storm.troubles.get(trouble) ?? 0) + 1)
  const stormyUntil = fromWallTime(date, '07:30')

  await storm.unilogin.side('PUT', '/weather', [])
  const opening: JobRequest = {
    job: 'open-night',
    payload: { date, trigger: 'operator', start: `${date}`, filesUntilAt: clock.now() },
  }
  for (let steps = 0; ; steps += 1) {
    if (steps > 20_000) throw new Error(`the night of ${date} does not end: ${[...waiting.keys()].join(', ')}`)
    const stormy = !isFair && clock.now() < stormyUntil
    if (stormy && random.chance(0.03)) {
      await storm.unilogin.side('PUT', '/weather', someWeather(random))
    } else if (!stormy && steps % 50 === 0) await storm.unilogin.side('PUT', '/weather', [])
    if (stormy && random.chance(0.01)) {
      note('clock set')
      clock.turn(random.between(-50, 50) * 1_000)
    }
    clock.turn(random.between(0, 20) * 1_000)
    const night = ctx.register.read((tx) => tx.nights.find(date))
    if (night?.state === 'closed' && waiting.size === 0) break
    // Whoever starts a night does so until there is one.
    if (night === null) add([opening])

    const due = [...waiting].filter(([, { dueAt }]) => dueAt <= clock.now())
    if (due.length === 0 || random.chance(0.02)) {
      if (due.length === 0) clock.turn(minuteMs)
      add((await sweep(ctx, { pendingIds: async () => new Set(waiting.keys()) })).next)
      continue
    }
    const [id, { request }] = random.pick(due)
    waiting.delete(id)
    const luck = stormy ? random.pick(lots) : 'well'
    if (luck !== 'well') note(`job ${luck}`)
    if (luck === 'lost before') continue
    const result = await run(storm, request, files)
    if (luck === 'twice') await run(storm, request, files)
    if (result === null) note('job failed')
    else if (luck !== 'lost after') add(result.next)
  }
}

/** What becomes of a job. */
const lots = [...Array<'well'>(27).fill('well'), 'lost before', 'lost after', 'twice'] as const

/** Null when the step failed; the sweep asks for it again. */
async function run(storm: Storm, request: JobRequest, files: readonly NightFile[]): Promise<StepResult | null> {
  const { ctx } = storm
  switch (request.job) {
    case 'pull': {
      const { date, supplierId, look, knownSha256 } = request.payload
      const known = knownSha256 === null ? [] : await getDocument(ctx.files, knownSha256, trusted<readonly { name: string }[]>())
      const names = new Set(known.map(({ name }) => name))
      const stored = await Promise.all(
        files
          .filter((file) => file.supplierId === supplierId && !names.has(file.fileName))
          .map(async ({ fileName, bytes }) => {
            const { sha256, sizeBytes } = await ctx.files.put(Buffer.from(bytes))
            return { name: fileName, sizeBytes, modifiedAt: ctx.clock.now(), sha256, promisedSha256: null }
          }),
      )
      const result: PullResult = { stored, unsettled: [], problem: null, lasting: false }
      const { sha256: resultSha256 } = await putDocument(ctx.files, result)
      return { outcome: 'pulled', next: [{ job: 'intake', payload: { date, supplierId, look, resultSha256 } }] }
    }
    case 'receipt':
      return { outcome: 'written', next: [{ job: 'record-receipt', payload: request.payload }] }
    case 'upkeep':
      return { outcome: 'left out', next: [] }
  }
  const job = jobs[request.job] as unknown as { run(ctx: unknown, payload: unknown, signal: AbortSignal): Promise<StepResult> }
  try {
    return await job.run(ctx, request.payload, new AbortController().signal)
  } catch (error) {
    if (!['agreements', 'confirm', 'push'].includes(request.job)) throw error
    return null
  }
}

/** None to two rules; what is refused for good, a certificate of ours, would wait for a person and is left out. */
function someWeather(random: Random): Partial<WeatherRule>[] {
  const kinds = weatherKinds.filter((kind) => kind !== 'slow' && kind !== 'certificateRefused')
  return Array.from({ length: random.between(0, 2) }, () => ({
    kind: random.pick(kinds),
    probability: random.pick([0.1, 0.5, 1]),
  }))
}

/** The suppliers have read their receipts. */
function withNumbers(ctx: Ctx, denmark: ReturnType<typeof createDenmark>): typeof denmark {
  return sandboxSuppliers
    .filter(({ usesNumbers }) => usesNumbers)
    .reduce((known, { id }) => {
      const numbers = ctx.register.read((tx) => tx.units.numbersByLokalId(id))
      return applyIssuedNumbers(
        known,
        id,
        [...numbers].map(([lokalId, nummer]) => ({ lokalId, nummer })),
      )
    }, denmark)
}
