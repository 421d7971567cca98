import { type BilingualText, many } from './bilingual-text.ts'
import { lowOf } from './draws.ts'
import type { Forecast, ForecastInput } from './forecast.ts'
import type { Cutoff } from './next-cutoff.ts'
import { type Outage, outageText } from './outage.ts'
import { type Instant, toClock } from './time.ts'

const minuteMs = 60_000
/** A file is clearly late this many times its usual spread after its usual time. Ours. */
const clearlyLate = 2.5
/** Nights a file must have come before its usual time is believed. Ours. */
const leastNights = 3
/** A step is worth a warning when the cutoff is missed because of it at least this often. Ours. */
const leastRisk = 0.25

export const alertCauses = ['nede', 'fil', 'afvist', 'udmattet', 'tilbageholdt', 'indlaesning', 'afsendelse'] as const

/** A thing that a person can still do something about before a cutoff; one for each cause. */
export interface CutoffAlert {
  readonly cutoff: Cutoff
  readonly cause: (typeof alertCauses)[number]
  readonly who: 'operator' | 'leverandør'
  /** The supplier, or the code of the refusal; empty for a step. */
  readonly subject: string
  /** What to do. */
  readonly what: BilingualText
  /** Later than this it is most likely too late. */
  readonly latestAt: Instant
  /** It is so already: to be done at once. */
  readonly atOnce: boolean
}

/** A file that is not here, and when it mostly is. */
export interface LateFile {
  readonly supplierId: string
  readonly kommuneKode: string
  readonly usualAt: Instant
  readonly spreadMinutes: number
  /** Past nights on which it came. */
  readonly nights: number
  readonly meanDeltas: number
}

export interface AlertInput {
  readonly cutoff: Cutoff
  readonly input: ForecastInput
  readonly forecast: Forecast
  readonly awaited: readonly LateFile[]
  /** Refused changes that are due, by code. */
  readonly refused: readonly { readonly code: string; readonly count: number }[]
  /** Changes that have used up their tries. */
  readonly tired: number
  /** Holds that wait for a person. */
  readonly holds: number
  /** While the target is down. */
  readonly outage: Outage | null
}

/**
 * What a person should do before a cutoff, the most urgent first: a target that is down, files that are clearly late, changes that wait for
 * somebody, steps that are too slow. A file that would come too late in any case is left out: its supplier can do nothing.
 */
export function cutoffAlerts(about: AlertInput): CutoffAlert[] {
  const { cutoff, input } = about
  return [...brokenTarget(about), ...lateFiles(about), ...stuckChanges(about), ...slowSteps(about)]
    .map((alert) => ({ ...alert, cutoff, latestAt: Math.floor(alert.latestAt / minuteMs) * minuteMs }))
    .map((alert) => ({ ...alert, atOnce: alert.latestAt <= input.now }))
    .filter(({ cause, atOnce }) => cause !== 'fil' || !atOnce)
    .sort((a, b) => a.latestAt - b.latestAt)
}

const aChange = { da: 'ændring', en: 'change' }
const changes = { da: 'ændringer', en: 'changes' }

type Alert = Omit<CutoffAlert, 'cutoff' | 'atOnce'>

function brokenTarget({ outage, input, forecast, cutoff }: AlertInput): Alert[] {
  const open = input.deltas.reduce((sum, row) => sum + row.open, 0)
  if (outage === null || open === 0) return []
  const [since, waiting] = [outageText(outage), many(open, aChange, changes)]
  const what = {
    da: `${since.da} (${outage.reason}); ${waiting.da} venter og sendes af sig selv, når den svarer: se på Unilogin`,
    en: `${since.en} (${outage.reason}); ${waiting.en} will be sent when it answers: look at Unilogin`,
  }
  return [{ cause: 'nede', who: 'operator', subject: '', what, latestAt: forecast.latestStartAt ?? cutoff.at }]
}

function lateFiles(about: AlertInput): Alert[] {
  const { now } = about.input
  const late = about.awaited.filter(
    ({ usualAt, spreadMinutes, nights }) => nights >= leastNights && now > usualAt + clearlyLate * spreadMinutes * minuteMs,
  )
  return [...new Set(late.map(({ supplierId }) => supplierId))].map((supplierId) => {
    const own = late.filter((file) => file.supplierId === supplierId)
    const kommuner = own.map(({ kommuneKode }) => kommuneKode).sort()
    const usualAt = Math.min(...own.map((file) => file.usualAt))
    const deltas = own.reduce((sum, { meanDeltas }) => sum + meanDeltas, 0)
    const [whose, usual] = [kommuner.join(', '), toClock(usualAt)]
    return {
      cause: 'fil',
      who: 'leverandør',
      subject: supplierId,
      what: {
        da: `send filen for kommune ${whose}; den plejer at være her kl. ${usual}`,
        en: `send the file of municipality ${whose}; it is mostly here at ${usual}`,
      },
      latestAt: latestFor(about, own.length, deltas),
    }
  })
}

function stuckChanges(about: AlertInput): Alert[] {
  const { refused, tired, holds } = about
  const counted = (count: number) => many(count, aChange, changes)
  const alerts: Alert[] = refused.map(({ code, count }) => ({
    cause: 'afvist',
    who: 'operator',
    subject: code,
    what: {
      da: `Unilogin afviste ${counted(count).da} (${code}): få det rettet og sendt igen`,
      en: `Unilogin refused ${counted(count).en} (${code}): have it corrected and sent again`,
    },
    latestAt: latestFor(about, 1, count),
  }))
  if (tired > 0)
    alerts.push({
      cause: 'udmattet',
      who: 'operator',
      subject: '',
      what: {
        da: `${counted(tired).da} fik intet klart svar i nat: kør natten igen, når Unilogin svarer`,
        en: `${counted(tired).en} got no clear answer tonight: run the night again when Unilogin answers`,
      },
      latestAt: latestFor(about, 0, tired),
    })
  if (holds > 0)
    alerts.push({
      cause: 'tilbageholdt',
      who: 'operator',
      subject: '',
      what: {
        da: `${holds} tilbageholdelse${holds === 1 ? '' : 'r'} venter på en afgørelse: dagtilbud hold list`,
        en: `${holds} hold${holds === 1 ? ' waits' : 's wait'} for a decision: dagtilbud hold list`,
      },
      latestAt: latestFor(about, 1, 0),
    })
  return alerts
}

function slowSteps({ forecast, input, cutoff }: AlertInput): Alert[] {
  const { risk, latestStartAt } = forecast
  if (risk === null || risk.probability < leastRisk) return []
  const latestAt = latestStartAt ?? cutoff.at
  const perMinute = (pace: ForecastInput['push']) => Math.round(pace.shape / pace.rate)
  const slow = { who: 'operator', subject: '', latestAt } as const
  const open = input.deltas.reduce((sum, row) => sum + row.open, 0)
  if (risk.cause === 'afsendelse')
    return [
      {
        ...slow,
        cause: 'afsendelse',
        what: {
          da: `Unilogin kvitterer ${perMinute(input.push)} ændringer i minuttet, og ${open} er på vej: se på Unilogin`,
          en: `Unilogin acknowledges ${perMinute(input.push)} changes a minute, and ${open} are on their way: look at Unilogin`,
        },
      },
    ]
  if (risk.cause === 'indlaesning')
    return [
      {
        ...slow,
        cause: 'indlaesning',
        what: {
          da: `${perMinute(input.prepare)} filer i minuttet indlæses, og ${input.files.length} mangler: se på maskinen`,
          en: `${perMinute(input.prepare)} files a minute are applied, and ${input.files.length} are to come: look at the machine`,
        },
      },
    ]
  return []
}

/** The latest time at which so many files and changes can come on top of what is under way and, nine times in ten, make it. */
function latestFor({ input, cutoff }: AlertInput, files: number, deltas: number): Instant {
  const open = input.deltas.reduce((sum, row) => sum + row.open, 0)
  return cutoff.at - input.leadMs - (files / lowOf(input.prepare) + (open + deltas) / lowOf(input.push)) * minuteMs
}
