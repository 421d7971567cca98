import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createTraces } from '../../src/adapters/traces/create-traces.ts'
import type { NightReport } from '../../src/app/night-report.ts'
import { fieldNames } from '../../src/domain/unit.ts'
import { applyIssuedNumbers } from '../../src/sandbox/generator/apply-issued-numbers.ts'
import { breakFiles } from '../../src/sandbox/generator/broken-files.ts'
import { leftOutOf } from '../../src/sandbox/generator/change-story.ts'
import { createDenmark } from '../../src/sandbox/generator/create-denmark.ts'
import { nextDay } from '../../src/sandbox/generator/next-day.ts'
import { buildNightFiles, type NightFile } from '../../src/sandbox/generator/night-files.ts'
import { sandboxSuppliers } from '../../src/sandbox/generator/suppliers.ts'
import { type TrueUnit, toTruth } from '../../src/sandbox/generator/truth.ts'
import { silentLog } from '../kit/builders.ts'
import { keepSpans } from '../kit/keep-spans.ts'
import { startOpenSsh } from '../kit/openssh.ts'
import { outcomeOf, type SmallWorld, startSmallWorld } from '../kit/small-world.ts'

const [firstNight, secondNight] = ['2026-11-22', '2026-11-23'] as const
const worlds: SmallWorld[] = []

afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()))
})

describe('two nights', () => {
  it('leave the register, the receipts and Unilogin as the truth says, whatever was wrong with the files', async () => {
    const kommuner = ['223', '492', '665', '741']
    const seed = 't1'
    const world = await start({ kommuner })
    const day1 = createDenmark({ seed, kommuner })
    const files1 = filesOf(day1, 1)
    world.drop(files1)

    const first = await world.runNight(firstNight)

    expect(first).toMatchObject({
      complete: true,
      files: { received: files1.length, rejected: 0 },
      rows: { rejected: 0 },
      actions: [],
    })
    const truth1 = toTruth(day1)
    expect(registerOf(world)).toEqual(asRows(truth1))

    const { denmark: day2, story } = nextDay(withNumbers(day1, world), { seed })
    const sound = buildNightFiles(day2, sandboxSuppliers, {
      loebenummer: 2,
      dannet: `${secondNight}T20:00:00Z`,
      leftOut: leftOutOf(story),
    })
    const night2 = breakFiles({ seed, files: sound, earlierFiles: files1, denmark: day2, story, lateMs: 0 })
    world.drop(night2.files)

    const second = await world.runNight(secondNight)

    expect(second).toMatchObject({ complete: true, state: 'closed' })
    expect(registerOf(world)).toEqual(asRows(toTruth(day2, truth1, night2.notApplied)))
    expect(atUnilogin(world)).toEqual(openInRegister(world))
    expect(second.holds).toHaveLength(night2.expectations.filter(({ outcome }) => outcome === 'closings held').length)
    for (const { supplierId, fileName, outcome, findings } of night2.expectations) {
      const receipt = receiptsOf(world, supplierId).find(({ fil }) => fil.navn === fileName)
      if (outcome === 'seen before') continue
      expect(receipt, `${supplierId}/${fileName}`).toMatchObject({ udfald: { kode: udfaldOf[outcome] } })
      if (outcome === 'refused') expect(findings).toContain(receipt?.fund[0]?.kode)
    }
  })

  it('do the same against OpenSSH as against the sandbox', async () => {
    const kommuner = ['492', '741']
    const files = filesOf(createDenmark({ seed: 'openssh', kommuner }), 1)
    const sandbox = await start({ kommuner })
    const real = await start({ kommuner })
    const sshd = await startOpenSsh({ root: real.dir })
    const overOpenSsh = await start({
      copyOf: real.dir,
      kommuner,
      suppliers: (own, dir) =>
        own.map((supplier) => ({
          ...supplier,
          host: sshd.host,
          port: sshd.port,
          username: sshd.username,
          privateKeyFile: sshd.privateKeyFile,
          hostKeys: { current: sshd.fingerprint },
          folder: join(dir, 'sandbox/sftp', supplier.id, 'ud'),
          ...(supplier.readFolder === undefined
            ? {}
            : { readFolder: join(dir, 'sandbox/sftp', supplier.id, supplier.readFolder) }),
        })),
    })
    for (const world of [sandbox, overOpenSsh]) world.drop(files)

    const reports = [await sandbox.runNight(firstNight), await overOpenSsh.runNight(firstNight)]
    await sshd.close()

    expect(reports).toMatchObject([{ complete: true }, { complete: true }])
    expect(outcomeOf(overOpenSsh)).toEqual(outcomeOf(sandbox))
    expect(foldersOf(overOpenSsh)).toEqual(foldersOf(sandbox))
  })

  it('lose only the files of a supplier that cannot be reached, and fetch them the night after', async () => {
    const kommuner = ['492', '741']
    const files = filesOf(createDenmark({ seed: 'reach', kommuner }), 1)
    const world = await start({
      kommuner,
      suppliers: (own) => own.map((supplier) => (supplier.id === 'havtorn' ? { ...supplier, port: 1 } : supplier)),
    })
    world.drop(files)

    const report = await world.runNight(firstNight)

    const others = files.filter(({ supplierId }) => supplierId !== 'havtorn')
    expect(report).toMatchObject({ complete: true, files: { received: others.length, delivered: others.length } })
    expect(report.late).toEqual([{ supplierId: 'havtorn', problem: 'SFTP_HOST_UNREACHABLE', missing: ['492'] }])

    const healed = await start({ copyOf: world.dir, kommuner })
    const next = await healed.runNight(secondNight)
    expect(next).toMatchObject({
      complete: true,
      files: { received: files.length - others.length },
      late: [{ supplierId: 'lyngblik' }],
    })
  })
})

describe('a file that is sent again under another name', () => {
  const kept = keepSpans()
  let world: SmallWorld
  let file: NightFile
  let before: ReturnType<typeof outcomeOf>
  let report: NightReport
  beforeAll(async () => {
    const kommuner = ['492']
    const traces = createTraces(kept, silentLog)
    world = await startSmallWorld({ kommuner, traces })
    const files = filesOf(createDenmark({ seed: 'again', kommuner }), 1)
    file = files.find(({ supplierId }) => supplierId === 'havtorn') as NightFile
    world.drop([file])
    await world.runNight(firstNight)
    before = outcomeOf(world)
    world.drop([{ ...file, fileName: 'once-more.xml' }])
    report = await world.runNight(secondNight)
    await traces.close()
  })
  afterAll(() => world.close())

  it('gets the same receipt, and nothing else is done', () => {
    expect(report).toMatchObject({ complete: true, files: { received: 0, repeated: 1 }, deltas: { byState: {} } })
    expect(outcomeOf(world)).toEqual(before)
    const folder = join(world.dir, 'sandbox/sftp/havtorn/ud')
    const receipts = readdirSync(folder).filter((name) => name.endsWith('.kvittering.json'))
    expect(receipts).toHaveLength(2)
    expect(new Set(receipts.map((name) => readFileSync(join(folder, name), 'utf8'))).size).toBe(1)
  })

  it('is one trace from the look that fetched it to its last acknowledged change and its receipt, by ids only', async () => {
    const deltas = await world.withProgram(async ({ register }) => register.register.read((tx) => tx.outbox.ofNight(firstNight)))
    const [root] = kept.spans.filter(({ parentSpanContext }) => parentSpanContext === undefined)
    const named = (step: string) => kept.spans.filter(({ name }) => name === step)

    expect(root).toMatchObject({ name: 'pull', attributes: { 'dagtilbud.file.id': deltas[0]?.fileId } })
    expect(new Set(kept.spans.map((span) => span.spanContext().traceId))).toEqual(new Set([root?.spanContext().traceId]))
    expect(new Set(kept.spans.flatMap(({ parentSpanContext }) => parentSpanContext?.spanId ?? []))).toEqual(
      new Set([root?.spanContext().spanId]),
    )
    for (const step of [
      'intake',
      'validate',
      'record-validation',
      'plan',
      'apply',
      'prepare-receipt',
      'receipt',
      'record-receipt',
    ])
      expect(named(step).length, step).toBeGreaterThan(0)
    for (const step of ['push', 'record-delivery', 'record-confirmation'])
      expect(
        named(step)
          .map(({ attributes }) => attributes['dagtilbud.delta.id'])
          .toSorted(),
        step,
      ).toEqual(deltas.map(({ deltaId }) => deltaId).toSorted())
    expect(new Set(named('push').map(({ attributes }) => attributes['dagtilbud.outcome']))).toEqual(new Set(['accepted']))
    const written = JSON.stringify(kept.spans.map(({ name, attributes, status }) => [name, attributes, status]))
    const secrets = [file.fileName, ...deltas.flatMap(({ nummer, record }) => [nummer, record.instnavn ?? nummer])]
    expect(secrets.filter((secret) => written.includes(secret))).toEqual([])
  })
})

describe('a file that is no delivery is refused whole, with one cause, and nothing else happens', () => {
  const bad: Record<string, (whole: Buffer) => Buffer> = {
    'cut off in the middle': (whole) => whole.subarray(0, whole.length / 2),
    'cut off before its last byte': (whole) => whole.subarray(0, whole.length - 4),
    'an HTML page': () => Buffer.from('<!DOCTYPE html><html><body>Log ind</body></html>'),
    'of the wrong kind': () => Buffer.from('%PDF-1.7\n%âãÏÓ\n'),
    empty: () => Buffer.alloc(0),
    'too big': (whole) => Buffer.concat([whole, Buffer.alloc(200_000, 0x20)]),
    'of a municipality that did not choose the supplier': (whole) => whole,
  }
  const ofStenbro = 'of a municipality that did not choose the supplier'
  const files = Object.entries(bad).map(([what, spoil], i) => {
    const whole = filesOf(createDenmark({ seed: 'bad', kommuner: ['492'] }), 1).find(({ supplierId }) => supplierId === 'havtorn')
    const bytes = spoil(Buffer.from(whole?.bytes ?? []))
    return { what, supplierId: what === ofStenbro ? 'stenbro' : 'havtorn', fileName: `bad-${i}.xml`, bytes }
  })
  let world: SmallWorld
  let report: NightReport

  beforeAll(async () => {
    world = await startSmallWorld({ kommuner: ['492'], settings: { limits: { fileBytes: 100_000 } } })
    world.drop(files)
    report = await world.runNight(firstNight)
  })
  afterAll(() => world.close())

  it.each(files)('$what', ({ supplierId, fileName, bytes }) => {
    const receipt = receiptsOf(world, supplierId).find(({ fil }) => fil.navn === fileName)

    expect(receipt).toMatchObject({ udfald: { kode: 'afvist' } })
    expect(receipt?.fund.filter(({ niveau }) => niveau === 'file')).toHaveLength(1)
    expect(keptBytes(world)).toContain(bytes.toString('hex'))
  })

  it('and the night goes on, with the register untouched', () => {
    const all = { received: files.length, rejected: files.length }
    expect(report).toMatchObject({ complete: true, state: 'closed', files: all, rows: { accepted: 0 }, deltas: { byState: {} } })
    expect(registerOf(world)).toEqual([])
  })
})

const udfaldOf = { accepted: 'accepteret', 'rows dropped': 'delvist', 'closings held': 'delvist', refused: 'afvist' } as const

interface Receipt {
  readonly fil: { readonly navn: string }
  readonly udfald: { readonly kode: string }
  readonly fund: readonly { readonly kode: string; readonly niveau: string }[]
  readonly udstedteNumre: readonly { readonly lokalId: string; readonly nummer: string }[]
}

async function start(options: Parameters<typeof startSmallWorld>[0]): Promise<SmallWorld> {
  const world = await startSmallWorld(options)
  worlds.push(world)
  return world
}

function filesOf(denmark: ReturnType<typeof createDenmark>, loebenummer: number): NightFile[] {
  return buildNightFiles(denmark, sandboxSuppliers, { loebenummer, dannet: `${firstNight}T20:00:00Z` })
}

function receiptsOf(world: SmallWorld, supplierId: string): Receipt[] {
  const folder = join(world.dir, 'sandbox/sftp', supplierId, 'ud')
  return readdirSync(folder)
    .filter((name) => name.endsWith('.kvittering.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Receipt)
}

/** The suppliers read their receipts, so that their next files carry the numbers. */
function withNumbers(denmark: ReturnType<typeof createDenmark>, world: SmallWorld): ReturnType<typeof createDenmark> {
  return sandboxSuppliers.reduce(
    (country, { id }) =>
      applyIssuedNumbers(
        country,
        id,
        receiptsOf(world, id).flatMap((receipt) => receipt.udstedteNumre),
      ),
    denmark,
  )
}

/** Units as the register holds them now, named by the supplier's own ids. */
function registerOf(world: SmallWorld): string[] {
  return withRegister(world, (db) => {
    const ids = db.prepare('select supplier_id, lokal_id, nummer from lokal_id').all() as Record<string, string>[]
    const nameOf = new Map(ids.map((row) => [row['nummer'], row['lokal_id']]))
    const supplierOf = new Map(ids.map((row) => [row['nummer'], row['supplier_id']]))
    const columns = fieldNames.map((name) => `${snake(name)} as ${name}`).join(', ')
    const rows = db
      .prepare(
        `select nummer, kind, parent_nummer as parent, status, ${columns} from unit_version where valid_to is null and recorded_to is null`,
      )
      .all() as Record<string, string | null>[]
    return rows
      .map(({ nummer, kind, parent, status, ...fields }) =>
        JSON.stringify([
          supplierOf.get(nummer ?? ''),
          nameOf.get(nummer ?? ''),
          kind,
          nameOf.get(parent ?? '') ?? null,
          status === 'aktiv',
          filled(fields),
        ]),
      )
      .sort()
  })
}

function asRows(truth: readonly TrueUnit[]): string[] {
  return truth
    .map(({ supplierId, lokalId, kind, parentLokalId, open, fields }) =>
      JSON.stringify([supplierId, lokalId, kind, parentLokalId, open, filled(fields)]),
    )
    .sort()
}

function filled(fields: Readonly<Partial<Record<string, string | null>>>): [string, string][] {
  return fieldNames.flatMap((name) => (fields[name] ? [[name, fields[name]] as [string, string]] : []))
}

function openInRegister(world: SmallWorld): string[] {
  return withRegister(
    world,
    (db) =>
      db
        .prepare("select nummer from unit_version where valid_to is null and recorded_to is null and status = 'aktiv' order by 1")
        .pluck()
        .all() as string[],
  )
}

function atUnilogin(world: SmallWorld): string[] {
  const db = new Database(join(world.dir, 'sandbox/unilogin.sqlite'), { readonly: true })
  try {
    return db.prepare('select instnr from institution where closed = 0 order by 1').pluck().all() as string[]
  } finally {
    db.close()
  }
}

function withRegister<T>(world: SmallWorld, read: (db: Database.Database) => T): T {
  const db = new Database(join(world.dir, 'data/register.sqlite'), { readonly: true })
  try {
    return read(db)
  } finally {
    db.close()
  }
}

/** Names of all files at the suppliers, where they lie. */
function foldersOf(world: SmallWorld): string[] {
  return (readdirSync(join(world.dir, 'sandbox/sftp'), { recursive: true }) as string[]).sort()
}

function keptBytes(world: SmallWorld): string[] {
  const store = join(world.dir, 'data/files')
  return readdirSync(store, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString('hex'))
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
