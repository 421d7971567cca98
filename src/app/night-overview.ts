import type { BilingualText } from '../domain/bilingual-text.ts'
import type { DueCutoff } from '../domain/cutoff-overview.ts'
import { countBy } from '../domain/lists.ts'
import type { BusinessDate } from '../domain/time.ts'
import type { DeliveryFile } from '../ports/register/files.ts'
import type { NightSummary, NightSupplier } from '../ports/register/nights.ts'
import type { RegisterContext } from './context.ts'
import { dueCutoffs } from './cutoff-overview.ts'
import { type NightReport, reportNight } from './night-report.ts'
import { type NightVerdict, nightVerdict } from './night-verdict.ts'

/** How a supplier did in a night. */
export interface SupplierNight extends NightSupplier {
  readonly navn: string
  readonly files: number
  readonly rejectedFiles: number
  readonly read: number
  readonly accepted: number
  readonly rejected: number
}

export interface NightOverview {
  readonly report: NightReport
  readonly verdict: NightVerdict
  readonly suppliers: readonly SupplierNight[]
  /** Cutoffs that something is due at, as they stand now; none when the night is closed. */
  readonly ahead: readonly DueCutoff[]
}

/** What the console shows of a night. Null when there is no such night. */
export function nightOverview(ctx: RegisterContext, date: BusinessDate): NightOverview | null {
  return ctx.register.read((tx) => {
    const night = reportNight(ctx, tx, date)
    if (night === null) return null
    const files = tx.files.ofNight(date)
    return {
      report: night.report,
      verdict: nightVerdict(night.report),
      suppliers: tx.nights.suppliers(date).map((row) => toSupplierNight(ctx, row, files)),
      ahead: dueCutoffs(night.ahead),
    }
  })
}

const standings = {
  looking: { da: 'der kigges efter filer', en: 'files are looked for' },
  complete: { da: 'alt er her', en: 'everything is here' },
  late: { da: 'mangler filer', en: 'files are missing' },
} as const

/** How it stands with a supplier in a night, in words. */
export function standingOf({ problem, state, missing }: SupplierNight): BilingualText {
  if (problem !== null) return { da: `serveren kunne ikke læses (${problem})`, en: `the server could not be read (${problem})` }
  return standings[state === 'late' && missing.length === 0 ? 'complete' : state]
}

/** How many jobs have failed for each reason, the most frequent first. */
export function failuresByCode({ failures }: NightReport): (readonly [code: string, count: number])[] {
  return [...countBy(failures, ({ code }) => code)].sort(([, a], [, b]) => b - a)
}

/** The newest nights, to choose from. */
export function recentNights(ctx: RegisterContext, limit: number): readonly NightSummary[] {
  return ctx.register.read((tx) => tx.nights.recent(limit))
}

function toSupplierNight({ settings }: RegisterContext, row: NightSupplier, files: readonly DeliveryFile[]): SupplierNight {
  const own = files.filter(({ supplierId }) => supplierId === row.supplierId)
  const sum = (pick: (file: DeliveryFile) => number) => own.reduce((total, file) => total + pick(file), 0)
  return {
    ...row,
    navn: settings.suppliers.find(({ id }) => id === row.supplierId)?.navn ?? row.supplierId,
    files: own.length,
    rejectedFiles: own.filter(({ state }) => state === 'rejected').length,
    read: sum(({ read }) => read),
    accepted: sum(({ accepted }) => accepted),
    rejected: sum(({ rejected }) => rejected),
  }
}
