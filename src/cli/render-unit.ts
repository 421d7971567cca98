import type { ExplainedDelta, ExplainedSource, Explanation } from '../app/explain-unit.ts'
import type { NamedUnit, Origin, ShownUnit } from '../app/show-unit.ts'
import { originText, valuesOf } from '../app/show-unit.ts'
import { agreementText } from '../domain/agreement.ts'
import { type BilingualText, inBoth, joined, nothing, same } from '../domain/bilingual-text.ts'
import { ejerformer, institutionstyper, lovgrundlag } from '../domain/code-tables.ts'
import { cut } from '../domain/cut.ts'
import { driftText } from '../domain/drift.ts'
import { kommuner } from '../domain/kommuner.ts'
import { lines } from '../domain/lines.ts'
import { newest } from '../domain/moment.ts'
import { paragraph, width } from '../domain/paragraph.ts'
import { type Instant, toIso, toMinute, toSecond } from '../domain/time.ts'
import { deltaStateWords, kindWords, linkText, statusWords } from '../domain/words.ts'
import type { UnitVersion } from '../ports/register/units.ts'

const labelWidth = 20
/** Children that are listed; the rest are counted. */
const mostChildren = 15

/** A unit as a table, at most 100 columns wide; times are Copenhagen's. */
export function renderUnit(shown: ShownUnit): BilingualText {
  const { unit, moment, origin, parent, children, links, agreement, agreementsAt, history } = shown
  const open = children.filter(({ status }) => status === 'aktiv').length
  const [kind, status, when] = [kindWords[unit.kind], statusWords[unit.status], momentText(moment)]
  const to = unit.validTo === null ? null : toSecond(unit.validTo)
  const from = toSecond(unit.validFrom)
  const told = [
    same(`${unit.nummer}  ${unit.fields.navn ?? ''}`),
    { da: `${kind.da}, ${status.da}${when.da}`, en: `${kind.en}, ${status.en}${when.en}` },
    nothing,
    ...valuesOf(unit).map(({ felt, vaerdi }) => row(same(felt), same(withLabel(felt, vaerdi)))),
    nothing,
    row({ da: 'gælder fra', en: 'valid from' }, to === null ? same(from) : { da: `${from} til ${to}`, en: `${from} to ${to}` }),
    row({ da: 'registreret', en: 'recorded' }, same(toSecond(unit.recordedFrom))),
    row({ da: 'kilde', en: 'source' }, placedOrigin(origin, unit.line)),
    ...(origin.kind === 'grunddata' ? [row(nothing, baselineText(origin.by))] : []),
    row({ da: 'hører under', en: 'belongs to' }, parent === null ? topLevel : named(parent)),
    ...(children.length === 0
      ? []
      : [
          row(
            { da: 'under sig', en: 'below it' },
            { da: `${open} aktive, ${children.length - open} nedlagte`, en: `${open} open, ${children.length - open} closed` },
          ),
        ]),
    ...children.slice(0, mostChildren).map((child) => row(nothing, named(child))),
    ...(children.length > mostChildren ? [row(nothing, moreText(children.length - mostChildren))] : []),
    ...links.map((link) => row({ da: 'slægtskab', en: 'lineage' }, linkText(link))),
    row({ da: 'aftale', en: 'agreement' }, agreementText(agreement, agreementsAt)),
  ]
  if (history.length > 0) told.push(nothing, historyTitle, ...history.flatMap(historyLines))
  return page(told)
}

const topLevel = { da: 'ingen; øverste niveau', en: 'nothing; top level' }
const historyTitle = {
  da: 'HISTORIK (gælder fra – til; kendt fra – til)',
  en: 'HISTORY (valid from – to; known from – to)',
}

function baselineText(by: string): BilingualText {
  return {
    da: `står endnu som grunddata, indlæst af ${by}; ingen leverance siden`,
    en: `still stands as baseline, loaded by ${by}; no delivery since`,
  }
}

function moreText(count: number): BilingualText {
  return { da: `… og ${count} til (--json viser alle)`, en: `… and ${count} more (--json shows all)` }
}

/** Why a unit is as it is, on one page. */
export function renderExplanation({ nummer, kind, navn, values, sources, links, drift }: Explanation): BilingualText {
  const titles = (values: string, since: string, source: string) =>
    `${values.padEnd(labelWidth + 50)}${since.padEnd(19)}${source}`
  return page([
    inBoth((say) => `${nummer}  ${navn}  (${say(kindWords[kind]).toLowerCase()})`),
    nothing,
    { da: titles('VÆRDIER', 'SIDEN', 'KILDE'), en: titles('VALUES', 'SINCE', 'SOURCE') },
    ...values.map(({ felt, vaerdi, siden, source }) => {
      const said = cut(withLabel(felt, vaerdi), 46)
      return same(`  ${felt.padEnd(labelWidth)} ${said.padEnd(46)} ${toMinute(siden)}   [${source + 1}]`)
    }),
    nothing,
    { da: 'KILDER', en: 'SOURCES' },
    ...sources.flatMap((source, i) => sourceLines(source, i + 1)),
    ...(drift === null
      ? []
      : [nothing, { da: 'I UNILOGIN', en: 'IN UNILOGIN' }, paragraph(inBoth((say) => `  ${say(driftText(drift))}`))]),
    ...(links.length === 0 ? [] : [nothing, { da: 'SLÆGTSKAB', en: 'LINEAGE' }]),
    ...links.map((link) => inBoth((say) => `  ${say(linkText(link))}`)),
  ])
}

function sourceLines({ origin, line, planHash, appliedAt, deltas, validFrom }: ExplainedSource, number: number): BilingualText[] {
  const told = [inBoth((say) => `  [${number}] ${say(placedOrigin(origin, line))}`)]
  if (origin.kind === 'leverance') {
    const hash = `sha256 ${origin.sha256.slice(0, 16)}…`
    told.push({
      da: `      fil ${hash}, regelsæt ${origin.ruleSet ?? 'ukendt'}`,
      en: `      file ${hash}, rule set ${origin.ruleSet ?? 'unknown'}`,
    })
  }
  if (planHash !== null) {
    const at = appliedAt === null ? null : toSecond(appliedAt)
    const plan = `      plan ${planHash.slice(0, 16)}…`
    told.push({ da: `${plan}, indført ${at ?? 'ukendt hvornår'}`, en: `${plan}, applied ${at ?? 'at an unknown time'}` })
  }
  if (origin.kind === 'grunddata') {
    const at = toSecond(validFrom)
    told.push({
      da: `      gælder fra ${at}; grunddata sendes ikke til Unilogin`,
      en: `      valid from ${at}; a baseline is not sent to Unilogin`,
    })
  } else if (deltas.length === 0) told.push({ da: '      intet at sende til Unilogin', en: '      nothing to send to Unilogin' })
  return [...told, ...deltas.map(deltaLines)]
}

function deltaLines(delta: ExplainedDelta): BilingualText {
  const { operation, state, acknowledgedAt, confirmedAt, attempts, replyCode, sourceDateTime } = delta
  const [tries, stamp, deadline] = [attempts.length, sourceDateTime, cutoffText(delta)]
  const answers = [
    ...(acknowledgedAt === null ? [] : [dated({ da: 'kvitteret', en: 'acknowledged' }, acknowledgedAt)]),
    ...(confirmedAt === null ? [] : [dated({ da: 'læst tilbage', en: 'read back' }, confirmedAt)]),
    ...(replyCode === null ? [] : [{ da: `svar ${replyCode}`, en: `answer ${replyCode}` }]),
  ]
  const answered = answers.length === 0 ? nothing : inBoth((say) => `; ${say(joined(answers, ', '))}`)
  return lines(
    inBoth((say) => `      Unilogin: ${operation}, ${say(deltaStateWords[state])}${say(answered)}`),
    {
      da: `        ${tries} forsøg, stempel ${stamp ?? 'intet endnu'}; ${deadline.da}`,
      en: `        ${tries} ${tries === 1 ? 'try' : 'tries'}, stamp ${stamp ?? 'none yet'}; ${deadline.en}`,
    },
  )
}

function dated(what: BilingualText, at: Instant): BilingualText {
  return inBoth((say) => `${say(what)} ${toSecond(at)}`)
}

function cutoffText({ cutoff, met }: ExplainedDelta): BilingualText {
  if (cutoff === null) return { da: 'ingen frist', en: 'no cutoff' }
  const verdicts = [
    { da: 'afventer', en: 'waits' },
    { da: 'nået', en: 'met' },
    { da: 'IKKE nået', en: 'NOT met' },
  ]
  const verdict = verdicts[met === null ? 0 : met ? 1 : 2] ?? nothing
  const name = `${cutoff.navn} ${toSecond(cutoff.at)}`
  return { da: `frist ${name}: ${verdict.da}`, en: `cutoff ${name}: ${verdict.en}` }
}

function historyLines({ version, origin }: ShownUnit['history'][number]): BilingualText[] {
  const { validFrom, validTo, recordedFrom, recordedTo, status, fields, line } = version
  const period = (from: Instant, to: Instant | null) => `${toSecond(from)} – ${to === null ? '' : toSecond(to)}`.trimEnd()
  return [
    same(`  ${period(validFrom, validTo).padEnd(42)} ${period(recordedFrom, recordedTo)}`),
    inBoth((say) => `    ${say(statusWords[status])}, ${fields.navn ?? ''}; ${say(placedOrigin(origin, line))}`),
  ]
}

/** Where a state is from, with the line it stands on. */
function placedOrigin(origin: Origin, line: number | null): BilingualText {
  const { da, en } = originText(origin)
  return line === null ? { da, en } : { da: `${da}, linje ${line}`, en: `${en}, line ${line}` }
}

/** A code with what it means. */
function withLabel(felt: string, vaerdi: string): string {
  const label = {
    ejerformKode: ejerformer.get(vaerdi)?.tekst,
    instType3: institutionstyper.get(vaerdi)?.tekst,
    lovgrundlagKode: lovgrundlag.get(vaerdi)?.tekst,
    admKommuneKode: kommuner.get(vaerdi)?.navn,
    kommuneKode: kommuner.get(vaerdi)?.navn,
  }[felt]
  return label === undefined ? vaerdi : `${vaerdi}  ${label}`
}

function momentText({ at, knownAt }: ShownUnit['moment']): BilingualText {
  const then = at === newest ? nothing : { da: `, som den var ${toSecond(at)}`, en: `, as it was ${toSecond(at)}` }
  if (knownAt === newest) return then
  const known = toSecond(knownAt)
  return { da: `${then.da}, som registret vidste det ${known}`, en: `${then.en}, as the register knew it ${known}` }
}

function named({ nummer, navn, status }: NamedUnit): BilingualText {
  if (status === 'aktiv') return same(`${nummer}  ${navn}`)
  return inBoth((say) => `${nummer}  ${navn} (${say(statusWords[status])})`)
}

function row(label: BilingualText, text: BilingualText): BilingualText {
  return inBoth((say) => `  ${say(label).padEnd(labelWidth)} ${say(text)}`.trimEnd())
}

function page(told: readonly BilingualText[]): BilingualText {
  return inBoth(
    (say) =>
      `${say(lines(...told))
        .split('\n')
        .map((line) => cut(line, width).trimEnd())
        .join('\n')}\n`,
  )
}

/** The document behind `register show --json`: a version with both of its times. */
export function toVersionDocument(version: UnitVersion, origin: Origin) {
  return {
    nummer: version.nummer,
    art: version.kind,
    overordnet: version.parentNummer,
    status: version.status,
    admKommuneKode: version.admKommuneKode,
    ejerformKode: version.ejerformKode,
    felter: version.fields,
    gyldigFra: toIso(version.validFrom),
    gyldigTil: version.validTo === null ? null : toIso(version.validTo),
    registreretFra: toIso(version.recordedFrom),
    registreretTil: version.recordedTo === null ? null : toIso(version.recordedTo),
    linje: version.line,
    plan: version.planHash,
    kilde: origin,
  }
}
