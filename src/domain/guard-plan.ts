import { type Change, type CountedSlice, type GuardSlice, guardSlices, type HoldCause, type SliceVerdict } from './change-plan.ts'
import { orderChanges, type RegisterUnit } from './diff-register.ts'
import { canonicalJson, sha256Hex } from './ids.ts'

/** How many changes of a kind pass without a person: up to `floor`, or up to `ratio` of the scope, whichever is more. */
export interface GuardLimit {
  readonly ratio: number
  readonly floor: number
}

/** How many changes of each kind were applied in one night. */
export type NightCounts = Readonly<Partial<Record<CountedSlice, number>>>

export interface GuardInput {
  readonly changes: readonly Change[]
  readonly scopeSize: number
  readonly limits: Readonly<Record<CountedSlice, GuardLimit>>
  /** What the same supplier and municipality had applied in earlier nights, one entry a night. */
  readonly history: readonly NightCounts[]
  /** A count that was reached in at least so many of these nights is routine. */
  readonly routineTimes: number
  /** Rows were dropped whose unit could not be read, so absence proves nothing: no close by absence passes. */
  readonly rejectedWithoutKey: number
  /** Hashes of slices that a person approved. */
  readonly approved: ReadonlySet<string>
  readonly units: ReadonlyMap<string, RegisterUnit>
}

export interface GuardVerdict {
  readonly pass: readonly Change[]
  readonly held: readonly Change[]
  readonly slices: readonly SliceVerdict[]
}

/**
 * Holds only the risky kind of change; everything else ships. An approval is tied to the exact changes of the slice,
 * so it works for them and for nothing that comes later. What the municipality has had often enough passes without being
 * asked for again and again. Closing all that a supplier has is always held, however few and however often. Ours; the
 * numbers are settings.
 */
export function guardPlan(input: GuardInput): GuardVerdict {
  const slices = guardSlices.flatMap((slice) => {
    const own = input.changes.filter((change) => change.slice === slice)
    return own.length === 0 ? [] : [judge(slice, own, input)]
  })
  const heldSlices = new Set(slices.filter((verdict) => verdict.verdict === 'held').map((verdict) => verdict.slice))
  const held = withDependents(
    input.changes,
    input.changes.filter((change) => change.slice !== null && heldSlices.has(change.slice)),
  )
  const { kept, dropped } = dropClosesWithChildren(
    input.changes.filter((change) => !held.has(change)),
    input.units,
  )
  const dependents: SliceVerdict[] =
    dropped.length === 0 ? [] : [{ ...toVerdict('nedlaeg', dropped, input), verdict: 'held', cause: 'depends-on-hold' }]
  return {
    pass: orderChanges(kept),
    held: orderChanges([...held, ...dropped]),
    slices: [...slices.filter((verdict) => !(verdict.slice === 'nedlaeg' && dropped.length > 0)), ...dependents],
  }
}

function judge(slice: GuardSlice, own: readonly Change[], input: GuardInput): SliceVerdict {
  const base = toVerdict(slice, own, input)
  if (input.approved.has(base.sliceHash)) return base
  if (base.allowed === null) return { ...base, verdict: 'held', cause: 'rule' }
  const closesAll = slice === 'nedlaeg' && own.length === input.scopeSize
  const overLimit = own.length > base.allowed
  const unsure = slice === 'nedlaeg' && input.rejectedWithoutKey > 0 && own.some((change) => change.position === null)
  const cause: HoldCause | null = closesAll ? 'closes-all' : overLimit ? 'over-limit' : unsure ? 'rows-without-key' : null
  return cause === null ? base : { ...base, verdict: 'held', cause }
}

/** The limit, or what is routine, whichever is more. The small term undoes binary rounding: 0.29 of 100 is 29, not 28.999…. */
function allowedBy(slice: CountedSlice, { limits, scopeSize, history, routineTimes }: GuardInput): number {
  const { floor, ratio } = limits[slice]
  return Math.max(floor, Math.floor(ratio * scopeSize + 1e-9), routineCount(slice, history, routineTimes))
}

/** The highest count that at least `times` of the nights reached; one large night alone makes nothing routine. */
function routineCount(slice: CountedSlice, history: readonly NightCounts[], times: number): number {
  const highestFirst = history.map((night) => night[slice] ?? 0).sort((a, b) => b - a)
  return highestFirst[times - 1] ?? 0
}

function toVerdict(slice: GuardSlice, own: readonly Change[], input: GuardInput): SliceVerdict {
  const content = orderChanges(own).map(({ position: _line, ...rest }) => rest)
  return {
    slice,
    count: own.length,
    of: input.scopeSize,
    allowed: slice === 'regel' ? null : allowedBy(slice, input),
    verdict: 'pass',
    cause: null,
    sliceHash: sha256Hex(canonicalJson(content)),
  }
}

/** Held changes, and what cannot happen without them: whatever is to be opened under, or moved to, a unit whose opening is held. */
function withDependents(changes: readonly Change[], held: readonly Change[]): Set<Change> {
  const all = new Set(held)
  for (;;) {
    const unopened = new Set([...all].flatMap((change) => (change.operation === 'opret' ? [change.lokalId] : [])))
    const dependents = changes.filter(
      ({ parent }) => parent !== null && parent.nummer === null && parent.lokalId !== null && unopened.has(parent.lokalId),
    )
    const before = all.size
    for (const change of dependents) all.add(change)
    if (all.size === before) return all
  }
}

/** A unit with open children is not closed: no cascade. Source: register policy, "children are deleted before the parent". */
function dropClosesWithChildren(
  changes: readonly Change[],
  units: ReadonlyMap<string, RegisterUnit>,
): { kept: Change[]; dropped: Change[] } {
  const closing = new Set(changes.filter((c) => c.operation === 'nedlaeg').map((c) => c.nummer))
  const movedTo = new Map(changes.filter((c) => c.operation === 'flyt').map((c) => [c.nummer, c.parent?.nummer ?? null]))
  const opened = changes.filter((c) => c.operation === 'opret').map((c) => c.parent?.nummer ?? null)
  const parentOf = (unit: RegisterUnit) => (movedTo.has(unit.nummer) ? (movedTo.get(unit.nummer) ?? null) : unit.parentNummer)
  const dropped: Change[] = []
  for (;;) {
    const occupied = new Set<string | null>(opened)
    for (const unit of units.values()) if (unit.open && !closing.has(unit.nummer)) occupied.add(parentOf(unit))
    const blocked = changes.filter((c) => c.operation === 'nedlaeg' && closing.has(c.nummer) && occupied.has(c.nummer))
    if (blocked.length === 0) break
    for (const change of blocked) {
      closing.delete(change.nummer)
      dropped.push(change)
    }
  }
  const gone = new Set(dropped)
  return { kept: changes.filter((change) => !gone.has(change)), dropped }
}
