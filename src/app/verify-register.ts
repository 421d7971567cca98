import type { Settings } from '../../config/settings.ts'
import type { BilingualText } from '../domain/bilingual-text.ts'
import { type LedgerEntry, resealStep } from '../domain/ledger.ts'
import type { BusinessDate } from '../domain/time.ts'
import { type Break, blobBreak, shown } from '../domain/verify-break.ts'
import {
  anchoredSeqs,
  checkAnchors,
  checkSeals,
  followChain,
  lastSeals,
  type Restore,
  restoreOf,
} from '../domain/verify-ledger.ts'
import type { FileStore } from '../ports/file-store.ts'
import type { Log } from '../ports/log.ts'
import type { NamedBlob } from '../ports/register/upkeep.ts'
import type { Register } from '../ports/register.ts'
import type { RegisterEvidence, RowDifference } from '../ports/register-evidence.ts'
import { blobsOfReceipts } from './blobs-of-receipts.ts'
import { createReplayFiles } from './replay-files.ts'
import { type Replayed, replayLedger, type StepRunner } from './replay-ledger.ts'
import { createWitness, type RereadAnswer } from './witness-exchanges.ts'

/** A file of the store as it is found: its name, and the hash of its bytes. */
export interface FoundBlob {
  readonly name: string
  readonly sha256: string
  readonly sizeBytes: number
}

/** A register that is filled while the ledger is run again, and thrown away. */
export interface Scratch {
  readonly register: Register
  readonly path: string
  close(): void
}

export interface VerifyParts {
  readonly evidence: RegisterEvidence
  readonly files: FileStore
  /** Everything that lies in the file store, hashed as it is read. */
  readonly blobs: () => AsyncIterable<FoundBlob>
  readonly openScratch: () => Scratch
  readonly settings: Settings
  readonly run: StepRunner
  readonly reread: RereadAnswer
  readonly log: Log
  readonly onProgress: (progress: VerifyProgress) => void
}

export interface VerifyProgress {
  readonly part: 'ledger' | 'blobs' | 'replay'
  readonly done: number
  readonly of: number | null
}

/** What a proof came to. */
export interface VerifyReport {
  readonly sound: boolean
  /** In the order in which they should be looked at; the first names the place to begin. */
  readonly breaks: readonly Break[]
  /** What could not be examined, and what nobody names. */
  readonly notes: readonly BilingualText[]
  readonly ledger: { readonly entries: number; readonly hash: string | null; readonly anchors: number }
  /** Number of the last entry that came out the same when it was run again. */
  readonly replayedTo: number
  readonly blobs: number
  readonly tables: number
  readonly rows: number
}

/** What the same files and decisions give when every step is run again. */
export interface Rebuilt extends Replayed {
  /** The register it gave. */
  readonly path: string
  /** Blobs that the steps read. */
  readonly wasRead: ReadonlySet<string>
  /** Blobs that the steps made: what rows name, and what they handed to the next step. */
  readonly wasMade: ReadonlySet<string>
  close(): void
}

/**
 * Proves the register from what is kept: the ledger from its first entry, every blob by its hash, every step again on an empty
 * register, and then every row of every table. Believes nothing that the worker has noted of itself. Reads only.
 * @param night examine the steps up to the end of this night only; null is returned when it was never closed
 */
export async function verifyRegister(parts: VerifyParts, night?: BusinessDate): Promise<VerifyReport | null> {
  const chain = readChain(parts, night)
  if (chain.until === null) return null
  const rebuilt = await rebuild(parts, chain)
  try {
    return await compareWith(rebuilt, parts, chain)
  } finally {
    rebuilt.close()
  }
}

/** What the chain says, once it was followed. */
export interface Chain {
  readonly last: LedgerEntry | null
  readonly broken: Break | null
  readonly sealed: ReturnType<typeof lastSeals>
  /** Hashes of the entries that anchors name. */
  readonly hashes: ReadonlyMap<number, string>
  /** The last entry that sealed rows anew after a migration. */
  readonly resealedAt: number
  readonly nightsClosed: number
  readonly restores: readonly Restore[]
  /** The entry that closed the night asked for, or the last one; null when that night was never closed. */
  readonly until: number | null
}

/** Follows the chain once, from its first entry to its last or to where it breaks. */
export function readChain({ evidence, onProgress }: VerifyParts, night?: BusinessDate): Chain {
  const anchored = anchoredSeqs(evidence.anchors() ?? [])
  const hashes = new Map<number, string>()
  const sealed: Chain['sealed'] = new Map()
  const restores: Restore[] = []
  let [last, resealedAt, nightsClosed, nightEnd]: [LedgerEntry | null, number, number, number | null] = [null, 0, 0, null]
  const links = followChain(evidence.ledger())
  let link = links.next()
  for (; link.done !== true; link = links.next()) {
    last = link.value
    if (anchored.has(last.seq)) hashes.set(last.seq, last.hash)
    for (const [table, digest] of lastSeals([last])) sealed.set(table, digest)
    if (last.type === 'step' && last.subject === resealStep) resealedAt = last.seq
    const restore = restoreOf(last)
    if (restore !== null) restores.push(restore)
    if (closesNight(last)) {
      nightsClosed += 1
      if ((last.facts['input'] as { readonly date: string }).date === night) nightEnd = last.seq
    }
    if (last.seq % 10_000 === 0) onProgress({ part: 'ledger', done: last.seq, of: null })
  }
  const until = night === undefined ? (last?.seq ?? 0) : nightEnd
  return { last, broken: link.value, sealed, hashes, resealedAt, nightsClosed, restores, until }
}

/** Runs every step again on an empty register; a ledger that is broken is not followed. */
export async function rebuild(parts: VerifyParts, chain: Chain): Promise<Rebuilt> {
  const scratch = parts.openScratch()
  const files = createReplayFiles(parts.files)
  const { wasRead, wasMade } = files
  const { path, close } = scratch
  if (chain.broken !== null) {
    const stopped = { da: 'hovedbogen er brudt', en: 'the ledger is broken' }
    return { reached: 0, breaks: [], stopped, path, wasRead, wasMade, close }
  }
  try {
    const replayed = await replayLedger(upTo(chain.until ?? 0, followChain(parts.evidence.ledger())), {
      ...parts,
      scratch: scratch.register,
      files,
      witness: createWitness(parts.reread),
      removed: parts.evidence.removedBlobs(),
      resealedAt: chain.resealedAt,
      onStep: (done) => parts.onProgress({ part: 'replay', done, of: chain.until }),
    })
    return { ...replayed, path, wasRead, wasMade, close }
  } catch (error) {
    close()
    throw error
  }
}

/** Holds everything that is kept against the chain and against what was rebuilt. */
export async function compareWith(rebuilt: Rebuilt, parts: VerifyParts, chain: Chain): Promise<VerifyReport> {
  const { evidence } = parts
  const anchors = evidence.anchors()
  const tables = evidence.tables()
  const blobs = await checkBlobs(parts, rebuilt)
  const isWhole = rebuilt.reached === (chain.last?.seq ?? 0)
  const breaks = [
    ...evidence.problems().map(toProblem),
    ...(chain.broken === null ? [] : [chain.broken]),
    ...(anchors === null ? lackingAnchors(chain) : checkAnchors(anchors, chain.hashes, chain.restores)),
    ...blobs.breaks,
    ...rebuilt.breaks,
    ...[...evidence.differencesFrom(rebuilt.path, isWhole ? 'all' : 'schema')].map(toBreak),
    ...(chain.broken === null ? checkSeals(digestsOf(evidence, tables), chain.sealed, evidence.seals()) : []),
  ]
  return {
    sound: breaks.length === 0,
    breaks: withoutRepeats(breaks),
    notes: [...stopNotes(rebuilt), ...restoreNotes(chain), ...blobs.notes],
    ledger: { entries: chain.last?.seq ?? 0, hash: chain.last?.hash ?? null, anchors: anchors?.length ?? 0 },
    replayedTo: rebuilt.reached,
    blobs: blobs.found,
    tables: tables.size,
    rows: [...tables.values()].reduce((sum, table) => sum + table.rows, 0),
  }
}

function stopNotes({ stopped }: Rebuilt): BilingualText[] {
  if (stopped === null) return []
  return [{ da: `Genberegningen standsede: ${stopped.da}.`, en: `Recomputing stopped: ${stopped.en}.` }]
}

function restoreNotes({ restores }: Chain): BilingualText[] {
  return restores.map(({ backup }) => ({
    da: `Registret er lagt tilbage fra backuppen ${backup}; det, der kom efter den, er i det gemte register.`,
    en: `The register was restored from the backup ${backup}; what came after that is in the register that was kept.`,
  }))
}

function closesNight({ type, subject, facts }: LedgerEntry): boolean {
  return type === 'step' && subject === 'close-night' && 'night_run' in (facts['sealed'] as object)
}

function* upTo(seq: number, entries: Iterable<LedgerEntry>): Generator<LedgerEntry> {
  for (const entry of entries) {
    if (entry.seq > seq) return
    yield entry
  }
}

function digestsOf(evidence: RegisterEvidence, tables: ReturnType<RegisterEvidence['tables']>) {
  return new Map([...tables].map(([table, { columns }]) => [table, { columns, digest: evidence.digestOf(table) }]))
}

/** Blobs found under another hash than their own, named and not found, and found but named by nobody. */
async function checkBlobs(
  { evidence, files, blobs, onProgress }: VerifyParts,
  { wasRead, wasMade }: Pick<Rebuilt, 'wasRead' | 'wasMade'>,
) {
  const found = new Map<string, string>()
  for await (const { name, sha256 } of blobs()) {
    found.set(name, sha256)
    if (found.size % 1_000 === 0) onProgress({ part: 'blobs', done: found.size, of: null })
  }
  const named = new Map([...wasRead].map((sha256) => [sha256, 'replay']))
  for (const { sha256, use, fileId } of await namedBlobs(evidence, files)) named.set(sha256, fileId ?? use)
  const removed = evidence.removedBlobs()
  const isLost = (sha256: string) => !found.has(sha256) && !removed.has(sha256)
  const unnamed = [...found.keys()].filter((name) => !named.has(name) && !wasMade.has(name))
  const unhanded = [...wasMade].filter((sha256) => !named.has(sha256) && isLost(sha256))
  return {
    found: found.size,
    breaks: [
      ...[...found].flatMap(([name, sha256]) => (name === sha256 ? [] : [blobBreak(name, named.get(name) ?? '', sha256)])),
      ...[...named].flatMap(([sha256, by]) => (isLost(sha256) ? [blobBreak(sha256, by, null)] : [])),
    ],
    notes: [
      ...(removed.size > 0 ? [removedNote(removed.size)] : []),
      ...(unnamed.length > 0 ? [unnamedNote(unnamed)] : []),
      ...(unhanded.length > 0 ? [unhandedNote(unhanded)] : []),
    ],
  }
}

function removedNote(count: number): BilingualText {
  return {
    da: `${count} filer er fjernet efter deres frist; de er ikke gået tabt.`,
    en: `${count} files were removed after their time; they are not lost.`,
  }
}

function unnamedNote({ length, 0: first }: readonly string[]): BilingualText {
  return {
    da: `${length} filer i fillageret nævnes ikke, fx ${first}; det skader ikke.`,
    en: `${length} files in the store are named by nobody, such as ${first}; that does no harm.`,
  }
}

/**
 * What a step hands to the next one is stored after its commit. A process that dies between the two never stores it; the sweep
 * asks for the next step with a document of its own, and what that one came to is named by its hash.
 */
function unhandedNote({ length, 0: first }: readonly string[]): BilingualText {
  return {
    da: `${length} dokumenter, som et skridt gav videre til det næste, er her ikke, fx ${first}; intet i registret bygger på dem.`,
    en: `${length} documents that a step handed to the next one are not here, such as ${first}; nothing in the register rests on them.`,
  }
}

/** What rows and ledger name, and the documents of the receipts; a ledger that cannot be read names nothing. */
async function namedBlobs(evidence: RegisterEvidence, files: FileStore): Promise<readonly NamedBlob[]> {
  try {
    const named = evidence.namedBlobs()
    return [...named, ...(await blobsOfReceipts(files, named).catch(() => []))]
  } catch {
    return []
  }
}

function toProblem(problem: string): Break {
  return { part: 'database', place: 'register.sqlite', key: '', column: null, expected: 'ok', seen: shown(problem) }
}

function lackingAnchors({ nightsClosed }: Chain): Break[] {
  if (nightsClosed === 0) return []
  return [{ part: 'anchor', place: 'ledger.head', key: 'close-night', column: null, expected: `${nightsClosed}`, seen: null }]
}

function toBreak({ table, key, column, expected, seen }: RowDifference): Break {
  return { part: 'row', place: table, key, column, expected: shown(expected), seen: shown(seen) }
}

/** One blob may be missed by several who name it; a table whose rows are named need not be named again by its seal. */
function withoutRepeats(breaks: readonly Break[]): Break[] {
  const rows = new Set(breaks.filter(({ part }) => part === 'row').map(({ place }) => place))
  const once = new Map<string, Break>()
  for (const found of breaks) {
    if (found.part === 'seal' && rows.has(found.place)) continue
    const id = found.part === 'blob' ? `blob ${found.place}` : JSON.stringify([found.part, found.place, found.key, found.column])
    if (!once.has(id)) once.set(id, found)
  }
  return [...once.values()]
}
