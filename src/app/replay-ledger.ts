import { programVersion } from '../../config/package-root.ts'
import type { Settings } from '../../config/settings.ts'
import type { BilingualText } from '../domain/bilingual-text.ts'
import { SyncError } from '../domain/errors.ts'
import { canonicalJson } from '../domain/ids.ts'
import { type LedgerEntry, resealStep, unnamedStep } from '../domain/ledger.ts'
import { take } from '../domain/lists.ts'
import { type Break, blobBreak, shown } from '../domain/verify-break.ts'
import type { Log } from '../ports/log.ts'
import type { Register } from '../ports/register.ts'
import type { RegisterContext } from './context.ts'
import { getDocument, trusted } from './documents.ts'
import type { ReplayFiles } from './replay-files.ts'

/** A step as the ledger tells of it. */
export interface PastStep {
  readonly seq: number
  readonly name: string
  readonly input: unknown
}

/** Runs a step by its name, as it was run then; null when this version knows no such step. */
export type StepRunner = (ctx: RegisterContext, name: string, input: unknown) => Promise<unknown> | null

/** What a step relied on that was made outside the register, examined on the register as it was just before the step. */
export type Witness = (ctx: RegisterContext, step: PastStep) => Promise<readonly Break[]>

export interface ReplayParts {
  /** An empty register that is thrown away afterwards. */
  readonly scratch: Register
  readonly files: ReplayFiles
  /** Where a step's own settings say nothing. */
  readonly settings: Settings
  readonly run: StepRunner
  readonly witness: Witness
  /** Blobs that were removed when their time was over. */
  readonly removed: { has(sha256: string): boolean }
  /** The last entry that other columns were sealed before; 0 when there is none. */
  readonly resealedAt: number
  readonly log: Log
  readonly onStep: (seq: number) => void
}

/** How far the ledger could be run again, and what did not come out as it says. */
export interface Replayed {
  /** Number of the last entry that came out the same. */
  readonly reached: number
  readonly breaks: readonly Break[]
  /** Why it could not go on, when that is nobody's fault: an earlier version, bytes past their time. */
  readonly stopped: BilingualText | null
}

/**
 * Runs every step of a ledger again, in its order and at its times, on an empty register: the same use cases, the same kept
 * bytes. Each must write the entries that the ledger has. Stops at the first that does not.
 */
export async function replayLedger(entries: Iterable<LedgerEntry>, parts: ReplayParts): Promise<Replayed> {
  const breaks: Break[] = []
  let reached = 0
  let group: LedgerEntry[] = []
  for (const entry of entries) {
    group.push(entry)
    if (entry.type !== 'step') continue
    const outcome = await replayStep(group, parts)
    breaks.push(...outcome.breaks)
    if (outcome.stopped !== null || outcome.diverged) return { reached, breaks, stopped: outcome.stopped }
    reached = entry.seq
    parts.onStep(reached)
    group = []
  }
  if (group.length > 0) breaks.push(differs(group[0] as LedgerEntry, '', 'et skridt, der hører til', null))
  return { reached, breaks, stopped: null }
}

interface StepOutcome {
  readonly breaks: readonly Break[]
  readonly diverged: boolean
  readonly stopped: BilingualText | null
}

async function replayStep(group: readonly LedgerEntry[], parts: ReplayParts): Promise<StepOutcome> {
  const { scratch } = parts
  const entry = group.at(-1) as LedgerEntry
  const { program, input } = entry.facts
  const step: PastStep = { seq: entry.seq, name: entry.subject, input }
  const before = scratch.read((tx) => tx.ledger.last()?.seq ?? 0)
  let witnessed: readonly Break[] = []
  // A step that wrote twice has both its entries already.
  if (before < entry.seq) {
    if (step.name === resealStep || isMereNote(entry)) return keepNumber(group, parts)
    if (step.name === unnamedStep)
      return stop({ da: `skridt ${entry.seq} siger ikke, hvad det var`, en: `step ${entry.seq} does not say what it was` })
    try {
      const ctx = await contextOf(entry, parts)
      witnessed = await parts.witness(ctx, step)
      const running = parts.run(ctx, step.name, input)
      if (running === null) {
        return stop({
          da: `denne version kender ikke skridtet "${step.name}" (nr. ${entry.seq})`,
          en: `this version does not know the step "${step.name}" (nr. ${entry.seq})`,
        })
      }
      await running
    } catch (error) {
      return afterError(error, entry, parts)
    }
  }
  const found = firstDifference(group, parts)
  if (found === null) return { breaks: witnessed, diverged: false, stopped: null }
  if (program !== programVersion) {
    return stop({
      da: `${found.place} er skrevet af version ${program} og kan ikke genberegnes af denne version, ${programVersion}`,
      en: `${found.place} was written by version ${program} and cannot be recomputed by this one, ${programVersion}`,
    })
  }
  return { breaks: [...witnessed, found], diverged: true, stopped: null }
}

/** A note in the ledger that changed no row, as of who may use the console. */
function isMereNote({ subject, facts }: LedgerEntry): boolean {
  return subject === unnamedStep && Object.keys(facts['sealed'] as object).length === 0
}

/** What no step has written is put in its place as it is, so that the numbers go on: seals after a migration, mere notes. */
function keepNumber(group: readonly LedgerEntry[], { scratch }: ReplayParts): StepOutcome {
  scratch.write((tx) => {
    for (const { at, type, subject, facts } of group) tx.ledger.append({ at, type, subject, facts })
  })
  return { breaks: [], diverged: false, stopped: null }
}

async function contextOf({ at, facts }: LedgerEntry, parts: ReplayParts): Promise<RegisterContext> {
  const { scratch: register, files, log } = parts
  const sha256 = facts['settingsSha256']
  const own = typeof sha256 === 'string' ? await getDocument(files, sha256, trusted<Partial<Settings>>()) : {}
  return { clock: { now: () => at }, log, settings: { ...parts.settings, ...own }, files, register }
}

/** The first thing in which the entries of a step are not those it writes now. */
function firstDifference(group: readonly LedgerEntry[], { scratch, resealedAt }: ReplayParts): Break | null {
  const first = group[0] as LedgerEntry
  const again = scratch.read((tx) => take(tx.ledger.after(first.seq - 1), group.length))
  for (const [i, entry] of group.entries()) {
    const own = again[i]
    if (own === undefined) return differs(entry, entry.type, entry.subject, null)
    const [expected, seen] = [own, entry].map((one) => flat(one, entry.seq > resealedAt)) as [Facts, Facts]
    for (const name of new Set([...Object.keys(expected), ...Object.keys(seen)])) {
      const [wanted, told] = [canonicalJson(expected[name] ?? null), canonicalJson(seen[name] ?? null)]
      if (wanted !== told) return differs(entry, name, wanted, told)
    }
  }
  return null
}

type Facts = Record<string, unknown>

/** What an entry says, without who wrote it: another version that comes to the same is right. */
function flat({ at, type, subject, facts }: LedgerEntry, withSeals: boolean): Facts {
  if (type !== 'step') return { at, type, subject, ...prefixed('', facts) }
  const { program: _program, settingsSha256: _settings, sealed, ...rest } = facts
  return { at, type, subject, ...rest, ...(withSeals ? prefixed('segl ', sealed as Facts) : {}) }
}

function prefixed(prefix: string, facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [`${prefix}${name}`, value]))
}

function afterError(error: unknown, entry: LedgerEntry, { removed }: ReplayParts): StepOutcome {
  if (!(error instanceof SyncError)) throw error
  const sha256 = String(error.facts['sha256'] ?? '')
  if (error.code === 'STORE_BLOB_MISSING' && removed.has(sha256)) {
    const named = `(${sha256.slice(0, 16)}…)`
    return stop({
      da: `nr. ${entry.seq} bygger på bytes, som er fjernet efter deres frist ${named}`,
      en: `nr. ${entry.seq} rests on bytes that were removed after their time ${named}`,
    })
  }
  if (error.code === 'STORE_BLOB_MISSING' || error.code === 'STORE_BLOB_CORRUPT') {
    const stopped = {
      da: `nr. ${entry.seq} bygger på bytes, som mangler eller er ændret`,
      en: `nr. ${entry.seq} rests on bytes that are missing or were changed`,
    }
    return { breaks: [blobBreak(sha256, `nr. ${entry.seq}`, error.message)], diverged: true, stopped }
  }
  return { breaks: [differs(entry, entry.subject, 'ok', error.message)], diverged: true, stopped: null }
}

function stop(why: BilingualText): StepOutcome {
  return { breaks: [], diverged: false, stopped: why }
}

function differs({ seq }: LedgerEntry, key: string, expected: unknown, seen: unknown): Break {
  return { part: 'replay', place: `nr. ${seq}`, key, column: null, expected: shown(expected), seen: shown(seen) }
}
