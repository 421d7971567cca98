import { type BilingualText, inBoth, nothing, same } from '../domain/bilingual-text.ts'
import type { Change, ChangePlan } from '../domain/change-plan.ts'
import { SyncError } from '../domain/errors.ts'
import { causeText } from '../domain/hold-causes.ts'
import { kommuner } from '../domain/kommuner.ts'
import { countBy } from '../domain/lists.ts'
import { type Match, proposeMatches, type UniloginRow } from '../domain/match-units.ts'
import { newest } from '../domain/moment.ts'
import { type Cutoff, nextCutoff } from '../domain/next-cutoff.ts'
import { postnumre } from '../domain/postnumre.ts'
import { checkUnits, lineFor, type QualityLine } from '../domain/quality.ts'
import { renderFinding } from '../domain/rules/render-finding.ts'
import { createRuleSet } from '../domain/rules/rule-set.ts'
import { type Instant, toBusinessDate, toMinute } from '../domain/time.ts'
import type { DeliveryFile } from '../ports/register/files.ts'
import type { UnitVersion } from '../ports/register/units.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { baselineActor } from './load-baseline.ts'
import { mandateOf } from './mandate-of.ts'
import { planFile } from './plan-changes.ts'
import { ruleSettings } from './rule-settings.ts'

/** Files of a municipality that are looked through for the newest ones. */
const filesBack = 50

/** What of a municipality's part of the register somebody should look at. */
export interface QualityReport {
  readonly kommuneKode: string
  readonly navn: string
  readonly madeAt: Instant
  readonly units: number
  /** The newest file of each supplier. */
  readonly files: readonly Pick<DeliveryFile, 'fileId' | 'supplierId' | 'name' | 'date' | 'state'>[]
  readonly baseline: { readonly units: number; readonly confirmed: number }
  /** The next cutoff: what is not in the register by then is not in Unilogin after it. */
  readonly cutoff: Cutoff | null
  readonly lines: readonly (QualityLine & { readonly forslag?: readonly Match[] })[]
}

/**
 * Compares what a municipality's last files say with the register, asks the rules of the units as they stand, and tells where
 * Unilogin differs. Reads, and changes nothing.
 * @param unilogin A list from Unilogin; null when there is none: then what the nights found there. Rows of other municipalities are passed over.
 */
export async function qualityReport(
  ctx: RegisterContext,
  kommuneKode: string,
  unilogin: readonly UniloginRow[] | null,
): Promise<QualityReport> {
  const now = ctx.clock.now()
  const { units, files } = ctx.register.read((tx) => ({
    units: [...tx.units.allAsOf({ at: newest, knownAt: newest }, { kommuneKode })].filter(({ status }) => status === 'aktiv'),
    files: newestOfEach(tx.files.ofKommune(kommuneKode, filesBack)),
  }))
  const compared = await Promise.all(files.map((file) => compareFile(ctx, file, units)))
  const confirmed = new Set(compared.flatMap((result) => [...result.confirmed]))
  const baseline = units.filter(({ actor }) => actor.startsWith(baselineActor))
  const unconfirmed = baseline.filter(({ nummer }) => !confirmed.has(nummer))
  const cutoff = nextCutoff(ctx.settings.cutoffs, now)
  const lines = [
    ...compared.flatMap((result) => result.lines),
    ...ctx.register.read((tx) => holdLines(tx, kommuneKode)),
    ...checkUnits(units, createRuleSet(ruleSettings(ctx.settings))),
    ...ctx.register.read((tx) => [
      ...uniloginLines(tx, kommuneKode, unilogin ?? rowsFound(tx, kommuneKode), units, cutoff),
      ...driftLines(tx, kommuneKode, units),
    ]),
    ...unconfirmed.map((unit) => lineFor('grunddata')(unit, same(unit.actor.slice(baselineActor.length)))),
  ]
  return {
    kommuneKode,
    navn: kommuner.get(kommuneKode)?.navn ?? kommuneKode,
    madeAt: now,
    units: units.length,
    files: files.map(({ fileId, supplierId, name, date, state }) => ({ fileId, supplierId, name, date, state })),
    baseline: { units: baseline.length, confirmed: baseline.length - unconfirmed.length },
    cutoff,
    lines,
  }
}

function newestOfEach(files: readonly DeliveryFile[]): DeliveryFile[] {
  const first = new Map<string, DeliveryFile>()
  for (const file of files) if (!first.has(file.supplierId)) first.set(file.supplierId, file)
  return [...first.values()]
}

interface Comparison {
  readonly lines: readonly QualityLine[]
  /** Numbers of units that a whole file has named as they stand. */
  readonly confirmed: ReadonlySet<string>
}

async function compareFile(ctx: RegisterContext, file: DeliveryFile, units: readonly UnitVersion[]): Promise<Comparison> {
  const findings = findingLines(ctx, file)
  const nothing = { lines: findings, confirmed: new Set<string>() }
  if (!['planned', 'held', 'applied', 'delivered', 'validated'].includes(file.state)) return nothing
  try {
    const plan = await planFile(ctx, file)
    return { lines: [...findings, ...differences(plan, units)], confirmed: confirmedBy(ctx, file, plan, units) }
  } catch (error) {
    // Its bytes may have been cleared away, or its supplier taken out of the settings: the rest of the report stands.
    if (!(error instanceof SyncError)) throw error
    const { name, supplierId } = file
    const tekst = {
      da: `${name} fra ${supplierId} kan ikke sammenlignes: ${error.code}`,
      en: `${name} from ${supplierId} cannot be compared: ${error.code}`,
    }
    return { ...nothing, lines: [...findings, { check: 'os', nummer: null, tekst }] }
  }
}

function findingLines(ctx: RegisterContext, file: DeliveryFile): QualityLine[] {
  const findings = ctx.register.read((tx) => tx.files.findings(file.fileId))
  const from = { da: `${file.name} fra ${file.supplierId}`, en: `${file.name} from ${file.supplierId}` }
  const lines = findings.flatMap((finding): QualityLine[] => {
    const { code, line, level } = finding
    const { seen } = renderFinding(finding)
    if (level === 'file')
      return [{ check: 'fil-afvist', nummer: null, tekst: inBoth((say) => `${say(from)}: ${code} ${say(seen)}`) }]
    if (level !== 'record') return []
    const place = line === null ? nothing : { da: `linje ${line}: `, en: `line ${line}: ` }
    const nummer = finding.key === null || finding.key.startsWith('lokal:') ? null : finding.key
    return [{ check: 'raekke-afvist', nummer, tekst: inBoth((say) => `${say(place)}${code} ${say(seen)}`) }]
  })
  const open = findings.filter(({ level }) => level === 'warning' || level === 'hold')
  const counted = [...countBy(open, ({ code }) => code)].sort()
  return [
    ...lines,
    ...counted.map(([code, count]) => {
      const tekst = { da: `${code}: ${count} i ${from.da}`, en: `${code}: ${count} in ${from.en}` }
      return { check: 'fund' as const, nummer: null, tekst }
    }),
  ]
}

function holdLines(tx: RegisterTx, kommuneKode: string): QualityLine[] {
  return tx.files
    .holds({ state: 'open' })
    .filter((hold) => hold.kommuneKode === kommuneKode)
    .map((hold) => {
      const tekst = inBoth((say) => `${hold.holdId} (${hold.slice}): ${say(causeText(hold))}`)
      return { check: 'tilbageholdt', nummer: null, tekst }
    })
}

/** Every change the file still asks for, whether it waits or not. */
function differences({ changes, held }: ChangePlan, units: readonly UnitVersion[]): QualityLine[] {
  const byNumber = new Map(units.map((unit) => [unit.nummer, unit]))
  return [...changes, ...held].flatMap((change): QualityLine[] => {
    const unit = byNumber.get(change.nummer ?? '')
    const named = { nummer: change.nummer, fields: { navn: unit?.fields.navn ?? change.fields.navn ?? '' } }
    if (change.operation === 'omnoegl') return []
    return [lineFor(change.operation === 'nedlaeg' ? 'kun-i-register' : 'kun-i-fil')(named, differenceText(change))]
  })
}

function differenceText({ operation, changed, parent, position, slice }: Change): BilingualText {
  if (operation === 'nedlaeg')
    return position === null
      ? { da: 'mangler i filen', en: 'is missing in the file' }
      : { da: `nedlægges på linje ${position.line}`, en: `is closed on line ${position.line}` }
  const kind = slice === null ? '' : `, ${slice}`
  const place = position === null ? nothing : { da: ` (linje ${position.line}${kind})`, en: ` (line ${position.line}${kind})` }
  if (operation === 'opret') return { da: `er ny${place.da}`, en: `is new${place.en}` }
  const to = parent?.nummer ?? parent?.lokalId ?? '?'
  if (operation === 'flyt') return { da: `flyttes under ${to}${place.da}`, en: `moves below ${to}${place.en}` }
  const fields = changed.join(', ')
  return { da: `${fields || 'ekstra felter'} er ændret${place.da}`, en: `${fields || 'extra fields'} changed${place.en}` }
}

/** Open units within a whole file's scope that it neither leaves out nor changes nor got wrong. */
function confirmedBy(ctx: RegisterContext, file: DeliveryFile, plan: ChangePlan, units: readonly UnitVersion[]): Set<string> {
  if (file.header?.art !== 'fuld') return new Set()
  const { niveauer } = file.header
  const { ejerformer } = mandateOf(ctx.settings, file.supplierId, file.date)
  const dropped = ctx.register.read((tx) => tx.files.findings(file.fileId)).filter(({ level }) => level === 'record')
  const disputed = new Set([...[...plan.changes, ...plan.held].map(({ nummer }) => nummer), ...dropped.map(({ key }) => key)])
  const inScope = units.filter(({ kind, ejerformKode }) => niveauer.includes(kind) && ejerformer.includes(ejerformKode))
  return new Set(inScope.map(({ nummer }) => nummer).filter((nummer) => !disputed.has(nummer)))
}

function uniloginLines(
  tx: RegisterTx,
  kommuneKode: string,
  rows: readonly UniloginRow[],
  units: readonly UnitVersion[],
  cutoff: Cutoff | null,
): QualityReport['lines'] {
  const own = rows.filter((row) => kommuneOfRow(row) === kommuneKode)
  const known = new Map(tx.units.byNumbers(own.map(({ instnr }) => instnr)).map((unit) => [unit.nummer, unit]))
  const deadline = cutoff === null ? nothing : deadlineText(cutoff)
  const inUnilogin = new Set(own.map(({ instnr }) => instnr))
  // Units that Unilogin knows by their own number are not what a row without one could be.
  const candidates = units.filter(({ kind, nummer }) => kind !== 'daginstitution' && !inUnilogin.has(nummer))
  return own.flatMap((row) => {
    const unit = known.get(row.instnr)
    if (unit?.open === true) return []
    if (unit !== undefined) return [lineFor('nedlagt-i-register')(unit)]
    const where = [row.adresse, row.postnr].filter(Boolean).join(', ')
    const tekst = inBoth((say) => `${row.instnavn}${where === '' ? '' : `, ${where}`}${say(deadline)}`)
    return [{ check: 'kun-i-unilogin' as const, nummer: row.instnr, tekst, forslag: proposeMatches(row, candidates) }]
  })
}

/** What the nights found in Unilogin that is not in the register, or closed in it. */
function rowsFound(tx: RegisterTx, kommuneKode: string): UniloginRow[] {
  return tx.drift.found(kommuneKode).flatMap(({ nummer, kind, held }) => {
    if (kind === 'nedlagt-i-register') return [{ instnr: nummer, instnavn: '', adresse: '', postnr: '', kommunenr: kommuneKode }]
    return held === null ? [] : [{ ...held, kommunenr: kommuneKode }]
  })
}

/** Open units that Unilogin lacks or has otherwise, as the nights found them. */
function driftLines(tx: RegisterTx, kommuneKode: string, units: readonly UnitVersion[]): QualityLine[] {
  const open = new Map(units.map((unit) => [unit.nummer, unit]))
  return tx.drift.found(kommuneKode).flatMap(({ nummer, kind, fields, sinceAt }) => {
    const unit = open.get(nummer)
    if (unit === undefined || kind === 'kun-i-unilogin') return []
    const what = [...fields, ''].join(', ')
    const since = toBusinessDate(sinceAt)
    return [lineFor(kind)(unit, { da: `${what}set ${since}`, en: `${what}seen ${since}` })]
  })
}

function deadlineText({ navn, at }: Cutoff): BilingualText {
  return {
    da: `; når ikke fristen ${navn} ${toMinute(at)}`,
    en: `; misses the cutoff ${navn} ${toMinute(at)}`,
  }
}

/** What the list says, else the municipality most at home in the postal code; null when neither tells. */
export function kommuneOfRow({ kommunenr, postnr }: UniloginRow): string | null {
  return kommunenr ?? postnumre.get(postnr)?.kommuneKoder[0] ?? null
}
