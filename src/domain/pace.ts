import type { Gamma } from './draws.ts'
import { sumOf } from './lists.ts'
import type { Instant } from './time.ts'

/** Length of the slices in which work is counted. */
export const sliceMs = 15_000
/** Tonight's work counts half as much for each of these, so that a slow-down is seen while it lasts. */
const halfLifeMinutes = 10
/** No pace is taken for surer than this: a shape of 25 is one fifth up or down. What is measured now need not last. */
const maxShape = 25
/** What is believed of a step that has never been seen: its default pace, give or take as much again. */
const unknownShape = 1

/** How much of a step was done in how many minutes in which there was something to do. */
export interface Pace {
  readonly done: number
  readonly minutes: number
}

/** Work that came in and was finished; null while it is not. */
export interface Worked {
  readonly from: Instant
  readonly until: Instant | null
}

/** What was finished in each slice in which there was something to do, oldest first. The slice that still runs is left out. */
export function busySlices(work: readonly Worked[], now: Instant): number[] {
  const sliceOf = (at: Instant) => Math.floor(at / sliceMs)
  const starts = work.map(({ from }) => sliceOf(from)).sort((a, b) => a - b)
  const finished = new Map<number, number>()
  for (const { until } of work) if (until !== null) finished.set(sliceOf(until), (finished.get(sliceOf(until)) ?? 0) + 1)
  const busy: number[] = []
  let open = 0
  let begun = 0
  let ended = 0
  // From slice to slice while something is open, else on to the next piece of work.
  for (let slice = starts[0]; slice !== undefined && slice < sliceOf(now); slice = open > 0 ? slice + 1 : starts[begun]) {
    while (begun < starts.length && (starts[begun] as number) <= slice) begun += 1
    const done = finished.get(slice) ?? 0
    busy.push(done)
    ended += done
    open = begun - ended
  }
  return busy
}

/** The pace of a night as a whole; null when nothing was done in it. */
export function paceOf(slices: readonly number[]): Pace | null {
  const done = slices.reduce((sum, count) => sum + count, 0)
  return done === 0 ? null : { done, minutes: (slices.length * sliceMs) / 60_000 }
}

/**
 * What a step does per minute, as far as we know: a gamma distribution. It begins with past nights, their mean pace and
 * how much nights differ, and tonight's slices are added as counts are to a gamma prior (Gamma-Poisson). Slices that vary
 * more than chance would (work comes in batches, the target stalls) count as that much less evidence.
 * @param usual Pieces per minute when there is no past night at all.
 */
export function blendPace(past: readonly Pace[], tonight: readonly number[], usual: number): Gamma {
  const prior = priorOf(past, usual)
  const weights = tonight.map((_, i) => 0.5 ** (((tonight.length - 1 - i) * sliceMs) / 60_000 / halfLifeMinutes))
  const weight = sumOf(weights)
  if (weight === 0) return prior
  const done = sumOf(tonight.map((count, i) => count * (weights[i] as number)))
  const mean = done / weight
  const variance = sumOf(tonight.map((count, i) => (weights[i] as number) * (count - mean) ** 2)) / weight
  const excess = mean === 0 ? 1 : Math.max(1, variance / mean)
  const shape = prior.shape + done / excess
  const rate = prior.rate + (weight * sliceMs) / 60_000 / excess
  return shape <= maxShape ? { shape, rate } : { shape: maxShape, rate: (rate * maxShape) / shape }
}

function priorOf(past: readonly Pace[], usual: number): Gamma {
  const paces = past.map(({ done, minutes }) => done / minutes)
  if (paces.length === 0) return { shape: unknownShape, rate: unknownShape / usual }
  const mean = sumOf(paces) / paces.length
  // One night says nothing of how much nights differ: half as much again, which each further night makes less of.
  const variance = (sumOf(paces.map((pace) => (pace - mean) ** 2)) + (mean / 2) ** 2) / paces.length
  const shape = Math.min(maxShape, mean ** 2 / variance)
  return { shape, rate: shape / mean }
}
