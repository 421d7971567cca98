import type { Settings } from '../../config/settings.ts'
import { FatalError } from '../domain/errors.ts'
import type { Backups, StoredBackup } from '../ports/backups.ts'
import type { Clock } from '../ports/clock.ts'
import type { FileStore } from '../ports/file-store.ts'
import type { RegisterTx } from '../ports/register.ts'
import type { FreeRegister, RegisterFile, RegisterStanding } from '../ports/register-file.ts'
import { BackupManifest, blobListSha256, keptName } from './backup-manifest.ts'
import { getDocument, putDocument, trusted } from './documents.ts'
import { runStep, type StepNeeds } from './run-step.ts'

/** What a restore has: the register's place, but no register. */
export interface RestoreContext {
  readonly clock: Clock
  readonly settings: Settings
  readonly files: FileStore
  readonly registerFile: RegisterFile
  readonly backups: Backups
}

/** What a restore takes back, and what the restored register will not fall behind. */
export interface RestorePlan {
  readonly manifest: BackupManifest
  /** Why the register in place cannot be read; null when it can, or when there is none. */
  readonly unreadable: string | null
  readonly lost: {
    /** Nights opened since. */
    readonly nights: readonly string[]
    /** Entries of the ledger since. */
    readonly ledgerEntries: number
    /** Numbers given out since, with the id the supplier knows each by. */
    readonly numbers: readonly { readonly nummer: string; readonly supplierId: string | null; readonly lokalId: string | null }[]
  }
  /** The next institution number by letter, and the last position told, after the restore. */
  readonly floor: { readonly numbers: Readonly<Record<string, number>>; readonly position: number }
}

export interface RestoreResult extends RestorePlan {
  /** Where the replaced register is kept; null when there was none. */
  readonly keptAt: string | null
  readonly blobsPutBack: number
  /** Deltas that had a time which the target has passed since; they get a new one. */
  readonly restamped: number
}

/** Looks what restoring a backup would do, and changes nothing. @throws as `restore` */
export async function planRestore(ctx: RestoreContext, name: string): Promise<RestorePlan> {
  const { manifest } = await openBackup(ctx.backups, name)
  return ctx.registerFile.alone(async (register) => makePlan(ctx, manifest, register.standing()))
}

/**
 * Puts a backup in the register's place. No institution number is given out twice, no reader of changes misses one and no
 * `sourceDateTime` goes back: the restored register goes on above what the replaced one, or a later backup, had reached.
 * Repeating it is safe; the register is replaced in one rename at the end.
 * @throws REGISTER_IN_USE, BACKUP_UNUSABLE, REGISTER_VERSION_NEWER, STORE_WRITE_FAILED
 */
export async function restore(ctx: RestoreContext, name: string): Promise<RestoreResult> {
  const { manifest, stored } = await openBackup(ctx.backups, name)
  return ctx.registerFile.alone(async (file) => {
    const standing = file.standing()
    const plan = await makePlan(ctx, manifest, standing)
    const blobsPutBack = await putBlobsBack(ctx, stored)
    const { keptAt, restamped } = await replace(ctx, file, stored, plan, typeof standing === 'string' ? null : standing)
    return { ...plan, keptAt, blobsPutBack, restamped }
  })
}

async function openBackup(backups: Backups, name: string): Promise<{ manifest: BackupManifest; stored: StoredBackup }> {
  const stored = await backups.open(name)
  const manifest = readManifest(stored, name)
  if (blobListSha256(stored.blobs) !== manifest.blobs.sha256)
    throw unusable(name, 'its list of blobs is not the one of its manifest')
  if ((await stored.registerSha256()) !== manifest.register.sha256)
    throw unusable(name, 'its register does not have the hash of its manifest')
  return { manifest, stored }
}

function readManifest({ manifest }: StoredBackup, name: string): BackupManifest {
  try {
    return BackupManifest.parse(JSON.parse(manifest))
  } catch (cause) {
    throw unusable(name, 'its manifest cannot be read', cause)
  }
}

async function makePlan(
  ctx: RestoreContext,
  manifest: BackupManifest,
  standing: RegisterStanding | string | null,
): Promise<RestorePlan> {
  const replaced = typeof standing === 'string' ? null : standing
  const later = await laterManifests(ctx.backups, manifest.name)
  const reached = [manifest, ...later, ...(replaced === null ? [] : [replaced])]
  const letters = new Set(reached.flatMap(({ numbers }) => Object.keys(numbers)))
  const highest = (letter: string) => Math.max(...reached.map(({ numbers }) => numbers[letter] ?? 0))
  const since = (date: string) => date > (manifest.night?.date ?? '')
  return {
    manifest,
    unreadable: typeof standing === 'string' ? standing : null,
    lost: {
      nights: replaced?.nights.filter(since) ?? [],
      ledgerEntries: Math.max(0, (replaced?.ledger.seq ?? 0) - manifest.ledger.seq),
      numbers: replaced?.units.filter(({ nummer }) => isIssuedSince(nummer, manifest)) ?? [],
    },
    floor: {
      numbers: Object.fromEntries([...letters].sort().map((letter) => [letter, highest(letter)])),
      position: Math.max(...reached.map(({ position }) => position)),
    },
  }
}

/** True for a number at or above the one the backup would give out next. */
function isIssuedSince(nummer: string, { numbers }: BackupManifest): boolean {
  const next = numbers[nummer.slice(0, 1)]
  return next !== undefined && Number(nummer.slice(1)) >= next
}

/** Manifests of later backups in the same folder; one that cannot be read says nothing. */
async function laterManifests(backups: Backups, name: string): Promise<BackupManifest[]> {
  const later = (await backups.names()).filter((other) => other > name)
  const opened = await Promise.all(later.map((other) => backups.open(other)))
  return opened.flatMap((stored, i) => {
    try {
      return [readManifest(stored, later[i] ?? '')]
    } catch {
      return []
    }
  })
}

async function putBlobsBack(ctx: RestoreContext, stored: StoredBackup): Promise<number> {
  let count = 0
  for (const sha256 of stored.blobs) {
    if (await ctx.files.has(sha256)) continue
    const blob = await ctx.files.put(stored.readBlob(sha256))
    if (blob.sha256 !== sha256) throw unusable(sha256, 'a blob in it does not have its hash')
    count += 1
  }
  return count
}

async function replace(
  ctx: RestoreContext,
  file: FreeRegister,
  stored: StoredBackup,
  plan: RestorePlan,
  replaced: RegisterStanding | null,
): Promise<{ keptAt: string | null; restamped: number }> {
  const { manifest, lost, floor } = plan
  const reached: ReachedSince = {
    floor,
    clocks: replaced?.clocks ?? [],
    backup: manifest.name,
    backupLedger: manifest.ledger,
    replacedLedger: replaced?.ledger ?? null,
    nights: lost.nights,
    numbers: lost.numbers.map(({ nummer }) => nummer),
  }
  const { sha256: reachedSha256 } = await putDocument(ctx.files, reached)
  const staged = file.stage(stored.registerPath)
  try {
    const restamped = await goOnAbove({ ...ctx, register: staged }, { reachedSha256 })
    return { keptAt: file.swap(staged, keptName(ctx.clock.now())), restamped }
  } finally {
    staged.close()
  }
}

/** What the replaced register, or a later backup, had reached, and what the restored one goes on from. */
interface ReachedSince extends Pick<RestorePlan, 'floor'>, Pick<RegisterStanding, 'clocks'> {
  readonly backup: string
  readonly backupLedger: BackupManifest['ledger']
  readonly replacedLedger: RegisterStanding['ledger'] | null
  readonly nights: readonly string[]
  readonly numbers: readonly string[]
}

/** Lifts the restored register above what was reached since, and writes into its ledger that and what it was put in place of. */
export async function goOnAbove(ctx: StepNeeds, input: { readonly reachedSha256: string }): Promise<number> {
  const { clocks, ...facts } = await getDocument(ctx.files, input.reachedSha256, trusted<ReachedSince>())
  return runStep(ctx, 'restore', input, async ({ register, settings, clock }) =>
    register.write((tx) => {
      tx.upkeep.raiseCounters(facts.floor)
      for (const { nummer, source, latest } of clocks) raiseClock(tx, nummer, source, latest)
      const restamped = restampPassed(tx, settings.unilogin.source)
      tx.ledger.append({ at: clock.now(), type: 'upkeep', subject: 'restore', facts: { ...facts, restamped } })
      return restamped
    }),
  )
}

function raiseClock(tx: RegisterTx, nummer: string, source: string, latest: string): void {
  const clock = tx.outbox.clock(nummer, source)
  if ((clock.lastAllocated ?? '') < latest) tx.outbox.setClock(nummer, source, { ...clock, lastAllocated: latest })
}

/** Deltas on their way whose time lies behind what was used since for the same number: they go with a new one. */
function restampPassed(tx: RegisterTx, source: string): number {
  let count = 0
  for (const state of ['ready', 'unknown', 'sent'] as const)
    for (const { deltaId, nummer, sourceDateTime } of tx.outbox.inState(state)) {
      if (sourceDateTime === null || sourceDateTime >= (tx.outbox.clock(nummer, source).lastAllocated ?? '')) continue
      tx.outbox.update(deltaId, { state: state === 'sent' ? 'unknown' : state, sourceDateTime: null, batchId: null, attempts: 0 })
      count += 1
    }
  return count
}

function unusable(name: string, seen: string, cause?: unknown): FatalError {
  return new FatalError('BACKUP_UNUSABLE', `restoring ${name}: ${seen}`, {
    dataState: 'the register is as it was',
    hint: 'take another backup; look at the disk this one lies on',
    cause,
  })
}
