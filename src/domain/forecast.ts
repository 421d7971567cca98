import { type ArrivalGuess, arrivalsOf } from './arrival-calendar.ts'
import { createDraws, type Draws, type Gamma } from './draws.ts'
import { sumOf } from './lists.ts'
import type { Instant } from './time.ts'

/** Courses of the rest of the night that are thought through for one forecast. */
const courses = 500
/** Share of the courses for which the latest start leaves enough time. */
const startShare = 0.9
const minuteMs = 60_000
/** Files vary no more than this; what varies more is mostly a single odd night. */
const leastShape = 0.5

/** Changes of one supplier that are due at the cutoff. */
export interface SupplierDeltas {
  readonly supplierId: string
  readonly acknowledged: number
  /** Will be sent, or are under way. */
  readonly open: number
  /** Will not move without a person: refused, or out of tries. */
  readonly stuck: number
}

/** A file whose changes are not in the outbox yet. */
export interface ComingFile {
  readonly supplierId: string
  /** When it may come; null when it is here and on its way through validation, plan and apply. */
  readonly arrival: ArrivalGuess | null
  /** Changes it will lead to, from past nights. */
  readonly meanDeltas: number
  readonly varianceDeltas: number
}

export interface ForecastInput {
  readonly now: Instant
  readonly cutoffAt: Instant
  /** Changes decided later than this before the cutoff get the next one. */
  readonly leadMs: number
  readonly deltas: readonly SupplierDeltas[]
  readonly files: readonly ComingFile[]
  /** Files per minute through validation, plan and apply. */
  readonly prepare: Gamma
  /** Acknowledged changes per minute. */
  readonly push: Gamma
  /** How long the target has given no answer, in ms; 0 when it answers. */
  readonly downMs: number
}

/** What can keep a cutoff from being met. */
export const riskCauses = ['afvist', 'fil', 'indlaesning', 'nede', 'afsendelse'] as const
/**
 * afvist: stuck at Unilogin. fil: a file comes late or not at all. indlaesning: validation, plan and apply are slow. nede: Unilogin
 * does not answer. afsendelse: it is slow.
 */
export type RiskCause = (typeof riskCauses)[number]

export interface Risk {
  readonly cause: RiskCause
  /** Whose file or refused changes; null for a step. */
  readonly supplierId: string | null
  /** Chance that the cutoff is missed, first of all for this cause. */
  readonly probability: number
}

/** To three decimals, so that it is the same wherever it is computed. */
export function toThousandths(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** What will have been acknowledged when the cutoff comes. */
export interface Forecast {
  /** Changes due, with those expected from files that are not here yet. */
  readonly total: number
  /** Acknowledged so far. */
  readonly acknowledged: number
  /** Expected to be acknowledged in time, of `total`. */
  readonly expected: number
  /** Chance that every change due makes it and every expected file comes in time; never quite 0 or 1. */
  readonly probability: number
  readonly suppliers: readonly {
    readonly supplierId: string
    readonly total: number
    readonly expected: number
    readonly probability: number
  }[]
  /** The likeliest cause of a miss; null when there is none to speak of. */
  readonly risk: Risk | null
  /** The latest time at which sending what is left can begin and, nine times in ten, still end in time; null when nothing is left. */
  readonly latestStartAt: Instant | null
}

/**
 * Thinks the rest of the night through many times: each time with a pace for each step, an arrival for each missing file
 * and a number of changes for each file, drawn from what is known of them; files go through the first step one after
 * another, changes through the second in the order in which they become ready. What share of the courses ends well is the
 * chance. The same input gives the same forecast.
 */
export function makeForecast(input: ForecastInput): Forecast {
  const draws = createDraws(1)
  const names = [...new Set([...input.deltas, ...input.files].map(({ supplierId }) => supplierId))].sort()
  const draw = drawFiles(input)
  const ends = Array.from({ length: courses }, () => thinkThrough(input, draw(draws), draws))
  const mean = (pick: (end: Course) => number) => ends.reduce((sum, end) => sum + pick(end), 0) / courses
  const chance = (met: (end: Course) => boolean) => (ends.filter(met).length + 0.5) / (courses + 1)
  const acknowledged = input.deltas.reduce((sum, row) => sum + row.acknowledged, 0)
  const suppliers = names.map((supplierId) => {
    const known = input.deltas.filter((row) => row.supplierId === supplierId)
    const sum = (pick: (row: SupplierDeltas) => number) => known.reduce((total, row) => total + pick(row), 0)
    const due = sum((row) => row.acknowledged + row.open + row.stuck)
    return {
      supplierId,
      total: round(due + mean((end) => end.coming.get(supplierId) ?? 0)),
      expected: round(sum((row) => row.acknowledged) + mean((end) => end.made.get(supplierId) ?? 0)),
      probability: chance((end) => !end.missed.has(supplierId)),
    }
  })
  const left = input.files.length > 0 || input.deltas.some((row) => row.open > 0)
  return {
    total: suppliers.reduce((sum, row) => sum + row.total, 0),
    acknowledged,
    expected: suppliers.reduce((sum, row) => sum + row.expected, 0),
    probability: chance((end) => end.missed.size === 0),
    suppliers,
    risk: mainRisk(ends),
    latestStartAt: left ? latestStart(input, ends) : null,
  }
}

/** One thought-through course of the rest of the night. */
interface Course {
  /** Changes of files to come, by supplier. */
  readonly coming: ReadonlyMap<string, number>
  /** Changes acknowledged from now to the cutoff, by supplier. */
  readonly made: ReadonlyMap<string, number>
  /** Suppliers of which something does not make it. */
  readonly missed: ReadonlySet<string>
  /** What kept it from being met, first of all; null when it is met. */
  readonly cause: Omit<Risk, 'probability'> | null
  /** Time that all of it takes when it is begun at once. */
  readonly neededMs: number
}

/** Changes that are ready to be sent at a time. */
interface Ready {
  readonly supplierId: string
  readonly count: number
  readonly readyAt: Instant
}

/** A file as one course has it; `at` is null when it does not come. */
interface DrawnFile {
  readonly file: ComingFile
  readonly at: Instant | null
}

/** When the files come, in the order in which they do. */
function drawFiles({ files, now }: ForecastInput): (draws: Draws) => DrawnFile[] {
  const here = files.filter(({ arrival }) => arrival === null).map((file) => ({ file, at: now }))
  const suppliers = [...new Set(files.map(({ supplierId }) => supplierId))].map((supplierId) => {
    const own = files.filter((file) => file.supplierId === supplierId && file.arrival !== null)
    const draw = arrivalsOf(
      own.flatMap(({ arrival }) => arrival ?? []),
      now,
    )
    return (draws: Draws) => draw(draws).map((at, i) => ({ file: own[i] as ComingFile, at }))
  })
  const late = Number.POSITIVE_INFINITY
  return (draws) => [...here, ...suppliers.flatMap((draw) => draw(draws))].sort((a, b) => (a.at ?? late) - (b.at ?? late))
}

function thinkThrough(input: ForecastInput, files: readonly DrawnFile[], draws: Draws): Course {
  const filesPerMs = draws.gamma(input.prepare) / minuteMs
  const deltasPerMs = draws.gamma(input.push) / minuteMs
  const backAt = input.downMs === 0 ? input.now : input.now + drawRest(input.downMs, draws)
  const { ready, coming, misses: unready } = prepareFiles(input, files, filesPerMs, draws)
  const { made, misses: unsent } = sendReady(input, ready, deltasPerMs, backAt)
  const stuck = input.deltas.filter((row) => row.stuck > 0).map(({ supplierId }): Miss => ({ supplierId, cause: 'afvist' }))
  const misses = [...stuck, ...unready, ...unsent]
  const [first] = misses
  const work = sumOf(input.deltas.map(({ open }) => open)) + sumOf(coming.values())
  return {
    coming,
    made,
    missed: new Set(misses.map(({ supplierId }) => supplierId)),
    cause: first === undefined ? null : toCause(first),
    neededMs: work / deltasPerMs + (files.length > 0 ? 1 / filesPerMs : 0),
  }
}

/** Something of a supplier that does not make it, and why. */
interface Miss {
  readonly supplierId: string
  readonly cause: RiskCause
}

/** A step is nobody's; a file and a refusal are a supplier's. */
function toCause({ supplierId, cause }: Miss): Omit<Risk, 'probability'> {
  return { cause, supplierId: cause === 'afvist' || cause === 'fil' ? supplierId : null }
}

/** Files go through validation, plan and apply one after another, as they come. */
function prepareFiles({ now, cutoffAt, leadMs }: ForecastInput, files: readonly DrawnFile[], filesPerMs: number, draws: Draws) {
  const coming = new Map<string, number>()
  const ready: Ready[] = []
  const misses: Miss[] = []
  const latestAt = cutoffAt - leadMs
  let freeAt = now
  for (const { file, at } of files) {
    const { supplierId } = file
    const count = drawCount(file, draws)
    add(coming, supplierId, count)
    const aloneAt = (at ?? Number.POSITIVE_INFINITY) + 1 / filesPerMs
    const readyAt = Math.max(freeAt + 1 / filesPerMs, aloneAt)
    if (at !== null) freeAt = readyAt
    if (readyAt <= latestAt) ready.push({ supplierId, count, readyAt })
    else misses.push({ supplierId, cause: file.arrival !== null && aloneAt > latestAt ? 'fil' : 'indlaesning' })
  }
  return { coming, ready, misses }
}

/**
 * How much longer an outage lasts: as likely longer than it has lasted as not, and none can be told to end soon. Source: J. R.
 * Gott, Nature 363 (1993): of what is met at a chance moment, the rest exceeds n times the past with probability 1 / (n + 1).
 */
function drawRest(lastedMs: number, draws: Draws): number {
  return lastedMs * (1 / draws.uniform() - 1)
}

/** What is open now is sent side by side once the target answers, what becomes ready later behind it. */
function sendReady({ now, cutoffAt, deltas }: ForecastInput, ready: readonly Ready[], deltasPerMs: number, backAt: Instant) {
  const made = new Map<string, number>()
  const misses: Miss[] = []
  const note = (supplierId: string, count: number, startAt: Instant, endAt: Instant) => {
    const share = endAt <= cutoffAt ? 1 : Math.max(0, (cutoffAt - startAt) / (endAt - startAt))
    add(made, supplierId, count * share)
    const isForOutage = endAt - (backAt - now) <= cutoffAt
    if (share < 1 && count > 0) misses.push({ supplierId, cause: isForOutage ? 'nede' : 'afsendelse' })
  }
  let freeAt = backAt + sumOf(deltas.map(({ open }) => open)) / deltasPerMs
  for (const { supplierId, open } of deltas) note(supplierId, open, backAt, freeAt)
  for (const { supplierId, count, readyAt } of ready) {
    const startAt = Math.max(freeAt, readyAt)
    freeAt = startAt + count / deltasPerMs
    note(supplierId, count, startAt, freeAt)
  }
  return { made, misses }
}

/** How many changes a file brings. */
function drawCount({ meanDeltas, varianceDeltas }: ComingFile, draws: Draws): number {
  if (meanDeltas === 0) return 0
  const shape = Math.max(leastShape, meanDeltas ** 2 / Math.max(varianceDeltas, meanDeltas))
  return Math.round(draws.gamma({ shape, rate: shape / meanDeltas }))
}

function mainRisk(ends: readonly Course[]): Risk | null {
  const counts = new Map<string, { cause: Omit<Risk, 'probability'>; count: number }>()
  for (const { cause } of ends) {
    if (cause === null) continue
    const key = `${cause.cause}/${cause.supplierId ?? ''}`
    counts.set(key, { cause, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  const [main] = [...counts.values()].sort((a, b) => b.count - a.count)
  return main === undefined ? null : { ...main.cause, probability: main.count / (ends.length + 1) }
}

function latestStart({ cutoffAt }: ForecastInput, ends: readonly Course[]): Instant {
  const needed = ends.map((end) => end.neededMs).sort((a, b) => a - b)
  const latest = cutoffAt - (needed[Math.floor(startShare * (ends.length - 1))] as number)
  return Math.floor(latest / minuteMs) * minuteMs
}

function add(counts: Map<string, number>, supplierId: string, count: number): void {
  counts.set(supplierId, (counts.get(supplierId) ?? 0) + count)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
