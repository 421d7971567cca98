import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { problemsOf } from '../../src/adapters/sqlite/integrity.ts'
import type { RegisterContext } from '../../src/app/context.ts'
import { missedCutoffs } from '../../src/app/missed-cutoffs.ts'
import { nightReport } from '../../src/app/night-report.ts'
import { toInstitutionRecord } from '../../src/domain/institution-record.ts'
import { nextCutoff } from '../../src/domain/next-cutoff.ts'
import type { BusinessDate } from '../../src/domain/time.ts'
import { parts } from '../../src/main/parts.ts'
import type { OutboxDelta } from '../../src/ports/register/outbox.ts'
import { outcomeOf, type SmallWorld } from './small-world.ts'

/** What is left after nights on which things went wrong: the worker's side, and the sandbox's own database. */
export interface Aftermath {
  readonly ctx: RegisterContext
  readonly target: Database.Database
  readonly dates: readonly BusinessDate[]
}

/** What of a night can be compared with an unbroken one's. */
export type Outcome = ReturnType<typeof outcomeOf> & { readonly folders: readonly string[] }

export function wholeOutcomeOf(world: Pick<SmallWorld, 'dir'>): Outcome {
  const folders = (readdirSync(join(world.dir, 'sandbox/sftp'), { recursive: true }) as string[]).sort()
  return { ...outcomeOf(world), folders }
}

/**
 * What is promised to hold whatever went wrong on the way, and does not, one line each; empty when all of it holds: the night
 * came to its end and nobody has to do anything, the register is sound and proves itself, the target holds what the register
 * says and took each change once, and all is as after a night on which nothing went wrong.
 */
export async function brokenPromises(
  world: Pick<SmallWorld, 'dir' | 'settings'>,
  dates: readonly BusinessDate[],
  unbroken: Outcome,
): Promise<string[]> {
  const settings = parts.loadSettings(world.settings)
  const { register: ctx, close } = await parts.openReading(settings)
  const sqlite = new Database(join(world.dir, 'data/register.sqlite'), { readonly: true })
  const target = new Database(join(world.dir, 'sandbox/unilogin.sqlite'), { readonly: true })
  try {
    return [
      ...dates.flatMap((date) => leftToPeople(ctx, date)),
      ...problemsOf(sqlite, 'integrity_check').map((problem) => `register.sqlite: ${problem}`),
      ...brokenAtTarget({ ctx, target, dates }),
      ...unlike(unbroken, wholeOutcomeOf(world)),
      ...(await unproved(world)),
    ]
  } finally {
    target.close()
    sqlite.close()
    await close()
  }
}

/** The promises about the target: each change taken once and in order, and what was late named. */
export function brokenAtTarget(after: Aftermath): string[] {
  const deltas = after.dates.flatMap((date) => after.ctx.register.read((tx) => tx.outbox.ofNight(date)))
  const wanted = numbersInOrder(deltas)
  const { taken, wentBack } = takenByTarget(after)
  return [
    ...deltas.filter(({ state }) => state !== 'confirmed').map((delta) => `not confirmed: ${inShort(delta)}`),
    ...differences('at the target', inRegister(after, Object.keys(wanted)), atTarget(after)),
    ...differences('taken by the target', wanted, taken),
    ...wentBack,
    ...lateButNotNamed(after, deltas).map((nummer) => `late, and no report names it: ${nummer}`),
  ]
}

/** What a person would have to do beyond what the files themselves ask for. */
function leftToPeople(ctx: RegisterContext, date: BusinessDate): string[] {
  const report = nightReport(ctx, date)
  if (report?.state !== 'closed') return [`night ${date} is not closed: ${JSON.stringify(report?.openWork)}`]
  const byHand = report.actions.filter(({ kind }) => !['hold', 'aftale', 'fil', 'mangler'].includes(kind))
  return [
    ...(report.complete ? [] : [`night ${date} is not complete`]),
    ...byHand.map(({ kind, subject, what }) => `night ${date} asks for a person: ${kind}, ${subject}: ${what.en}`),
  ]
}

async function unproved(world: Pick<SmallWorld, 'settings'>): Promise<string[]> {
  const { verify, close } = await parts.openProof(parts.loadSettings(world.settings), () => undefined)
  try {
    const report = await verify()
    return report?.sound === true ? [] : [`verify: ${JSON.stringify(report?.breaks ?? 'nothing to prove')}`]
  } finally {
    close()
  }
}

/** What the nights came to and an unbroken one did not, and the other way. */
function unlike(unbroken: Outcome, outcome: Outcome): string[] {
  return (Object.keys(unbroken) as (keyof Outcome)[]).flatMap((part) => {
    const lost = without(unbroken[part], outcome[part]).map((line) => `${part}: lacks ${line}`)
    const added = without(outcome[part], unbroken[part]).map((line) => `${part}: has besides ${line}`)
    return [...lost, ...added]
  })
}

/** The lines of `all` that `others` has not got as often. */
function without(all: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>()
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1)
  return all.filter((line) => {
    const count = left.get(line) ?? 0
    left.set(line, count - 1)
    return count <= 0
  })
}

function differences(
  what: string,
  wanted: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): string[] {
  return [...new Set([...Object.keys(wanted), ...Object.keys(found)])].sort().flatMap((nummer) => {
    const [should, is] = [wanted, found].map((all) => JSON.stringify(sorted(all[nummer])))
    return should === is ? [] : [`${nummer} ${what}: ${is ?? 'nothing'}, in the register: ${should ?? 'nothing'}`]
  })
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function inShort({ nummer, operation, state, date, attempts, replyCode, replyText }: OutboxDelta): string {
  return [date, nummer, operation, state, attempts, replyCode, replyText].join(' ')
}

/** What the target holds of each number: its record, or null once it is closed there. */
function atTarget({ target }: Aftermath): Record<string, unknown> {
  const rows = target.prepare('SELECT instnr, closed, record FROM institution ORDER BY instnr').all() as Held[]
  return Object.fromEntries(rows.map(({ instnr, closed, record }) => [instnr, closed === 1 ? null : JSON.parse(record)]))
}

interface Held {
  readonly instnr: string
  readonly closed: number
  readonly record: string
}

function inRegister({ ctx }: Aftermath, numbers: readonly string[]): Record<string, unknown> {
  const units = ctx.register.read((tx) => tx.units.byNumbers(numbers))
  return Object.fromEntries(units.map((unit) => [unit.nummer, unit.open ? toInstitutionRecord(unit) : null]))
}

/** Each number with the deltas that the target took, in the order it took them; their source times must only grow. */
function takenByTarget({ target }: Aftermath): { readonly taken: Record<string, string[]>; readonly wentBack: string[] } {
  const calls = target
    .prepare(
      "SELECT instnr, delta_id, source_date_time FROM call WHERE outcome IN ('OK', 'UAENDRET') AND verb IS NOT NULL ORDER BY seq",
    )
    .all() as { instnr: string; delta_id: string; source_date_time: string }[]
  const taken: Record<string, string[]> = {}
  const wentBack: string[] = []
  const last = new Map<string, string>()
  for (const { instnr, delta_id, source_date_time } of calls) {
    if (source_date_time <= (last.get(instnr) ?? '')) wentBack.push(`${instnr} went back to ${source_date_time}`)
    last.set(instnr, source_date_time)
    taken[instnr] = [...(taken[instnr] ?? []), delta_id]
  }
  return { taken, wentBack }
}

function numbersInOrder(deltas: readonly OutboxDelta[]): Record<string, string[]> {
  const numbers: Record<string, string[]> = {}
  for (const { nummer, deltaId } of deltas) numbers[nummer] = [...(numbers[nummer] ?? []), deltaId]
  return numbers
}

/** Numbers of changes that came too late for the first cutoff after they arose, and that no night's report names. */
function lateButNotNamed({ ctx, dates }: Aftermath, deltas: readonly OutboxDelta[]): string[] {
  const named = new Set(
    dates.flatMap((date) => ctx.register.read((tx) => missedCutoffs(ctx, tx, date))).flatMap(({ subjects }) => subjects),
  )
  const late = deltas.filter(({ createdAt, acknowledgedAt }) => {
    const cutoff = nextCutoff(ctx.settings.cutoffs, createdAt)
    return cutoff !== null && (acknowledgedAt ?? Number.POSITIVE_INFINITY) > cutoff.at
  })
  return late.map(({ nummer }) => nummer).filter((nummer) => !named.has(nummer))
}
