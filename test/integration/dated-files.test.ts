import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { decideHold } from '../../src/app/decide-hold.ts'
import { nightReport } from '../../src/app/night-report.ts'
import { openNight } from '../../src/app/open-night.ts'
import { openWork } from '../../src/app/open-work.ts'
import { prepareReceipt } from '../../src/app/prepare-receipt.ts'
import { previewPlan } from '../../src/app/preview-plan.ts'
import { renderNightReport } from '../../src/app/render-night-report.ts'
import { sweep } from '../../src/app/sweep.ts'
import { renderPreview } from '../../src/cli/plan.ts'
import type { DeliveryHeader } from '../../src/domain/delivery-file.ts'
import { sha256Hex } from '../../src/domain/ids.ts'
import { fromWallTime, type Instant } from '../../src/domain/time.ts'
import type { StagedRecord, UnitFields } from '../../src/domain/unit.ts'
import { writeEksportCsv } from '../../src/formats/write-eksport-csv.ts'
import { writeLeveranceXml } from '../../src/formats/write-leverance.ts'
import { type JobQueue, type JobRequest, jobIdOf } from '../../src/ports/jobs.ts'
import { aSupplier, fastFolder, kommune, someSettings } from '../kit/builders.ts'
import { aDaginstitution, aLeverance, anAnvisningsenhed } from '../kit/make-leverance.ts'
import { type DroppedFile, emptyRegister, openRegisterLine } from '../kit/register-line.ts'
import { toPieces } from '../kit/validate-text.ts'

const [tuesday, wednesday, thursday, friday] = ['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27'] as const
const noLimit = { ratio: 1, floor: 1_000 }

/** One register file for all tests, emptied by each. */
let folder = ''

beforeAll(async () => {
  folder = mkdtempSync(join(fastFolder(), 'dagtilbud-test-'))
  const { close } = await openRegisterLine({ folder, settings: someSettings() })
  close()
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Unplaced = Omit<StagedRecord, 'position'>

/** A register that holds a cluster of three houses since Tuesday's night, by file number 1. */
async function aWorld({ guards = {}, supplier = {} }: { guards?: object; supplier?: object } = {}) {
  emptyRegister(folder)
  const settings = someSettings({
    suppliers: [aSupplier('nordsystem', { kommuner: [kommune], ...supplier })],
    guards: { omdoeb: noLimit, ...guards },
  })
  const line = await openRegisterLine({ folder, settings, startAt: fromWallTime(tuesday, '00:20') })
  onTestFinished(() => line.close())
  const { ctx } = line
  const send = async (date: string, file: DroppedFile) => {
    await line.take(date, 'nordsystem', [file])
    return fileOf(file)
  }
  const fileOf = ({ bytes }: DroppedFile) => {
    const found = ctx.register.read((tx) => tx.files.ofKommune(kommune, 100).find(({ sha256 }) => sha256 === sha256Hex(bytes)))
    if (found === undefined) throw new Error('the file was not taken in')
    return found
  }
  const nummerOf = (lokalId: string) => ctx.register.read((tx) => tx.units.numbersByLokalId('nordsystem').get(lokalId) ?? '')
  /** Name of a house at a moment, as the register held it at another; null when it was not there or closed. */
  const nameAt = (lokalId: string, at: Instant, knownAt = line.clock.now()) => {
    const version = ctx.register.read((tx) => tx.units.asOf(nummerOf(lokalId), { at, knownAt }))
    return version?.status === 'aktiv' ? version.fields.navn : null
  }
  const receiptOf = async (fileId: string) => {
    const [receipt] = (await prepareReceipt(ctx, { fileId, type: 'received' })).next
    if (receipt?.job !== 'receipt') throw new Error('there is no receipt')
    const { documents } = JSON.parse((await ctx.files.get(receipt.payload.inputSha256)).toString())
    return JSON.parse((await ctx.files.get(documents[0].sha256)).toString())
  }
  const sweepOnce = async () => (await sweep(ctx, { pendingIds: async () => new Set() })).next
  await line.startNight(tuesday)
  await send(tuesday, aDelivery(1, [aDaginstitution('D1'), ...['E1', 'E2', 'E3'].map((id) => aHouse(id))], { art: 'fuld' }))
  return { ...line, settings, send, fileOf, nummerOf, nameAt, receiptOf, sweepOnce }
}

function aHouse(id: string, fields: UnitFields = {}): Unplaced {
  return anAnvisningsenhed(id, 'D1', { husNummer: id.slice(1), navn: `Hus ${id}`, ...fields })
}

function aDelivery(loebenummer: number, records: readonly Unplaced[], header: Partial<DeliveryHeader> = {}): DroppedFile {
  const leverance = aLeverance(records, { loebenummer, art: 'delta', ...header })
  return { name: `${loebenummer}.xml`, bytes: Buffer.from(writeLeveranceXml(leverance)) }
}

const renamed = (loebenummer: number, id: string, navn: string, gyldigFra: string | null = null) =>
  aDelivery(loebenummer, [aHouse(id, { navn })], { gyldigFra })
const closed = (record: Unplaced): Unplaced => ({ ...record, status: 'nedlagt' })

describe('a delta that holds from a later date', () => {
  it('waits, lets newer files pass, and takes effect in the night of its date', async () => {
    const world = await aWorld()
    const dated = renamed(2, 'E1', 'Solsikken', friday)

    const waiting = await world.send(tuesday, dated)
    await world.startNight(wednesday)
    const newer = await world.send(wednesday, renamed(3, 'E2', 'Rosen'))
    await world.startNight(thursday)
    const swept = await world.sweepOnce()

    expect(waiting).toMatchObject({ state: 'deferred', date: tuesday, planHash: null, findingCounts: { 'FIL-35': 1 } })
    expect(newer).toMatchObject({ state: 'applied', findingCounts: { 'FIL-35': 1 } })
    expect(swept.map(jobIdOf)).not.toContain(`plan.${waiting.fileId}`)
    expect(world.nameAt('E1', world.clock.now())).toBe('Hus E1')

    await world.startNight(friday)
    const after = await world.send(friday, renamed(4, 'E3', 'Lupinen'))

    const { fileId } = waiting
    const midnight = fromWallTime(friday, '00:00')
    expect(world.fileOf(dated)).toMatchObject({ state: 'applied', date: friday })
    expect(after).toMatchObject({ state: 'applied', findingCounts: { 'FIL-35': 1 } })
    expect([midnight - 1, midnight].map((at) => world.nameAt('E1', at))).toEqual(['Hus E1', 'Solsikken'])
    expect(world.nameAt('E1', world.clock.now(), midnight)).toBe('Hus E1')
    world.ctx.register.read((tx) => {
      expect(tx.outbox.ofFile(fileId)).toMatchObject([{ operation: 'opdater', nummer: world.nummerOf('E1'), date: friday }])
      expect(tx.nights.arrivalsOfFile(fileId).map(({ date }) => date)).toEqual([tuesday])
      expect(tx.files.lastApplied('nordsystem', kommune)?.loebenummer).toBe(4)
    })
  })

  it('tells the supplier and the operator so, and keeps no night open', async () => {
    const { ctx, send, startNight, receiptOf } = await aWorld()

    const { fileId } = await send(tuesday, renamed(2, 'E1', 'Solsikken', friday))

    const receipt = await receiptOf(fileId)
    expect(receipt).toMatchObject({ udfald: { kode: 'afventer' }, hoved: { gyldigFra: friday }, aendringer: { opdater: 0 } })
    expect(receipt.naeste.da).toContain('træder i kraft 27/11-2026')
    expect(ctx.register.read((tx) => openWork(ctx, tx, tuesday))).toMatchObject({ suppliers: 0, files: 0 })
    const report = nightReport(ctx, tuesday)
    expect(report).toMatchObject({ files: { deferred: 1, underWay: 1 }, deferred: [{ fileId, gyldigFra: friday }] })
    expect(report && renderNightReport(report).da).toMatch(/TRÆDER I KRAFT SENERE\n {2}27\/11-2026 +101 {2}nordsystem\/2\.xml/)

    await startNight(friday)

    expect(await receiptOf(fileId)).toMatchObject({ udfald: { kode: 'accepteret' }, aendringer: { opdater: 1 } })
    expect(nightReport(ctx, friday)?.deferred).toEqual([])
  })

  it('is not the file that a supplier owes of the night', async () => {
    const { ctx, send, startNight } = await aWorld({ supplier: { expects: [kommune] } })
    const standing = () => ctx.register.read((tx) => tx.nights.suppliers(wednesday)[0])
    await startNight(wednesday)

    await send(wednesday, renamed(2, 'E1', 'Solsikken', friday))
    expect(standing()).toMatchObject({ state: 'looking', missing: [kommune] })

    await send(wednesday, renamed(3, 'E2', 'Rosen'))
    expect(standing()).toMatchObject({ state: 'complete', missing: [] })
  })

  // 28/3 has no hour 2, 31/10 has it twice: the days before, of and after the change begin at other hours by UTC.
  it.each([
    ['2027-03-28', '2027-03-27T23:00:00Z'],
    ['2027-03-29', '2027-03-28T22:00:00Z'],
    ['2027-10-31', '2027-10-30T22:00:00Z'],
    ['2027-11-01', '2027-10-31T23:00:00Z'],
  ])('holds from the midnight of %s in Copenhagen, to the second', async (date, midnight) => {
    const { send, startNight, nameAt } = await aWorld()
    await send(tuesday, renamed(2, 'E1', 'Solsikken', date))

    await startNight(date)

    const at = Date.parse(midnight)
    expect([at - 1_000, at, at + 1_000].map((moment) => nameAt('E1', moment))).toEqual(['Hus E1', 'Solsikken', 'Solsikken'])
  })

  it('takes effect when the process died right after its night was opened, and is told of when it died after', async () => {
    const { ctx, clock, send, fileOf, run, sweepOnce, nameAt, receiptOf } = await aWorld()
    const dated = renamed(2, 'E1', 'Solsikken', friday)
    const { fileId } = await send(tuesday, dated)
    await receiptOf(fileId)
    clock.turn(fromWallTime(friday, '00:30') - clock.now())
    await openNight(ctx, { date: friday, trigger: 'schedule', filesUntilAt: null })

    const found = await sweepOnce()
    const again = await openNight(ctx, { date: friday, trigger: 'operator', filesUntilAt: null })
    await run([...found, ...again.next])

    expect(found.map(jobIdOf)).toContain(`plan.${fileId}`)
    expect(fileOf(dated)).toMatchObject({ state: 'applied', date: friday })
    expect(nameAt('E1', fromWallTime(friday, '00:00'))).toBe('Solsikken')
    expect(ctx.register.read((tx) => tx.outbox.ofFile(fileId))).toHaveLength(1)

    expect((await sweepOnce()).map(jobIdOf)).toContain(`prepare-receipt.${fileId}.received`)
    await receiptOf(fileId)
    expect((await sweepOnce()).map(jobIdOf)).not.toContain(`prepare-receipt.${fileId}.received`)
  })

  it('takes effect with the next night when the program was down, in the order of the dates', async () => {
    const { send, startNight, fileOf, nameAt, clock } = await aWorld()
    const later = renamed(2, 'E1', 'Fra torsdag', thursday)
    const earlier = renamed(3, 'E1', 'Fra onsdag', wednesday)
    await send(tuesday, later)
    await send(tuesday, earlier)

    await startNight(friday)

    expect([fileOf(later), fileOf(earlier)].map(({ state, date }) => [state, date])).toEqual([
      ['applied', friday],
      ['applied', friday],
    ])
    const names = [tuesday, wednesday, thursday, friday].map((date) => nameAt('E1', fromWallTime(date, '23:59')))
    expect(names).toEqual(['Hus E1', 'Fra onsdag', 'Fra torsdag', 'Fra torsdag'])
    expect(nameAt('E1', clock.now())).toBe('Fra torsdag')
  })

  it('yields to a newer one for the same date, by which a planned change is withdrawn', async () => {
    const { ctx, send, startNight, fileOf, nameAt, clock, nummerOf, receiptOf } = await aWorld()
    const planned = aDelivery(2, [closed(aHouse('E1')), aHouse('E2', { navn: 'Rosen' }), closed(aHouse('E3'))], {
      gyldigFra: friday,
    })
    await send(tuesday, planned)
    await startNight(wednesday)
    // Calls the closing of E1 off, by its number, and gives E2 another name.
    const byNumber = { ...aHouse('E1'), ref: { nummer: nummerOf('E1'), lokalId: null } }
    await send(wednesday, aDelivery(3, [byNumber, aHouse('E2', { navn: 'Lupinen' })], { gyldigFra: friday }))

    await startNight(friday)

    expect(['E1', 'E2', 'E3'].map((id) => nameAt(id, clock.now()))).toEqual(['Hus E1', 'Lupinen', null])
    const { fileId } = fileOf(planned)
    expect(ctx.register.read((tx) => tx.outbox.ofFile(fileId).map(({ operation, nummer }) => [operation, nummer]))).toEqual([
      ['nedlaeg', nummerOf('E3')],
    ])
    expect(await receiptOf(fileId)).toMatchObject({
      antal: { laest: 3, accepteret: 1, uaendret: 2, afvist: 0 },
      fundAntal: { 'FIL-36': 1 },
    })
  })

  it('keeps its number: another file may not have it, and it makes no lower one old', async () => {
    const { send } = await aWorld()
    await send(tuesday, renamed(5, 'E1', 'Solsikken', friday))

    expect(await send(tuesday, renamed(5, 'E1', 'Rosen', friday))).toMatchObject({
      state: 'rejected',
      findingCounts: { 'FIL-26': 1 },
    })
    expect(await send(tuesday, renamed(2, 'E2', 'Lupinen'))).toMatchObject({ state: 'applied' })
  })

  it('may wait for a person once its date has come, and be approved though newer files were applied meanwhile', async () => {
    const world = await aWorld({ guards: { nedlaeg: { ratio: 0, floor: 0 } } })
    const dated = aDelivery(2, [closed(aHouse('E1'))], { gyldigFra: friday })
    await world.send(tuesday, dated)
    await world.startNight(wednesday)
    await world.send(wednesday, renamed(3, 'E2', 'Rosen'))
    await world.startNight(friday)
    const [hold] = world.ctx.register.read((tx) => tx.files.holds({ state: 'open' }))
    expect(world.fileOf(dated).state).toBe('held')

    const queue = { add: (requests: readonly JobRequest[]) => world.run(requests) } as unknown as JobQueue
    const said = { decision: 'approved', by: 'Anna Holm', reason: 'aftalt med kommunen' } as const
    await decideHold({ ...world.ctx, queue }, { holdId: hold?.holdId ?? '', ...said })

    const midnight = fromWallTime(friday, '00:00')
    expect(world.fileOf(dated).state).toBe('applied')
    expect([midnight - 1, midnight].map((at) => world.nameAt('E1', at))).toEqual(['Hus E1', null])
  })

  it('is refused on its date when the municipality has left the supplier by then', async () => {
    const { send, startNight, fileOf, receiptOf, nameAt, clock } = await aWorld({
      supplier: { kommuner: [{ kode: kommune, til: thursday }] },
    })
    const dated = renamed(2, 'E1', 'Solsikken', friday)
    const { fileId } = await send(tuesday, dated)
    await receiptOf(fileId)

    await startNight(friday)

    expect(fileOf(dated)).toMatchObject({ state: 'rejected', date: friday, accepted: 0, rejected: 1 })
    expect(await receiptOf(fileId)).toMatchObject({ udfald: { kode: 'afvist' }, fundAntal: { 'DTR-11a': 1 } })
    expect(nameAt('E1', clock.now())).toBe('Hus E1')
  })

  it('is said in the name of a CSV, where another date is another file', async () => {
    const { ctx, take, startNight, nameAt } = await aWorld()
    const bytes = Buffer.from(writeEksportCsv(aLeverance([aHouse('E1', { navn: 'Solsikken' })], { art: 'delta' })))
    const files = ['101_delta_2_n1_g20261127.csv', '101_delta_3_n1_g20261126.csv'].map((name) => ({ name, bytes }))

    await take(tuesday, 'nordsystem', files)
    await startNight(friday)

    // The one of Thursday comes first; the other then says nothing new.
    expect(ctx.register.read((tx) => tx.files.ofNight(friday).map(({ state }) => state))).toEqual(['delivered', 'applied'])
    expect(nameAt('E1', fromWallTime(thursday, '00:00'))).toBe('Solsikken')
  })

  it('is shown before it is sent', async () => {
    const { ctx, settings } = await aWorld()
    const { name, bytes } = renamed(2, 'E1', 'Solsikken', friday)
    const input = { supplierId: 'nordsystem', date: tuesday, name, sha256: sha256Hex(bytes), promisedSha256: null }

    const preview = await previewPlan({ ...ctx, settings }, input, toPieces(bytes))

    const text = renderPreview(preview, { name, supplierId: 'nordsystem', date: tuesday })
    expect(text.da.replace(/\s+/g, ' ')).toContain(
      'Filen ville vente og træde i kraft 27/11-2026; planen er lagt mod registret, som det er nu.',
    )
    expect(preview.plan?.operations).toMatchObject({ opdater: 1 })
  })
})

describe('a file that holds from a past date', () => {
  it('corrects what was, and what was held before can still be asked for', async () => {
    const { send, startNight, nameAt, clock, nummerOf, ctx } = await aWorld()
    await startNight(wednesday)
    await send(wednesday, renamed(2, 'E1', 'Rosen'))
    await startNight(friday)
    const knownBefore = clock.now()

    const file = await send(
      friday,
      aDelivery(3, [aHouse('E1', { navn: 'Solsikken' }), closed(aHouse('E2'))], { gyldigFra: thursday }),
    )

    const from = fromWallTime(thursday, '00:00')
    expect(file).toMatchObject({ state: 'applied', date: friday })
    expect([from - 1, from, clock.now()].map((at) => nameAt('E1', at))).toEqual(['Rosen', 'Solsikken', 'Solsikken'])
    expect([from - 1, from].map((at) => nameAt('E2', at))).toEqual(['Hus E2', null])
    expect([from - 1, from].map((at) => nameAt('E1', at, knownBefore))).toEqual(['Rosen', 'Rosen'])
    expect(nameAt('E2', from, knownBefore)).toBe('Hus E2')
    expect(ctx.register.read((tx) => tx.outbox.ofFile(file.fileId)).map(({ nummer, date }) => [nummer, date])).toEqual([
      [nummerOf('E1'), friday],
      [nummerOf('E2'), friday],
    ])
  })

  it('gives a unit below a new owner from when it was there, not from before', async () => {
    const { ctx, send, startNight, nummerOf, clock } = await aWorld({ guards: { ejerskab: noLimit } })
    await startNight(wednesday)
    await send(wednesday, aDelivery(2, [aHouse('E4')]))
    await startNight(friday)
    const owner = aDaginstitution('D1', { ejerformKode: '2', lovgrundlagKode: 'DTL19.3' })

    await send(friday, aDelivery(3, [owner], { gyldigFra: tuesday }))

    const from = fromWallTime(tuesday, '00:00')
    const ownerAt = (id: string, at: Instant) =>
      ctx.register.read((tx) => tx.units.asOf(nummerOf(id), { at, knownAt: clock.now() })?.ejerformKode ?? null)
    expect([ownerAt('D1', from), ownerAt('E1', clock.now()), ownerAt('E4', clock.now())]).toEqual(['2', '2', '2'])
    expect(ownerAt('E4', fromWallTime(tuesday, '23:59'))).toBeNull()
  })
})

describe('a date that cannot be', () => {
  it.each([
    ['a full file of a later date', { art: 'fuld', gyldigFra: wednesday }, 'FIL-28'],
    ['a date of another century', { art: 'delta', gyldigFra: '2126-11-27' }, 'FIL-29'],
    ['a date long past', { art: 'delta', gyldigFra: '2016-11-27' }, 'FIL-29'],
    ['a date that is none', { art: 'delta', gyldigFra: '2026-11-31' }, 'FIL-13'],
  ] as const)('stops %s', async (_which, header, code) => {
    const { ctx, take, sweepOnce, nameAt, clock } = await aWorld()
    const file = aDelivery(2, [aHouse('E1', { navn: 'Solsikken' })], header)

    await take(tuesday, 'nordsystem', [file])

    const row = ctx.register.read((tx) => tx.files.ofNight(tuesday).find(({ name }) => name === file.name))
    expect(row).toMatchObject({ state: 'rejected', findingCounts: { [code]: 1 } })
    expect((await sweepOnce()).map(jobIdOf)).not.toContain(`plan.${row?.fileId}`)
    expect(nameAt('E1', clock.now())).toBe('Hus E1')
    expect(nameAt('E2', clock.now())).toBe('Hus E2')
  })
})
