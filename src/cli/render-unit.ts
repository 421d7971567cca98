import type { ExplainedDelta, ExplainedSource, Explanation } from '../app/explain-unit.ts'
import type { NamedUnit, Origin, ShownUnit } from '../app/show-unit.ts'
import { valuesOf } from '../app/show-unit.ts'
import { agreementText } from '../domain/agreement.ts'
import { ejerformer, institutionstyper, lovgrundlag } from '../domain/code-tables.ts'
import { cut } from '../domain/cut.ts'
import { kommuner } from '../domain/kommuner.ts'
import type { UnitLink } from '../domain/lineage.ts'
import { newest } from '../domain/moment.ts'
import { type Instant, toIso, toMinute, toSecond } from '../domain/time.ts'
import { deltaStateWords, evidenceWords, kindWords, relationWords } from '../domain/words.ts'
import type { UnitVersion } from '../ports/register/units.ts'
import { width } from './paragraph.ts'

const labelWidth = 20
/** Children that are listed; the rest are counted. */
const mostChildren = 15

/** A unit as a Danish table, at most 100 columns wide; times are Copenhagen's. */
export function renderUnit(shown: ShownUnit): string {
  const { unit, moment, origin, parent, children, links, agreement, agreementsAt, history } = shown
  const open = children.filter(({ status }) => status === 'aktiv')
  const lines = [
    `${unit.nummer}  ${unit.fields.navn ?? ''}`,
    `${kindWords[unit.kind].da}, ${unit.status}${momentText(moment)}`,
    '',
    ...valuesOf(unit).map(({ felt, vaerdi }) => row(felt, withLabel(felt, vaerdi))),
    '',
    row('gælder fra', toSecond(unit.validFrom) + (unit.validTo === null ? '' : ` til ${toSecond(unit.validTo)}`)),
    row('registreret', toSecond(unit.recordedFrom)),
    row('kilde', originText(origin, unit.line)),
    ...(origin.kind === 'grunddata' ? [row('', 'står endnu som grunddata: ingen leverance har ændret enheden siden')] : []),
    row('hører under', parent === null ? 'ingen; øverste niveau' : named(parent)),
    ...(children.length === 0 ? [] : [row('under sig', `${open.length} aktive, ${children.length - open.length} nedlagte`)]),
    ...children.slice(0, mostChildren).map((child) => row('', named(child))),
    ...(children.length > mostChildren ? [row('', `… og ${children.length - mostChildren} til (--json viser alle)`)] : []),
    ...links.map((link) => row('slægtskab', linkText(link))),
    row('aftale', agreementText(agreement, agreementsAt).da),
  ]
  if (history.length > 0) lines.push('', 'HISTORIK (gælder fra – til; kendt fra – til)', ...history.flatMap(historyLines))
  return page(lines)
}

/** Why a unit is as it is, on one page in Danish. */
export function renderExplanation({ nummer, kind, navn, values, sources, links }: Explanation): string {
  const lines = [
    `${nummer}  ${navn}  (${kindWords[kind].da.toLowerCase()})`,
    '',
    `${'VÆRDIER'.padEnd(labelWidth + 50)}${'SIDEN'.padEnd(19)}KILDE`,
    ...values.map(({ felt, vaerdi, siden, source }) => {
      const said = cut(withLabel(felt, vaerdi), 46)
      return `  ${felt.padEnd(labelWidth)} ${said.padEnd(46)} ${toMinute(siden)}   [${source + 1}]`
    }),
    '',
    'KILDER',
    ...sources.flatMap((source, i) => sourceLines(source, i + 1)),
  ]
  if (links.length > 0) lines.push('', 'SLÆGTSKAB', ...links.map((link) => `  ${linkText(link)}`))
  return page(lines)
}

function sourceLines({ origin, line, planHash, appliedAt, deltas, validFrom }: ExplainedSource, number: number): string[] {
  const lines = [`  [${number}] ${originText(origin, line)}`]
  if (origin.kind === 'leverance')
    lines.push(`      fil sha256 ${origin.sha256.slice(0, 16)}…, regelsæt ${origin.ruleSet ?? 'ukendt'}`)
  if (planHash !== null)
    lines.push(`      plan ${planHash.slice(0, 16)}…, indført ${appliedAt === null ? 'ukendt hvornår' : toSecond(appliedAt)}`)
  if (origin.kind === 'grunddata') lines.push(`      gælder fra ${toSecond(validFrom)}; grunddata sendes ikke til Unilogin`)
  else if (deltas.length === 0) lines.push('      intet at sende til Unilogin')
  return [...lines, ...deltas.flatMap(deltaLines)]
}

function deltaLines(delta: ExplainedDelta): string[] {
  const { operation, state, acknowledgedAt, confirmedAt, attempts, replyCode, sourceDateTime } = delta
  const answers = [
    acknowledgedAt === null ? null : `kvitteret ${toSecond(acknowledgedAt)}`,
    confirmedAt === null ? null : `læst tilbage ${toSecond(confirmedAt)}`,
    replyCode === null ? null : `svar ${replyCode}`,
  ].filter((answer) => answer !== null)
  return [
    `      Unilogin: ${operation}, ${deltaStateWords[state].da}${answers.length === 0 ? '' : `; ${answers.join(', ')}`}`,
    `        ${attempts.length} forsøg, stempel ${sourceDateTime ?? 'intet endnu'}; ${cutoffText(delta)}`,
  ]
}

function cutoffText({ cutoffNavn, cutoffAt, met }: ExplainedDelta): string {
  if (cutoffAt === null) return 'ingen frist'
  const verdict = met === null ? 'afventer' : met ? 'nået' : 'IKKE nået'
  return `frist ${cutoffNavn ?? ''} ${toSecond(cutoffAt)}: ${verdict}`
}

function historyLines({ version, origin }: ShownUnit['history'][number]): string[] {
  const { validFrom, validTo, recordedFrom, recordedTo, line } = version
  const period = (from: Instant, to: Instant | null) => `${toSecond(from)} – ${to === null ? '' : toSecond(to)}`.trimEnd()
  return [
    `  ${period(validFrom, validTo).padEnd(42)} ${period(recordedFrom, recordedTo)}`,
    `    ${version.status}, ${version.fields.navn ?? ''}; ${originText(origin, line)}`,
  ]
}

function originText(origin: Origin, line: number | null): string {
  const place = line === null ? '' : `, linje ${line}`
  switch (origin.kind) {
    case 'grunddata':
      return `grunddata fra ${origin.source} pr. ${origin.asOf}: ${origin.name}${place}`
    case 'leverance':
      return `${origin.name} fra ${origin.supplierId}, natten ${origin.date}${place}`
    case 'andet':
      return `${origin.actor}${place}`
  }
}

function linkText({ fromNummer, toNummer, relation, evidence, actor, recordedAt, reason }: UnitLink): string {
  const why = reason === null ? '' : `: ${reason}`
  return `${fromNummer} ${relationWords[relation].da} ${toNummer} (${evidenceWords[evidence].da}, ${actor}, ${toSecond(recordedAt)}${why})`
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

function momentText({ at, knownAt }: ShownUnit['moment']): string {
  const when = at === newest ? '' : `, som den var ${toSecond(at)}`
  return knownAt === newest ? when : `${when}, som registret vidste det ${toSecond(knownAt)}`
}

function named({ nummer, navn, status }: NamedUnit): string {
  return `${nummer}  ${navn}${status === 'aktiv' ? '' : ' (nedlagt)'}`
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(labelWidth)} ${text}`.trimEnd()
}

function page(lines: readonly string[]): string {
  return `${lines.map((line) => cut(line, width).trimEnd()).join('\n')}\n`
}

/** The document behind `register show --json`: a version with both of its times. */
export function toVersionDocument(version: UnitVersion, origin: Origin) {
  const iso = (at: Instant | null) => (at === null ? null : toIso(at))
  return {
    nummer: version.nummer,
    art: version.kind,
    overordnet: version.parentNummer,
    status: version.status,
    admKommuneKode: version.admKommuneKode,
    ejerformKode: version.ejerformKode,
    felter: version.fields,
    gyldigFra: iso(version.validFrom),
    gyldigTil: iso(version.validTo),
    registreretFra: iso(version.recordedFrom),
    registreretTil: iso(version.recordedTo),
    linje: version.line,
    plan: version.planHash,
    kilde: origin,
  }
}
