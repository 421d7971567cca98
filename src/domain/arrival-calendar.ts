import type { Draws } from './draws.ts'
import { groupBy } from './lists.ts'
import { type BusinessDate, fromWallTime, type Instant, toWallTime } from './time.ts'

/** A file of a past night. */
export interface PastFile {
  readonly date: BusinessDate
  readonly supplierId: string
  readonly kommuneKode: string
  readonly seenAt: Instant
  /** Changes it led to. */
  readonly deltas: number
}

/** When a supplier's file of a municipality usually comes, and what it brings. */
export interface UsualFile {
  /** Minutes after midnight on the wall clock of the business date: the median of past nights. */
  readonly minute: number
  /** How far nights lie from it: a standard deviation, from the median distance. Never under five minutes. */
  readonly spreadMinutes: number
  /** Past nights on which it came. */
  readonly nights: number
  /** Share of nights on which it comes; never quite 0 or 1. */
  readonly share: number
  readonly meanDeltas: number
  readonly varianceDeltas: number
}

const leastSpread = 5
const fewNights = 4
/** Share of nights on which all of a supplier's files come at some other time than usual, and how far off that is. */
const unusualShare = 0.05
const unusualSpreadMs = 90 * 60_000
/** Nights that all files together count for, in what is believed of one: a single night without it says little. */
const allWeight = 20
/** Standard deviation of a normal distribution by its median distance from the median. */
const normalByMedian = 1.4826

/** The file of a municipality, by supplier. */
export const fileKey = (supplierId: string, kommuneKode: string) => `${supplierId}/${kommuneKode}`

/**
 * Learns from past nights when each file comes. Ours: nights are alike, whatever the weekday.
 * @param nights The past nights that were looked at, oldest first.
 */
export function learnFiles(past: readonly PastFile[], nights: readonly BusinessDate[]): ReadonlyMap<string, UsualFile> {
  const byFile = groupBy(past, ({ supplierId, kommuneKode }) => fileKey(supplierId, kommuneKode))
  const counts = [...byFile.values()].map((files) => countNights(files, nights))
  const total = (pick: (count: NightCount) => number) => counts.reduce((sum, count) => sum + pick(count), 0)
  // As if five more files had been expected, of which four came.
  const shareOfAll = (total(({ came }) => came) + 4) / (total(({ expected }) => expected) + 5)
  return new Map([...byFile].map(([key, files]) => [key, usualOf(files, countNights(files, nights), shareOfAll)]))
}

interface NightCount {
  readonly came: number
  /** Nights since it first came. */
  readonly expected: number
}

function countNights(files: readonly PastFile[], nights: readonly BusinessDate[]): NightCount {
  const dates = new Set(files.map(({ date }) => date))
  const first = [...dates].sort()[0] ?? ''
  return { came: dates.size, expected: Math.max(dates.size, nights.filter((date) => date >= first).length) }
}

function usualOf(files: readonly PastFile[], { came, expected }: NightCount, shareOfAll: number): UsualFile {
  const byNight = [...groupBy(files, ({ date }) => date).values()]
  const minutes = byNight.map((own) => Math.min(...own.map(minuteOf)))
  const deltas = byNight.map((own) => own.reduce((sum, file) => sum + file.deltas, 0))
  const minute = medianOf(minutes)
  // A first load is no usual night: once there are a few nights, the largest is left out.
  if (deltas.length > fewNights) deltas.splice(deltas.indexOf(Math.max(...deltas)), 1)
  const meanDeltas = deltas.reduce((sum, count) => sum + count, 0) / deltas.length
  return {
    minute,
    spreadMinutes: Math.max(leastSpread, normalByMedian * medianOf(minutes.map((one) => Math.abs(one - minute)))),
    nights: came,
    share: (came + allWeight * shareOfAll) / (expected + allWeight),
    meanDeltas,
    varianceDeltas: deltas.reduce((sum, count) => sum + (count - meanDeltas) ** 2, 0) / deltas.length + meanDeltas,
  }
}

/** The minute of the business date at which a file was seen; negative on the evening before. */
function minuteOf({ date, seenAt }: PastFile): number {
  return Math.round((Date.parse(`${toWallTime(seenAt)}Z`) - Date.parse(`${date}T00:00:00Z`)) / 60_000)
}

/** When a file is usually here in a night, an instant. */
export function usualArrival({ minute }: UsualFile, date: BusinessDate): Instant {
  const wall = new Date(Date.parse(`${date}T00:00:00Z`) + Math.round(minute) * 60_000).toISOString()
  return fromWallTime(wall.slice(0, 10), wall.slice(11, 16))
}

/** When a file comes: around a median, if it comes at all. */
export interface ArrivalGuess {
  readonly medianAt: Instant
  readonly spreadMs: number
  /** Chance that it comes at all. */
  readonly share: number
}

/**
 * Draws when the files of one supplier that are not here yet come; null for one that does not. A supplier's night is a
 * usual one, in which each file comes as it mostly does, or an unusual one, in which all are late alike. That they are not
 * here by now counts for what makes it likelier: an unusual night, or that they do not come at all.
 */
export function arrivalsOf(guesses: readonly ArrivalGuess[], now: Instant): (draws: Draws) => (Instant | null)[] {
  const usual = aNight(guesses, now, 1 - unusualShare, (spreadMs) => spreadMs)
  const unusual = aNight(guesses, now, unusualShare, (spreadMs) => Math.max(unusualSpreadMs, 2 * spreadMs))
  return (draws) => {
    const night = draws.uniform() * (usual.weight + unusual.weight) < usual.weight ? usual : unusual
    const alike = draws.uniform()
    return night.files.map(({ medianAt, scale, toCome, comes }) => {
      if (draws.uniform() > comes) return null
      const later = toCome * (night === unusual ? alike : draws.uniform())
      return medianAt + scale * Math.log((1 - later) / later)
    })
  }
}

/** A kind of night: how likely it is that no file of it is here yet, and for each file what is left of its time (logistic). */
function aNight(guesses: readonly ArrivalGuess[], now: Instant, prior: number, spreadOf: (spreadMs: number) => number) {
  const files = guesses.map(({ medianAt, spreadMs, share }) => {
    const scale = (spreadOf(spreadMs) * Math.sqrt(3)) / Math.PI
    const toCome = 1 / (1 + Math.exp((now - medianAt) / scale))
    const notHere = share * toCome + 1 - share
    return { medianAt, scale, toCome, notHere, comes: (share * toCome) / notHere }
  })
  return { files, weight: files.reduce((product, { notHere }) => product * notHere, prior) }
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}
