import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { parseSettings } from '../../config/load-settings.ts'
import { type Settings, Supplier } from '../../config/settings.ts'
import type { Change } from '../../src/domain/change-plan.ts'
import type { Mandate } from '../../src/domain/delivery-file.ts'
import type { RegisterUnit, RegisterView } from '../../src/domain/diff-register.ts'
import { sha256Hex } from '../../src/domain/ids.ts'
import type { NewDelta } from '../../src/domain/link-deltas.ts'
import type { Instant } from '../../src/domain/time.ts'
import type { StagedRecord, UnitFields, UnitKind, UnitRef } from '../../src/domain/unit.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Log } from '../../src/ports/log.ts'
import type { DeliveryFile, Hold } from '../../src/ports/register/files.ts'
import type { Night } from '../../src/ports/register/nights.ts'
import type { NewVersion } from '../../src/ports/register/units.ts'
import type { JobFailure } from '../../src/ports/register.ts'

/** 02:15 on a night in November, Copenhagen time. */
export const aNight: Instant = Date.parse('2026-11-24T01:15:00Z')

/** The municipality that everything belongs to unless a test says otherwise. */
export const kommune = '101'

/** A municipality's own system: it speaks for every kind of ownership but the private one. */
export const aMandate: Mandate = { supplierId: 'nordsystem', kommuner: [kommune], ejerformer: ['1', '2', '4'] }

/** A reference as `refKey` writes it: a number, or `lokal:` and the supplier's own id. */
export function aRef(key: string): UnitRef {
  return key.startsWith('lokal:') ? { nummer: null, lokalId: key.slice(6) } : { nummer: key, lokalId: null }
}

interface UnitParts {
  readonly kind?: UnitKind
  readonly parent?: string
  readonly fields?: UnitFields
  readonly ekstra?: Readonly<Record<string, string>>
}

let lines = 0

/**
 * What a file says of one unit; `key` is a number or `lokal:<id>`. A record and a unit made with the same key, kind and
 * parent say the same.
 */
export function aRecord(
  key: string,
  { parent, ...parts }: UnitParts & Partial<Pick<StagedRecord, 'status' | 'position' | 'hold' | 'ref'>> = {},
): StagedRecord {
  const kind = parts.kind ?? 'daginstitution'
  lines += 1
  return {
    ref: aRef(key),
    parent: parent === undefined ? null : aRef(parent),
    status: 'aktiv',
    ekstra: {},
    position: { line: lines, column: 1 },
    ...parts,
    kind,
    fields: { ...fieldsFor(kind, key), ...parts.fields },
  }
}

/** A unit as the register holds it, open unless said. */
export function aUnit(
  nummer: string,
  parts: UnitParts & Partial<Pick<RegisterUnit, 'open' | 'admKommuneKode' | 'ejerformKode'>> = {},
): RegisterUnit {
  const { parent, ...rest } = parts
  const kind = parts.kind ?? 'daginstitution'
  return {
    nummer,
    parentNummer: parent ?? null,
    ekstra: {},
    open: true,
    admKommuneKode: kommune,
    ejerformKode: '1',
    ...rest,
    kind,
    fields: { ...fieldsFor(kind, nummer), ...parts.fields },
  }
}

/** The register as a plan sees it. */
export function aView(units: readonly RegisterUnit[], numbersByLokalId: Readonly<Record<string, string>> = {}): RegisterView {
  return {
    units: new Map(units.map((unit) => [unit.nummer, unit])),
    numbersByLokalId: new Map(Object.entries(numbersByLokalId)),
    settled: new Map(),
  }
}

/** A change of one unit; its slice is what `diffRegister` would give it, as far as the operation says. */
export function aChange(
  operation: Change['operation'],
  nummer: string | null,
  parts: Partial<Omit<Change, 'parent'>> & { readonly parent?: string } = {},
): Change {
  const { parent, ...rest } = parts
  return {
    operation,
    kind: 'anvisningsenhed',
    nummer,
    lokalId: null,
    parent: parent === undefined ? null : aRef(parent),
    fields: {},
    changed: [],
    ekstra: {},
    position: { line: 1, column: 1 },
    slice: operation === 'nedlaeg' || operation === 'flyt' ? operation : null,
    ...rest,
  }
}

/** A state of a unit to write to the register. */
export function aVersion(nummer: string, parts: Partial<NewVersion> = {}): NewVersion {
  const kind = parts.kind ?? 'daginstitution'
  return {
    nummer,
    parentNummer: null,
    status: 'aktiv',
    ekstra: {},
    admKommuneKode: kommune,
    ejerformKode: '1',
    validFrom: aNight,
    recordedFrom: aNight,
    actor: aMandate.supplierId,
    date: null,
    fileId: null,
    line: null,
    planHash: null,
    ...parts,
    kind,
    fields: { ...fieldsFor(kind, nummer), ...parts.fields },
  }
}

/** A delta to put into the outbox; free to go unless it needs others. */
export function aDelta(deltaId: string, nummer: string, parts: Partial<NewDelta> = {}): NewDelta {
  return { deltaId, nummer, operation: 'opdater', rank: 4, record: { instnr: nummer }, needs: [], ...parts }
}

/** The night of `aNight`, open. */
export function aNightRun(parts: Partial<Night> = {}): Night {
  return {
    date: '2026-11-24',
    state: 'open',
    trigger: 'schedule',
    openedAt: aNight,
    closedAt: null,
    filesUntilAt: aNight + 3 * 3_600_000,
    starts: 1,
    ...parts,
  }
}

/** A delivery file that was just stored. */
export function aFile(fileId: string, parts: Partial<DeliveryFile> = {}): DeliveryFile {
  return {
    fileId,
    supplierId: aMandate.supplierId,
    sha256: sha256Hex(fileId),
    declared: '',
    sizeBytes: 7,
    promisedSha256: null,
    name: `${fileId}.xml`,
    date: '2026-11-24',
    storedAt: aNight,
    state: 'stored',
    header: null,
    ruleSet: null,
    read: 0,
    accepted: 0,
    rejected: 0,
    unchanged: 0,
    findingCounts: {},
    stagedSha256: null,
    rejectedRefsSha256: null,
    rejectedWithoutKey: 0,
    planHash: null,
    appliedAt: null,
    ...parts,
  }
}

/** A job that waits for a person. */
export function aFailure(jobId: string, parts: Partial<JobFailure> = {}): JobFailure {
  return {
    jobId,
    queue: 'push',
    job: 'push',
    payload: JSON.stringify({ batchId: jobId, batchSha256: 'x'.repeat(64) }),
    code: 'UNILOGIN_UNREACHABLE',
    message: 'it went wrong',
    hint: 'mend it',
    dataState: 'nothing was changed',
    failedAt: aNight,
    resolvedAt: null,
    resolvedBy: null,
    reason: null,
    ...parts,
  }
}

/** Valid settings: the two that have no default, and whatever the test is about. */
export function someSettings(tree: Readonly<Record<string, unknown>> = {}): Settings {
  return parseSettings({
    unilogin: { baseUrl: 'https://localhost:8443' },
    cutoffs: [{ navn: 'morgen', time: '06:00' }],
    log: { level: 'silent' },
    ...tree,
  })
}

/** A supplier's settings; nobody connects to it. */
export function aSupplier(id: string, parts: Partial<Supplier> = {}): Supplier {
  const hostKeys = { current: 'A'.repeat(43) }
  return Supplier.parse({
    id,
    navn: id,
    host: 'localhost',
    username: 'u',
    passwordFile: '/dev/null',
    hostKeys,
    kommuner: 'alle',
    ...parts,
  })
}

/** Memory instead of a disk where there is enough of it: the same files and the same calls, without the wait for a flush. */
export function fastFolder(): string {
  const memory = '/dev/shm'
  if (!existsSync(memory)) return tmpdir()
  const { bavail, bsize } = statfsSync(memory)
  return bavail * bsize > 500_000_000 ? memory : tmpdir()
}

/** A folder of the test's own, removed when the test has ended. */
export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dagtilbud-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A log that nobody reads. */
export const silentLog: Log = {
  child: () => silentLog,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/** Closings of file f-1 that wait for a person. */
export function aHold(holdId: string, parts: Partial<Hold> = {}): Hold {
  return {
    holdId,
    fileId: 'f-1',
    supplierId: 'nordsystem',
    kommuneKode: kommune,
    planHash: 'p-1',
    date: '2026-11-24',
    slice: 'nedlaeg',
    sliceHash: 's',
    count: 12,
    of: 40,
    allowed: 4,
    verdict: 'held',
    cause: 'over-limit',
    openedAt: aNight,
    state: 'open',
    firstBy: null,
    firstReason: null,
    firstAt: null,
    decidedBy: null,
    reason: null,
    decidedAt: null,
    ...parts,
  }
}

/** A clock that stands still until it is turned. */
export function aClock(at: Instant = aNight): Clock & { turn(ms: number): void } {
  let now = at
  return {
    now: () => now,
    turn: (ms) => {
      now += ms
    },
  }
}

function fieldsFor(kind: UnitKind, key: string): UnitFields {
  const navn = `Enhed ${key}`
  const address = { vejNavn: 'Prøvevej', husNummer: key.slice(-2), postNummer: '2000', kommuneKode: kommune }
  switch (kind) {
    case 'daginstitution':
      return { navn, ejerformKode: '1', lovgrundlagKode: 'DTL19.2', admKommuneKode: kommune }
    case 'anvisningsenhed':
      return { navn, instType3: '6012', ...address }
    case 'alternativAdresse':
      return { navn, ...address }
  }
}
