import { afterEach, describe, expect, it, vi } from 'vitest'
import { buildCli } from '../../src/cli/build-cli.ts'
import type { Parts } from '../../src/cli/program.ts'
import { watchNight } from '../../src/cli/watch-night.ts'
import { fromWallTime } from '../../src/domain/time.ts'
import type { RegisterTx } from '../../src/ports/register.ts'
import { aScreen } from '../kit/a-screen.ts'
import { aClock, aDelta, aFailure, aFile, aNightRun, aSupplier, aVersion, someSettings } from '../kit/builders.ts'
import { useRegisters } from '../kit/register-of.ts'

const date = '2026-11-24'
const morning = fromWallTime(date, '06:00')
const openRegister = useRegisters()
afterEach(() => {
  process.exitCode = 0
})

/** A night that is open, with a supplier that is looked for. */
async function aNightUnderWay() {
  const opened = await openRegister([aVersion('G80001')])
  const settings = someSettings({ suppliers: [aSupplier('nordsystem', { kommuner: ['101'] })] })
  const change = (work: (tx: RegisterTx) => void) => opened.register.write(work)
  change((tx) => {
    tx.nights.insert(aNightRun({ openedAt: fromWallTime(date, '00:30'), filesUntilAt: fromWallTime(date, '05:00') }))
    putSupplier(tx, 'looking', ['101'])
  })
  const ctx = { ...opened, settings, clock: aClock(fromWallTime(date, '02:00')) }
  const close = (closedAt = ctx.clock.now()) => change((tx) => tx.nights.update(date, { state: 'closed', closedAt }))
  return { ctx, change, close }
}

/** The file comes, and one change of it is acknowledged. */
function fileComes(tx: RegisterTx): void {
  tx.files.insert(
    aFile('f-1', { state: 'delivered', storedAt: fromWallTime(date, '01:59'), appliedAt: fromWallTime(date, '02:00') }),
  )
  putSupplier(tx, 'complete', [])
  const meant = { cutoffNavn: 'morgen', cutoffAt: morning, createdAt: fromWallTime(date, '02:00') }
  tx.outbox.insert([aDelta('d-1', 'G80001'), aDelta('d-2', 'G80001')], { fileId: 'f-1', planHash: 'p-1', date, ...meant })
  tx.outbox.update('d-1', { state: 'acknowledged', acknowledgedAt: fromWallTime(date, '02:00'), attempts: 1 })
}

function putSupplier(tx: RegisterTx, state: 'looking' | 'complete', missing: readonly string[]): void {
  tx.nights.putSupplier({ date, supplierId: 'nordsystem', state, looks: 1, lastLookAt: null, problem: null, missing })
}

const soon = { timeout: 5_000, interval: 2 }

describe('dagtilbud night watch', () => {
  it('draws the night anew in its place on a terminal, until it is closed', async () => {
    const { ctx, change, close } = await aNightUnderWay()
    const screen = aScreen('da', { isTTY: true, env: { NO_COLOR: '1' } })
    const watching = watchNight(ctx, date, screen, { json: false, pollMs: 2 })
    await vi.waitFor(() => expect(screen.out()).toMatch(/nordsystem +der kigges efter filer: 101 +0 filer/), soon)

    change(fileComes)
    await vi.waitFor(
      () => expect(screen.out()).toMatch(/morgen +11-24 06:00 {2}█+[▒·]* {2}1 af 2 kvitteret; \S+ % for dem alle/),
      soon,
    )
    change((tx) => tx.failures.put(aFailure('push.b-1', { code: 'UNILOGIN_UNREACHABLE' })))
    await vi.waitFor(() => expect(screen.out()).toContain('FEJL          1 job: UNILOGIN_UNREACHABLE'), soon)
    close()

    expect((await watching).report).toMatchObject({ state: 'closed', complete: false })
    const drawings = screen.out().split(/\x1b\[\d+A\x1b\[0J/)
    expect(drawings.length).toBeGreaterThanOrEqual(4)
    expect(drawings.at(-1)).toContain('Nat 2026-11-24   slut, men ikke alt er nået frem')
    expect(drawings.at(-1)).toContain('FILER         1 leveret\nÆNDRINGER     1 klar til afsendelse, 1 kvitteret')
    expect(drawings.flatMap((text) => text.split('\n')).filter((line) => line.length > 100)).toEqual([])
  })

  it('writes a line per change where there is no terminal, in the language asked for', async () => {
    const { ctx, change, close } = await aNightUnderWay()
    const screen = aScreen('en')
    const watching = watchNight(ctx, date, screen, { json: false, pollMs: 2 })
    await vi.waitFor(() => expect(screen.out()).toContain('0 of 1 suppliers are here'), soon)
    change(fileComes)
    await vi.waitFor(() => expect(screen.out()).toContain('1 of 1 suppliers are here; 1 files'), soon)
    close()
    await watching

    const told = screen.out().trimEnd().split('\n')
    expect(told).toHaveLength(3)
    expect(told.every((line) => /^02:00:00 {2}\d/.test(line))).toBe(true)
  })

  it('waits for a night that has not begun, and gives a line of JSON per change to a program', async () => {
    const { ctx, change, close } = await aNightUnderWay()
    const screen = aScreen('en')
    const later = '2026-11-25'
    const watching = watchNight(ctx, later, screen, { json: true, pollMs: 2 })
    close()
    change((tx) => tx.nights.insert(aNightRun({ date: later })))
    await vi.waitFor(() => expect(screen.out()).toContain('"tilstand":"open"'), soon)
    change((tx) => tx.nights.update(later, { state: 'closed', closedAt: ctx.clock.now() }))
    await watching

    const told = screen
      .out()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(told.map(({ nat, tilstand, alt }) => [nat, tilstand, alt])).toEqual([
      [later, 'open', true],
      [later, 'closed', true],
    ])
  })

  it.each([
    ['0 when everything accepted has arrived', () => undefined, 0],
    ['1 when not', fileComes, 1],
  ])('ends with %s', async (_case, happens, exitCode) => {
    const { ctx, change, close } = await aNightUnderWay()
    change((tx) => happens(tx))
    close()
    const parts = { loadSettings: () => ctx.settings, openReading: async () => ({ register: ctx, close: async () => undefined }) }

    await buildCli(parts as unknown as Parts, ctx.clock, '0', aScreen()).parseAsync(['night', 'watch'], { from: 'user' })

    expect(process.exitCode ?? 0).toBe(exitCode)
  })
})
