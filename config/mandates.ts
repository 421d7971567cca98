import { kommuner } from '../src/domain/kommuner.ts'
import type { BusinessDate } from '../src/domain/time.ts'

/** Whom a supplier may speak for, as the settings say it. */
export interface MandateSetting {
  readonly id: string
  readonly kommuner: 'alle' | readonly KommuneEntry[]
  readonly ejerformer: readonly string[]
}

type KommuneEntry =
  | string
  | { readonly kode: string; readonly fra?: BusinessDate | undefined; readonly til?: BusinessDate | undefined }

/** One municipality from one date to another, both included. */
interface Period {
  readonly kode: string
  readonly fra: BusinessDate
  readonly til: BusinessDate
}

const always = { fra: '0000-01-01', til: '9999-12-31' } as const

/** The municipalities a supplier may speak for on a date. */
export function kommunerOn(setting: MandateSetting['kommuner'], date: BusinessDate): 'alle' | string[] {
  if (setting === 'alle') return 'alle'
  return setting
    .map(toPeriod)
    .filter(({ fra, til }) => fra <= date && date <= til)
    .map(({ kode }) => kode)
}

/**
 * Pairs of suppliers that may speak for the same units on the same date; a municipality has chosen one system at a time.
 * @returns for each pair the place of the later one in the list, and what is wrong with what to do
 */
export function findClashes(suppliers: readonly MandateSetting[]): { readonly at: number; readonly message: string }[] {
  return suppliers.flatMap((later, at) =>
    suppliers.slice(0, at).flatMap((earlier) => {
      const ejerformer = later.ejerformer.filter((ejerform) => earlier.ejerformer.includes(ejerform))
      const shared = ejerformer.length === 0 ? [] : overlaps(earlier, later)
      const [first] = shared
      return first === undefined ? [] : [{ at, message: toMessage(earlier.id, later.id, first, ejerformer, shared.length - 1) }]
    }),
  )
}

function overlaps(one: MandateSetting, other: MandateSetting): Period[] {
  const others = periodsOf(other)
  return periodsOf(one).flatMap((period) =>
    others
      .filter(({ kode }) => kode === period.kode)
      .map((second) => ({
        kode: period.kode,
        fra: period.fra > second.fra ? period.fra : second.fra,
        til: period.til < second.til ? period.til : second.til,
      }))
      .filter(({ fra, til }) => fra <= til),
  )
}

function periodsOf({ kommuner: setting }: MandateSetting): Period[] {
  return (setting === 'alle' ? [...kommuner.keys()] : setting).map(toPeriod)
}

function toPeriod(entry: KommuneEntry): Period {
  if (typeof entry === 'string') return { kode: entry, ...always }
  return { kode: entry.kode, fra: entry.fra ?? always.fra, til: entry.til ?? always.til }
}

function toMessage(earlier: string, later: string, { kode, fra, til }: Period, ejerformer: readonly string[], more: number) {
  const from = fra === always.fra ? '' : ` from ${fra}`
  const until = til === always.til ? '' : ` until ${til}`
  const dates = from + until === '' ? ', with no dates' : from + until
  const others = more === 0 ? '' : `, and for ${more} more`
  return (
    `"${earlier}" and "${later}" both speak for ejerform ${ejerformer.join(', ')} of municipality ${kode}${dates}${others}; ` +
    'a municipality has one system at a time: take it from one of them, or end the one the day before the other starts (til, fra)'
  )
}
