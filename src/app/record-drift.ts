import { type Drift, findDrift, isSuspectLook, recordOfRow, rowOfRecord } from '../domain/drift.ts'
import { type InstitutionRecord, toInstitutionRecord, type UnitInContext } from '../domain/institution-record.ts'
import { linkDeltas } from '../domain/link-deltas.ts'
import { countBy } from '../domain/lists.ts'
import { newest } from '../domain/moment.ts'
import { nextCutoff } from '../domain/next-cutoff.ts'
import type { JobPayloads, JobRequest, StepResult } from '../ports/jobs.ts'
import type { DriftLook } from '../ports/register/drift.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { getDocument, trusted } from './documents.ts'
import { kommuneOfRow } from './quality-report.ts'
import type { SeenAtUnilogin } from './reconcile.ts'

/** One number, as the register has it and as Unilogin holds it. */
interface Look {
  readonly nummer: string
  readonly kommuneKode: string
  readonly unit: UnitInContext | undefined
  /** Null of a closed unit, undefined of a number that the register does not know. */
  readonly own: InstitutionRecord | null | undefined
  readonly held: InstitutionRecord | null
  readonly drift: Drift | null
}

/**
 * Holds what was seen at Unilogin against the register as it is now, both ways, and notes what differs and since when. Nothing at
 * Unilogin is overwritten for it: it is told to whoever must act, and only `drift.action: send` sends a unit that differs again,
 * once. A look in which too many are gone at once notes nothing.
 */
export async function recordDrift(ctx: RegisterContext, { date, seenSha256 }: JobPayloads['record-drift']): Promise<StepResult> {
  const seen = await getDocument(ctx.files, seenSha256, trusted<SeenAtUnilogin>())
  const closing: JobRequest = { job: 'close-night', payload: { date } }
  return ctx.register.write((tx) => {
    if (tx.drift.lastRun()?.date === date) return { outcome: 'recorded before', next: [closing] }
    const at = ctx.clock.now()
    const { source, asOfAt } = seen
    const looks = withoutMoving(ctx, tx, asOfAt, compare(tx, seen))
    const open = looks.filter(({ own }) => own !== null && own !== undefined)
    const gone = looks.filter(({ drift }) => drift?.kind === 'mangler-i-unilogin').length
    const suspect = isSuspectLook(open.length, gone, ctx.settings.drift.lostRatio)
    const drifted = looks.filter(({ drift }) => drift !== null)
    const run = { date, at, source, asOfAt, looked: looks.length, found: drifted.length, suspect, seenSha256 }
    tx.drift.addRun(run)
    const fresh = suspect ? [] : looks.filter((look) => noteLook(tx, look, asOfAt))
    const sent = ctx.settings.drift.action === 'send' ? sendAgain(ctx, tx, { date, seenSha256 }, fresh) : 0
    const kinds = Object.fromEntries(countBy(drifted, ({ drift }) => drift?.kind ?? ''))
    const facts = { seenSha256, source, looked: looks.length, suspect, sent, ...kinds }
    tx.ledger.append({ at, type: 'drift', subject: date, facts })
    const dispatch: JobRequest[] = sent > 0 ? [{ job: 'dispatch', payload: { wave: `drift.${date}` } }] : []
    return {
      outcome: suspect ? 'suspect' : 'recorded',
      next: [...dispatch, closing],
      facts: { looked: looks.length, ...kinds, sent },
    }
  })
}

/** Every number that was asked about, or that the register or the list has. */
function compare(tx: RegisterTx, seen: SeenAtUnilogin): Look[] {
  const rows = seen.source === 'liste' ? new Map(seen.rows.map((row) => [row.instnr, row])) : null
  const held = seen.source === 'liste' ? null : new Map(seen.held)
  const units =
    held === null
      ? [...tx.units.allAsOf({ at: newest, knownAt: newest })].map((unit) => ({ ...unit, open: unit.status === 'aktiv' }))
      : tx.units.byNumbers([...held.keys()])
  const known = new Map(units.map((unit) => [unit.nummer, unit]))
  // What was found in an earlier list only, and may be gone.
  const earlier = tx.drift.found().map(({ nummer }) => nummer)
  const numbers = new Set(held?.keys() ?? [...known.keys(), ...(rows?.keys() ?? []), ...earlier])
  return [...numbers].sort().map((nummer) => {
    const unit = known.get(nummer)
    const own = unit === undefined ? undefined : unit.open ? toInstitutionRecord(unit) : null
    const row = rows?.get(nummer)
    const record = held?.get(nummer) ?? (row === undefined ? null : recordOfRow(own, row))
    const elsewhere = record === null ? null : kommuneOfRow(rowOfRecord(record))
    const kommuneKode = unit?.admKommuneKode ?? elsewhere ?? ''
    return { nummer, kommuneKode, unit, own, held: record, drift: findDrift(own, record) }
  })
}

/** Without numbers that have a change under way, or one that what was seen cannot show yet. */
function withoutMoving(ctx: RegisterContext, tx: RegisterTx, asOfAt: number, looks: readonly Look[]): Look[] {
  const numbers = looks.filter(({ own }) => own !== undefined).map(({ nummer }) => nummer)
  const pending = tx.outbox.pendingOf(numbers)
  const acknowledged = tx.outbox.latestAcknowledged(numbers)
  const shownUntil = asOfAt - ctx.settings.unilogin.lagMs
  return looks.filter(({ nummer }) => !pending.has(nummer) && (acknowledged.get(nummer)?.acknowledgedAt ?? 0) <= shownUntil)
}

/** Notes a look; true when it found a difference that was not known. */
function noteLook(tx: RegisterTx, { nummer, kommuneKode, own, held, drift }: Look, lookedAt: number): boolean {
  const before = tx.drift.find(nummer)
  if (drift === null && own === undefined) {
    tx.drift.forget(nummer)
    return false
  }
  const isNew = drift !== null && before?.kind !== drift.kind
  const look: DriftLook = {
    nummer,
    kommuneKode,
    lookedAt,
    kind: drift?.kind ?? null,
    fields: drift?.fields ?? [],
    sinceAt: drift === null ? null : isNew ? lookedAt : (before?.sinceAt ?? lookedAt),
    held: drift?.kind === 'kun-i-unilogin' && held !== null ? rowOfRecord(held) : null,
  }
  tx.drift.note(look)
  return isNew
}

/** A fresh `opdater` for each unit that has come to differ; none when so many did that the fault is more likely ours. */
function sendAgain(
  ctx: RegisterContext,
  tx: RegisterTx,
  { date, seenSha256 }: Pick<JobPayloads['record-drift'], 'date' | 'seenSha256'>,
  fresh: readonly Look[],
): number {
  const changed = fresh.filter(({ drift }) => drift?.kind === 'afviger-i-unilogin')
  if (isSuspectLook(tx.drift.coverage(0).numbers, changed.length, ctx.settings.drift.lostRatio)) return 0
  const now = ctx.clock.now()
  const cutoff = nextCutoff(ctx.settings.cutoffs, now, 'opdater')
  const changes = changed.flatMap(({ nummer, unit }) =>
    unit === undefined ? [] : [{ operation: 'opdater', kind: unit.kind, nummer, after: unit, parentBefore: null } as const],
  )
  const parents = changes.flatMap(({ after }) => after.parentNummer ?? [])
  const deltas = linkDeltas(changes, seenSha256, tx.outbox.pendingOf(parents))
  const due = { cutoffNavn: cutoff?.navn ?? null, cutoffAt: cutoff?.at ?? null }
  tx.outbox.insert(deltas, { fileId: '', planHash: seenSha256, date, ...due, createdAt: now })
  return deltas.length
}
