import type { UnitLink } from '../domain/lineage.ts'
import { meantFor } from '../domain/missed-cutoff.ts'
import type { Cutoff } from '../domain/next-cutoff.ts'
import type { Instant } from '../domain/time.ts'
import { fieldsOf, type UnitKind } from '../domain/unit.ts'
import type { DriftLook } from '../ports/register/drift.ts'
import type { OutboxDelta } from '../ports/register/outbox.ts'
import type { UnitVersion } from '../ports/register/units.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { type Origin, originOf } from './show-unit.ts'

/** One value of a unit as it is now, and the source it is from, by its place in `sources`. */
export interface ExplainedValue {
  readonly felt: string
  readonly vaerdi: string
  /** From when on it holds. */
  readonly siden: Instant
  readonly source: number
}

/** A state of the unit that brought at least one of the values it has now. */
export interface ExplainedSource {
  readonly validFrom: Instant
  readonly recordedFrom: Instant
  readonly origin: Origin
  readonly fileId: string | null
  readonly line: number | null
  readonly planHash: string | null
  readonly appliedAt: Instant | null
  readonly deltas: readonly ExplainedDelta[]
}

/** What was sent to Unilogin because of a source. */
export interface ExplainedDelta
  extends Pick<
    OutboxDelta,
    'deltaId' | 'operation' | 'state' | 'sourceDateTime' | 'replyCode' | 'sentAt' | 'acknowledgedAt' | 'confirmedAt'
  > {
  /** The one it was meant for, wherever it was carried over to. */
  readonly cutoff: Cutoff | null
  /** Null while the cutoff is ahead and there is no answer, and without a cutoff. */
  readonly met: boolean | null
  readonly attempts: readonly { readonly sentAt: Instant; readonly outcome: string; readonly code: string | null }[]
}

export interface Explanation {
  readonly nummer: string
  readonly kind: UnitKind
  readonly navn: string
  readonly values: readonly ExplainedValue[]
  /** Oldest first. */
  readonly sources: readonly ExplainedSource[]
  readonly links: readonly UnitLink[]
  /** When it was last looked at in Unilogin, and how that differed; null when it never was. */
  readonly drift: DriftLook | null
}

/** Why a unit is as it is: for each of its values since when, from which file and line, and what became of it at Unilogin. Null when there is no such number. */
export function explainUnit(ctx: Pick<RegisterContext, 'register' | 'clock'>, nummer: string): Explanation | null {
  return ctx.register.read((tx) => {
    const timeline = tx.units.history(nummer).filter((version) => version.recordedTo === null)
    const now = timeline.at(-1)
    if (now === undefined) return null
    const told = toldValues(now.kind).flatMap(({ felt, read }) => {
      const vaerdi = read(now)
      return vaerdi === null ? [] : [{ felt, vaerdi, version: broughtBy(timeline, read) }]
    })
    const versions = timeline.filter((version) => told.some((value) => value.version === version))
    const at = ctx.clock.now()
    return {
      nummer,
      kind: now.kind,
      navn: now.fields.navn ?? '',
      values: told.map(({ version, ...value }) => ({ ...value, siden: version.validFrom, source: versions.indexOf(version) })),
      sources: versions.map((version) => toSource(tx, version, at)),
      links: tx.units.linksOf(nummer),
      drift: tx.drift.find(nummer),
    }
  })
}

interface ToldValue {
  readonly felt: string
  readonly read: (version: UnitVersion) => string | null
}

function toldValues(kind: UnitKind): ToldValue[] {
  return [
    { felt: 'status', read: (version) => version.status },
    { felt: 'overordnet', read: (version) => version.parentNummer },
    ...fieldsOf[kind].map((felt) => ({ felt, read: (version: UnitVersion) => version.fields[felt] ?? null })),
  ]
}

/** The first of the unbroken row of states, up to the present one, that have the value. */
function broughtBy(timeline: readonly UnitVersion[], read: ToldValue['read']): UnitVersion {
  const present = timeline.at(-1) as UnitVersion
  const lastOther = timeline.findLastIndex((version) => read(version) !== read(present))
  return timeline[lastOther + 1] ?? present
}

function toSource(tx: RegisterTx, version: UnitVersion, now: Instant): ExplainedSource {
  const { nummer, planHash, validFrom, recordedFrom, fileId, line } = version
  const deltas = planHash === null ? [] : tx.outbox.ofNummer(nummer).filter((delta) => delta.planHash === planHash)
  const appliedAt = planHash === null ? null : (tx.files.findPlan(planHash)?.appliedAt ?? null)
  const origin = originOf(tx, version)
  return {
    validFrom,
    recordedFrom,
    origin,
    fileId,
    line,
    planHash,
    appliedAt,
    deltas: deltas.map((delta) => toDelta(tx, delta, now)),
  }
}

function toDelta(tx: RegisterTx, delta: OutboxDelta, now: Instant): ExplainedDelta {
  const { deltaId, operation, state, sourceDateTime, replyCode } = delta
  const { sentAt, acknowledgedAt, confirmedAt } = delta
  const cutoff = meantFor(delta)
  const attempts = tx.outbox.attempts(deltaId).map(({ sentAt: at, outcome, code }) => ({ sentAt: at, outcome, code }))
  const answered = { sentAt, acknowledgedAt, confirmedAt, cutoff, met: isMet(cutoff, delta, now) }
  return { deltaId, operation, state, sourceDateTime, replyCode, ...answered, attempts }
}

/** Whether the answer came in time; null while it still can. */
function isMet(cutoff: Cutoff | null, { acknowledgedAt }: OutboxDelta, now: Instant): boolean | null {
  if (cutoff === null) return null
  if (acknowledgedAt !== null) return acknowledgedAt <= cutoff.at
  return now > cutoff.at ? false : null
}
