import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { createBackupFolder } from '../../src/adapters/files/create-backup-folder.ts'
import { backUp } from '../../src/app/back-up.ts'
import { checkRegister } from '../../src/app/check-register.ts'
import { closeNight } from '../../src/app/close-night.ts'
import type { RegisterContext } from '../../src/app/context.ts'
import { putDocument } from '../../src/app/documents.ts'
import { prepareReceipt } from '../../src/app/prepare-receipt.ts'
import { removeExpired } from '../../src/app/retention.ts'
import { doUpkeep, dueUpkeep } from '../../src/app/upkeep.ts'
import { sha256Hex } from '../../src/domain/ids.ts'
import { jobIdOf } from '../../src/ports/jobs.ts'
import type { DeliveryFile } from '../../src/ports/register/files.ts'
import { aClock, aDelta, aFile, aMandate, aNight, aNightRun, aSupplier, aVersion, someSettings } from '../kit/builders.ts'
import { useRegisters } from '../kit/register-of.ts'

const day = 86_400_000
const openRegister = useRegisters()

/** A register with a closed night, and a backup folder beside it. */
async function aKeptRegister(settings: Readonly<Record<string, unknown>> = {}) {
  const opened = await openRegister([aVersion('G80000')])
  const folder = join(opened.path, '..')
  const clock = aClock()
  const ctx = { ...opened, clock, settings: someSettings({ suppliers: [aSupplier(aMandate.supplierId)], ...settings }) }
  ctx.register.write((tx) => tx.nights.insert(aNightRun({ state: 'closed', closedAt: aNight })))
  const backups = createBackupFolder(join(folder, 'backups'), join(folder, 'files'))
  const blobPath = (root: string, sha256: string) => join(folder, root, sha256.slice(0, 2), sha256)
  return { ctx, clock, folder, backups, blobPath }
}

/** A file that has come to its end, with bytes, staged records, a plan, an exchange and a receipt of its own. */
async function aFinishedFile(ctx: RegisterContext, fileId: string, parts: Partial<DeliveryFile> = {}) {
  const put = async (text: string) => (await ctx.files.put(text)).sha256
  const bytes = { file: await put(`file ${fileId}`), staged: await put(`staged ${fileId}`), refs: await put('[]') }
  const plan = await put(`{"plan":"${fileId}"}`)
  const exchanges = await put(`exchanges ${fileId}`)
  const document = await put(`receipt ${fileId}`)
  const receipt = (await putDocument(ctx.files, { supplierId: 's', documents: [{ name: 'k.json', sha256: document }], read: [] }))
    .sha256
  ctx.register.write((tx) => {
    tx.files.insert(
      aFile(fileId, {
        state: 'delivered',
        sha256: bytes.file,
        stagedSha256: bytes.staged,
        rejectedRefsSha256: bytes.refs,
        planHash: plan,
        ...parts,
      }),
    )
    tx.files.insertPlan({
      planHash: plan,
      fileId,
      kommuneKode: '101',
      baseVersion: 1,
      state: 'applied',
      createdAt: aNight,
      appliedAt: aNight,
      counts: {},
      sliceCounts: {},
    })
    for (const type of ['received', 'delivered'] as const)
      tx.files.putReceipt({
        receiptId: `${fileId}.${type}`,
        fileId,
        type,
        inputSha256: receipt,
        state: 'delivered',
        preparedAt: aNight,
        deliveredAt: aNight,
      })
    tx.outbox.insert([aDelta(`d-${fileId}`, 'G80000')], {
      fileId,
      planHash: plan,
      date: '2026-11-24',
      cutoffNavn: null,
      cutoffAt: null,
      createdAt: aNight,
    })
    tx.outbox.update(`d-${fileId}`, { state: 'confirmed' })
    tx.outbox.addAttempts([
      {
        deltaId: `d-${fileId}`,
        attempt: 1,
        messageId: 'm',
        sentAt: aNight,
        answeredAt: aNight,
        outcome: 'accepted',
        code: '1',
        exchangesSha256: exchanges,
      },
    ])
    tx.ledger.append({ at: aNight, type: 'delivery', subject: fileId, facts: { exchangesSha256: exchanges } })
  })
  return {
    bytes,
    plan,
    exchanges,
    document,
    receipt,
    own: [bytes.file, bytes.staged, exchanges],
    answers: [plan, receipt, document],
  }
}

describe('a backup', () => {
  it('has the register, every blob it names, and says what it is', async () => {
    const { ctx, folder, backups, blobPath } = await aKeptRegister()
    const file = await aFinishedFile(ctx, 'f-1')
    await ctx.files.put('nobody names this')

    const { manifest, added, ok } = await backUp(ctx, backups)

    const blobs = [...file.own, ...file.answers, file.bytes.refs]
    expect({ ok, added }).toEqual({ ok: true, added: blobs.length })
    expect(await backups.names()).toEqual(['2026-11-24T011500.000Z'])
    const stored = await backups.open(manifest.name)
    expect(JSON.parse(stored.manifest)).toEqual(manifest)
    expect(manifest).toMatchObject({
      takenAt: '2026-11-24T01:15:00.000Z',
      night: { date: '2026-11-24', state: 'closed' },
      position: 1,
      blobs: { count: blobs.length, missing: [], corrupt: [] },
    })
    expect([...stored.blobs].sort()).toEqual(blobs.sort())
    expect(sha256Hex(readFileSync(stored.registerPath))).toBe(manifest.register.sha256)
    for (const sha256 of blobs) expect(sha256Hex(readFileSync(blobPath('backups/files', sha256)))).toBe(sha256)
    const copy = new Database(stored.registerPath, { readonly: true })
    expect(copy.prepare('SELECT count(*) FROM unit_version').pluck().get()).toBe(1)
    copy.close()
    expect(ctx.register.read((tx) => tx.upkeep.lastRun('backup'))).toMatchObject({ ok: true, facts: { name: manifest.name } })
    expect(readdirSync(join(folder, 'backups')).sort()).toEqual(['2026-11-24T011500.000Z', 'files'])
  })

  it('adds only what is new, shares what is not, and the newest few are kept', async () => {
    const { ctx, clock, backups, blobPath } = await aKeptRegister({ backup: { keep: 2 } })
    const gone = await aFinishedFile(ctx, 'f-1')
    await backUp(ctx, backups)
    ctx.register.write((tx) => tx.files.update('f-1', { stagedSha256: null }))
    await aFinishedFile(ctx, 'f-2')

    const results = []
    for (let night = 1; night <= 2; night++) {
      clock.turn(day)
      results.push(await backUp(ctx, backups))
    }

    // Beside the file's own: the settings under which the first backup was noted.
    expect(results.map(({ added, removed }) => ({ added, removed }))).toEqual([
      { added: 7, removed: [] },
      { added: 0, removed: ['2026-11-24T011500.000Z'] },
    ])
    expect(await backups.names()).toEqual(['2026-11-26T011500.000Z', '2026-11-25T011500.000Z'])
    expect(existsSync(blobPath('backups/files', gone.bytes.file))).toBe(true)
    expect(existsSync(blobPath('backups/files', gone.bytes.staged))).toBe(false)
  })

  it('is the register of one moment, whatever is written while it is made', async () => {
    const { ctx, backups } = await aKeptRegister()
    const rows = Array.from({ length: 3_000 }, (_, i) => aVersion(`G${10_000 + i}`))
    ctx.register.write((tx) => tx.units.write(rows))

    const underWay = backUp(ctx, backups)
    let writes = 0
    const write = () => {
      writes += 1
      ctx.register.write((tx) => {
        const [nummer = ''] = tx.units.issueNumbers(1, 'G', 80_001)
        tx.units.write([aVersion(nummer)])
      })
    }
    for (let turn = 0; turn < 50; turn++) {
      write()
      await new Promise((next) => setImmediate(next))
    }
    const { manifest, ok } = await underWay

    expect(ok).toBe(true)
    expect(manifest.position).toBeLessThanOrEqual(3_001 + writes)
    const copy = new Database((await backups.open(manifest.name)).registerPath, { readonly: true })
    const count = (query: string) => copy.prepare(query).pluck().get() as number
    expect(count('SELECT count(*) FROM unit_version')).toBe(manifest.position)
    expect(count("SELECT value FROM counter WHERE name = 'institutionsnummer.G'") - 80_001).toBe(manifest.position - 3_001)
    copy.close()
  })

  it.each([
    ['missing', (path: string) => rmSync(path)],
    ['corrupt', (path: string) => writeFileSync(path, 'the disk did this')],
  ] as const)('names a blob that is %s, and pushes no older backup out', async (fault, spoil) => {
    const { ctx, clock, backups, blobPath } = await aKeptRegister({ backup: { keep: 1 } })
    await backUp(ctx, backups)
    const file = await aFinishedFile(ctx, 'f-1')
    spoil(blobPath('files', file.bytes.file))
    clock.turn(day)

    const { ok, manifest, removed } = await backUp(ctx, backups)

    expect({ ok, removed }).toEqual({ ok: false, removed: [] })
    expect(manifest.blobs).toMatchObject({ missing: [], corrupt: [], [fault]: [file.bytes.file] })
    expect(ctx.register.read((tx) => tx.upkeep.lastRun('backup')?.ok)).toBe(false)
    expect(await backups.names()).toHaveLength(2)
  })

  it('leaves nothing behind when it cannot be finished', async () => {
    const { ctx, folder } = await aKeptRegister()
    writeFileSync(join(folder, 'no-folder'), '')

    const backups = createBackupFolder(join(folder, 'no-folder'), join(folder, 'files'))

    await expect(backUp(ctx, backups)).rejects.toMatchObject({ code: 'BACKUP_WRITE_FAILED' })
    expect(ctx.register.read((tx) => tx.upkeep.lastRun('backup'))).toBeNull()
  })
})

describe('the check of a register', () => {
  it('proves it sound, and says how much of the ledger holds', async () => {
    const { ctx } = await aKeptRegister()
    const entries = ctx.register.read((tx) => tx.ledger.last()?.seq ?? 0)

    expect(await checkRegister(ctx)).toEqual({ ok: true, problems: [], ledgerEntries: entries })
    expect(ctx.register.read((tx) => tx.upkeep.lastRun('check'))).toMatchObject({ at: aNight, ok: true, facts: { problems: 0 } })
  })

  it.each([
    ['an entry of the ledger is changed', `UPDATE ledger SET facts = '{}' WHERE seq = 2`, /entry 2 does not follow/],
    ['an entry of the ledger is taken out', 'DELETE FROM ledger WHERE seq = 2', /entry 3 does not follow/],
    ['a row points nowhere', 'DELETE FROM unit', /unit_version points at a missing row/],
  ])('sees when %s', async (_what, sql, seen) => {
    const { ctx } = await aKeptRegister()
    ctx.register.write((tx) => {
      for (const subject of ['a', 'b', 'c']) tx.ledger.append({ at: aNight, type: 'receipt', subject, facts: { subject } })
    })
    const hand = new Database(ctx.path)
    hand.pragma('foreign_keys = OFF')
    hand.exec(sql)
    hand.close()

    const { ok, problems } = await checkRegister(ctx)

    expect({ ok, first: problems[0] }).toEqual({ ok: false, first: expect.stringMatching(seen) })
    expect(ctx.register.read((tx) => tx.upkeep.lastRun('check'))).toMatchObject({ ok: false, facts: { problems: 1 } })
  })
})

describe('retention', () => {
  const everything = { retention: { filesDays: 30, receiptsDays: 60 } }
  const has = (ctx: RegisterContext, blobs: readonly string[]) => Promise.all(blobs.map((sha256) => ctx.files.has(sha256)))

  it('removes nothing unless it is told to', async () => {
    const { ctx, clock } = await aKeptRegister()
    await aFinishedFile(ctx, 'f-1')
    clock.turn(10_000 * day)

    expect(await removeExpired(ctx)).toMatchObject({ outcome: 'kept for ever', removed: 0 })
  })

  it('removes what is past its days, keeps what others share, and knows afterwards what it removed', async () => {
    const { ctx, clock } = await aKeptRegister(everything)
    const old = await aFinishedFile(ctx, 'f-1')
    const young = await aFinishedFile(ctx, 'f-2', { storedAt: aNight + 40 * day })
    clock.turn(45 * day)

    expect(await removeExpired(ctx)).toMatchObject({ removed: 3 })

    expect(await has(ctx, old.own)).toEqual([false, false, false])
    expect(await has(ctx, [...old.answers, old.bytes.refs, ...young.own, ...young.answers])).not.toContain(false)
    ctx.register.read((tx) => {
      const removed = tx.upkeep.findRemoved(old.bytes.file)
      expect(removed).toEqual({ sha256: old.bytes.file, sizeBytes: 8, removedAt: clock.now(), reason: 'retention: file' })
      expect(tx.upkeep.findRemoved(young.bytes.file)).toBeNull()
      expect(tx.ledger.of('retention')).toMatchObject([{ type: 'upkeep', facts: { blobs: 3 } }])
    })

    clock.turn(20 * day)
    expect(await removeExpired(ctx)).toMatchObject({ removed: 3 })
    expect(await has(ctx, old.answers)).toEqual([false, false, false])
  })

  it('is no loss to a backup, and no receipt is made anew for a file that comes again after so long', async () => {
    const { ctx, clock, backups } = await aKeptRegister(everything)
    await aFinishedFile(ctx, 'f-1')
    clock.turn(100 * day)
    await removeExpired(ctx)

    // What is left to name: the list of what was removed, and the settings that said so.
    expect(await backUp(ctx, backups)).toMatchObject({ ok: true, manifest: { blobs: { count: 2, missing: [] } } })
    expect(await prepareReceipt(ctx, { fileId: 'f-1', type: 'received' })).toEqual({ outcome: 'no longer kept', next: [] })
  })

  it.each<[string, (ctx: RegisterContext) => void]>([
    ['that is held', ({ register }) => register.write((tx) => tx.files.update('f-1', { state: 'held' }))],
    ['whose plan is not applied', ({ register }) => register.write((tx) => tx.files.update('f-1', { state: 'planned' }))],
    ['with a delta that is refused', ({ register }) => register.write((tx) => tx.outbox.update('d-f-1', { state: 'refused' }))],
    [
      'with a delta that has no clear answer',
      ({ register }) => register.write((tx) => tx.outbox.update('d-f-1', { state: 'unknown' })),
    ],
    [
      'whose receipt is not delivered',
      ({ register }) =>
        register.write((tx) => {
          const receipt = tx.files.findReceipt('f-1.delivered')
          if (receipt !== null) tx.files.putReceipt({ ...receipt, state: 'prepared' })
        }),
    ],
    ['that waits for its date', ({ register }) => register.write((tx) => tx.files.update('f-1', { state: 'deferred' }))],
    ['while a night is open', ({ register }) => register.write((tx) => tx.nights.update('2026-11-24', { state: 'open' }))],
  ])('removes nothing of a file %s, however old', async (_which, change) => {
    const { ctx, clock } = await aKeptRegister(everything)
    const { own, answers } = await aFinishedFile(ctx, 'f-1')
    change(ctx)
    clock.turn(10_000 * day)

    expect(await removeExpired(ctx)).toMatchObject({ removed: 0 })
    expect(await has(ctx, [...own, ...answers])).not.toContain(false)
  })

  it('finishes what was noted and not yet removed when the process died', async () => {
    const { ctx, clock } = await aKeptRegister(everything)
    const { own } = await aFinishedFile(ctx, 'f-1')
    clock.turn(45 * day)
    const dying = { ...ctx, files: { ...ctx.files, remove: () => Promise.reject(new Error('the process dies here')) } }
    await expect(removeExpired(dying)).rejects.toThrow('dies here')
    expect(await has(ctx, own)).toEqual([true, true, true])

    await removeExpired(ctx)

    expect(await has(ctx, own)).toEqual([false, false, false])
  })
})

describe('upkeep', () => {
  const tasks = { retention: { filesDays: 30 } }

  it('is asked for by the close of a night, in order, until it is done', async () => {
    const { ctx, backups } = await aKeptRegister(tasks)
    ctx.register.write((tx) => tx.nights.update('2026-11-24', { state: 'open', closedAt: null }))

    const { next } = await closeNight(ctx, { date: '2026-11-24' })

    expect(next.map(jobIdOf)).toEqual(['upkeep.2026-11-24.check', 'upkeep.2026-11-24.backup', 'upkeep.2026-11-24.retention'])
    for (const request of next)
      if (request.job === 'upkeep') await doUpkeep({ ...ctx, backups }, request.payload, new AbortController().signal)
    expect(ctx.register.read((tx) => dueUpkeep(ctx, tx))).toEqual([])
    expect(await backups.names()).toHaveLength(1)
  })

  it('is not due while a night is open, nor what is switched off', async () => {
    const { ctx } = await aKeptRegister({ backup: { nightly: false } })
    const due = () => ctx.register.read((tx) => dueUpkeep(ctx, tx).map(jobIdOf))

    expect(due()).toEqual(['upkeep.2026-11-24.check'])

    ctx.register.write((tx) => tx.nights.update('2026-11-24', { state: 'open' }))
    expect(due()).toEqual([])
  })
})
