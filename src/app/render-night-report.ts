import type { CalibrationBin } from '../domain/forecast-score.ts'
import type { MissedWhy } from '../domain/missed-cutoff.ts'
import { ruleTable } from '../domain/rules/rule-table.ts'
import { type Instant, toDanishDate, toWallTime } from '../domain/time.ts'
import { alertLines, decimal, forecastTexts, percent } from './cutoff-texts.ts'
import type { NightReport } from './night-report.ts'
import { nightVerdict } from './night-verdict.ts'
import { paragraph } from './paragraph.ts'

const width = 96

/** The morning report as text, at most 100 columns wide; Danish first. */
export function renderNightReport(report: NightReport): string {
  const { files, rows, deltas, register } = report
  const sections = [
    [heading(report)],
    [
      title('Filer'),
      line('nye filer', `${files.received}`, `${files.delivered} leveret, ${files.rejected} afvist, ${files.held} tilbageholdt`),
      line('sendt igen', `${files.repeated}`, 'samme bytes som før; samme kvittering'),
      ...(files.deferred > 0 ? [line('venter på deres dato', `${files.deferred}`, '')] : []),
      ...(files.underWay > 0 ? [line('undervejs', `${files.underWay}`, '')] : []),
      line(
        'kvitteringer',
        `${report.receipts.delivered}`,
        report.receipts.waiting > 0 ? `${report.receipts.waiting} venter` : 'alle afleveret hos leverandørerne',
      ),
    ],
    [
      title('Rækker'),
      line('læst', `${rows.read}`, `${rows.accepted} godtaget (${rows.unchanged} uændret), ${rows.rejected} afvist`),
      ...report.causes.slice(0, 8).map(({ code, count }) => line(`  ${code}`, `${count}`, shortText(code))),
      ...(report.causes.length > 8
        ? [line('  andre', `${report.causes.slice(8).reduce((n, cause) => n + cause.count, 0)}`, '')]
        : []),
    ],
    [
      title('Registret'),
      line('daginstitutioner', `${register.daginstitution.open}`, `${register.daginstitution.closed} nedlagt`),
      line('anvisningsenheder', `${register.anvisningsenhed.open}`, `${register.anvisningsenhed.closed} nedlagt`),
      line('alternative adresser', `${register.alternativAdresse.open}`, `${register.alternativAdresse.closed} nedlagt`),
      ...(report.ledger === null
        ? []
        : paragraph(line('hovedbog, poster', `${report.ledger.seq}`, `står på ${report.ledger.hash}`), 6)),
    ],
    [
      title('Unilogin'),
      line('ændringer', `${Object.values(deltas.byState).reduce((n, count) => n + count, 0)}`, countsText(deltas.byOperation)),
      line('kvitteret', `${deltas.acknowledged}`, `${deltas.confirmed} læst tilbage og ens`),
      ...(deltas.carriedOver > 0 ? [line('fra tidligere nætter', `${deltas.carriedOver}`, 'endnu ikke nået frem')] : []),
      ...(report.agreements.waiting > 0
        ? [line('venter på dataaftale', `${report.agreements.waiting}`, agreementsText(report.agreements))]
        : []),
      ...report.cutoffs.map((cutoff) =>
        line(
          `frist ${cutoff.navn}`,
          `${cutoff.acknowledgedInTime}`,
          `af ${cutoff.deltas} inden ${clock(cutoff.at)}${cutoff.acknowledgedLate + cutoff.open > 0 ? `; ${cutoff.acknowledgedLate} for sent, ${cutoff.open} mangler` : ''}`,
        ),
      ),
    ],
    report.deferred.length === 0
      ? []
      : [
          title('Træder i kraft senere'),
          ...report.deferred
            .slice(0, 8)
            .map(({ gyldigFra, kommuneKode, supplierId, name }) =>
              line(toDanishDate(gyldigFra), kommuneKode, `${supplierId}/${name}`),
            ),
          ...(report.deferred.length > 8 ? [line('senere', `${report.deferred.length - 8}`, 'filer til')] : []),
        ],
    cutoffSection(report),
    report.holds.length === 0
      ? []
      : [
          title('Tilbageholdt'),
          ...report.holds.map((hold) =>
            line(
              hold.holdId,
              `${hold.count}`,
              `${hold.slice} af ${hold.of} i kommune ${hold.kommuneKode} (${hold.supplierId}), ${holdStates[hold.state] ?? hold.state}`,
            ),
          ),
        ],
    upkeepSection(report),
    report.actions.length === 0
      ? [title('Ingen skal gøre noget')]
      : [
          title('Nogen skal gøre noget'),
          ...report.actions.map((action) => wrap(`${action.who}: ${action.what}`, action.subject)),
        ],
  ]
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`
}

function agreementsText({ missing, checkedAt }: NightReport['agreements']): string {
  const looked = checkedAt === null ? 'listen er ikke hentet' : `listen hentet ${clock(checkedAt)}`
  return `i ${missing.length} kommune${missing.length === 1 ? '' : 'r'}; ${looked}`
}

/** The register's check and backup; only when one of them is bad or old. */
function upkeepSection({ upkeep }: NightReport): string[] {
  if (upkeep.every(({ ok, isOld }) => ok && !isOld)) return []
  const lines = upkeep.map(({ task, at, ok }) =>
    line(task === 'check' ? 'kontrol' : 'sikkerhedskopi', ok ? 'ok' : 'FEJL', at === null ? 'aldrig' : `sidst ${clock(at)}`),
  )
  return [title('Vedligehold'), ...lines]
}

function heading(report: NightReport): string {
  const until = report.closedAt === null ? '' : ` – ${clock(report.closedAt)}`
  const starts = `startet ${report.starts} gang${report.starts === 1 ? '' : 'e'}`
  const bar = '='.repeat(width)
  return `${bar}\nNat ${report.date}   ${nightVerdict(report).text}\n${clock(report.openedAt)}${until}, ${starts}\n${bar}`
}

const holdStates: Readonly<Record<string, string>> = {
  open: 'venter',
  approved: 'godkendt',
  refused: 'afvist',
  expired: 'bortfaldet',
}

const missedTexts: Readonly<Record<MissedWhy, string>> = {
  'for-sent': 'kvitteret for sent',
  venter: 'venter på en anden ændring',
  klar: 'ikke sendt endnu',
  undervejs: 'sendt, men intet svar endnu',
  uvis: 'intet klart svar',
  afvist: 'afvist af Unilogin',
  aftale: 'mangler dataaftale',
  tilbageholdt: 'ikke afgjort',
}
/** Numbers that are named where a cutoff was missed. */
const missedShown = 3

/** What missed its cutoff, what was forecast, what to do before the next; empty when there is nothing to say. */
function cutoffSection({ misset, forecasts, alerts, score }: NightReport): string[] {
  const lines = [
    ...misset.flatMap(({ navn, at, why, count, subjects }) => {
      const more = subjects.length > missedShown ? ` og ${subjects.length - missedShown} til` : ''
      const text = `misset, ${missedTexts[why]}: ${subjects.slice(0, missedShown).join(', ')}${more}`
      return paragraph(line(cutoffName(navn, at), `${count}`, text), 6)
    }),
    ...forecasts.flatMap(({ navn, at, first, last, met }) => {
      const label = cutoffName(navn, at)
      if (met !== null) {
        const text = `sagt kl. ${clock(first.madeAt).slice(11, 16)}; ${met ? 'nået' : 'MISSET'}`
        return [line(label, percent(first.probability), text)]
      }
      const risk =
        last.riskCause === null
          ? null
          : { cause: last.riskCause, supplierId: last.riskSupplierId, probability: last.riskProbability ?? 0 }
      const [text = '', ...rest] = forecastTexts({ ...last, risk }, last.madeAt)
      return [line(label, '', text), ...rest.flatMap((one) => paragraph(`      ${one}`, 6))]
    }),
    ...(score === null
      ? []
      : [
          line(
            'prognoserne',
            '',
            `Brier ${decimal(score.brier)}; altid at sige ${percent(score.baseRate)} giver ${decimal(score.baseBrier)}`,
          ),
          ...paragraph(`      ${score.calibration.map(calibrationText).join('; ')}`, 6),
        ]),
  ]
  const section = lines.length === 0 ? [] : [title('Frister'), ...lines]
  return alerts.length === 0 ? section : [...section, title('Inden fristen'), ...alerts.flatMap(alertLines)]
}

function calibrationText({ said, came }: CalibrationBin): string {
  return `sagt ${percent(said)}, skete ${percent(came)}`
}

/** A cutoff in 22 characters at most: its name, day and time. */
function cutoffName(navn: string, at: Instant): string {
  const day = toWallTime(at).slice(5, 16).replace('T', ' ')
  return `${navn.length > 10 ? `${navn.slice(0, 9)}…` : navn} ${day}`
}

/** What a finding is about, in few words: the rule's text without its facts. */
function shortText(code: string): string {
  const text = ruleTable.get(code)?.seen.da.replace(/"?\{\w+\}"?/g, '…') ?? ''
  return text.length <= 58 ? text : `${text.slice(0, 57)}…`
}

function title(text: string): string {
  return text.toUpperCase()
}

function line(label: string, value: string, text: string): string {
  return `  ${label.padEnd(22)}${value.padStart(8)}  ${text}`.trimEnd()
}

function wrap(text: string, subject: string): string {
  const joined = `  ${text}: ${subject}`
  return joined.length <= width ? joined : `  ${text}:\n      ${subject}`
}

function countsText(counts: Readonly<Partial<Record<string, number>>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
}

function clock(at: Instant): string {
  return toWallTime(at).replace('T', ' ')
}
