import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { addLink } from '../../src/app/add-link.ts'
import { decideHold } from '../../src/app/decide-hold.ts'
import { planChanges } from '../../src/app/plan-changes.ts'
import { prepareReceipt } from '../../src/app/prepare-receipt.ts'
import { showHold } from '../../src/app/show-hold.ts'
import { sweep } from '../../src/app/sweep.ts'
import { buildCli } from '../../src/cli/build-cli.ts'
import { renderHold } from '../../src/cli/hold.ts'
import type { Parts } from '../../src/cli/program.ts'
import type { DeliveryHeader } from '../../src/domain/delivery-file.ts'
import type { StagedRecord, UnitFields } from '../../src/domain/unit.ts'
import { writeLeveranceXml } from '../../src/formats/write-leverance.ts'
import { type JobQueue, type JobRequest, jobIdOf } from '../../src/ports/jobs.ts'
import { aScreen, widthOf } from '../kit/a-screen.ts'
import { aFolder, aSupplier, fastFolder, kommune, someSettings } from '../kit/builders.ts'
import { aDaginstitution, aLeverance, anAnvisningsenhed } from '../kit/make-leverance.ts'
import { type DroppedFile, openRegisterLine } from '../kit/register-line.ts'

const nights = ['2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-28'] as const
const [first, second, third] = nights
const handover = '2026-12-01'
const dayMs = 24 * 3_600_000

type Unplaced = Omit<StagedRecord, 'position'>

/** A register with a night open, two suppliers of which the second takes over in December, and ways to act on it. */
async function aWorld(guards: Readonly<Record<string, unknown>> = {}) {
  const folder = mkdtempSync(join(fastFolder(), 'dagtilbud-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const settings = someSettings({
    suppliers: [
      aSupplier('nordsystem', { kommuner: [{ kode: kommune, til: '2026-11-30' }] }),
      aSupplier('sydsystem', { kommuner: [{ kode: kommune, fra: handover }] }),
    ],
    guards,
  })
  const line = await openRegisterLine({ folder, settings })
  onTestFinished(() => line.close())
  const { ctx, clock } = line
  const queue = { add: (requests: readonly JobRequest[]) => line.run(requests) } as unknown as JobQueue
  const operator = { ...ctx, queue }
  const night = async (date: string, file: DroppedFile, supplierId = 'nordsystem') => {
    if (ctx.register.read((tx) => tx.nights.find(date)) === null) line.openNight(date)
    await line.take(date, supplierId, [file])
    const found = ctx.register.read((tx) => tx.files.ofNight(date).find(({ name }) => name === file.name))
    if (found === undefined) throw new Error(`${file.name} was not taken in`)
    return found
  }
  const holds = (state: 'open' | 'approved' | 'refused' | 'expired' = 'open') =>
    ctx.register.read((tx) => tx.files.holds({ state }))
  const onlyHold = () => {
    const [hold, ...others] = holds()
    if (hold === undefined || others.length > 0) throw new Error('there is not exactly one hold')
    return hold.holdId
  }
  const decide = (by: string, decision: 'approved' | 'refused' = 'approved', holdId = onlyHold()) =>
    decideHold(operator, { holdId, decision, by, reason: 'aftalt med kommunen' })
  const sweepOnce = async () => {
    const { next } = await sweep(ctx, { pendingIds: async () => new Set() })
    return next.map(jobIdOf)
  }
  const receiptOf = async (fileId: string) => {
    const [receipt] = (await prepareReceipt(ctx, { fileId, type: 'received' })).next
    if (receipt?.job !== 'receipt') throw new Error('there is no receipt')
    const { documents } = JSON.parse((await ctx.files.get(receipt.payload.inputSha256)).toString())
    return JSON.parse((await ctx.files.get(documents[0].sha256)).toString())
  }
  const units = () => ctx.register.read((tx) => tx.units.openInKommune(kommune))
  const entries = (subject: string) => ctx.register.read((tx) => tx.ledger.of(subject).map(({ facts }) => facts))
  return { folder, settings, ctx, clock, operator, night, holds, onlyHold, decide, sweepOnce, receiptOf, units, entries }
}

let loebenummer = 0

function aDelivery(records: readonly Unplaced[], header: Partial<DeliveryHeader> = {}): DroppedFile {
  loebenummer += 1
  const bytes = Buffer.from(writeLeveranceXml(aLeverance(records, { loebenummer, ...header })))
  return { name: `101_${loebenummer}.xml`, bytes }
}

/** A cluster with these units below it. */
function aCluster(ids: readonly string[], fields: (id: string) => UnitFields = () => ({})): Unplaced[] {
  return [aDaginstitution('D1'), ...ids.map((id, i) => anAnvisningsenhed(id, 'D1', { husNummer: `${i + 1}`, ...fields(id) }))]
}

const idsTo = (count: number) => Array.from({ length: count }, (_, i) => `E${i + 1}`)
const closedOf = (units: readonly { readonly kind: string }[]) => units.filter(({ kind }) => kind === 'anvisningsenhed').length

describe('a hold that is shown', () => {
  it('names each change with its values, old and new, in a table of 100 columns', async () => {
    const world = await aWorld({ omdoeb: { ratio: 0, floor: 0 } })
    await world.night(first, aDelivery(aCluster(idsTo(3))))
    const longName = 'Den Selvejende Integrerede Institution Børnehuset Ærtebjerg ved Søen og Skoven i Nordhavn, afdeling Øst'
    const renamed = aCluster(idsTo(3), (id) => (id === 'E2' ? { navn: longName } : {}))
    const file = await world.night(second, aDelivery(renamed))

    const view = await showHold(world.ctx, world.onlyHold())
    const text = renderHold(view)

    expect(view).toMatchObject({
      fileName: file.name,
      needsSecondPerson: false,
      hold: { slice: 'omdoeb', count: 1, of: 4, allowed: 0, cause: 'over-limit', planHash: file.planHash },
      changes: [
        { operation: 'opdater', navn: 'Børnehuset E2', values: [{ field: 'navn', before: 'Børnehuset E2', after: longName }] },
      ],
    })
    expect(text.da).toContain('1 af 4 enheder; 0 ville gå igennem uden en person')
    expect(text.da).toMatch(/G8\d{4} +Børnehuset E2 +opdater +\d+/)
    expect(widthOf(text)).toBeLessThanOrEqual(100)
  })

  it('shows what the register held when it was planned, whatever has come since', async () => {
    const world = await aWorld({ nedlaeg: { ratio: 0, floor: 0 } })
    await world.night(first, aDelivery(aCluster(idsTo(3))))
    await world.night(second, aDelivery(aCluster(idsTo(2))))
    const [hold] = world.holds()
    await world.night(third, aDelivery(aCluster(idsTo(3), () => ({ navn: 'Nyt navn' }))))

    const { changes } = await showHold(world.ctx, hold?.holdId ?? '')

    expect(changes.map(({ navn, operation, line }) => [navn, operation, line])).toEqual([['Børnehuset E3', 'nedlaeg', null]])
  })

  it('is left as it is, and its file too, by a plan job that comes once more', async () => {
    const world = await aWorld({ omdoeb: { ratio: 0, floor: 0 } })
    await world.night(first, aDelivery(aCluster(idsTo(3))))
    const withMore = aCluster(idsTo(4), (id) => (id === 'E2' ? { navn: 'Nyt navn' } : {}))
    const { fileId } = await world.night(second, aDelivery(withMore))
    const [files, holds] = [world.ctx.register.read((tx) => tx.files.find(fileId)), world.holds()]

    const again = await planChanges(world.ctx, { fileId })

    expect(files).toMatchObject({ state: 'applied' })
    expect(holds).toHaveLength(1)
    expect(again).toMatchObject({ outcome: 'skipped', next: [] })
    expect(world.ctx.register.read((tx) => tx.files.find(fileId))).toEqual(files)
    expect(world.holds()).toEqual(holds)
  })

  it('that does not exist is named', async () => {
    const { ctx } = await aWorld()

    await expect(showHold(ctx, 'h-0')).rejects.toMatchObject({ code: 'HOLD_NOT_FOUND' })
  })
})

describe('many closings', () => {
  const guards = { nedlaeg: { ratio: 0, floor: 0 }, secondPerson: 2 }
  const three = async () => {
    const world = await aWorld(guards)
    await world.night(first, aDelivery(aCluster(idsTo(6))))
    const file = await world.night(second, aDelivery(aCluster(idsTo(3))))
    return { ...world, file }
  }

  it('pass when two persons approve them, each in the ledger', async () => {
    const world = await three()
    const holdId = world.onlyHold()

    expect(await world.decide('Anna Holm')).toMatchObject({ state: 'open', firstBy: 'Anna Holm' })
    expect(closedOf(world.units())).toBe(6)
    expect(renderHold(await showHold(world.ctx, holdId)).da).toContain('Venter på en anden person end den første.')
    await expect(world.decide(' anna  holm ')).rejects.toMatchObject({ code: 'HOLD_PERSON_SAME' })
    expect(await world.decide('Bo Lund')).toMatchObject({ state: 'approved', decidedBy: 'Bo Lund', firstBy: 'Anna Holm' })

    expect(closedOf(world.units())).toBe(3)
    await expect(world.decide('Carl', 'approved', holdId)).rejects.toMatchObject({ code: 'HOLD_NOT_OPEN' })
    const planHash = world.file.planHash
    expect(world.entries(holdId)).toMatchObject([
      { decision: 'first approval', by: 'Anna Holm', planHash, closes: 3 },
      { decision: 'approved', by: 'Bo Lund', planHash, closes: 3 },
    ])
  })

  it('are refused by one person, also after a first approval', async () => {
    const world = await three()
    await world.decide('Anna Holm')

    expect(await world.decide('Anna Holm', 'refused')).toMatchObject({ state: 'refused' })

    expect(closedOf(world.units())).toBe(6)
    const receipt = await world.receiptOf(world.file.fileId)
    expect(receipt).toMatchObject({ udfald: { kode: 'afvist' }, tilbageholdt: [] })
    expect(receipt.naeste.da).toContain('3 tilbageholdte (nedlaeg) er afvist af en person: registret er uændret for dem')
  })

  it('up to the setting need one', async () => {
    const world = await aWorld(guards)
    await world.night(first, aDelivery(aCluster(idsTo(6))))
    await world.night(second, aDelivery(aCluster(idsTo(4))))

    expect(await world.decide('Anna Holm')).toMatchObject({ state: 'approved', firstBy: null })
    expect(closedOf(world.units())).toBe(4)
  })

  it('are decided once when two persons decide at the same moment', async () => {
    const world = await aWorld({ ...guards, secondPerson: 9 })
    await world.night(first, aDelivery(aCluster(idsTo(6))))
    await world.night(second, aDelivery(aCluster(idsTo(3))))
    const holdId = world.onlyHold()

    const both = await Promise.allSettled([
      world.decide('Anna Holm', 'approved', holdId),
      world.decide('Bo Lund', 'refused', holdId),
      world.decide('Anna Holm', 'approved', holdId),
    ])

    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const each of both) if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'HOLD_NOT_OPEN' })
    expect(world.entries(holdId)).toHaveLength(1)
  })

  it('take two different persons when both come at the same moment', async () => {
    const world = await three()
    const holdId = world.onlyHold()

    const both = await Promise.all([world.decide('Anna', 'approved', holdId), world.decide('Bo', 'approved', holdId)])

    expect(both.map(({ state }) => state).toSorted()).toEqual(['approved', 'open'])
    expect(closedOf(world.units())).toBe(3)
  })

  it('need a name and a reason', async () => {
    const world = await three()

    await expect(world.decide('  ')).rejects.toMatchObject({ code: 'HOLD_DECISION_UNSIGNED' })
    expect(world.holds()).toHaveLength(1)
  })
})

describe('a hold that nobody decides', () => {
  const undecided = async () => {
    const world = await aWorld({ nedlaeg: { ratio: 0, floor: 0 }, holdExpiresAfterDays: 3 })
    await world.night(first, aDelivery(aCluster(idsTo(6))))
    const renamed = aCluster(idsTo(5), (id) => (id === 'E1' ? { telefonNummer: '11111111' } : {}))
    const file = await world.night(second, aDelivery(renamed))
    await world.receiptOf(file.fileId)
    return { ...world, file, holdId: world.onlyHold() }
  }

  it('lapses after the days that are set: the register stays as it is, and the receipt says so', async () => {
    const { clock, ...world } = await undecided()
    const wanted = `prepare-receipt.${world.file.fileId}.received`
    clock.turn(3 * dayMs - 60_000)
    expect(await world.sweepOnce()).not.toContain(wanted)
    expect(world.holds()).toHaveLength(1)

    clock.turn(120_000)
    expect(await world.sweepOnce()).toContain(wanted)

    expect(world.holds('expired')).toMatchObject([{ decidedBy: null, reason: 'not decided within 3 days' }])
    expect(closedOf(world.units())).toBe(6)
    expect(world.entries(world.holdId)).toMatchObject([{ decision: 'expired', planHash: world.file.planHash }])
    await expect(world.decide('Anna', 'approved', world.holdId)).rejects.toMatchObject({ code: 'HOLD_NOT_OPEN' })
    const receipt = await world.receiptOf(world.file.fileId)
    expect(receipt).toMatchObject({ udfald: { kode: 'delvist' }, tilbageholdt: [] })
    expect(receipt.naeste.da).toContain('1 tilbageholdte (nedlaeg) er bortfaldet uden godkendelse')
  })

  it('has its receipt asked for again when the process died before it was written, and then no more', async () => {
    const { clock, ...world } = await undecided()
    const wanted = `prepare-receipt.${world.file.fileId}.received`
    clock.turn(4 * dayMs)
    await world.sweepOnce()

    expect(await world.sweepOnce()).toContain(wanted)
    await world.receiptOf(world.file.fileId)
    expect(await world.sweepOnce()).not.toContain(wanted)
  })

  it('lapses with the next file of the municipality, which is held for itself', async () => {
    const { holdId, ...world } = await undecided()

    await world.night(third, aDelivery(aCluster(idsTo(4))))

    expect(world.holds('expired').map((hold) => hold.holdId)).toEqual([holdId])
    expect(world.holds()).toMatchObject([{ count: 2 }])
    expect(world.entries(holdId)).toMatchObject([{ decision: 'expired', reason: expect.stringContaining('replaced by file') }])
  })
})

describe('what a municipality has every season', () => {
  it('is asked about three times and then passes, and a replay of all files gives the same plans', async () => {
    const files = [30, 26, 22, 18, 14].map((count) => aDelivery(aCluster(idsTo(count))))
    const run = async () => {
      const world = await aWorld()
      const plans: (string | null)[] = []
      const heldNights: string[] = []
      for (const [i, date] of nights.entries()) {
        const { fileId } = await world.night(date, files[i] as DroppedFile)
        if (world.holds().length > 0) {
          heldNights.push(date)
          await world.decide('Anna Holm')
        }
        plans.push(...world.ctx.register.read((tx) => tx.files.plansOf(fileId).map(({ planHash }) => planHash)))
      }
      return { plans, heldNights, open: closedOf(world.units()) }
    }

    const one = await run()

    expect(one.heldNights).toEqual(nights.slice(1, 4))
    expect(one.open).toBe(14)
    expect(await run()).toEqual(one)
  })
})

describe('a municipality that changes supplier', () => {
  it('closes nothing when the new system has only its own ids, and refuses the old one from that date', async () => {
    const world = await aWorld()
    await world.night(first, aDelivery(aCluster(idsTo(6))))
    const before = world.units().map(({ nummer }) => nummer)
    const renamedIds = aCluster(idsTo(6)).map(({ ref, parent, ...record }) => ({
      ...record,
      ref: { nummer: null, lokalId: `syd-${ref.lokalId}` },
      parent: parent === null ? null : { nummer: null, lokalId: `syd-${parent.lokalId}` },
    }))

    const taken = await world.night(handover, aDelivery(renamedIds), 'sydsystem')
    const late = await world.night(handover, aDelivery(aCluster(idsTo(1))))

    expect(taken).toMatchObject({ state: 'delivered', rejected: 0 })
    expect(world.units().map(({ nummer }) => nummer)).toEqual(before)
    const ids = world.ctx.register.read((tx) => tx.units.numbersByLokalId('sydsystem'))
    expect([...ids.values()].sort()).toEqual(before)
    expect(late.state).toBe('rejected')
    expect(Object.keys(late.findingCounts)).toContain('DTR-11a')
  })

  it('leaves what the old one had waiting: it cannot be approved, and lapses with the first file of the new one', async () => {
    const world = await aWorld({ nedlaeg: { ratio: 0, floor: 0 } })
    await world.night(first, aDelivery(aCluster(idsTo(6))))
    await world.night(second, aDelivery(aCluster(idsTo(5))))
    const holdId = world.onlyHold()
    world.clock.turn(8 * dayMs)

    await expect(world.decide('Anna')).rejects.toMatchObject({ code: 'HOLD_PLAN_CHANGED' })
    await world.night(handover, aDelivery(aCluster(idsTo(6))), 'sydsystem')

    expect(world.holds('expired').map((hold) => hold.holdId)).toEqual([holdId])
    expect(closedOf(world.units())).toBe(6)
  })
})

describe('lineage', () => {
  it('is written with the plan: succeeded in one night, and come back under the same id', async () => {
    const world = await aWorld()
    const pNummer = '1090009991'
    const other = anAnvisningsenhed('E9', 'D1', { husNummer: '9' })
    await world.night(first, aDelivery([...aCluster(['E1', 'E2', 'E3']), { ...other, fields: { ...other.fields, pNummer } }]))
    const numberOf = (lokalId: string) =>
      world.ctx.register.read((tx) => tx.units.numbersByLokalId('nordsystem').get(lokalId) ?? '')
    const [gone, away] = [numberOf('E9'), numberOf('E3')]
    const successor = anAnvisningsenhed('E10', 'D1', { navn: 'Det nye hus', husNummer: '77', pNummer })
    const { fileId, planHash } = await world.night(second, aDelivery([...aCluster(['E1', 'E2']), successor]))
    await world.night(third, aDelivery([...aCluster(['E1', 'E2', 'E3']), successor]))

    const linksOf = (nummer: string) => world.ctx.register.read((tx) => tx.units.linksOf(nummer))
    const said = { relation: 'afloest', evidence: 'udledt', actor: 'nordsystem', reason: null }
    expect(linksOf(gone)).toEqual([
      expect.objectContaining({ ...said, fromNummer: gone, toNummer: numberOf('E10'), fileId, planHash }),
    ])
    expect(numberOf('E3')).not.toBe(away)
    expect(linksOf(away)).toEqual([expect.objectContaining({ ...said, fromNummer: away, toNummer: numberOf('E3') })])
  })

  it('is stated by a person, once, with a name and a reason, also for a number from before the register', async () => {
    const world = await aWorld()
    await world.night(first, aDelivery(aCluster(['E1'])))
    const [unit] = world.units()
    const toNummer = unit?.nummer ?? ''
    const statement = { fromNummer: 'A12345', toNummer, relation: 'afloest', by: 'Anna', reason: 'gammelt A-nummer' } as const

    expect([await addLink(world.ctx, statement), await addLink(world.ctx, statement)]).toEqual([true, false])

    expect(world.ctx.register.read((tx) => tx.units.linksOf('A12345'))).toMatchObject([
      { toNummer, evidence: 'person', actor: 'Anna', reason: 'gammelt A-nummer', fileId: null },
    ])
    expect(world.entries(toNummer)).toEqual([expect.objectContaining({ fromNummer: 'A12345', by: 'Anna' })])
    for (const wrong of [{ toNummer: 'G99999' }, { fromNummer: '12345' }, { fromNummer: toNummer }, { reason: ' ' }])
      await expect(addLink(world.ctx, { ...statement, ...wrong })).rejects.toMatchObject({ code: 'LINK_INVALID' })
  })
})

describe('dagtilbud plan', () => {
  async function planned(world: Awaited<ReturnType<typeof aWorld>>, file: DroppedFile, ...options: readonly string[]) {
    const path = join(aFolder(), file.name)
    writeFileSync(path, file.bytes)
    const screen = aScreen()
    const parts = {
      loadSettings: () => world.settings,
      openReading: async () => ({ register: world.ctx, close: async () => undefined }),
    }
    try {
      const cli = buildCli(parts as unknown as Parts, world.clock, '0', screen)
      await cli.parseAsync(['plan', path, '--supplier', 'nordsystem', ...options], { from: 'user' })
      return { text: screen.out(), exitCode: process.exitCode }
    } finally {
      process.exitCode = 0
    }
  }

  /** Every row of the register and every blob, by number. */
  function everythingIn(folder: string): Record<string, unknown> {
    const db = new Database(join(folder, 'register.sqlite'), { readonly: true })
    const tables = db.prepare("select name from sqlite_master where type = 'table'").pluck().all() as string[]
    const rows = tables.map((table) => [table, db.prepare(`select count(*) from "${table}"`).pluck().get()])
    db.close()
    return { ...Object.fromEntries(rows), blobs: readdirSync(join(folder, 'files'), { recursive: true }).length }
  }

  it('prints the very plan of the night, and writes nothing', async () => {
    const world = await aWorld({ omdoeb: { ratio: 0, floor: 0 } })
    await world.night(first, aDelivery(aCluster(idsTo(6))))
    const changed = aCluster(['E1', 'E2', 'E3', 'E4', 'E5', 'E7'], (id) => (id === 'E2' ? { navn: 'Nyt navn' } : {}))
    const file = aDelivery(changed)
    const before = everythingIn(world.folder)

    const json = await planned(world, file, '--date', second, '--json')
    const text = await planned(world, file, '--date', second)

    expect(everythingIn(world.folder)).toEqual(before)
    const preview = JSON.parse(json.text)
    expect(preview).toMatchObject({ known: null, rejected: false, plan: { operations: { opret: 1, nedlaeg: 1, held: 1 } } })
    expect([json.exitCode, text.exitCode]).toEqual([3, 3])
    expect(text.text).toContain('\n  omdoeb: 1 af 7 enheder på én gang er flere end de 0')
    expect(text.text).toContain('navn: Børnehuset E2 -> Nyt navn')
    expect(Math.max(...text.text.split('\n').map((each) => each.length))).toBeLessThanOrEqual(100)

    expect(await world.night(second, file)).toMatchObject({ fileId: preview.fileId, planHash: preview.plan.planHash })
    expect(JSON.parse((await planned(world, file, '--date', second, '--json')).text)).toMatchObject({ known: 'applied' })
  })

  it.each([
    ['0 when all would pass', () => aDelivery(aCluster(idsTo(7))), 0, 'opret'],
    ['1 when a row would be refused', () => aDelivery([...aCluster(idsTo(6)), anAnvisningsenhed('E8', 'D9')]), 1, 'afvist'],
    ['1 when the file would be refused', () => aDelivery(aCluster(idsTo(6)), { kommuneKode: '147' }), 1, 'DTR-11a'],
    ['1 when its running number was used', () => aDelivery(aCluster(idsTo(5)), { loebenummer: 1 }), 1, 'FIL-25'],
    ['3 when something would wait', () => aDelivery(aCluster([])), 3, 'tilbageholdt'],
  ])('ends with %s', async (_case, file, exitCode, said) => {
    const world = await aWorld()
    await world.night(first, aDelivery(aCluster(idsTo(6))))

    const result = await planned(world, file(), '--date', second)

    expect(result.exitCode).toBe(exitCode)
    expect(result.text).toContain(said)
  })
})
