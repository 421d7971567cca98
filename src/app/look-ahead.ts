import { fileKey } from '../domain/arrival-calendar.ts'
import { type ComingFile, type Forecast, type ForecastInput, makeForecast } from '../domain/forecast.ts'
import { countBy, groupBy } from '../domain/lists.ts'
import { type Cutoff, cutoffKey, isSameCutoff, nextCutoff } from '../domain/next-cutoff.ts'
import { blendPace, busySlices, type Worked } from '../domain/pace.ts'
import { type Instant, toBusinessDate } from '../domain/time.ts'
import type { DueCount } from '../ports/register/cutoffs.ts'
import type { DeliveryFile } from '../ports/register/files.ts'
import type { Night } from '../ports/register/nights.ts'
import type { RegisterTx } from '../ports/register.ts'
import { type AwaitedFile, awaitedFiles, type UsualFiles, usualFiles, usualOperation } from './awaited-files.ts'
import type { RegisterContext } from './context.ts'
import { deltasOnTheWay } from './finish-files.ts'

/** What is believed of a step that was never seen; ours, and soon outweighed. */
const usualPace = { indlaesning: 10, afsendelse: 60 } as const
/** Changes of a file that never came before: some, and any number of them. */
const unknownFile = { meanDeltas: 20, varianceDeltas: 400 } as const
/** Of a file without a past: that it comes, and how far from half-way to the end of the time for files. */
const unknownArrival = { share: 0.8, spreadMs: 3_600_000 } as const

/** A cutoff ahead that something is due at. */
export interface CutoffAhead {
  readonly cutoff: Cutoff
  /** What the forecast was made from. */
  readonly input: ForecastInput
  readonly forecast: Forecast
  readonly due: readonly DueCount[]
  /** Files that are meant for it and not here. */
  readonly awaited: readonly AwaitedFile[]
  /** Whether anything can still move by itself. */
  readonly undecided: boolean
  /** The first one that a change decided now can make. */
  readonly isNext: boolean
}

/** Every cutoff ahead that changes or files are due at, with its forecast, earliest first. Reads the register only. */
export function lookAhead(ctx: RegisterContext, tx: RegisterTx): CutoffAhead[] {
  const now = ctx.clock.now()
  const { cutoffs: rules, forecast: settings, unilogin } = ctx.settings
  const nights = tx.nights.openNights()
  const date = nights.at(-1)?.date ?? toBusinessDate(now)
  const usual = usualFiles(ctx, tx, date)
  const files = nights.flatMap((night) => tx.files.ofNight(night.date))
  const awaited = nights.flatMap((night) => stillAwaited(ctx, tx, night, usual))
  const underWay = files.filter(({ state }) => state === 'stored' || state === 'validated' || state === 'planned')
  const nextForFiles = nextCutoff(rules, now, usualOperation)
  const prepared = files.flatMap(({ state, storedAt, appliedAt }): Worked[] =>
    state === 'rejected' || state === 'held' ? [] : [{ from: storedAt, until: appliedAt }],
  )
  const pushed = nights.flatMap((night) => tx.cutoffs.pushed(night.date, unilogin.attempts))
  const pace = (step: keyof typeof usualPace, work: readonly Worked[], until: Instant) =>
    blendPace(tx.cutoffs.paces(step, date, settings.nights), busySlices(work, until), usualPace[step])
  // Of the time in which the target was down no pace can be told.
  const outage = tx.outages.found()
  const paces = { prepare: pace('indlaesning', prepared, now), push: pace('afsendelse', pushed, outage?.sinceAt ?? now) }
  const downMs = outage === null ? 0 : Math.max(1, now - outage.sinceAt)
  const moves = deltasOnTheWay(ctx, tx) > 0
  const waits = agreementWaits(tx)

  const decides = underWay.length > 0 || tx.files.holds({ state: 'open' }).length > 0
  const meant = [...awaited.flatMap((file) => file.cutoff ?? []), ...(decides && nextForFiles ? [nextForFiles] : [])]
  return distinct([...tx.cutoffs.ahead(now), ...meant.filter(({ at }) => at > now)]).map((cutoff) => {
    const due = withoutWaits(tx.cutoffs.countDue(cutoff, unilogin.attempts), waits.get(cutoffKey(cutoff)) ?? [])
    const own = awaited.filter((file) => isSameCutoff(file.cutoff, cutoff))
    const isNext = isSameCutoff(nextForFiles, cutoff)
    const here = isNext ? underWay : []
    const input: ForecastInput = {
      now,
      cutoffAt: cutoff.at,
      leadMs: rules.find(({ navn }) => navn === cutoff.navn)?.leadMs ?? 0,
      deltas: due.map(({ supplierId, acknowledged, moving, waiting, refused, tired }) => ({
        supplierId,
        acknowledged,
        open: moving + (moves ? waiting : 0),
        stuck: refused + tired + (moves ? 0 : waiting),
      })),
      files: [...here.map((file) => toComing(file, usual)), ...own.map(toAwaited)],
      ...paces,
      downMs,
    }
    const undecided = here.length > 0 || own.some((file) => file.looking) || input.deltas.some(({ open }) => open > 0)
    return { cutoff, input, forecast: makeForecast(input), due, awaited: own, undecided, isNext }
  })
}

/** Without those whose file is here and does not say yet whose it is: as many of the supplier's as it has such files. */
function stillAwaited(ctx: RegisterContext, tx: RegisterTx, night: Night, usual: UsualFiles): AwaitedFile[] {
  const unread = tx.files.ofNight(night.date).filter(({ state, header }) => state === 'stored' && header === null)
  const here = countBy(unread, ({ supplierId }) => supplierId)
  return awaitedFiles(ctx, tx, night, usual)
    .sort((a, b) => a.usualAt - b.usualAt)
    .filter(({ supplierId }) => {
      const left = here.get(supplierId) ?? 0
      here.set(supplierId, left - 1)
      return left <= 0
    })
}

function toComing({ supplierId, header }: DeliveryFile, usual: UsualFiles): ComingFile {
  const known = usual(fileKey(supplierId, header?.kommuneKode ?? '')) ?? unknownFile
  return { supplierId, arrival: null, meanDeltas: known.meanDeltas, varianceDeltas: known.varianceDeltas }
}

function toAwaited({ supplierId, usual, usualAt, looking }: AwaitedFile): ComingFile {
  const { share, spreadMs } = usual === null ? unknownArrival : { share: usual.share, spreadMs: usual.spreadMinutes * 60_000 }
  const { meanDeltas, varianceDeltas } = usual ?? unknownFile
  return { supplierId, arrival: { medianAt: usualAt, spreadMs, share: looking ? share : 0 }, meanDeltas, varianceDeltas }
}

/** Changes that wait for a data agreement, and those behind them: by cutoff, whose each is. */
function agreementWaits(tx: RegisterTx): ReadonlyMap<string, readonly { readonly supplierId: string }[]> {
  const waits = tx.agreements.waiting().flatMap(({ cutoffAt: at, cutoffNavn: navn, fileId }) => {
    return at === null || navn === null ? [] : [{ at, navn, supplierId: tx.files.find(fileId)?.supplierId ?? '' }]
  })
  return groupBy(waits, cutoffKey)
}

/** What waits for a data agreement is left out: no forecast can speak for a municipality. */
function withoutWaits(due: readonly DueCount[], waits: readonly { readonly supplierId: string }[]): DueCount[] {
  const count = countBy(waits, ({ supplierId }) => supplierId)
  return due.map((row) => ({ ...row, waiting: Math.max(0, row.waiting - (count.get(row.supplierId) ?? 0)) }))
}

function distinct(cutoffs: readonly Cutoff[]): Cutoff[] {
  const byKey = new Map(cutoffs.map((cutoff) => [cutoffKey(cutoff), cutoff]))
  return [...byKey.values()].sort((a, b) => a.at - b.at || (a.navn < b.navn ? -1 : 1))
}
