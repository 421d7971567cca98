// One measured part in a process of its own, so that its time and peak memory are its own. Called by bench/register.ts.
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { parseSettings } from '../config/load-settings.ts'
import { createFolderFileStore } from '../src/adapters/files/create-folder-file-store.ts'
import { openRegister } from '../src/adapters/sqlite/open-register.ts'
import { systemClock } from '../src/adapters/system/system-clock.ts'
import { applyPlan } from '../src/app/apply-plan.ts'
import type { RegisterContext } from '../src/app/context.ts'
import { putDocument } from '../src/app/documents.ts'
import { planChanges } from '../src/app/plan-changes.ts'
import { runStep } from '../src/app/run-step.ts'
import type { DeliveryHeader } from '../src/domain/delivery-file.ts'
import { sha256Hex } from '../src/domain/ids.ts'
import { toStagedText } from '../src/domain/sift-records.ts'
import { type FieldName, unitKinds } from '../src/domain/unit.ts'
import type { DeliveryFile } from '../src/ports/register/files.ts'
import type { NewVersion } from '../src/ports/register/units.ts'
import { kommuneOf, type MeasuredUnit, nextNight, toStaged, unitsOfFile } from './register-records.ts'

const [part = '', folder = '', recordsText = '0', filesText = '1'] = process.argv.slice(2)
const [records, files] = [Number(recordsText), Number(filesText)]
const date = '2026-11-24'
const supplierId = 'maaling'
const firstNight = Date.parse('2026-11-23T01:00:00Z')
const anyNumber = { ratio: 1, floor: 10_000_000 }

const ctx = await openContext()
const result = await { load, night, 'as-of': async () => asOf() }[part as 'load' | 'night' | 'as-of']()
ctx.register.close()
process.stdout.write(JSON.stringify({ ...result, rssMb: Math.round(process.resourceUsage().maxRSS / 1024) }))

async function openContext(): Promise<RegisterContext> {
  const settings = parseSettings({
    unilogin: { baseUrl: 'https://localhost:8443' },
    cutoffs: [{ navn: 'morgen', time: '06:00' }],
    institutionsnummer: { praefiks: 'Z', start: 0 },
    guards: { nedlaeg: anyNumber, flyt: anyNumber, ejerskab: anyNumber, omdoeb: anyNumber, identitet: anyNumber },
    suppliers: [
      {
        id: supplierId,
        navn: 'Måling',
        host: 'localhost',
        username: 'u',
        passwordFile: '/dev/null',
        kommuner: 'alle',
        hostKeys: { current: 'A'.repeat(43) },
      },
    ],
  })
  const silent = () => undefined
  const log: RegisterContext['log'] = { child: () => log, debug: silent, info: silent, warn: silent, error: silent }
  const register = openRegister(join(folder, 'register.sqlite'))
  return { clock: systemClock, log, settings, files: await createFolderFileStore(join(folder, 'files')), register }
}

/** The register of the first night, the staged records of the second, and both nights as CSV for the other tool. */
async function load() {
  ctx.register.write((tx) =>
    tx.nights.insert({
      date,
      state: 'open',
      trigger: 'schedule',
      openedAt: systemClock.now(),
      closedAt: null,
      filesUntilAt: systemClock.now(),
      starts: 1,
    }),
  )
  const [before, after] = [createCsv('before.csv'), createCsv('after.csv')]
  const rejectedRefsSha256 = (await putDocument(ctx.files, [])).sha256
  let loadMs = 0
  for (let file = 0; file < files; file++) {
    const units = unitsOfFile(records, files, file)
    const start = performance.now()
    for (let from = 0; from < units.length; from += 50_000)
      ctx.register.write((tx) =>
        tx.units.write(units.slice(from, from + 50_000).map((unit) => toVersion(unit, kommuneOf(files, file)))),
      )
    loadMs += performance.now() - start
    const next = nextNight(units, file)
    await before.write(units)
    await after.write([
      ...next.units,
      ...next.opened.map((record, i) => ({
        ...record,
        nummer: `Y${String(file * 100 + i).padStart(5, '0')}`,
        parent: record.parent?.nummer ?? null,
      })),
    ])
    const { sha256: stagedSha256 } = await ctx.files.put(stagedLines(next))
    const count = next.units.length + next.opened.length
    ctx.register.write((tx) => tx.files.insert(toFile(file, { stagedSha256, rejectedRefsSha256, count })))
  }
  await before.close()
  await after.close()
  return { loadMs: Math.round(loadMs) }
}

/** Plans and applies every file of the second night, as the worker does. */
async function night() {
  let [planMs, applyMs, changes] = [0, 0, 0]
  const cpuBefore = process.cpuUsage()
  for (let file = 0; file < files; file++) {
    const fileId = `f-${file}`
    const start = performance.now()
    const { next, outcome } = await runStep(ctx, 'plan', { fileId }, (step) => planChanges(step, { fileId }))
    const planned = performance.now()
    const apply = next.find((request) => request.job === 'apply')
    if (apply?.job !== 'apply') throw new Error(`file ${fileId} was not planned: ${outcome}`)
    const applied = await runStep(ctx, 'apply', apply.payload, (step) => applyPlan(step, apply.payload))
    if (applied.outcome !== 'applied') throw new Error(`file ${fileId} was not applied: ${applied.outcome}`)
    planMs += planned - start
    applyMs += performance.now() - planned
    changes += Number(applied.facts?.['changes'] ?? 0)
  }
  const { user, system } = process.cpuUsage(cpuBefore)
  const cpuMs = Math.round((user + system) / 1000)
  const { deltas, ledger } = ctx.register.read((tx) => ({
    deltas: tx.outbox.ofNight(date).length,
    ledger: tx.ledger.last()?.seq ?? 0,
  }))
  return {
    planMs: Math.round(planMs),
    applyMs: Math.round(applyMs),
    ms: Math.round(planMs + applyMs),
    cpuMs,
    changes,
    deltas,
    ledger,
  }
}

/** Reads of single units as of the first night, scattered over the register. */
function asOf() {
  const units = unitsOfFile(records, files, Math.floor(files / 2))
  const times: number[] = []
  for (let i = 0; i < 5_000; i++) {
    const { nummer } = units[(i * 7_919) % units.length] as MeasuredUnit
    const start = performance.now()
    const found = ctx.register.read((tx) => tx.units.asOf(nummer, { at: firstNight + 1, knownAt: systemClock.now() }))
    times.push(performance.now() - start)
    if (found?.nummer !== nummer) throw new Error(`${nummer} was not found`)
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => Math.round((times[Math.floor(times.length * share)] as number) * 1000)
  return { medianUs: at(0.5), p99Us: at(0.99), versions: ctx.register.read((tx) => tx.units.lastPosition()) }
}

function toVersion({ nummer, kind, parent, fields }: MeasuredUnit, kommuneKode: string): NewVersion {
  return {
    nummer,
    kind,
    parentNummer: parent,
    status: 'aktiv',
    fields,
    ekstra: {},
    admKommuneKode: kommuneKode,
    ejerformKode: '1',
    validFrom: firstNight,
    recordedFrom: firstNight,
    actor: supplierId,
    date: null,
    fileId: null,
    line: null,
    planHash: null,
  }
}

function toFile(
  file: number,
  parts: { readonly stagedSha256: string; readonly rejectedRefsSha256: string; readonly count: number },
): DeliveryFile {
  const { stagedSha256, rejectedRefsSha256, count } = parts
  const header = {
    format: 'leverance-xml',
    leverandoer: 'Måling',
    kommuneKode: kommuneOf(files, file),
    art: 'fuld',
    loebenummer: 1,
    dannet: null,
    antal: count,
    niveauer: unitKinds,
    gyldigFra: null,
  } as DeliveryHeader
  return {
    fileId: `f-${file}`,
    supplierId,
    sha256: sha256Hex(`file ${file}`),
    declared: '',
    sizeBytes: 1,
    promisedSha256: null,
    name: `f-${file}.xml`,
    date,
    storedAt: systemClock.now(),
    state: 'validated',
    header,
    ruleSet: 'regelsaet-1',
    read: count,
    accepted: count,
    rejected: 0,
    unchanged: 0,
    findingCounts: {},
    stagedSha256,
    rejectedRefsSha256,
    rejectedWithoutKey: 0,
    planHash: null,
    appliedAt: null,
  }
}

async function* stagedLines(next: ReturnType<typeof nextNight>): AsyncGenerator<Buffer> {
  const lines: string[] = []
  let line = 1
  for (const unit of next.units) lines.push(toStagedText(toStaged(unit, null, line++)))
  for (const record of next.opened) lines.push(toStagedText({ ...record, position: { line: line++, column: 1 } }))
  for (let from = 0; from < lines.length; from += 5_000) yield Buffer.from(`${lines.slice(from, from + 5_000).join('\n')}\n`)
}

function createCsv(name: string) {
  const out = createWriteStream(join(folder, name))
  const columns: readonly FieldName[] = [
    'navn',
    'ejerformKode',
    'lovgrundlagKode',
    'admKommuneKode',
    'instType3',
    'vejNavn',
    'husNummer',
    'postNummer',
    'byNavn',
    'kommuneKode',
    'geoBredde',
    'geoLaengde',
    'dawaId',
    'email',
    'telefonNummer',
    'cvrNummer',
    'pNummer',
  ]
  return {
    write: async (units: readonly MeasuredUnit[]) => {
      const rows = units.map(({ nummer, kind, parent, fields }) =>
        [nummer, kind, parent ?? '', ...columns.map((field) => fields[field] ?? '')].join(';'),
      )
      if (!out.write(`${rows.join('\n')}\n`)) await once(out, 'drain')
    },
    close: async () => {
      out.end()
      await once(out, 'close')
    },
  }
}
