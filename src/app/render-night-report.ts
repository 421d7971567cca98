import { type BilingualText, inBoth, joined, nothing, same } from '../domain/bilingual-text.ts'
import { cut } from '../domain/cut.ts'
import type { DriftKind } from '../domain/drift.ts'
import { lines, sections } from '../domain/lines.ts'
import { paragraph } from '../domain/paragraph.ts'
import { ruleTable } from '../domain/rules/rule-table.ts'
import { type BusinessDate, type Instant, toClock, toDanishDate, toMinute, toSecond } from '../domain/time.ts'
import { actorWords, holdStateWords, missedWords, percent } from '../domain/words.ts'
import {
  alertLine,
  alertsTitle,
  baseText,
  calibrationText,
  decimal,
  forecastTexts,
  indented,
  metText,
  outageLine,
} from './cutoff-texts.ts'
import type { NightReport } from './night-report.ts'
import { nightVerdict } from './night-verdict.ts'

const width = 96

/** The morning report, at most 100 columns wide. */
export function renderNightReport(report: NightReport): BilingualText {
  const body = sections(
    heading(report),
    filesSection(report),
    rowsSection(report),
    registerSection(report),
    uniloginSection(report),
    deferredSection(report),
    cutoffSection(report),
    holdsSection(report),
    driftSection(report),
    upkeepSection(report),
    actionsSection(report),
  )
  return inBoth((say) => `${say(body)}\n`)
}

function heading(report: NightReport): BilingualText[] {
  const { date, openedAt, closedAt, starts } = report
  const { text } = nightVerdict(report)
  const period = `${toSecond(openedAt)}${closedAt === null ? '' : ` – ${toSecond(closedAt)}`}`
  const bar = same('='.repeat(width))
  return [
    bar,
    { da: `Nat ${date}   ${text.da}`, en: `Night ${date}   ${text.en}` },
    {
      da: `${period}, startet ${starts} gang${starts === 1 ? '' : 'e'}`,
      en: `${period}, started ${starts === 1 ? 'once' : `${starts} times`}`,
    },
    bar,
  ]
}

function filesSection({ files, receipts }: NightReport): BilingualText[] {
  const { received, repeated, delivered, rejected, held, deferred, underWay } = files
  return [
    { da: 'FILER', en: 'FILES' },
    line({ da: 'nye filer', en: 'new files' }, received, {
      da: `${delivered} leveret, ${rejected} afvist, ${held} tilbageholdt`,
      en: `${delivered} delivered, ${rejected} rejected, ${held} held`,
    }),
    line({ da: 'sendt igen', en: 'sent again' }, repeated, {
      da: 'samme bytes som før; samme kvittering',
      en: 'same bytes as before; same receipt',
    }),
    ...(deferred > 0 ? [line({ da: 'venter på deres dato', en: 'wait for their date' }, deferred)] : []),
    ...(underWay > 0 ? [line({ da: 'undervejs', en: 'under way' }, underWay)] : []),
    line(
      { da: 'kvitteringer', en: 'receipts' },
      receipts.delivered,
      receipts.waiting > 0
        ? { da: `${receipts.waiting} venter`, en: `${receipts.waiting} wait` }
        : { da: 'alle afleveret hos leverandørerne', en: 'all delivered to the suppliers' },
    ),
  ]
}

function pastOrPresent(outage: NightReport['outages'][number]): BilingualText {
  const { sinceAt, endedAt, reason } = outage
  return endedAt === null ? outageLine(outage) : same(`${toSecond(sinceAt)} – ${toSecond(endedAt)} (${reason})`)
}

/** Causes that are named; the others are counted. */
const causesShown = 8

function rowsSection({ rows: { read, accepted, unchanged, rejected }, causes }: NightReport): BilingualText[] {
  const others = causes.slice(causesShown).reduce((sum, { count }) => sum + count, 0)
  return [
    { da: 'RÆKKER', en: 'ROWS' },
    line({ da: 'læst', en: 'read' }, read, {
      da: `${accepted} godtaget (${unchanged} uændret), ${rejected} afvist`,
      en: `${accepted} accepted (${unchanged} unchanged), ${rejected} rejected`,
    }),
    ...causes.slice(0, causesShown).map(({ code, count }) => line(same(`  ${code}`), count, shortText(code))),
    ...(others > 0 ? [line({ da: '  andre', en: '  others' }, others)] : []),
  ]
}

/** What a finding is about, in few words: the rule's text without its facts. */
function shortText(code: string): BilingualText {
  const seen = ruleTable.get(code)?.seen ?? nothing
  return inBoth((say) => cut(say(seen).replace(/"?\{\w+\}"?/g, '…'), 58))
}

function registerSection({ register, ledger }: NightReport): BilingualText[] {
  const row = (label: BilingualText, { open, closed }: { readonly open: number; readonly closed: number }) =>
    line(label, open, { da: `${closed} nedlagt`, en: `${closed} closed` })
  return [
    { da: 'REGISTRET', en: 'THE REGISTER' },
    row({ da: 'daginstitutioner', en: 'daycare institutions' }, register.daginstitution),
    row({ da: 'anvisningsenheder', en: 'placement units' }, register.anvisningsenhed),
    row({ da: 'alternative adresser', en: 'alternative addresses' }, register.alternativAdresse),
    ...(ledger === null
      ? []
      : [
          paragraph(
            line({ da: 'hovedbog, poster', en: 'ledger, entries' }, ledger.seq, {
              da: `står på ${ledger.hash}`,
              en: `stands at ${ledger.hash}`,
            }),
            6,
          ),
        ]),
  ]
}

function uniloginSection({ deltas, agreements, cutoffs, outages }: NightReport): BilingualText[] {
  const changes = Object.values(deltas.byState).reduce((sum, count) => sum + count, 0)
  return [
    same('UNILOGIN'),
    line({ da: 'ændringer', en: 'changes' }, changes, same(operationsText(deltas.byOperation))),
    line({ da: 'kvitteret', en: 'acknowledged' }, deltas.acknowledged, {
      da: `${deltas.confirmed} læst tilbage og ens`,
      en: `${deltas.confirmed} read back and equal`,
    }),
    ...outages.map((outage) => paragraph(line({ da: 'svarede ikke', en: 'did not answer' }, nothing, pastOrPresent(outage)), 6)),
    ...(deltas.carriedOver > 0
      ? [
          line({ da: 'fra tidligere nætter', en: 'from earlier nights' }, deltas.carriedOver, {
            da: 'endnu ikke nået frem',
            en: 'have not arrived yet',
          }),
        ]
      : []),
    ...(agreements.waiting > 0
      ? [line({ da: 'venter på dataaftale', en: 'wait for agreement' }, agreements.waiting, agreementsText(agreements))]
      : []),
    ...cutoffs.map(({ navn, at, deltas: due, acknowledgedInTime, acknowledgedLate, open }) => {
      const before = toSecond(at)
      const isShort = acknowledgedLate + open > 0
      return line({ da: `frist ${navn}`, en: `cutoff ${navn}` }, acknowledgedInTime, {
        da: `af ${due} inden ${before}${isShort ? `; ${acknowledgedLate} for sent, ${open} mangler` : ''}`,
        en: `of ${due} before ${before}${isShort ? `; ${acknowledgedLate} too late, ${open} missing` : ''}`,
      })
    }),
  ]
}

function operationsText(counts: Readonly<Partial<Record<string, number>>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
}

function agreementsText({ missing, checkedAt }: NightReport['agreements']): BilingualText {
  const looked =
    checkedAt === null
      ? { da: 'listen er ikke hentet', en: 'the list was not fetched' }
      : { da: `listen hentet ${toSecond(checkedAt)}`, en: `list fetched ${toSecond(checkedAt)}` }
  const { length } = missing
  return {
    da: `i ${length} kommune${length === 1 ? '' : 'r'}; ${looked.da}`,
    en: `in ${length} ${length === 1 ? 'municipality' : 'municipalities'}; ${looked.en}`,
  }
}

/** Files with a date to come that are named. */
const deferredShown = 8

function deferredSection({ deferred }: NightReport): BilingualText[] {
  if (deferred.length === 0) return []
  const more = deferred.length - deferredShown
  return [
    { da: 'TRÆDER I KRAFT SENERE', en: 'TAKES EFFECT LATER' },
    ...deferred
      .slice(0, deferredShown)
      .map(({ gyldigFra, kommuneKode, supplierId, name }) =>
        line(dayText(gyldigFra), same(kommuneKode), same(`${supplierId}/${name}`)),
      ),
    ...(more > 0 ? [line({ da: 'senere', en: 'later' }, more, { da: 'filer til', en: 'files more' })] : []),
  ]
}

/** A date as it is written in each language. */
export function dayText(date: BusinessDate): BilingualText {
  return { da: toDanishDate(date), en: date }
}

function holdsSection({ holds }: NightReport): BilingualText[] {
  if (holds.length === 0) return []
  return [
    { da: 'TILBAGEHOLDT', en: 'HELD' },
    ...holds.map(({ holdId, count, of, slice, kommuneKode, supplierId, state }) => {
      const standing = holdStateWords[state]
      return line(same(holdId), count, {
        da: `${slice} af ${of} i kommune ${kommuneKode} (${supplierId}), ${standing.da}`,
        en: `${slice} of ${of} in municipality ${kommuneKode} (${supplierId}), ${standing.en}`,
      })
    }),
  ]
}

const driftWords: Readonly<Record<DriftKind, BilingualText>> = {
  'mangler-i-unilogin': { da: 'mangler der', en: 'missing there' },
  'afviger-i-unilogin': { da: 'står anderledes der', en: 'otherwise there' },
  'nedlagt-i-register': { da: 'nedlagt i registret', en: 'closed in the register' },
  'kun-i-unilogin': { da: 'findes kun der', en: 'only there' },
}

/** Where Unilogin differs from the register; empty while nobody looks. */
function driftSection({ drift }: NightReport): BilingualText[] {
  if (drift === null) return []
  const { lastRun, numbers, covered, found } = drift
  const at = toMinute(lastRun.asOfAt)
  const from =
    lastRun.source === 'liste' ? { da: `liste fra ${at}`, en: `list of ${at}` } : { da: `slået op ${at}`, en: `looked up ${at}` }
  const outcome = lastRun.suspect
    ? { da: 'MISTÆNKELIGT, intet noteret', en: 'SUSPECT, nothing noted' }
    : {
        da: `${covered} af registrets ${numbers} numre er set i perioden`,
        en: `${covered} of the register's ${numbers} numbers seen in the period`,
      }
  return [
    { da: 'HOLDT OP MOD UNILOGIN', en: 'HELD AGAINST UNILOGIN' },
    line(
      { da: 'set på', en: 'looked at' },
      lastRun.looked,
      inBoth((say) => `${say(from)}; ${say(outcome)}`),
    ),
    ...found.map((group) => line(driftWords[group.kind], group.numbers.length, shownNumbers(group.numbers))),
  ]
}

/** The register's check and backup; only when one of them is bad or old. */
function upkeepSection({ upkeep }: NightReport): BilingualText[] {
  if (upkeep.every(({ ok, isOld }) => ok && !isOld)) return []
  const rows = upkeep.map(({ task, at, ok }) =>
    line(
      task === 'check' ? { da: 'kontrol', en: 'check' } : { da: 'sikkerhedskopi', en: 'backup' },
      ok ? same('ok') : { da: 'FEJL', en: 'FAULT' },
      at === null ? { da: 'aldrig', en: 'never' } : { da: `sidst ${toSecond(at)}`, en: `last ${toSecond(at)}` },
    ),
  )
  return [{ da: 'VEDLIGEHOLD', en: 'UPKEEP' }, ...rows]
}

function actionsSection({ actions }: NightReport): BilingualText[] {
  if (actions.length === 0) return [{ da: 'INGEN SKAL GØRE NOGET', en: 'NOBODY NEEDS TO DO ANYTHING' }]
  return [{ da: 'NOGEN SKAL GØRE NOGET', en: 'SOMEBODY MUST ACT' }, ...actions.map(actionLines)]
}

/** The subject on a line of its own where it does not fit behind the text: a name is to be copied whole. */
function actionLines({ who, what, subject }: NightReport['actions'][number]): BilingualText {
  return inBoth((say) => {
    const text = `  ${say(actorWords[who])}: ${say(what)}:`
    if (text.length + 1 + subject.length <= width) return `${text} ${subject}`
    return `${say(paragraph(same(text), 6))}\n      ${subject}`
  })
}

/** What missed its cutoff, what was forecast, what to do before the next; empty when there is nothing to say. */
function cutoffSection({ misset, forecasts, alerts, score }: NightReport): BilingualText[] {
  const told = [...misset.map(missedLine), ...forecasts.map(forecastLines), ...(score === null ? [] : [scoreText(score)])]
  return [
    ...(told.length === 0 ? [] : [{ da: 'FRISTER', en: 'CUTOFFS' }, ...told]),
    ...(alerts.length === 0 ? [] : [alertsTitle, ...alerts.map(alertLine)]),
  ]
}

/** Numbers that are named where a cutoff was missed, or Unilogin differs. */
const missedShown = 3

function shownNumbers(numbers: readonly string[]): BilingualText {
  const [named, more] = [numbers.slice(0, missedShown).join(', '), numbers.length - missedShown]
  return more > 0 ? { da: `${named} og ${more} til`, en: `${named} and ${more} more` } : same(named)
}

function missedLine({ navn, at, why, count, subjects }: NightReport['misset'][number]): BilingualText {
  const named = shownNumbers(subjects)
  const text = { da: `misset, ${missedWords[why].da}: ${named.da}`, en: `missed, ${missedWords[why].en}: ${named.en}` }
  return paragraph(line(cutoffName(navn, at), count, text), 6)
}

function forecastLines({ navn, at, first, last, met }: NightReport['forecasts'][number]): BilingualText {
  const label = cutoffName(navn, at)
  if (met !== null) {
    const [clock, outcome] = [toClock(first.madeAt), metText(met)]
    const text = { da: `sagt kl. ${clock}; ${outcome.da}`, en: `said at ${clock}; ${outcome.en}` }
    return line(label, same(percent(first.probability)), text)
  }
  const { riskCause: cause, riskSupplierId: supplierId, riskProbability } = last
  const risk = cause === null ? null : { cause, supplierId, probability: riskProbability ?? 0 }
  const [text, ...rest] = forecastTexts({ ...last, risk }, last.madeAt)
  return lines(line(label, nothing, text), ...rest.map(indented))
}

function scoreText(score: NonNullable<NightReport['score']>): BilingualText {
  const [brier, base] = [decimal(score.brier), baseText(score)]
  return lines(
    line({ da: 'prognoserne', en: 'the forecasts' }, nothing, {
      da: `Brier ${brier.da}; ${base.da}`,
      en: `Brier ${brier.en}; ${base.en}`,
    }),
    indented(joined(score.calibration.map(calibrationText), '; ')),
  )
}

/** A cutoff in 22 characters at most: its name, day and time. */
function cutoffName(navn: string, at: Instant): BilingualText {
  return same(`${cut(navn, 10)} ${toMinute(at).slice(5)}`)
}

function line(label: BilingualText, value: BilingualText | number, text: BilingualText = nothing): BilingualText {
  const shown = typeof value === 'number' ? same(value) : value
  return inBoth((say) => `  ${say(label).padEnd(22)}${say(shown).padStart(8)}  ${say(text)}`.trimEnd())
}
