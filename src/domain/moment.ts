import { FatalError } from './errors.ts'
import { type Instant, instantsOfWallTime, isBusinessDate } from './time.ts'

/** Later than anything the register holds: asks for its newest state, whatever the clock says. */
export const newest: Instant = Number.MAX_SAFE_INTEGER

const shape = /^(\d{4}-\d{2}-\d{2})(?:T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?$/

/**
 * A moment as a person writes it. `2026-03-29` is midnight in Copenhagen at the start of that date; `2026-03-29T02:30` is
 * that time on the wall in Copenhagen, and is refused when the clocks skip it or show it twice; with `Z` or `+01:00` behind
 * it, it is never in doubt.
 * @throws MOMENT_INVALID
 */
export function parseMoment(text: string): Instant {
  const [, date = '', hour = '00', minute = '00', second = '00', offset] = shape.exec(text) ?? []
  if (!isBusinessDate(date)) throw invalid(text, 'is no date or time we can read')
  const time = `${hour}:${minute}:${second}`
  if (offset !== undefined) return Date.parse(`${date}T${time}${offset}`)
  const [at, again] = instantsOfWallTime(date, time)
  if (at === undefined) throw invalid(text, 'does not exist: the clocks in Copenhagen skip that hour')
  if (again !== undefined) throw invalid(text, 'comes twice: the clocks in Copenhagen are set back in that hour')
  return at
}

/** A moment that may be left out. @throws MOMENT_INVALID */
export function parseMomentOrNull(text: string | undefined): Instant | null {
  return text === undefined ? null : parseMoment(text)
}

function invalid(text: string, seen: string): FatalError {
  return new FatalError('MOMENT_INVALID', `reading "${text.slice(0, 40)}" as a date or time: it ${seen}`, {
    dataState: 'nothing was read or changed',
    hint: 'write 2026-03-29 (midnight in Copenhagen), 2026-03-29T04:30, or 2026-03-29T04:30+02:00',
  })
}
