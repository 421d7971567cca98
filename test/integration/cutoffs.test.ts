import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { CutoffsDocument } from '../../config/documents/cutoffs.ts'
import { createFolderFileStore } from '../../src/adapters/files/create-folder-file-store.ts'
import { openRegister } from '../../src/adapters/sqlite/open-register.ts'
import { closeNight } from '../../src/app/close-night.ts'
import type { RegisterContext } from '../../src/app/context.ts'
import { cutoffOverview } from '../../src/app/cutoff-overview.ts'
import { explainUnit } from '../../src/app/explain-unit.ts'
import { nightReport } from '../../src/app/night-report.ts'
import { passCutoffs } from '../../src/app/pass-cutoffs.ts'
import { renderNightReport } from '../../src/app/render-night-report.ts'
import { sweep } from '../../src/app/sweep.ts'
import { renderCutoffs } from '../../src/cli/render-cutoffs.ts'
import { addDays, fromWallTime, type Instant, toIso } from '../../src/domain/time.ts'
import { toCutoffsDocument } from '../../src/formats/cutoffs-document.ts'
import type { OutboxDelta } from '../../src/ports/register/outbox.ts'
import { widthOf } from '../kit/a-screen.ts'
import {
  aClock,
  aDelta,
  aFile,
  aFolder,
  aHold,
  aNightRun,
  aSupplier,
  aVersion,
  silentLog,
  someSettings,
} from '../kit/builders.ts'

const date = '2026-11-24'
const morning = { navn: 'morgen', at: fromWallTime(date, '06:00') }
const tomorrow = { navn: 'morgen', at: fromWallTime('2026-11-25', '06:00') }
const wall = (time: string) => fromWallTime(date, time)
const emptyQueue = { pendingIds: async () => new Set<string>() }

/** An empty register that every test starts from. */
const templateFolder = mkdtempSync(join(tmpdir(), 'dagtilbud-test-'))
const template = join(templateFolder, 'register.sqlite')
beforeAll(() => openRegister(template).close())
afterAll(() => rmSync(templateFolder, { recursive: true }))

interface World {
  readonly ctx: RegisterContext
  readonly clock: ReturnType<typeof aClock>
  /** Turns the clock to a wall time of the night. */
  at(time: string): void
}

/** A worker on a register with the night of 24 November open since 00:30, and two suppliers. */
async function aWorld(settings: Readonly<Record<string, unknown>> = {}): Promise<World> {
  const folder = aFolder()
  copyFileSync(template, join(folder, 'register.sqlite'))
  const register = openRegister(join(folder, 'register.sqlite'), { fleeting: true })
  onTestFinished(() => register.close())
  const clock = aClock(wall('00:30'))
  const suppliers = [aSupplier('nordsystem', { kommuner: ['101'] }), aSupplier('havtorn', { kommuner: ['147', '223'] })]
  const ctx: RegisterContext = {
    clock,
    log: silentLog,
    settings: someSettings({ suppliers, ...settings }),
    files: await createFolderFileStore(join(folder, 'files')),
    register,
  }
  register.write((tx) => tx.nights.insert(aNightRun({ date, openedAt: wall('00:30'), filesUntilAt: wall('05:00') })))
  return { ctx, clock, at: (time) => clock.turn(wall(time) - clock.now()) }
}

/** Puts changes of one applied file into the outbox, due at the first cutoff, and sets them as given. */
function putDeltas(
  { ctx }: World,
  deltas: Readonly<Record<string, Partial<Omit<OutboxDelta, 'deltaId'>>>>,
  parts: { readonly fileId?: string; readonly supplierId?: string } = {},
): void {
  const { fileId = 'f-1', supplierId = 'nordsystem' } = parts
  ctx.register.write((tx) => {
    tx.files.insert(aFile(fileId, { supplierId, date, state: 'applied', storedAt: wall('01:00'), appliedAt: wall('01:01') }))
    tx.files.putReceipt({
      receiptId: `${fileId}.received`,
      fileId,
      type: 'received',
      inputSha256: 'i',
      state: 'delivered',
      preparedAt: wall('01:01'),
      deliveredAt: wall('01:01'),
    })
    for (const [nummer, patch] of Object.entries(deltas)) {
      const deltaId = `d-${nummer}`
      tx.units.write([aVersion(nummer, { planHash: 'p-1' })])
      tx.outbox.insert([aDelta(deltaId, nummer)], {
        fileId,
        planHash: 'p-1',
        date,
        cutoffNavn: 'morgen',
        cutoffAt: morning.at,
        createdAt: wall('01:01'),
      })
      tx.outbox.update(deltaId, patch)
    }
  })
}

const acknowledged = (at: Instant) => ({ state: 'acknowledged', acknowledgedAt: at, attempts: 1 }) as const
const find = ({ ctx }: World, nummer: string) => ctx.register.read((tx) => tx.outbox.find(`d-${nummer}`))
const pass = ({ ctx }: World) => ctx.register.write((tx) => passCutoffs(ctx, tx))
const passedOf = ({ ctx }: World) => ctx.register.read((tx) => tx.cutoffs.passed(0, Number.MAX_SAFE_INTEGER))
const entriesOf = ({ ctx }: World) => ctx.register.read((tx) => [...tx.ledger.after(0)].filter(({ type }) => type === 'cutoff'))

describe('a cutoff that passes', () => {
  const fates = {
    G80001: acknowledged(wall('05:59')),
    G80002: acknowledged(morning.at),
    G80003: acknowledged(morning.at + 1),
    G80004: { state: 'waiting' },
    G80005: { state: 'ready' },
    G80006: { state: 'sent' },
    G80007: { state: 'unknown' },
    G80008: { state: 'refused', replyCode: 'FELT_MANGLER' },
    G80009: { state: 'superseded' },
  } as const

  it('is nothing before it is there', async () => {
    const world = await aWorld()
    putDeltas(world, fates)
    world.clock.turn(morning.at - 1 - world.clock.now())

    expect(pass(world)).toBe(0)
    expect(passedOf(world)).toEqual([])
  })

  it('carries over what was not acknowledged, names what missed it and why, and tells the ledger', async () => {
    const world = await aWorld()
    putDeltas(world, fates)
    world.at('06:01')

    expect(pass(world)).toBe(1)

    const why = Object.fromEntries(
      Object.keys(fates).map((nummer) => {
        const delta = find(world, nummer)
        return [nummer, [delta?.missedWhy, delta?.missedCutoffAt === null ? null : delta?.missedCutoffNavn, delta?.cutoffAt]]
      }),
    )
    expect(why).toEqual({
      G80001: [null, null, morning.at],
      G80002: [null, null, morning.at],
      G80003: ['for-sent', 'morgen', morning.at],
      G80004: ['venter', 'morgen', tomorrow.at],
      G80005: ['klar', 'morgen', tomorrow.at],
      G80006: ['undervejs', 'morgen', tomorrow.at],
      G80007: ['uvis', 'morgen', tomorrow.at],
      G80008: ['afvist', 'morgen', tomorrow.at],
      G80009: [null, null, morning.at],
    })
    expect(passedOf(world)).toEqual([
      { ...morning, recordedAt: wall('06:01'), total: 8, inTime: 2, missed: 6, apart: 0, missingFiles: 0 },
    ])
    expect(entriesOf(world)).toMatchObject([
      {
        subject: `morgen ${toIso(morning.at)}`,
        facts: {
          inTime: 2,
          missed: expect.arrayContaining([
            ['d-G80004', 'venter'],
            ['d-G80008', 'afvist'],
          ]),
          held: [],
        },
      },
    ])
  })

  it('keeps every state as it was', async () => {
    const world = await aWorld()
    putDeltas(world, fates)
    world.at('06:01')
    pass(world)

    const states = Object.fromEntries(Object.keys(fates).map((nummer) => [nummer, find(world, nummer)?.state]))
    expect(states).toEqual(Object.fromEntries(Object.entries(fates).map(([nummer, { state }]) => [nummer, state])))
  })

  it('is recorded once, by the sweep or when the night is closed', async () => {
    const world = await aWorld()
    putDeltas(world, { G80001: acknowledged(wall('02:00')) })
    world.at('06:01')

    await closeNight(world.ctx, { date })
    await sweep(world.ctx, emptyQueue)
    expect(pass(world)).toBe(0)

    expect(passedOf(world)).toMatchObject([{ total: 1, inTime: 1, missed: 0 }])
    expect(entriesOf(world)).toHaveLength(1)
  })

  it('keeps the name of the first cutoff missed through every later one; a refused change counts against the first only', async () => {
    const world = await aWorld()
    putDeltas(world, { G80001: { state: 'refused', replyCode: 'FELT_MANGLER' }, G80002: { state: 'ready' } })
    world.at('06:01')
    pass(world)
    world.clock.turn(24 * 3_600_000)

    expect(pass(world)).toBe(1)

    expect(find(world, 'G80001')).toMatchObject({ missedCutoffAt: morning.at, cutoffAt: tomorrow.at + 24 * 3_600_000 })
    expect(passedOf(world)).toMatchObject([
      { total: 2, missed: 2, apart: 0 },
      { total: 1, missed: 1, apart: 1 },
    ])
  })

  it('is made up for one by one when the worker was away for days', async () => {
    const world = await aWorld()
    putDeltas(world, { G80001: { state: 'ready' } })
    world.clock.turn(3 * 24 * 3_600_000 + 6 * 3_600_000)

    expect(pass(world)).toBe(4)

    expect(entriesOf(world)).toHaveLength(4)
    expect(find(world, 'G80001')).toMatchObject({ missedCutoffAt: morning.at, cutoffAt: fromWallTime('2026-11-28', '06:00') })
  })

  it('is told of a change by the cutoff that it was meant for, whatever it was carried over to', async () => {
    const world = await aWorld()
    putDeltas(world, { G80001: { state: 'ready' }, G80002: { state: 'ready' }, G80003: acknowledged(wall('05:00')) })
    world.at('06:01')
    pass(world)
    world.ctx.register.write((tx) => tx.outbox.update('d-G80001', acknowledged(wall('06:30'))))
    world.at('07:00')

    const told = ['G80001', 'G80002', 'G80003'].map((nummer) => explainUnit(world.ctx, nummer)?.sources[0]?.deltas[0])

    expect(told).toMatchObject([
      { cutoff: morning, met: false },
      { cutoff: morning, met: false },
      { cutoff: morning, met: true },
    ])
  })

  it('leaves what has no cutoff left without one, and says which it missed', async () => {
    const world = await aWorld({ cutoffs: [{ navn: 'morgen', date, time: '06:00' }] })
    putDeltas(world, { G80001: { state: 'ready' } })
    world.at('06:01')
    pass(world)

    expect(find(world, 'G80001')).toMatchObject({ cutoffAt: null, cutoffNavn: null, missedCutoffAt: morning.at })
  })

  it('counts what waits for a data agreement, and what waits behind it, apart', async () => {
    const world = await aWorld()
    putDeltas(world, { G80001: { state: 'ready' }, G80002: acknowledged(wall('02:00')) })
    world.ctx.register.write((tx) => tx.agreements.park('d-G80001', 'G80001', wall('01:02')))
    world.at('06:01')
    pass(world)

    expect(find(world, 'G80001')).toMatchObject({ missedWhy: 'aftale', cutoffAt: tomorrow.at })
    expect(passedOf(world)).toMatchObject([{ total: 1, inTime: 1, missed: 0, apart: 1 }])
  })

  it('names files that were expected and not here, and holds nobody decided', async () => {
    const world = await aWorld()
    putDeltas(world, { G80001: acknowledged(wall('02:00')) })
    world.ctx.register.write((tx) => {
      putSupplier(tx.nights, 'havtorn', 'late', ['147', '223'])
      tx.files.insertHold(aHold('h-1', { openedAt: wall('01:30') }))
    })
    world.at('06:01')
    pass(world)

    expect(passedOf(world)).toMatchObject([{ missed: 0, missingFiles: 2 }])
    expect(entriesOf(world)[0]?.facts).toMatchObject({ held: ['h-1'], missingFiles: 2 })
    expect(nightReport(world.ctx, date)?.misset).toEqual([{ ...morning, why: 'tilbageholdt', count: 12, subjects: ['h-1'] }])
  })
})

describe('the report of a night that missed a cutoff', () => {
  it('counts each change where it was meant to be, and names what missed and why', async () => {
    const world = await aWorld()
    putDeltas(world, {
      G80001: acknowledged(wall('05:00')),
      G80002: acknowledged(wall('06:10')),
      G80003: { state: 'refused', replyCode: 'FELT_MANGLER' },
    })
    world.at('06:11')
    pass(world)

    const report = nightReport(world.ctx, date)

    expect(report?.cutoffs).toEqual([{ ...morning, deltas: 3, acknowledgedInTime: 1, acknowledgedLate: 1, open: 1 }])
    expect(report?.misset).toEqual([
      { ...morning, why: 'for-sent', count: 1, subjects: ['G80002'] },
      { ...morning, why: 'afvist', count: 1, subjects: ['G80003'] },
    ])
  })
})

describe('forecasts', () => {
  /** Past nights in which both suppliers' files came at their times, with ten changes each. */
  function withPast(world: World, nights = 6): void {
    world.ctx.register.write((tx) => {
      tx.units.write([aVersion('G70000')])
      for (let night = 1; night <= nights; night += 1) {
        const past = addDays(date, -night)
        tx.nights.insert(aNightRun({ date: past, state: 'closed', openedAt: fromWallTime(past, '00:30') }))
        for (const [supplierId, kommuneKode, time] of [
          ['nordsystem', '101', '01:00'],
          ['havtorn', '147', '02:10'],
        ] as const) {
          const fileId = `f-${past}-${supplierId}`
          const seenAt = fromWallTime(past, time)
          tx.files.insert(
            aFile(fileId, { supplierId, date: past, state: 'delivered', storedAt: seenAt, appliedAt: seenAt + 20_000 }),
          )
          tx.files.update(fileId, { header: aHeader(kommuneKode) })
          tx.nights.putArrival({
            date: past,
            supplierId,
            name: 'a.xml',
            sizeBytes: 7,
            modifiedAt: 0,
            firstSeenAt: seenAt,
            fileId,
            repeat: false,
          })
          tx.outbox.insert(
            Array.from({ length: 10 }, (_, i) => aDelta(`${fileId}-${i}`, 'G70000')),
            { fileId, planHash: fileId, date: past, cutoffNavn: null, cutoffAt: null, createdAt: seenAt },
          )
          for (let i = 0; i < 10; i += 1)
            tx.outbox.update(`${fileId}-${i}`, { state: 'confirmed', acknowledgedAt: seenAt + 60_000 })
        }
        tx.cutoffs.keepPace(past, 'afsendelse', { done: 600, minutes: 10 })
        tx.cutoffs.keepPace(past, 'indlaesning', { done: 20, minutes: 5 })
      }
    })
  }

  const kept = ({ ctx }: World) => ctx.register.read((tx) => tx.cutoffs.forecasts(0, Number.MAX_SAFE_INTEGER))

  it('are kept by the sweep while something can still move, no more often than the setting says', async () => {
    const world = await aWorld()
    putDeltas(world, { G80001: { state: 'ready' }, G80002: acknowledged(wall('01:02')) })
    world.at('02:00')

    await sweep(world.ctx, emptyQueue)
    world.clock.turn(299_000)
    await sweep(world.ctx, emptyQueue)
    world.clock.turn(2_000)
    await sweep(world.ctx, emptyQueue)

    expect(kept(world)).toMatchObject([
      { ...morning, madeAt: wall('02:00'), total: 2, acknowledged: 1 },
      { ...morning, madeAt: wall('02:00') + 301_000 },
    ])
  })

  it('are not kept when all is done, or waits for a person only', async () => {
    const world = await aWorld()
    putDeltas(world, { G80001: acknowledged(wall('01:02')), G80002: { state: 'refused', replyCode: 'FELT_MANGLER' } })
    world.at('02:00')

    await sweep(world.ctx, emptyQueue)

    expect(kept(world)).toEqual([])
  })

  it('expect the files that usually come, and what they bring', async () => {
    const world = await aWorld()
    withPast(world)
    world.ctx.register.write((tx) => {
      putSupplier(tx.nights, 'nordsystem', 'looking', ['101'])
      putSupplier(tx.nights, 'havtorn', 'looking', ['147'])
    })
    world.at('00:40')

    const { coming } = cutoffOverview(world.ctx)

    expect(coming[0]).toMatchObject({
      ...morning,
      forecast: { acknowledged: 0, suppliers: [{ supplierId: 'havtorn' }, { supplierId: 'nordsystem' }] },
    })
    expect(coming[0]?.forecast?.total).toBeGreaterThan(17)
    expect(coming[0]?.forecast?.total).toBeLessThan(23)
    expect(coming[0]?.forecast?.probability).toBeGreaterThan(0.8)
    expect(coming.slice(1).every(({ forecast }) => forecast === null)).toBe(true)
    expect(coming).toHaveLength(14)
  })

  it('warn of a file once it is clearly late, while it can still make it, and not of one that is on time', async () => {
    const world = await aWorld()
    withPast(world)
    world.ctx.register.write((tx) => putSupplier(tx.nights, 'havtorn', 'looking', ['147']))
    const alertsAt = (time: string) => {
      world.at(time)
      return cutoffOverview(world.ctx).alerts.map(({ cause, who, subject }) => [cause, who, subject])
    }

    expect(alertsAt('02:15')).toEqual([])
    expect(alertsAt('02:30')).toEqual([['fil', 'leverandør', 'havtorn']])
    expect(alertsAt('05:59')).toEqual([])
    world.at('02:30')
    const [alert] = cutoffOverview(world.ctx).alerts
    expect(alert?.what.da).toBe('send filen for kommune 147; den plejer at være her kl. 02:10')
    expect(alert?.latestAt).toBeGreaterThan(wall('05:50'))
    expect(alert?.latestAt).toBeLessThan(wall('05:59'))
  })

  it('warn once for each cause of what waits for a person', async () => {
    const world = await aWorld()
    putDeltas(world, {
      G80001: { state: 'refused', replyCode: 'FELT_MANGLER' },
      G80002: { state: 'refused', replyCode: 'FELT_MANGLER' },
      G80003: { state: 'refused', replyCode: 'INSTNR_UKENDT' },
      G80004: { state: 'unknown', attempts: 4 },
    })
    world.ctx.register.write((tx) => tx.files.insertHold(aHold('h-1', { openedAt: wall('01:30') })))
    world.at('02:00')

    const { alerts } = cutoffOverview(world.ctx)

    expect(alerts.map(({ cause, subject }) => [cause, subject]).toSorted()).toEqual([
      ['afvist', 'FELT_MANGLER'],
      ['afvist', 'INSTNR_UKENDT'],
      ['tilbageholdt', ''],
      ['udmattet', ''],
    ])
    expect(alerts.map(({ latestAt }) => latestAt)).toEqual(alerts.map(({ latestAt }) => latestAt).toSorted((a, b) => a - b))
    expect(cutoffOverview(world.ctx).coming[0]?.forecast?.probability).toBeLessThan(0.01)
  })

  it('are scored when their cutoffs have passed, and shown with their outcome', async () => {
    const world = await aWorld()
    putDeltas(world, { G80001: { state: 'ready' }, G80002: { state: 'ready' } })
    for (const time of ['02:00', '03:00']) {
      world.at(time)
      await sweep(world.ctx, emptyQueue)
    }
    world.ctx.register.write((tx) => {
      for (const nummer of ['G80001', 'G80002']) tx.outbox.update(`d-${nummer}`, acknowledged(wall('04:00')))
    })
    world.at('06:01')
    await sweep(world.ctx, emptyQueue)

    const { passed, score } = cutoffOverview(world.ctx)

    expect(passed).toMatchObject([{ ...morning, total: 2, inTime: 2, met: true, firstForecast: { madeAt: wall('02:00') } }])
    expect(score).toMatchObject({ forecasts: 2, baseRate: 1 })
    expect(score?.brier).toBeLessThan(0.05)
    expect(nightReport(world.ctx, date)).toMatchObject({
      forecasts: [{ ...morning, first: { madeAt: wall('02:00') }, last: { madeAt: wall('03:00') }, met: true }],
      score: { forecasts: 2 },
    })
  })

  it('of earlier nights are what a night’s pace starts from', async () => {
    const world = await aWorld()
    putDeltas(world, { G80001: acknowledged(wall('01:03')), G80002: acknowledged(wall('01:05')) })
    world.at('02:00')

    await closeNight(world.ctx, { date })

    expect(world.ctx.register.read((tx) => tx.cutoffs.paces('afsendelse', '2026-11-25', 5))).toEqual([{ done: 2, minutes: 4.25 }])
    expect(world.ctx.register.read((tx) => tx.cutoffs.paces('indlaesning', '2026-11-25', 5))).toEqual([
      { done: 1, minutes: 1.25 },
    ])
  })
})

describe('what is shown', () => {
  it('fits a hundred columns and the published schema, whatever there is to tell', async () => {
    const world = await aWorld({
      cutoffs: [
        { navn: 'indlæsning før åbningstid', time: '06:00' },
        { navn: 'middag', time: '12:00', operationer: ['nedlaeg'] },
      ],
    })
    const cutoff = { cutoffNavn: 'indlæsning før åbningstid', cutoffAt: morning.at }
    const numbers = Array.from({ length: 9 }, (_, i) => `G8000${i}`)
    putDeltas(world, Object.fromEntries(numbers.map((nummer) => [nummer, { ...cutoff, state: 'sent' }])))
    world.ctx.register.write((tx) => {
      tx.outbox.update('d-G80000', { state: 'refused', replyCode: 'FLYT_UDEN_FOR_KOMMUNE' })
      putSupplier(tx.nights, 'havtorn', 'late', ['147', '223'])
      tx.files.insertHold(aHold('h-1', { openedAt: wall('01:30') }))
    })
    world.at('02:00')
    await sweep(world.ctx, emptyQueue)
    const before = [renderCutoffs(cutoffOverview(world.ctx)), renderNightReport(nightReport(world.ctx, date) as never)]
    expect(CutoffsDocument.safeParse(toCutoffsDocument(cutoffOverview(world.ctx))).error).toBeUndefined()
    world.at('06:01')
    await sweep(world.ctx, emptyQueue)
    const after = [renderCutoffs(cutoffOverview(world.ctx)), renderNightReport(nightReport(world.ctx, date) as never)]
    expect(CutoffsDocument.safeParse(toCutoffsDocument(cutoffOverview(world.ctx))).error).toBeUndefined()

    expect([...before, ...after].filter((text) => widthOf(text) > 100)).toEqual([])
    expect(before[0]?.da).toContain('INDEN FRISTEN')
    expect(before[1]?.da).toContain('INDEN FRISTEN')
    expect(after[0]?.da).toContain('MISSET')
    expect(after[0]?.da).toContain('PROGNOSERNES TRÆFSIKKERHED')
    expect(after[1]?.en).toContain('indlæsnin… 11-24 06:00')
  })
})

function aHeader(kommuneKode: string) {
  return {
    format: 'leverance-xml',
    leverandoer: null,
    kommuneKode,
    art: 'fuld',
    loebenummer: 1,
    dannet: null,
    antal: null,
    gyldigFra: null,
    niveauer: [],
  } as const
}

function putSupplier(
  nights: { putSupplier(row: import('../../src/ports/register/nights.ts').NightSupplier): void },
  supplierId: string,
  state: 'looking' | 'late',
  missing: readonly string[],
): void {
  nights.putSupplier({ date, supplierId, state, looks: 1, lastLookAt: null, problem: null, missing })
}
