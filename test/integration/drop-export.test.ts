import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sftpServers } from '../../config/export-server.ts'
import { createSftpInbox } from '../../src/adapters/sftp/create-sftp-inbox.ts'
import type { EdgeContext } from '../../src/app/context.ts'
import { putDocument } from '../../src/app/documents.ts'
import { deliverDrop, prepareDrop, recordDrop } from '../../src/app/drop-export.ts'
import { openExport } from '../../src/app/export-register.ts'
import { parseExportRequest } from '../../src/app/export-request.ts'
import { recordFailure } from '../../src/app/record-failure.ts'
import { sweep } from '../../src/app/sweep.ts'
import { dueUpkeep } from '../../src/app/upkeep.ts'
import { sha256Hex } from '../../src/domain/ids.ts'
import { aFailure, aNight, aNightRun, aVersion, silentLog, someSettings } from '../kit/builders.ts'
import { useRegisters } from '../kit/register-of.ts'
import { startSandboxSupplier } from '../kit/sftp-supplier.ts'

const openRegister = useRegisters()
const date = '2026-11-24'

/** A register with a closed night, and a server that its exports go to. */
async function aWorld() {
  const { supplier, folder, root, close } = await startSandboxSupplier()
  onTestFinished(close)
  const { host, port, username, passwordFile, hostKeys } = supplier
  const settings = someSettings({
    export: { sftp: { host, port, username, passwordFile, hostKeys, folder: 'ind' } },
    backup: { nightly: false },
  })
  const ctx = { ...(await openRegister([aVersion('G10001')])), settings }
  ctx.register.write((tx) => tx.nights.insert(aNightRun({ state: 'closed', closedAt: aNight })))
  const { connectDeadlineMs, callDeadlineMs, keepaliveMs, maxFileBytes } = settings.sftp
  const inbox = createSftpInbox({
    suppliers: sftpServers(settings),
    sftp: { connectDeadlineMs, callDeadlineMs, keepaliveMs, maxFileBytes },
    log: silentLog,
  })
  const edge: EdgeContext = { ...ctx, inbox, target: {} as never, openUniloginList: {} as never, channels: {} }
  const due = () => ctx.register.read((tx) => dueUpkeep(ctx, tx).map(({ payload }) => payload.task))
  return { ctx, edge, folder, root, due }
}

type World = Awaited<ReturnType<typeof aWorld>>

async function prepared({ ctx }: World) {
  const [request] = (await prepareDrop(ctx, date)).next
  if (request?.job !== 'export') throw new Error('no export was asked for')
  return request.payload
}

const failure = aFailure(`export.${date}`, { queue: 'receipt', job: 'export', payload: '{}', code: 'SFTP_HOST_UNREACHABLE' })

describe('the nightly drop', () => {
  it('is due once the night is closed, stands on the server whole, and is recorded', async () => {
    const world = await aWorld()
    const { ctx, edge, folder, due } = world
    expect(due()).toContain('export')
    const payload = await prepared(world)
    expect((await deliverDrop(edge, payload)).next).toEqual([{ job: 'record-export', payload }])
    await recordDrop(ctx, payload)

    const list = JSON.parse(readFileSync(join(folder, 'dagtilbud-eksport.json'), 'utf8'))
    expect(readdirSync(folder).sort()).toEqual(
      ['dagtilbud-eksport.json', ...list.filer.map(({ navn }: { navn: string }) => navn)].sort(),
    )
    expect(list).toMatchObject({ format: 'dagtilbud-eksportliste-1', nat: date, filer: { length: 5 } })
    for (const { navn, sha256 } of list.filer) expect(sha256Hex(readFileSync(join(folder, navn)))).toBe(sha256)
    const direct = openExport(ctx, parseExportRequest({}))
    expect(readFileSync(join(folder, 'dagtilbud-samlet.csv'), 'utf8')).toBe([...direct.chunks].join(''))
    direct.close()
    expect(ctx.register.read((tx) => tx.upkeep.lastRun('export'))).toMatchObject({ ok: true, facts: { files: 5 } })
    expect(due()).not.toContain('export')
  })

  it('replaces what stood there the night before, and may be done twice', async () => {
    const world = await aWorld()
    await deliverDrop(world.edge, await prepared(world))
    world.ctx.register.write((tx) => tx.units.write([aVersion('G30001')]))
    const payload = await prepared(world)
    await deliverDrop(world.edge, payload)
    await deliverDrop(world.edge, payload)

    expect(readFileSync(join(world.folder, 'dagtilbud-daginstitution.csv'), 'utf8')).toContain('G30001')
    expect(readdirSync(world.folder)).toHaveLength(6)
  })

  it('that fails is not asked for again that night, and is settled by the next one that arrives', async () => {
    const world = await aWorld()
    const { ctx, edge, folder, due } = world
    const payload = await prepared(world)
    rmSync(folder, { recursive: true })
    await expect(deliverDrop(edge, payload)).rejects.toMatchObject({ code: 'SFTP_WRITE_FAILED' })
    await recordFailure(ctx, { failureSha256: (await putDocument(ctx.files, failure)).sha256 })

    expect(ctx.register.read((tx) => tx.upkeep.lastRun('export'))).toMatchObject({ ok: false, facts: { code: failure.code } })
    expect(due()).not.toContain('export')
    mkdirSync(folder)
    await deliverDrop(edge, payload)
    await recordDrop(ctx, payload)
    expect(ctx.register.read((tx) => tx.failures.open())).toEqual([])
  })

  it('is not made anew by the sweep while it is on its way', async () => {
    const { ctx } = await aWorld()
    const tasksWith = async (...pending: string[]) => {
      const { next } = await sweep(ctx, { pendingIds: async () => new Set(pending) })
      return next.flatMap((request) => (request.job === 'upkeep' ? [request.payload.task] : []))
    }

    expect(await tasksWith()).toContain('export')
    expect(await tasksWith(`export.${date}`)).not.toContain('export')
    expect(await tasksWith(`record-export.${date}`)).not.toContain('export')
  })
})
