import { type BilingualText, inBoth } from '../domain/bilingual-text.ts'
import type { NightReport } from './night-report.ts'

/** How a night stands, in one line that is only as good as the night was. */
export interface NightVerdict {
  readonly tone: 'god' | 'igang' | 'obs' | 'daarlig'
  readonly text: BilingualText
}

/** One line for the report and the console alike. */
export function nightVerdict(report: NightReport): NightVerdict {
  const waiting = report.holds.filter((hold) => hold.state === 'open').length
  const tone = report.actions.some(({ who }) => who === 'operator') ? 'daarlig' : report.actions.length > 0 ? 'obs' : 'god'
  if (report.state === 'open') return { tone: tone === 'daarlig' ? tone : 'igang', text: { da: 'i gang', en: 'under way' } }
  if (!report.complete)
    return { tone: 'daarlig', text: { da: 'slut, men ikke alt er nået frem', en: 'over, but not everything has arrived' } }
  if (report.files.received + report.files.repeated === 0)
    return { tone, text: { da: 'færdig: ingen nye filer kom', en: 'done: no new files came' } }
  if (report.agreements.waiting > 0) {
    const text = {
      da: 'færdig: alt er nået frem, undtagen det der venter på en dataaftale',
      en: 'done: everything has arrived, but for what waits for a data agreement',
    }
    return { tone, text }
  }
  const arrived = { da: 'færdig: alt godtaget er nået frem', en: 'done: everything accepted has arrived' }
  return { tone, text: waiting === 0 ? arrived : inBoth((say) => `${say(arrived)}; ${say(decisionsText(waiting))}`) }
}

function decisionsText(count: number): BilingualText {
  return {
    da: `${count} afgørelse${count === 1 ? '' : 'r'} venter`,
    en: `${count} decision${count === 1 ? ' waits' : 's wait'}`,
  }
}
