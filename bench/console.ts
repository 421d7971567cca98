// Milliseconds that each page of the console takes on a register with many files and versions: median, slowest, and time of the
// processor, which other work on the machine does not change; and how SQLite finds its rows.
// Usage: npm run bench:console [-- 10000 1000000]: files and versions. Prints one line of JSON, a short table, and the query
// plan of every statement that reads a whole table or index.
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { openAccounts } from '../src/adapters/accounts/open-accounts.ts'
import { createFolderFileStore } from '../src/adapters/files/create-folder-file-store.ts'
import { createMetrics } from '../src/adapters/metrics/create-metrics.ts'
import { openRegister } from '../src/adapters/sqlite/open-register.ts'
import type { ConsoleContext } from '../src/console/context.ts'
import { createConsole } from '../src/console/create-console.tsx'
import { kommuner } from '../src/domain/kommuner.ts'
import type { JobQueue } from '../src/ports/jobs.ts'
import { aClock, aSupplier, silentLog, someSettings } from '../test/kit/builders.ts'

const [files = 10_000, versions = 1_000_000] = process.argv.slice(2).map(Number)
const filesPerNight = 100
const nights = Math.ceil(files / filesPerNight)
const deltasPerFile = 20
const statesPerUnit = 4
const times = 25
const lastNight = Date.parse('2026-11-24T00:30:00Z')

const folder = mkdtempSync(join(tmpdir(), 'bench-console-'))
const path = join(folder, 'register.sqlite')
try {
  openRegister(path).close()
  fill()
  const { ask, close } = await openConsole()
  const statements = watchStatements()
  const fileId = `f-${files - 1}`
  const pages = [
    '/',
    '/filer',
    `/filer?efter=f-${Math.floor(files / 2)}`,
    '/filer?kommune=101&tilstand=rejected',
    `/filer/${fileId}`,
    '/holds',
    '/fejl',
    '/institution/A00001',
    '/institution/A00001?gaelder=2026-11-01',
    '/kommune/101',
    '/cutoffs',
    '/log',
    '/log?slags=decision&hvem=anna',
    '/metrics',
  ]
  const measures = []
  for (const page of pages) {
    await ask(page)
    const taken: number[] = []
    const cpu = process.cpuUsage()
    for (let i = 0; i < times; i++) {
      const start = performance.now()
      await ask(page)
      taken.push(performance.now() - start)
    }
    const { user, system } = process.cpuUsage(cpu)
    taken.sort((a, b) => a - b)
    const at = (share: number) => Math.round((taken[Math.floor(share * (times - 1))] ?? 0) * 10) / 10
    measures.push({ page, medianMs: at(0.5), slowestMs: at(1), cpuMs: Math.round((user + system) / times / 100) / 10 })
  }
  close()
  const machine = { node: process.version, cpu: cpus()[0]?.model ?? '', cores: cpus().length }
  process.stdout.write(`${JSON.stringify({ bench: 'console', machine, files, versions, measures })}\n`)
  for (const { page, medianMs, slowestMs, cpuMs } of measures)
    process.stdout.write(
      `${page.padEnd(44)} ${medianMs.toFixed(1).padStart(8)} ms ${slowestMs.toFixed(1).padStart(8)} ms  processor ${cpuMs.toFixed(1).padStart(6)} ms\n`,
    )
  showPlans(statements)
} finally {
  rmSync(folder, { recursive: true })
}

async function openConsole() {
  const register = openRegister(path)
  const accounts = openAccounts(join(folder, 'accounts.sqlite'), { N: 2, r: 1, p: 1 })
  const suppliers = [...kommuner.keys()].slice(0, 20).map((kode, i) => aSupplier(`s${i}`, { kommuner: [kode] }))
  const clock = aClock(lastNight + 6 * 3_600_000)
  const ctx: ConsoleContext = {
    clock,
    log: silentLog,
    settings: someSettings({ suppliers }),
    files: await createFolderFileStore(join(folder, 'files')),
    register,
    queue: { counts: async () => ({}) } as unknown as JobQueue,
    accounts,
    identity: null,
    metrics: createMetrics(),
    metricsToken: null,
    nextNight: () => clock.now(),
    viewQueues: async () => [],
  }
  const now = clock.now()
  const person = { brugernavn: 'anna', navn: 'Anna Holm', roller: ['admin'] as const }
  const secret = accounts.openSession({ kilde: 'oidc', person, openedAt: now, seenAt: now })
  const app = createConsole(ctx, () => '127.0.0.1')
  return {
    ask: async (page: string) => {
      const answer = await app.request(`http://127.0.0.1:8080${page}`, { headers: { Cookie: `dagtilbud=${secret}` } })
      if (answer.status !== 200) throw new Error(`${page} answered ${answer.status}: ${(await answer.text()).slice(-600)}`)
      await answer.text()
    },
    close: () => {
      register.close()
      accounts.close()
    },
  }
}

/** Keeps the text of every statement that is prepared from now on. */
function watchStatements(): ReadonlySet<string> {
  const seen = new Set<string>()
  const prepare = Database.prototype.prepare
  Database.prototype.prepare = function (this: Database.Database, source: string) {
    if (/^\s*select/i.test(source)) seen.add(source)
    return prepare.call(this, source)
  } as typeof prepare
  return seen
}

function showPlans(statements: ReadonlySet<string>): void {
  const db = new Database(path, { readonly: true })
  for (const statement of statements) {
    try {
      const plan = db
        .prepare(`EXPLAIN QUERY PLAN ${statement}`)
        .all(...Array.from({ length: statement.split('?').length - 1 }, () => null)) as { detail: string }[]
      const scans = plan.map(({ detail }) => detail).filter((detail) => detail.startsWith('SCAN') && !detail.includes('CONSTANT'))
      if (scans.length > 0) process.stdout.write(`${scans.join('; ')}\n    ${statement.replace(/\s+/g, ' ').slice(0, 160)}\n`)
    } catch {
      // Statements of the accounts, or with named parameters, are not the register's pages.
    }
  }
  db.close()
}

/** Rows as nights leave them, written by SQL alone. */
function fill(): void {
  const db = new Database(path)
  db.pragma('synchronous = OFF')
  db.pragma('foreign_keys = OFF')
  const count = (n: number) => `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${n - 1})`
  const dateOf = (i: string) => `date(${lastNight / 1000} - (${nights - 1} - ${i}) * 86400, 'unixepoch')`
  const startOf = (i: string) => `(${lastNight} - (${nights - 1} - ${i}) * 86400000)`
  const night = `(i / ${filesPerNight})`
  const insert = (table: string, rows: number, columns: Readonly<Record<string, string>>) =>
    db.exec(
      `${count(rows)} INSERT INTO ${table} (${Object.keys(columns).join(', ')}) SELECT ${Object.values(columns).join(', ')} FROM n`,
    )
  insert('night_run', nights, {
    date: dateOf('i'),
    state: `'closed'`,
    trigger: `'schedule'`,
    opened_at: startOf('i'),
    closed_at: `${startOf('i')} + 3600000`,
    files_until_at: startOf('i'),
    starts: '1',
  })
  insert('night_supplier', nights * 20, {
    date: dateOf('(i / 20)'),
    supplier_id: `'s' || (i % 20)`,
    state: `'complete'`,
    looks: '1',
    missing: `'[]'`,
  })
  insert('delivery_file', files, {
    file_id: `'f-' || i`,
    supplier_id: `'s' || (i % 20)`,
    sha256: `printf('%064x', i)`,
    declared: `''`,
    size_bytes: '100000',
    name: `'leverance-' || i || '.xml'`,
    date: dateOf(night),
    stored_at: `${startOf(night)} + i % ${filesPerNight}`,
    state: `CASE WHEN i % 50 = 0 THEN 'rejected' ELSE 'delivered' END`,
    header: `json_object('format', 'leverance-xml', 'kommuneKode', '101', 'art', 'fuld', 'loebenummer', i, 'niveauer', json_array())`,
    kommune_kode: `'101'`,
    loebenummer: 'i',
    read: '400',
    accepted: '399',
    rejected: '1',
    unchanged: '380',
    finding_counts: `'{"LOK-30":3}'`,
    rejected_without_key: '0',
    applied_at: startOf(night),
  })
  insert('arrival', files, {
    date: dateOf(night),
    supplier_id: `'s' || (i % 20)`,
    name: `'leverance-' || i || '.xml'`,
    size_bytes: '100000',
    modified_at: 'i',
    first_seen_at: startOf(night),
    file_id: `'f-' || i`,
    repeat: '0',
  })
  insert('finding', files * 3, {
    file_id: `'f-' || (i / 3)`,
    seq: 'i % 3',
    code: `'LOK-30'`,
    level: `'note'`,
    line: '7',
    facts: `'{}'`,
  })
  for (const type of ['received', 'delivered'])
    insert('receipt', files, {
      receipt_id: `'f-' || i || '.${type}'`,
      file_id: `'f-' || i`,
      type: `'${type}'`,
      input_sha256: `printf('%064x', i)`,
      state: `'delivered'`,
      prepared_at: startOf(night),
      delivered_at: startOf(night),
    })
  const units = Math.ceil(versions / statesPerUnit)
  const nummer = (i: string) => `(char(65 + (${i}) / 100000) || printf('%05d', (${i}) % 100000))`
  insert('unit', units, { nummer: nummer('i'), kind: `'daginstitution'`, first_recorded_at: startOf('0') })
  const [unit, state] = [`(i / ${statesPerUnit})`, `(i % ${statesPerUnit})`]
  insert('unit_version', versions, {
    position: 'i + 1',
    nummer: nummer(unit),
    kind: `'daginstitution'`,
    status: `'aktiv'`,
    navn: `'Enhed ' || ${unit}`,
    ejerform_kode: `'1'`,
    lovgrundlag_kode: `'DTL19.2'`,
    adm_kommune_kode: `'101'`,
    ekstra: `'{}'`,
    root_adm_kommune_kode: `printf('%03d', 101 + ${unit} % 98 * 8)`,
    root_ejerform_kode: `'1'`,
    valid_from: `${startOf('0')} + ${state} * 86400000`,
    valid_to: `CASE WHEN ${state} = ${statesPerUnit - 1} THEN NULL ELSE ${startOf('0')} + (${state} + 1) * 86400000 END`,
    recorded_from: `${startOf('0')} + ${state} * 86400000`,
    actor: `'s0'`,
    file_id: `'f-0'`,
    line: '7',
  })
  const file = `(i / ${deltasPerFile})`
  insert('outbox', files * deltasPerFile, {
    delta_id: `'d-' || i`,
    nummer: nummer(`i % ${units}`),
    operation: `'opdater'`,
    record: `json_object('instnr', 'A00001', 'navn', 'Enhed', 'vej', 'Prøvevej 7', 'postnr', '2000')`,
    rank: '4',
    state: `'confirmed'`,
    file_id: `'f-' || ${file}`,
    plan_hash: `printf('%064x', ${file})`,
    date: dateOf(`(${file} / ${filesPerNight})`),
    cutoff_navn: `'morgen'`,
    cutoff_at: `${startOf(`(${file} / ${filesPerNight})`)} + 18000000`,
    attempts: '1',
    batch_id: `'b-' || (i / 10)`,
    reply_code: `'OK'`,
    created_at: startOf(`(${file} / ${filesPerNight})`),
    sent_at: startOf(`(${file} / ${filesPerNight})`),
    acknowledged_at: startOf(`(${file} / ${filesPerNight})`),
    confirmed_at: startOf(`(${file} / ${filesPerNight})`),
  })
  insert('ledger', files * 6, {
    seq: 'i + 1',
    at: startOf(`(i / ${filesPerNight * 6})`),
    type: `CASE i % 6 WHEN 0 THEN 'file' WHEN 1 THEN 'plan' WHEN 2 THEN 'delivery' WHEN 3 THEN 'receipt' WHEN 4 THEN CASE WHEN i % 600 = 4 THEN 'decision' ELSE 'apply' END ELSE 'step' END`,
    subject: `'f-' || (i / 6)`,
    facts: `'{"by":"Anna Holm (anna)"}'`,
    previous_hash: `''`,
    hash: `printf('%064x', i)`,
  })
  db.close()
}
