import { addDays, type BusinessDate, fromWallTime, type Instant, toBusinessDate } from './time.ts'

/** A moment by which changes must be in Unilogin: every week on given days, or once. Times are Copenhagen wall time. */
export type CutoffRule =
  | { readonly navn: string; readonly time: string; readonly days: readonly number[] }
  | { readonly navn: string; readonly time: string; readonly date: BusinessDate }

/** A cutoff that a change can still make. */
export interface Cutoff {
  readonly navn: string
  readonly at: Instant
}

/** The first cutoff strictly after an instant, or null when the rules hold no later one. */
export function nextCutoff(rules: readonly CutoffRule[], after: Instant): Cutoff | null {
  const candidates = rules.flatMap((rule) => {
    const at = 'date' in rule ? fromWallTime(rule.date, rule.time) : nextRecurring(rule.time, rule.days, after)
    return at > after ? [{ navn: rule.navn, at }] : []
  })
  return candidates.reduce<Cutoff | null>((best, next) => (best === null || next.at < best.at ? next : best), null)
}

function nextRecurring(time: string, days: readonly number[], after: Instant): Instant {
  const today = toBusinessDate(after)
  for (let ahead = 0; ahead <= 8; ahead += 1) {
    const date = addDays(today, ahead)
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay() || 7
    const at = fromWallTime(date, time)
    if (days.includes(weekday) && at > after) return at
  }
  return Number.NEGATIVE_INFINITY
}
