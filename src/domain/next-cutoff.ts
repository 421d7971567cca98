import { type DeltaOperation, deltaOperations } from './delta.ts'
import { isHoliday } from './holidays.ts'
import { addDays, type BusinessDate, dayMs, fromWallTime, type Instant, toWallTime } from './time.ts'

interface CommonRule {
  readonly navn: string
  /** Wall time, 'HH:MM'. A time skipped in March is the jump itself; one shown twice in October is the first of the two. */
  readonly time: string
  /** IANA name of the zone of `time`, `days` and `date`. */
  readonly zone: string
  /** A change decided less than this before the cutoff gets the next one. */
  readonly leadMs: number
  /** The kinds of change it is for; all when not said. */
  readonly operationer?: readonly DeltaOperation[] | undefined
}

/** Every week on given days (Monday = 1), on Danish public holidays or not. */
export interface RecurringRule extends CommonRule {
  readonly days: readonly number[]
  readonly helligdage: 'gaelder' | 'springes-over'
}

/** Once. */
export interface OneOffRule extends CommonRule {
  readonly date: BusinessDate
}

/** A moment by which changes must be in Unilogin. */
export type CutoffRule = RecurringRule | OneOffRule

/** One passing of a rule. */
export interface Cutoff {
  readonly navn: string
  readonly at: Instant
}

export function isSameCutoff(a: Cutoff | null, b: Cutoff): boolean {
  return a !== null && a.at === b.at && a.navn === b.navn
}

/** One name for one passing, to group by. */
export function cutoffKey({ navn, at }: Cutoff): string {
  return `${at}/${navn}`
}

/** Longest wait for a day that a rule does not skip, in days: one weekday on which Christmas and New Year fall, and some. */
const searchDays = 60

/** The first cutoff that a change of this kind, decided at an instant, can make; null when the rules hold no such. */
export function nextCutoff(rules: readonly CutoffRule[], decidedAt: Instant, operation?: DeltaOperation): Cutoff | null {
  const own = rules.filter(({ operationer }) => operation === undefined || operationer?.includes(operation) !== false)
  const candidates = own.flatMap((rule) => {
    // Strictly later: what is decided at the cutoff itself has missed it, however short the lead.
    const canMake = (at: Instant) => at > decidedAt && at - rule.leadMs >= decidedAt
    for (const at of passings(rule, decidedAt, searchDays)) if (canMake(at)) return [{ navn: rule.navn, at }]
    return []
  })
  return candidates.reduce<Cutoff | null>((best, next) => (best === null || next.at < best.at ? next : best), null)
}

/** The cutoff of each kind of change that is decided at an instant. */
export function nextCutoffs(rules: readonly CutoffRule[], decidedAt: Instant): ReadonlyMap<DeltaOperation, Cutoff | null> {
  return new Map(deltaOperations.map((operation) => [operation, nextCutoff(rules, decidedAt, operation)]))
}

/** Every cutoff after one instant and up to another, earliest first. */
export function cutoffsBetween(rules: readonly CutoffRule[], after: Instant, until: Instant): Cutoff[] {
  const days = Math.ceil((until - after) / dayMs) + 1
  return rules
    .flatMap((rule) => [...passings(rule, after, days)].map((at) => ({ navn: rule.navn, at })))
    .filter(({ at }) => at > after && at <= until)
    .sort((a, b) => a.at - b.at)
}

/** When a rule passes on the days from an instant on, by the calendar of its own zone. */
function* passings(rule: CutoffRule, from: Instant, days: number): Generator<Instant> {
  if ('date' in rule) {
    yield fromWallTime(rule.date, rule.time, rule.zone)
    return
  }
  const today = toWallTime(from, rule.zone).slice(0, 10)
  for (let ahead = 0; ahead <= days; ahead += 1) {
    const date = addDays(today, ahead)
    if (passesOn(rule, date)) yield fromWallTime(date, rule.time, rule.zone)
  }
}

function passesOn({ days, helligdage }: RecurringRule, date: BusinessDate): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay() || 7
  return days.includes(weekday) && (helligdage === 'gaelder' || !isHoliday(date))
}
