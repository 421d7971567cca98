import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createFolderFileStore } from '../../src/adapters/files/create-folder-file-store.ts'
import { listBlobs } from '../../src/adapters/files/list-blobs.ts'
import { openEvidence } from '../../src/adapters/sqlite/open-evidence.ts'
import { decideHold } from '../../src/app/decide-hold.ts'
import { noteUser } from '../../src/app/manage-users.ts'
import { nightReport } from '../../src/app/night-report.ts'
import {
  compareWith,
  type FoundBlob,
  type Rebuilt,
  readChain,
  rebuild,
  type VerifyParts,
  type VerifyReport,
} from '../../src/app/verify-register.ts'
import { renderVerifyReport } from '../../src/cli/verify.ts'
import { sha256Hex } from '../../src/domain/ids.ts'
import type { Break } from '../../src/domain/verify-break.ts'
import { openVerifyParts } from '../../src/main/open-proof.ts'
import { parts } from '../../src/main/parts.ts'
import { leftOutOf } from '../../src/sandbox/generator/change-story.ts'
import { createDenmark } from '../../src/sandbox/generator/create-denmark.ts'
import { nextDay } from '../../src/sandbox/generator/next-day.ts'
import { buildNightFiles } from '../../src/sandbox/generator/night-files.ts'
import { sandboxSuppliers } from '../../src/sandbox/generator/suppliers.ts'
import { fastFolder } from '../kit/builders.ts'
import { type SmallWorld, startSmallWorld } from '../kit/small-world.ts'

const nights = ['2026-11-22', '2026-11-23'] as const
const kommuner = ['665']
const seed = 'a'

let world: SmallWorld
/** The register as the nights left it, and everything verify needs to examine it. */
let folder: string
let original: string
let proof: VerifyParts
let rebuilt: Rebuilt
let blobs: FoundBlob[]

/** Two nights with a hold that a person lets pass, a file that is turned away, and a while without answers from Unilogin; then every step of them again, once. */
beforeAll(async () => {
  world = await startSmallWorld({
    kommuner,
    settings: { outage: { failures: 2, probeDelaysMs: [20] }, drift: { source: 'opslag', nights: 2 } },
  })
  const day1 = createDenmark({ seed, kommuner })
  const files = buildNightFiles(day1, sandboxSuppliers, { loebenummer: 1, dannet: `${nights[0]}T20:00:00Z` })
  world.drop(files)
  await world.runNight(nights[0])
  const { denmark: day2, story } = nextDay(day1, { seed })
  const broken = files.map((file) => ({ ...file, fileName: `igen-${file.fileName}`, bytes: file.bytes.subarray(0, 900) }))
  const second = { loebenummer: 2, dannet: `${nights[1]}T20:00:00Z`, leftOut: leftOutOf(story) }
  world.drop([...buildNightFiles(day2, sandboxSuppliers, second), ...broken])
  await fetch(`${world.denmark.unilogin.sideDoorUrl}/_sandbox/weather`, {
    method: 'PUT',
    body: JSON.stringify([{ kind: 'lostAfterCommit', operation: 'indlaesInstitutionDelta', count: 3 }]),
  })
  const report = await world.runNight(nights[1])
  expect(report.outages).toHaveLength(1)
  await world.withProgram(async (program) => {
    const worker = await program.startWorker(['register', 'edge'])
    const [{ holdId = '' } = {}] = report.holds
    for (const by of ['anna', 'bo']) {
      await noteUser(program.operator, { brugernavn: 'anna', did: 'added', roller: ['godkende'], by: 'bo' })
      await decideHold(program.operator, { holdId, decision: 'approved', by, reason: 'klyngen er lagt sammen' })
    }
    await vi.waitFor(
      () => {
        const seen = nightReport(program.register, nights[1])
        expect(seen).toMatchObject({ receipts: { waiting: 0 }, files: { underWay: 0 }, complete: true })
      },
      { timeout: 20_000, interval: 20 },
    )
    await worker.stop(5_000)
  })
  await world.denmark.close()

  folder = mkdtempSync(join(fastFolder(), 'dagtilbud-verify-'))
  original = join(world.dir, 'data/register.sqlite')
  proof = await openVerifyParts(parts.loadSettings(world.settings), () => undefined)
  rebuilt = await rebuild(proof, readChain(proof))
  blobs = []
  for await (const blob of proof.blobs()) blobs.push(blob)
})
afterAll(async () => {
  rebuilt?.close()
  proof?.evidence.close()
  if (folder) rmSync(folder, { recursive: true })
  await world?.close()
})

/** Examines a copy of the register after something was done to it, and of the file store. */
async function verifyAfter(
  change: (sqlite: Database.Database) => void,
  found: readonly FoundBlob[] = blobs,
  believe: Rebuilt = rebuilt,
): Promise<VerifyReport> {
  const path = join(folder, 'register.sqlite')
  for (const ending of ['-wal', '-shm']) rmSync(`${path}${ending}`, { force: true })
  copyFileSync(original, path)
  copyFileSync(join(world.dir, 'data/ledger.head'), join(folder, 'ledger.head'))
  const sqlite = new Database(path)
  sqlite.pragma('foreign_keys = OFF')
  change(sqlite)
  sqlite.close()
  const evidence = openEvidence(path)
  try {
    const changed: VerifyParts = {
      ...proof,
      evidence,
      blobs: async function* () {
        yield* found
      },
    }
    return await compareWith(believe, changed, readChain(changed))
  } finally {
    evidence.close()
  }
}

/** A table with what a test needs to spoil it. */
interface Spoilable {
  readonly table: string
  readonly columns: readonly string[]
  readonly key: readonly string[]
  readonly rowids: readonly number[]
}

/** Every table of the file, whoever made it. The ledger is spoilt on its own, since nothing is believed behind its break. */
function everyTable(): Spoilable[] {
  const sqlite = new Database(original, { readonly: true })
  try {
    const tables = sqlite
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'ledger'`)
      .pluck()
      .all() as string[]
    return tables.map((table) => {
      const columns = sqlite.pragma(`table_info("${table}")`) as { name: string; pk: number }[]
      return {
        table,
        columns: columns.map(({ name }) => name),
        // SQLite's own table of counters has no key; its rows go by their name.
        key: columns.filter(({ pk }, i) => pk > 0 || (table === 'sqlite_sequence' && i === 0)).map(({ name }) => name),
        rowids: sqlite.prepare(`SELECT rowid FROM "${table}"`).pluck().all() as number[],
      }
    })
  } finally {
    sqlite.close()
  }
}

/** A value that is not the one that is there, of the same kind where there is one. */
const other = (column: string) =>
  `CASE typeof("${column}") WHEN 'integer' THEN "${column}" + 1000003 WHEN 'text' THEN "${column}" || 'x' ELSE 7 END`

/** A row like one that is there, or where there is none, of made-up values; with a key and unique values of its own. */
function insertCopy(sqlite: Database.Database, { table, columns, rowids }: Spoilable): void {
  const list = columns.map((name) => `"${name}"`).join()
  if (rowids.length === 0) sqlite.exec(`INSERT INTO "${table}" (${list}) VALUES (${columns.map(() => 7)})`)
  else sqlite.exec(`INSERT INTO "${table}" (${list}) SELECT ${columns.map(other)} FROM "${table}" LIMIT 1`)
}

const filled = () => everyTable().filter(({ rowids }) => rowids.length > 0)

/** As when the steps cannot be run again: the seals alone must tell. */
const withoutReplay = (): Rebuilt => ({ ...rebuilt, reached: 0, stopped: { da: 'en ældre version', en: 'an older version' } })

describe('verify', () => {
  it('finds nothing in a register that nobody has touched, and misses nothing of it', async () => {
    const report = await verifyAfter(() => undefined)

    expect(report).toMatchObject({ sound: true, breaks: [], notes: [], replayedTo: report.ledger.entries, blobs: blobs.length })
    expect(renderVerifyReport(report).da).toContain('Registret er bevist')
  })

  it('names the row and the column of every value that was changed', async () => {
    const rounds = Math.max(...filled().map(({ columns }) => columns.length))
    for (let round = 0; round < rounds; round++) {
      const spoilt = filled().flatMap(({ table, columns, key, rowids }) => {
        const column = columns[round]
        return column === undefined ? [] : [{ table, column, key, rowid: rowids[round % rowids.length] }]
      })

      const { breaks } = await verifyAfter((sqlite) => {
        for (const { table, column, rowid } of spoilt)
          sqlite.exec(`UPDATE "${table}" SET "${column}" = ${other(column)} WHERE rowid = ${rowid}`)
      })

      expect(spoilt.filter(({ table, column, key }) => !isNamed(breaks, table, key.includes(column) ? null : column))).toEqual([])
    }
  })

  it('names every table from which a row is gone, and every one with a row too many', async () => {
    const gone = await verifyAfter((sqlite) => {
      for (const { table, rowids } of filled()) sqlite.exec(`DELETE FROM "${table}" WHERE rowid = ${rowids[0]}`)
    })
    const added = await verifyAfter((sqlite) => {
      for (const table of everyTable()) insertCopy(sqlite, table)
    })

    expect(filled().filter(({ table }) => !isNamed(gone.breaks, table, null))).toEqual([])
    expect(everyTable().filter(({ table }) => !isNamed(added.breaks, table, null))).toEqual([])
  })

  it('still names the table when the steps cannot be run again', async () => {
    const sealed = everyTable().filter(({ table }) => table !== 'sqlite_sequence')
    const untouched = await verifyAfter(() => undefined, blobs, withoutReplay())
    const changed = await verifyAfter(
      (sqlite) => {
        for (const { table, columns } of filled())
          sqlite.exec(`UPDATE "${table}" SET "${columns.at(-1)}" = ${other(columns.at(-1) ?? '')}`)
      },
      blobs,
      withoutReplay(),
    )
    const added = await verifyAfter(
      (sqlite) => {
        for (const table of everyTable()) insertCopy(sqlite, table)
      },
      blobs,
      withoutReplay(),
    )

    expect(untouched).toMatchObject({ sound: true, notes: [{ da: expect.stringContaining('en ældre version') }] })
    expect(filled().filter(({ table }) => table !== 'sqlite_sequence' && !isNamed(changed.breaks, table, null))).toEqual([])
    expect(sealed.filter(({ table }) => !isNamed(added.breaks, table, null))).toEqual([])
  })

  it.each([
    ['a fact is another', `UPDATE ledger SET facts = replace(facts, '"changes":', '"Changes":') WHERE type = 'plan'`, 'ledger'],
    ['a time is another', 'UPDATE ledger SET at = at + 1 WHERE seq = 5', 'ledger'],
    ['an entry is gone', 'DELETE FROM ledger WHERE seq = 7', 'ledger'],
    ['the first entry is gone', 'DELETE FROM ledger WHERE seq = 1', 'ledger'],
    [
      'an entry is put behind the last',
      `INSERT INTO ledger SELECT seq + 1, at, type, subject, facts, hash, hash FROM ledger ORDER BY seq DESC LIMIT 1`,
      'ledger',
    ],
    [
      'two entries have changed places',
      'UPDATE ledger SET seq = -1 WHERE seq = 3; UPDATE ledger SET seq = 3 WHERE seq = 4; UPDATE ledger SET seq = 4 WHERE seq = -1',
      'ledger',
    ],
    ['the tail is cut within the last night', 'DELETE FROM ledger WHERE seq > (SELECT max(seq) - 3 FROM ledger)', 'seal'],
    [
      'the tail is cut before the last night',
      `DELETE FROM ledger WHERE seq >= (SELECT max(seq) FROM ledger WHERE subject = 'close-night')`,
      'anchor',
    ],
  ])('notices when %s in the ledger', async (_what, statements, part) => {
    const { breaks } = await verifyAfter((sqlite) => sqlite.exec(statements))

    expect(breaks.map((found) => found.part)).toContain(part)
  })

  it('tells a file that was changed on the disk from the one that was stored', async () => {
    const store = join(folder, 'store')
    const [{ name } = { name: '' }] = blobs
    mkdirSync(join(store, name.slice(0, 2)), { recursive: true })
    const bytes = readFileSync(join(world.dir, 'data/files', name.slice(0, 2), name))
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
    writeFileSync(join(store, name.slice(0, 2), name), bytes)

    const found: FoundBlob[] = []
    for await (const blob of listBlobs(store)) found.push(blob)

    expect(found).toEqual([{ name, sha256: sha256Hex(bytes), sizeBytes: bytes.length }])
  })

  it('names every file of the store of which a byte is another, and every one that is gone', async () => {
    const flipped = blobs.map((blob) => ({ ...blob, sha256: sha256Hex(blob.sha256) }))

    const changed = await verifyAfter(() => undefined, flipped)
    const gone = await verifyAfter(() => undefined, [])

    const handedOver = notNamedIn(gone)
    expect(notNamedIn(changed)).toEqual([])
    expect(handedOver.filter((name) => !rebuilt.wasMade.has(name) || rebuilt.wasRead.has(name))).toEqual([])
    expect(gone.notes.map(({ en }) => en).join()).toContain(`${handedOver.length} documents that a step handed to the next one`)
  })

  it('takes no document for lost that a step did not come to hand over, as when its process was killed after the commit', async () => {
    const [never = ''] = notNamedIn(await verifyAfter(() => undefined, []))

    const report = await verifyAfter(
      () => undefined,
      blobs.filter(({ name }) => name !== never),
    )

    expect(report).toMatchObject({ sound: true, breaks: [] })
    expect(report.notes.map(({ en }) => en)).toEqual([
      `1 documents that a step handed to the next one are not here, such as ${never}; nothing in the register rests on them.`,
    ])
  })
})

/** Files of the store that a report does not break at. */
function notNamedIn({ breaks }: VerifyReport): string[] {
  const named = new Set(breaks.filter(({ part }) => part === 'blob').map(({ place }) => place))
  return blobs.map(({ name }) => name).filter((name) => !named.has(name))
}

describe('verify, of a ledger and hashes that were all made to fit', () => {
  it('sees a request that was not the delta, a reply that was no acceptance, a read-back that was not equal', async () => {
    const exchanges = namedIn('record-delivery', 'exchangesSha256')
    const readBacks = namedIn('record-confirmation', 'resultSha256')
    const forged = await rebuild(
      withForged({
        [exchanges]: (text) => text.replace(/:instnavn>/, '$&Andet ').replace('reskode>OK<', 'reskode>FEJL<'),
        [readBacks]: (text) => text.replace('"instnavn":"', '"instnavn":"Andet '),
      }),
      readChain(proof),
    )
    forged.close()

    expect(forged.breaks).toContainEqual(expect.objectContaining({ part: 'exchange', column: 'record' }))
    expect(forged.breaks).toContainEqual(expect.objectContaining({ part: 'exchange', column: 'kind', seen: 'accepted' }))
    expect(forged.breaks).toContainEqual(expect.objectContaining({ part: 'exchange', column: 'verdict' }))
  })

  it.each([
    ["a supplier's bytes", () => fileBlob(), 'exchange'],
    ['a plan', () => namedIn('apply', 'planHash'), 'replay'],
  ])('sees that %s would have given something else', async (_what, sha256, part) => {
    const forged = await rebuild(withForged({ [sha256()]: (text) => text.replace(/Børnehuset|navn/, 'Andet') }), readChain(proof))
    forged.close()

    expect(forged.breaks.map((found) => found.part)).toContain(part)
  })
})

describe('verify, when bytes that a step was given are not there', () => {
  it('says so and goes on when their time was over', async () => {
    const sha256 = fileBlob()
    const { breaks, stopped } = await rebuildWithout(
      sha256,
      new Map([[sha256, { sha256, sizeBytes: 1, removedAt: 1, reason: 'retention' }]]),
    )

    expect(breaks).toEqual([])
    expect(stopped?.da).toContain('fjernet efter deres frist')
  })

  it('names them when they are lost', async () => {
    const { breaks } = await rebuildWithout(fileBlob(), new Map())

    expect(breaks).toMatchObject([{ part: 'blob', place: fileBlob() }])
  })
})

async function rebuildWithout(sha256: string, removed: ReturnType<VerifyParts['evidence']['removedBlobs']>): Promise<Rebuilt> {
  const store = await createFolderFileStore(join(folder, 'empty'))
  const again = await rebuild(
    {
      ...proof,
      evidence: { ...proof.evidence, removedBlobs: () => removed },
      files: { ...proof.files, read: (asked) => (asked === sha256 ? store : proof.files).read(asked) },
    },
    readChain(proof),
  )
  again.close()
  return again
}

/** The file store of somebody who has changed bytes and all hashes behind them. */
function withForged(changes: Readonly<Record<string, (text: string) => string>>): VerifyParts {
  const get = async (sha256: string) => {
    const bytes = await proof.files.get(sha256)
    return changes[sha256] === undefined ? bytes : Buffer.from(changes[sha256](bytes.toString('utf8')))
  }
  return {
    ...proof,
    files: {
      ...proof.files,
      get,
      read: async function* (sha256) {
        yield await get(sha256)
      },
    },
  }
}

/** The first blob that a step of this name was given. */
function namedIn(step: string, key: string): string {
  for (const { type, subject, facts } of proof.evidence.ledger()) {
    if (type === 'step' && subject === step) return JSON.parse(String(facts)).input[key]
  }
  throw new Error(`no step ${step}`)
}

function fileBlob(): string {
  for (const { type, facts } of proof.evidence.ledger()) if (type === 'file') return JSON.parse(String(facts)).sha256
  throw new Error('no file')
}

/** True when a break speaks of this table, and of this column where it can. */
function isNamed(breaks: readonly Break[], table: string, column: string | null): boolean {
  return breaks.some(({ part, place, column: seen }) =>
    table === 'seal'
      ? part === 'seal' && place === 'seal'
      : (part === 'row' || part === 'seal') && place === table && (column === null || seen === column),
  )
}
