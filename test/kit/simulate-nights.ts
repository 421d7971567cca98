import { fileKey, learnFiles, type PastFile, usualArrival } from '../../src/domain/arrival-calendar.ts'
import { type ForecastInput, makeForecast } from '../../src/domain/forecast.ts'
import type { Scored } from '../../src/domain/forecast-score.ts'
import { blendPace, busySlices, type Pace, paceOf, sliceMs, type Worked } from '../../src/domain/pace.ts'
import { addDays, fromWallTime, type Instant } from '../../src/domain/time.ts'

const minuteMs = 60_000
const leadMs = minuteMs
/** Past nights that a forecast learns from, as the setting's default. */
const memory = 28
/** Nights before the first one that is scored. */
const warmUp = 10

/** How a made-up country behaves; nothing in it is shaped like the forecast's own model. */
interface World {
  readonly files: readonly {
    readonly supplierId: string
    readonly kommuneKode: string
    readonly usualMinute: number
    readonly jitterMinutes: number
    readonly deltas: number
  }[]
  readonly prepare: number
  readonly push: number
}

/** A forecast that was made in a simulated night, and what came of it. */
export interface SimulatedForecast extends Scored {
  readonly night: number
  readonly minutesLeft: number
  readonly expected: number
  readonly total: number
  readonly made: number
}

/**
 * Lives through nights of a made-up country and has the forecast look at each every `everyMinutes`: paces that differ
 * from night to night, slow-downs in the middle, suppliers that are late, very late or absent, nights with a burst.
 */
export function simulateNights(options: {
  readonly seed: number
  readonly nights: number
  readonly everyMinutes: number
}): SimulatedForecast[] {
  const random = createRandom(options.seed)
  const world = makeWorld(random)
  const pastFiles: PastFile[] = []
  const pastPaces: { prepare: Pace[]; push: Pace[] } = { prepare: [], push: [] }
  const dates: string[] = []
  const forecasts: SimulatedForecast[] = []
  for (let night = 0; night < options.nights; night += 1) {
    const date = addDays('2026-01-05', night)
    const cutoffAt = fromWallTime(date, '06:00')
    const course = liveThrough(world, date, cutoffAt, random)
    if (night >= warmUp) {
      const known = { files: learnFiles(pastFiles, dates), paces: pastPaces }
      const own: Omit<SimulatedForecast, 'weight'>[] = []
      for (let at = fromWallTime(date, '00:45'); at < cutoffAt; at += options.everyMinutes * minuteMs) {
        const input = whatIsKnown(world, course, known, date, at, cutoffAt)
        if (input.files.length === 0 && input.deltas.every(({ open }) => open === 0)) continue
        const { probability, expected, total } = makeForecast(input)
        const minutesLeft = (cutoffAt - at) / minuteMs
        own.push({ probability, met: course.met, night, minutesLeft, expected, total, made: course.made })
      }
      forecasts.push(...own.map((one) => ({ ...one, weight: 1 / own.length })))
    }
    dates.push(date)
    for (const file of course.files)
      if (file.seenAt !== null) pastFiles.push({ ...file, date, seenAt: file.seenAt, deltas: file.deltas })
    for (const step of ['prepare', 'push'] as const) {
      const pace = paceOf(busySlices(course.work[step], cutoffAt + 12 * 3_600_000))
      if (pace !== null) pastPaces[step].push(pace)
    }
    for (const step of ['prepare', 'push'] as const) pastPaces[step] = pastPaces[step].slice(-memory)
    while (dates.length > memory) dates.shift()
    while (pastFiles[0] !== undefined && pastFiles[0].date < (dates[0] as string)) pastFiles.shift()
  }
  return forecasts
}

/** What really happens in a night, to its end. */
interface NightCourse {
  readonly files: readonly {
    readonly supplierId: string
    readonly kommuneKode: string
    readonly seenAt: Instant | null
    readonly appliedAt: Instant | null
    readonly deltas: number
  }[]
  /** Of each delta: when it came into the outbox, and when it was acknowledged. */
  readonly acknowledged: readonly { readonly supplierId: string; readonly from: Instant; readonly until: Instant }[]
  readonly work: { readonly prepare: readonly Worked[]; readonly push: readonly Worked[] }
  readonly met: boolean
  readonly made: number
}

function makeWorld(random: Random): World {
  const files = Array.from({ length: 4 + random.below(5) }, (_, supplier) => {
    const usual = 20 + random.below(270)
    const jitterMinutes = 2 + random.below(20)
    return Array.from({ length: 2 + random.below(7) }, (_, kommune) => ({
      supplierId: `s${supplier}`,
      kommuneKode: String(100 + supplier * 20 + kommune),
      usualMinute: usual + random.below(30),
      jitterMinutes,
      deltas: 2 + random.below(60),
    }))
  }).flat()
  const push = 4 + random.below(20)
  return { files, prepare: 1 + random.below(4), push }
}

function liveThrough(world: World, date: string, cutoffAt: Instant, random: Random): NightCourse {
  const midnight = fromWallTime(date, '00:00')
  const burst = random.uniform() < 0.15 ? 2 + random.below(4) : 1
  const badSupplier = random.uniform() < 0.15 ? `s${random.below(6)}` : ''
  const arrivals = world.files
    .map(({ supplierId, kommuneKode, usualMinute, jitterMinutes, deltas }) => {
      const late = supplierId === badSupplier ? 20 + random.below(200) : 0
      const minute = usualMinute + jitterMinutes * random.normal() + late
      const absent = random.uniform() < 0.01
      const at = Math.max(midnight + 30 * minuteMs, midnight + minute * minuteMs)
      const seenAt = absent || at > cutoffAt - 5 * minuteMs ? null : at
      return { supplierId, kommuneKode, seenAt, deltas: Math.round(burst * deltas * Math.exp(0.6 * random.normal())) }
    })
    .sort((a, b) => (a.seenAt ?? Number.POSITIVE_INFINITY) - (b.seenAt ?? Number.POSITIVE_INFINITY))
  const here = arrivals.filter(({ seenAt }) => seenAt !== null)

  const prepare = aPace(world.prepare, random)
  const push = aPace(world.push, random)
  const appliedAt = new Map<string, Instant>()
  const outbox: { supplierId: string; from: Instant; due: boolean }[] = []
  const acknowledged: { supplierId: string; from: Instant; until: Instant; due: boolean }[] = []
  let prepared = 0
  let sent = 0
  for (let at = midnight + 30 * minuteMs; at < cutoffAt + 12 * 3_600_000; at += sliceMs) {
    const waiting = here.filter(({ seenAt }, i) => i >= prepared && (seenAt as number) <= at).length
    for (const file of here.slice(prepared, prepared + Math.min(waiting, prepare.next(waiting > 0)))) {
      appliedAt.set(fileKey(file.supplierId, file.kommuneKode), at)
      prepared += 1
      for (let i = 0; i < file.deltas; i += 1)
        outbox.push({ supplierId: file.supplierId, from: at, due: at <= cutoffAt - leadMs })
    }
    const open = outbox.length - sent
    const done = Math.min(open, push.next(open > 0))
    for (const delta of outbox.slice(sent, sent + done)) acknowledged.push({ ...delta, until: at })
    sent += done
    if (prepared === here.length && sent === outbox.length) break
  }
  const files = arrivals.map((file) => ({
    ...file,
    appliedAt: appliedAt.get(fileKey(file.supplierId, file.kommuneKode)) ?? null,
  }))
  const inTime = acknowledged.filter(({ until }) => until <= cutoffAt)
  return {
    files,
    acknowledged,
    work: {
      prepare: files.flatMap(({ seenAt, appliedAt: until }) => (seenAt === null ? [] : [{ from: seenAt, until }])),
      push: acknowledged,
    },
    met:
      files.every((file) => file.appliedAt !== null && file.appliedAt <= cutoffAt - leadMs) &&
      acknowledged.every(({ due, until }) => !due || until <= cutoffAt) &&
      acknowledged.length === outbox.length,
    made: inTime.length,
  }
}

/** What the worker can see at a moment of the night. */
function whatIsKnown(
  world: World,
  course: NightCourse,
  known: { readonly files: ReturnType<typeof learnFiles>; readonly paces: { prepare: Pace[]; push: Pace[] } },
  date: string,
  now: Instant,
  cutoffAt: Instant,
): ForecastInput {
  const suppliers = [...new Set(world.files.map(({ supplierId }) => supplierId))]
  const inOutbox = course.acknowledged.filter(({ from }) => from <= now)
  const seen = (work: readonly Worked[]) =>
    work
      .filter(({ from }) => from <= now)
      .map(({ from, until }) => ({ from, until: until !== null && until <= now ? until : null }))
  return {
    now,
    cutoffAt,
    leadMs,
    deltas: suppliers.map((supplierId) => {
      const own = inOutbox.filter((delta) => delta.supplierId === supplierId && delta.from <= cutoffAt - leadMs)
      const acknowledged = own.filter(({ until }) => until <= now).length
      return { supplierId, acknowledged, open: own.length - acknowledged, stuck: 0 }
    }),
    files: course.files
      .filter(({ appliedAt }) => appliedAt === null || appliedAt > now)
      .map(({ supplierId, kommuneKode, seenAt }) => {
        const usual = known.files.get(fileKey(supplierId, kommuneKode))
        const { meanDeltas = 20, varianceDeltas = 400, share = 0.8, spreadMinutes = 60 } = usual ?? {}
        const medianAt = usual === undefined ? fromWallTime(date, '03:00') : usualArrival(usual, date)
        const here = seenAt !== null && seenAt <= now
        const arrival = here ? null : { medianAt, spreadMs: spreadMinutes * minuteMs, share }
        return { supplierId, arrival, meanDeltas, varianceDeltas }
      }),
    prepare: blendPace(known.paces.prepare, busySlices(seen(course.work.prepare), now), 10),
    push: blendPace(known.paces.push, busySlices(seen(course.work.push), now), 60),
    downMs: 0,
  }
}

/** A step's pace in one night: nights differ, and now and then it stalls for a while. */
function aPace(perMinute: number, random: Random) {
  const ofNight = perMinute * Math.exp(0.25 * random.normal())
  let slowSlices = 0
  let factor = 1
  return {
    /** Pieces that are finished in the next slice. */
    next: (busy: boolean): number => {
      if (slowSlices > 0) slowSlices -= 1
      else if (random.uniform() < 0.002) {
        slowSlices = 20 + random.below(140)
        factor = 0.1 + 0.5 * random.uniform()
      } else factor = 1
      if (!busy) return 0
      let debt = (ofNight * factor * sliceMs) / minuteMs
      // One piece for each exponential step that fits.
      let done = 0
      while (debt > 0) {
        const step = -Math.log(random.uniform())
        if (step > debt) return done
        debt -= step
        done += 1
      }
      return done
    },
  }
}

interface Random {
  uniform(): number
  below(n: number): number
  normal(): number
}

/** Source: xorshift32 (Marsaglia, 2003); another one than the forecast draws from. */
function createRandom(seed: number): Random {
  let x = (seed * 2_654_435_761 + 1) >>> 0
  const uniform = () => {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    return ((x >>> 0) + 0.5) / 4_294_967_296
  }
  for (let i = 0; i < 20; i += 1) uniform()
  return {
    uniform,
    below: (n) => Math.floor(uniform() * n),
    normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  }
}
