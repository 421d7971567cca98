import type { NightReport } from './night-report.ts'

/** How a night stands, in one line that is only as good as the night was. */
export interface NightVerdict {
  readonly tone: 'god' | 'igang' | 'obs' | 'daarlig'
  readonly text: string
}

/** One line for the report and the console alike. */
export function nightVerdict(report: NightReport): NightVerdict {
  const waiting = report.holds.filter((hold) => hold.state === 'open').length
  const tone = report.actions.some(({ who }) => who === 'operator') ? 'daarlig' : report.actions.length > 0 ? 'obs' : 'god'
  if (report.state === 'open') return { tone: tone === 'daarlig' ? tone : 'igang', text: 'i gang' }
  if (!report.complete) return { tone: 'daarlig', text: 'slut, men ikke alt er nået frem' }
  if (report.files.received + report.files.repeated === 0) return { tone, text: 'færdig: ingen nye filer kom' }
  if (report.agreements.waiting > 0) return { tone, text: 'færdig: alt er nået frem, undtagen det der venter på en dataaftale' }
  const decisions = `${waiting} afgørelse${waiting === 1 ? '' : 'r'} venter`
  return { tone, text: `færdig: alt godtaget er nået frem${waiting > 0 ? `; ${decisions}` : ''}` }
}
