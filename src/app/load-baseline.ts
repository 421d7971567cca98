import { FatalError } from '../domain/errors.ts'
import { type BaselineUnit, type PlacedBaseline, placeBaseline } from '../domain/place-baseline.ts'
import { compareWithRegister } from '../domain/rules/compare-with-register.ts'
import { createRuleSet, type RuleSettings } from '../domain/rules/rule-set.ts'
import { ruleTable } from '../domain/rules/rule-table.ts'
import { type BusinessDate, fromWallTime, type Instant, isBusinessDate, toBusinessDate } from '../domain/time.ts'
import { notTakenBack, type StagedRecord, type UnitKind, unitKinds } from '../domain/unit.ts'
import type { ValidationResult } from '../domain/validation.ts'
import type { StoredBlob } from '../ports/file-store.ts'
import type { NewVersion } from '../ports/register/units.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { ruleSettings } from './rule-settings.ts'
import { runStep } from './run-step.ts'
import { validateDelivery } from './validate-delivery.ts'

export interface LoadRequest {
  readonly fileName: string
  /** The file's bytes from their beginning, as often as it is called. */
  readonly content: () => AsyncIterable<Uint8Array>
  /** Where the file is from, such as 'Danmarks Statistik'. */
  readonly source: string
  /** The date it describes. */
  readonly asOf: BusinessDate
  readonly by: string
  /** True: everything but the writing. */
  readonly dryRun: boolean
}

export interface LoadResult {
  /** As `validate` gives it, with what the register adds. */
  readonly validation: ValidationResult
  readonly loaded: Readonly<Record<UnitKind, number>>
  readonly kommuner: number
  /** Null on a dry run and when nothing could be loaded. */
  readonly sha256: string | null
}

/** What a baseline's versions have as their actor, before the name of the source. */
export const baselineActor = 'baseline:'

/**
 * Loads a baseline: units that bring their institution numbers with them, the only place where we do not issue them. Held
 * against the same rules as a delivery, but for those about a supplier; what a rule would hold is loaded as it is and
 * told, since nobody else can decide it. All that stands is written in one transaction, and nothing is sent to Unilogin.
 * @throws BASELINE_INVALID when a number is in the register already, or the request cannot be met
 */
export async function loadBaseline(ctx: RegisterContext, request: LoadRequest): Promise<LoadResult> {
  checkRequest(request, ctx.clock.now())
  if (request.dryRun) return load(ctx, request, null)
  const { fileName, source, asOf, by } = request
  const { sha256, sizeBytes } = await ctx.files.put(request.content())
  return loadStored(ctx, { fileName, source, asOf, by, fileSha256: sha256, sizeBytes })
}

/** A baseline whose bytes lie in the file store; what its step was given. */
export interface StoredBaseline extends Pick<LoadRequest, 'fileName' | 'source' | 'asOf' | 'by'> {
  readonly fileSha256: string
  readonly sizeBytes: number
}

/** Loads a baseline that was stored before. */
export function loadStored(ctx: RegisterContext, { fileSha256, sizeBytes, ...said }: StoredBaseline): Promise<LoadResult> {
  const content = () => ctx.files.read(fileSha256)
  const blob = { sha256: fileSha256, sizeBytes }
  return runStep(ctx, 'load-baseline', { ...said, fileSha256, sizeBytes }, (step) =>
    load(step, { ...said, content, dryRun: false }, blob),
  )
}

async function load(ctx: RegisterContext, request: LoadRequest, blob: StoredBlob | null): Promise<LoadResult> {
  const rules = rulesForBaseline(ruleSettings(ctx.settings))
  const records: StagedRecord[] = []
  const checked = await validateDelivery({
    fileName: request.fileName,
    content: request.content(),
    mandate: null,
    codeMap: ctx.settings.kodetabeller.lovgrundlag,
    limits: ctx.settings.limits,
    rules,
    wholeCountry: true,
    emit: (record) => void records.push(record),
  })
  if (checked.verdict === 'rejected') return { validation: checked, ...countsOf([]), sha256: null }
  const standing = records.filter(notTakenBack(checked.rejectedRefs))

  const work = (tx: RegisterTx): LoadResult => {
    const view = viewOf(tx, standing)
    const placed = placeBaseline(standing, view.units)
    const compared = compareWithRegister(standing, view, createRuleSet({ ...rules, codeMap: rules.codeMap ?? {} }))
    assertFree(tx, placed.units)
    const validation = withFindings(checked, [...placed.findings, ...compared.findings], placed)
    if (blob !== null) write(ctx, tx, request, placed.units, blob, validation)
    return { validation, ...countsOf(placed.units), sha256: blob?.sha256 ?? null }
  }
  return request.dryRun ? ctx.register.read(work) : ctx.register.write(work)
}

function checkRequest({ asOf, source, by }: LoadRequest, now: Instant): void {
  const today = toBusinessDate(now)
  if (!isBusinessDate(asOf) || asOf > today)
    throw refused(`its date "${asOf}" is no date up to today, ${today}`, 'give the date that the file describes as YYYY-MM-DD')
  if (source.trim() === '' || by.trim() === '') throw refused('its source or the person is not named', 'give --source and --by')
}

/** A person loads it and reads the findings: nobody is left who could release what is held. */
function rulesForBaseline(settings: RuleSettings): RuleSettings {
  const held = [...ruleTable.values()].filter((rule) => rule.level === 'hold').map(({ code }) => [code, 'warning'] as const)
  return { ...settings, levels: { ...Object.fromEntries(held), ...settings.levels } }
}

/** The units of the register that records name as their parents. */
function viewOf(tx: RegisterTx, records: readonly StagedRecord[]) {
  const named = new Set(records.flatMap(({ parent }) => (parent?.nummer ? [parent.nummer] : [])))
  const inFile = new Set(records.map(({ ref }) => ref.nummer))
  const above = tx.units.byNumbers([...named].filter((nummer) => !inFile.has(nummer)))
  return { units: new Map(above.map((unit) => [unit.nummer, unit])), numbersByLokalId: new Map(), settled: new Map() }
}

function assertFree(tx: RegisterTx, units: readonly BaselineUnit[]): void {
  const taken = new Set(tx.units.byNumbers(units.map(({ nummer }) => nummer)).map(({ nummer }) => nummer))
  const first = units.find(({ nummer }) => taken.has(nummer))
  if (first === undefined) return
  const seen = `${taken.size} of its ${units.length} numbers are in the register already, the first ${first.nummer} on line ${first.position.line}`
  throw refused(seen, 'load a baseline before the first night; to add units, take the rows that are known out of the file')
}

function refused(seen: string, hint: string): FatalError {
  return new FatalError('BASELINE_INVALID', `loading a baseline: ${seen}`, { dataState: 'nothing was loaded', hint })
}

function write(
  ctx: RegisterContext,
  tx: RegisterTx,
  { fileName, source, asOf, by }: LoadRequest,
  units: readonly BaselineUnit[],
  { sha256, sizeBytes }: StoredBlob,
  { counts, ruleSet }: ValidationResult,
): void {
  const now = ctx.clock.now()
  const fileId = `b-${sha256.slice(0, 16)}`
  const told = { actor: `${baselineActor}${source}`, date: null, fileId, planHash: null }
  const times = { validFrom: fromWallTime(asOf, '00:00'), recordedFrom: now }
  tx.units.write(
    units.map(({ open, position, ...unit }): NewVersion => {
      return { ...unit, ...told, ...times, status: open ? 'aktiv' : 'nedlagt', line: position.line }
    }),
  )
  for (const kommune of new Set(units.map((unit) => unit.admKommuneKode))) tx.units.bumpKommuneVersion(kommune)
  const facts = { name: fileName, sha256, sizeBytes, source, asOf, by, ruleSet, ...counts, ...countsOf(units).loaded }
  tx.ledger.append({ at: now, type: 'load', subject: fileId, facts })
}

function withFindings(
  checked: ValidationResult,
  findings: ValidationResult['findings'],
  { findings: dropped }: PlacedBaseline,
): ValidationResult {
  const findingCounts: Record<string, number> = { ...checked.findingCounts }
  for (const { code } of findings) findingCounts[code] = (findingCounts[code] ?? 0) + 1
  const { read, accepted, rejected } = checked.counts
  return {
    ...checked,
    counts: { read, accepted: accepted - dropped.length, rejected: rejected + dropped.length },
    findings: [...checked.findings, ...findings],
    findingCounts,
  }
}

function countsOf(units: readonly BaselineUnit[]): Pick<LoadResult, 'loaded' | 'kommuner'> {
  const loaded = Object.fromEntries(unitKinds.map((kind) => [kind, units.filter((unit) => unit.kind === kind).length]))
  return { loaded: loaded as Record<UnitKind, number>, kommuner: new Set(units.map((unit) => unit.admKommuneKode)).size }
}
