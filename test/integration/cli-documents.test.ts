import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageRoot } from '../../config/package-root.ts'
import { createBackupFolder } from '../../src/adapters/files/create-backup-folder.ts'
import { buildCli } from '../../src/cli/build-cli.ts'
import type { Parts } from '../../src/cli/program.ts'
import { writeLeveranceXml } from '../../src/formats/write-leverance.ts'
import { openProof } from '../../src/main/open-proof.ts'
import { aScreen } from '../kit/a-screen.ts'
import { baselineCsv } from '../kit/baseline-csv.ts'
import { aFailure, aFile, aSupplier } from '../kit/builders.ts'
import { type ConsoleWorld, openConsoleWorld } from '../kit/console-world.ts'
import { aDaginstitution, aLeverance, anAnvisningsenhed } from '../kit/make-leverance.ts'

const [first, second] = ['2026-11-24', '2026-11-25'] as const
/** A failure that re-queueing cannot mend. */
const missingBytes = {
  code: 'STORE_BLOB_MISSING',
  message: `read of blob "${'ab'.repeat(32)}": the store has no such bytes`,
  payload: JSON.stringify({ fileId: 'f-9', inputSha256: 'x'.repeat(64) }),
}
let world: ConsoleWorld
/** What stands for a thing of the world in the commands below. */
const names: Record<string, string> = {}

/** Two nights of a municipality; the second leaves units out and is held, and a job of it has failed. */
beforeAll(async () => {
  world = await openConsoleWorld({ settings: { suppliers: [aSupplier('nordsystem')] } })
  const { line, ctx, folder } = world
  const units = Array.from({ length: 6 }, (_, n) => anAnvisningsenhed(`E${n}`, 'D1', { husNummer: `${n + 1}` }))
  const file = (loebenummer: number, count: number) => ({
    name: `101-${loebenummer}.xml`,
    bytes: Buffer.from(writeLeveranceXml(aLeverance([aDaginstitution('D1'), ...units.slice(0, count)], { loebenummer }))),
  })
  for (const [night, dropped] of [
    [first, [file(1, 6), { name: '101-x.xml', bytes: Buffer.from('<leverance>') }]],
    [second, [file(2, 2)]],
  ] as const) {
    line.openNight(night)
    await line.take(night, 'nordsystem', dropped)
  }
  ctx.register.write((tx) => {
    for (const night of [first, second]) tx.nights.update(night, { state: 'closed', closedAt: ctx.clock.now() })
    tx.files.insert(aFile('f-9', { supplierId: 'nordsystem', date: second }))
    tx.failures.put(aFailure('push.b-1'))
    tx.failures.put(aFailure('validate.f-9', { queue: 'validate', job: 'validate', ...missingBytes }))
    tx.agreements.note(['G80001'], 'godkendt', ctx.clock.now())
  })
  await world.addUser('anna', 'Anna Holm', ['godkende'])
  names['HOLD'] = ctx.register.read((tx) => tx.files.holds({ state: 'open' })[0]?.holdId ?? '')
  names['DELIVERY'] = join(folder, '101-3.xml')
  names['BASELINE'] = join(folder, 'grunddata.csv')
  names['UNILOGIN'] = join(folder, 'unilogin.csv')
  names['OUT'] = join(folder, 'ud.json')
  writeFileSync(names['DELIVERY'], file(3, 4).bytes)
  writeFileSync(names['BASELINE'], baselineCsv([{ dagtilbudsType: 'daginstitution', daginstitutionsNummer: 'G10001' }]))
  writeFileSync(names['UNILOGIN'], 'instnr;instnavn;adresse;postnr;kommunenr\r\nA12345;Åhuset;Ærtevej 1;2100;101\r\nB1;y;;9;\r\n')
})
afterAll(() => world.close())

/** The parts of a program on the world, with nothing behind it that is not on this machine. */
function partsOf({ ctx, folder }: ConsoleWorld): Parts {
  const { settings } = ctx
  const reading = { settings, register: ctx, close: async () => undefined }
  const nobody = () => Promise.reject(new Error('nobody is there'))
  const parts: Partial<Parts> = {
    loadSettings: () => settings,
    createLog: () => ctx.log,
    openReading: async () => reading,
    openQueue: async () => ({
      ...reading,
      clock: ctx.clock,
      log: ctx.log,
      queue: ctx.queue,
      operator: ctx,
      redis: { version: '7.2', policy: 'noeviction', private: true },
      viewQueues: async () => [],
      startWorker: nobody,
    }),
    openAccounts: () => ({ ...ctx.accounts, close: () => undefined }),
    openBackups: () => createBackupFolder(join(folder, 'backups'), join(folder, 'files')),
    openEdge: async () =>
      ({ ...ctx, inbox: { open: nobody }, target: { hello: nobody }, channels: {}, close: async () => undefined }) as never,
    openProof: (own, onProgress) => openProof(own, onProgress),
  }
  return parts as Parts
}

/** Runs a command as a person would type it. */
async function runOn(screen: ReturnType<typeof aScreen>, command: string) {
  const args = command.split(' ').map((word) => names[word] ?? word)
  await buildCli(partsOf(world), world.ctx.clock, '0', screen).parseAsync(args, { from: 'user' })
  process.exitCode = 0
  return screen
}

async function run(command: string): Promise<string> {
  return (await runOn(aScreen(), command)).out()
}

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true, validateFormats: false })
const schemas = new Map<string, ValidateFunction>()

/** What a published schema says against a document. */
function faultsOf(document: unknown): unknown[] {
  const { format } = document as { readonly format: string }
  const name = format.replace(/^dagtilbud-/, '')
  const file = join(packageRoot, `config/schemas/${name}.schema.json`)
  const validate = schemas.get(name) ?? ajv.compile(JSON.parse(readFileSync(file, 'utf8')))
  schemas.set(name, validate)
  return validate(document) ? [] : (validate.errors ?? [])
}

const said = '--by Anna --reason prøvet'

/** Commands that can be run here, and the schemas of what they print; the compiler holds the others to theirs. */
const printed = [
  [`night run --date ${second}`, 'nat-bestilt-1'],
  ['night show', 'nat-1'],
  [`night watch --date ${second}`, 'nat-live-1'],
  ['cutoffs', 'cutoffs-1'],
  ['hold list', 'holds-1'],
  ['hold show HOLD', 'hold-1'],
  ['plan DELIVERY', 'plan-1'],
  [`hold refuse HOLD ${said}`, 'afgoerelse-1'],
  ['jobs list', 'jobs-1'],
  [`jobs requeue --all ${said}`, 'genkoe-1'],
  [`jobs dismiss validate.f-9 --role betjene ${said}`, 'opgivelse-1'],
  ['register show G80000 --history', 'enhed-1'],
  ['register show G80001', 'enhed-1'],
  [`register link A12345 G80000 --relation afloest ${said}`, 'slaegtskab-1'],
  ['register load BASELINE --source DST --as-of 2019-08-01 --by Anna', 'grunddata-1'],
  ['explain G80000', 'forklaring-1'],
  ['quality 101 --unilogin UNILOGIN', 'kvalitet-1'],
  ['doctor', 'doktor-1'],
  ['backup', 'sikkerhedskopi-1'],
  ['user list', 'brugere-1'],
  ['user remove anna --by Bo', 'bruger-1'],
  ['verify', 'bevis-1'],
  ['validate DELIVERY', 'tjek-1'],
] as const

describe('what a command prints for people', () => {
  it('is no wider than 100 columns', async () => {
    const wide: string[] = []
    const commands = ['night show', 'cutoffs', 'hold list', 'hold show HOLD', 'plan DELIVERY', 'jobs list', 'doctor', 'user list']
    for (const command of commands) {
      const told = (await runOn(aScreen('en'), command)).out().split('\n')
      expect(told.join('').length, command).toBeGreaterThan(20)
      wide.push(...told.filter((line) => line.length > 100))
    }

    expect(wide).toEqual([])
  })
})

describe('what a command prints for programs', () => {
  it.each(printed)('%s is %s, as it is published', async (command, name) => {
    const document = JSON.parse(await run(`${command} --json`))

    expect(document.format).toBe(`dagtilbud-${name}`)
    expect(faultsOf(document)).toEqual([])
  })

  it('export has the shape of its documents without being asked', async () => {
    await run('export full --format json --out OUT')

    expect(faultsOf(JSON.parse(readFileSync(names['OUT'] ?? '', 'utf8')))).toEqual([])
    expect(faultsOf(JSON.parse(await run('export changes --since 0')))).toEqual([])
  })

  it('is refused by its schema when it is anything else', async () => {
    const document = JSON.parse(await run('night show --json'))
    const { date: _date, ...rest } = document

    expect(faultsOf(rest)).not.toEqual([])
    expect(faultsOf({ ...document, andet: 1 })).not.toEqual([])
    expect(faultsOf({ ...document, files: { ...document.files, received: -1 } })).not.toEqual([])
  })

  it('is the same in every language', async () => {
    const english = await runOn(aScreen('en'), 'quality 101 --json')

    expect(english.out()).toBe(await run('quality 101 --json'))
  })

  it('stands in the documents by the name of its schema, and no schema stands nowhere', () => {
    const published = readdirSync(join(packageRoot, 'config/schemas')).filter((file) => file.endsWith('.schema.json'))
    const read = (page: string) => readFileSync(join(packageRoot, `docs/${page}.md`), 'utf8')
    const [operations, formats, alerts] = [read('operations'), read('formats'), read('alerts')]
    const rows = [...operations.matchAll(/^\| `(.+?)` \| (.*\/schemas\/.*) \|$/gm)]
    const told = (command: string) => rows.find(([, name]) => `${command} `.startsWith(`${name} `))?.[2]

    expect(printed.filter(([command, name]) => told(command)?.includes(`[${name}]`) !== true)).toEqual([])
    expect(published.filter((file) => !`${operations}${formats}${alerts}`.includes(`config/schemas/${file}`))).toEqual([])
  })
})
