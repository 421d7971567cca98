import { describe, expect, it } from 'vitest'
import { CutoffsDocument } from '../../config/documents/cutoffs.ts'
import { cutoffOverview } from '../../src/app/cutoff-overview.ts'
import { recordDelivery } from '../../src/app/record-delivery.ts'
import { renderNightReport } from '../../src/app/render-night-report.ts'
import { renderCutoffs } from '../../src/cli/render-cutoffs.ts'
import { toCutoffsDocument } from '../../src/formats/cutoffs-document.ts'
import type { JobRequest } from '../../src/ports/jobs.ts'
import type { OutboxDelta } from '../../src/ports/register/outbox.ts'
import { aDelta, aNight, aVersion } from '../kit/builders.ts'
import { openPushLine, type PushLine } from '../kit/push-line.ts'
import { useRegisters } from '../kit/register-of.ts'
import { daginstitution, type TestUnilogin, useUnilogins } from '../kit/start-test-unilogin.ts'

const date = '2026-11-24'
const openRegister = useRegisters()
const startUnilogin = useUnilogins()

const numbers = Array.from({ length: 24 }, (_, i) => `G${10_000 + i}`)
const renamed = (instnr: string) => ({ ...daginstitution, instnr, instnavn: `Nyt navn ${instnr}` })
const dispatch: JobRequest = { job: 'dispatch', payload: { wave: 'test' } }
const morning = { navn: 'morgen', at: Date.parse('2026-11-24T05:00:00Z') }

interface Line extends PushLine {
  readonly unilogin: TestUnilogin
  deltas(): readonly OutboxDelta[]
  weather(kind?: string): Promise<unknown>
  /** Turns the clock to the next look at the target, and looks. */
  probe(): Promise<void>
}

/** Two lanes, and a target that counts as down after three calls without an answer. */
async function openLine(settings: Readonly<Record<string, unknown>> = {}): Promise<Line> {
  const register = await openRegister(numbers.map((nummer) => aVersion(nummer)))
  const unilogin = await startUnilogin(register.clock)
  const line = await openPushLine({
    register,
    unilogin,
    institutions: numbers.map((instnr) => ({ ...daginstitution, instnr })),
    deltas: numbers.map((nummer, i) =>
      aDelta(`00000000-0000-4000-8000-0000000000${10 + i}`, nummer, { record: renamed(nummer) }),
    ),
    cutoff: morning,
    settings: { parallel: 2, ...settings },
    tree: { outage: { failures: 3, probeDelaysMs: [5_000, 60_000] } },
  })
  return {
    ...line,
    unilogin,
    deltas: () => line.ctx.register.read((tx) => tx.outbox.ofNight(date)),
    weather: (kind) => unilogin.side('PUT', '/weather', kind === undefined ? [] : [{ kind }]),
    probe: async () => {
      const { nextProbeAt = 0 } = line.ctx.register.read((tx) => tx.outages.found()) ?? {}
      line.ctx.clock.turn(nextProbeAt - line.ctx.clock.now())
      await line.run(dispatch)
    },
  }
}

const attemptsOf = (line: Line) => line.deltas().reduce((sum, { attempts }) => sum + attempts, 0)
const outagesIn = (line: Line) =>
  line.ctx.register.read((tx) => [...tx.ledger.after(0)].filter(({ type }) => type === 'outage').map(({ subject }) => subject))

describe('a target that is down', () => {
  it.each(['unavailable', 'refused', 'lostAfterCommit'])(
    'by %s costs hardly a try, is looked at with one change at a time, and gets every change once when it is back',
    async (kind) => {
      const line = await openLine({ readBack: 'alle' })
      await line.weather(kind)

      await line.run(dispatch)
      const triesAtFirst = attemptsOf(line)
      const callsAtFirst = (await line.calls()).length
      await line.probe()
      await line.probe()
      const callsLater = (await line.calls()).length

      // The calls in which it was found; those that were under way then, and the looks, cost none.
      expect(triesAtFirst).toBe(2)
      expect(attemptsOf(line)).toBe(2)
      expect(callsAtFirst).toBeLessThan(numbers.length / 3)
      expect(callsLater - callsAtFirst).toBeLessThanOrEqual(2)
      expect(outagesIn(line)).toEqual(['begun'])
      expect(new Set(Object.values(line.states()))).toEqual(new Set(kind === 'refused' ? ['ready'] : ['ready', 'unknown']))

      await line.weather()
      await line.probe()

      expect(new Set(Object.values(line.states()))).toEqual(new Set(['confirmed']))
      expect(outagesIn(line)).toEqual(['begun', 'ended'])
      const taken = (await line.calls()).filter(({ verb, outcome }) => verb !== null && outcome === 'OK')
      expect(taken.map(({ instnr }) => instnr).toSorted()).toEqual(numbers)
      expect((await line.calls()).filter(({ outcome }) => outcome === 'IKKE_NYERE')).toEqual([])
    },
  )

  it('asks for its next look, and for nothing before it', async () => {
    const line = await openLine()
    await line.weather('unavailable')

    await line.run(dispatch)
    const calls = (await line.calls()).length
    line.ctx.clock.turn(4_999)
    const { next } = await line.sweep()
    await line.run(dispatch)

    expect(line.later.at(-1)).toMatchObject({ job: 'dispatch', payload: { wave: `at-${aNight + 5_000}` } })
    expect(next.filter(({ job }) => job === 'push' || job === 'confirm')).toEqual([])
    expect((await line.calls()).length).toBe(calls)
  })

  it('is one that gives no answers in a row: a change that fails by itself is no outage, and leaves the others their tries', async () => {
    const line = await openLine()
    await line.unilogin.side('PUT', '/weather', [{ kind: 'receiverFault', instnr: numbers[3] }])

    await line.run(dispatch)

    const tries = new Map(line.deltas().map(({ nummer, state, attempts }) => [nummer, [state, attempts]]))
    expect(tries.get(numbers[3] as string)).toEqual(['unknown', 1])
    expect([...tries].filter(([nummer]) => nummer !== numbers[3]).map(([, tried]) => tried)).toEqual(
      numbers.slice(1).map(() => ['acknowledged', 1]),
    )
    expect(line.ctx.register.read((tx) => tx.outages.current())).toBeNull()
  })

  it('is not counted twice when the same answers are recorded again', async () => {
    const line = await openLine()
    await line.weather('unavailable')
    const first = line.ctx.register.write((tx) => tx.outbox.ofNight(date).slice(0, 2))
    line.ctx.register.write((tx) => {
      for (const { deltaId } of first) tx.outbox.update(deltaId, { state: 'sent', batchId: 'b-1', attempts: 1, sentAt: aNight })
    })
    const { sha256 } = await line.ctx.files.put(
      JSON.stringify([
        {
          deltaId: first[0]?.deltaId,
          attempt: 1,
          messageId: 'm',
          sentAt: aNight,
          answeredAt: aNight,
          outcome: { kind: 'notSent', reason: 'x' },
        },
        {
          deltaId: first[1]?.deltaId,
          attempt: 1,
          messageId: '',
          sentAt: aNight,
          answeredAt: aNight,
          outcome: { kind: 'notTried' },
        },
      ]),
    )

    await recordDelivery(line.ctx, { batchId: 'b-1', exchangesSha256: sha256 })
    await recordDelivery(line.ctx, { batchId: 'b-1', exchangesSha256: sha256 })

    expect(line.ctx.register.read((tx) => tx.outages.current())).toMatchObject({ failures: 1, foundAt: null })
  })
})

describe('a slow target', () => {
  it('has its answers recorded every few seconds: what a batch has no time for is given back, and goes once', async () => {
    const line = await openLine()
    const { target, clock } = line.ctx
    const push: typeof target.push = (...call) => {
      clock.turn(3_000)
      return target.push(...call)
    }
    Object.assign(line.ctx, { target: { ...target, push } })

    await line.run(dispatch)

    const recorded = line.ctx.register.read((tx) => [...tx.ledger.after(0)].filter(({ type }) => type === 'delivery'))
    expect(Math.max(...recorded.map(({ facts }) => Number(facts['acknowledged'] ?? 0)))).toBe(2)
    expect(new Set(line.deltas().map(({ state, attempts }) => `${state} ${attempts}`))).toEqual(new Set(['acknowledged 1']))
    expect((await line.calls()).length).toBe(numbers.length)
  })
})

describe('while the target is down', () => {
  it('the report and the forecast say so, and the night waits for its cutoff and no longer', async () => {
    const line = await openLine()
    await line.weather('closed')
    await line.run(dispatch)
    line.ctx.clock.turn(60_000)
    const before = line.report()
    const overview = cutoffOverview(line.ctx)
    await line.run({ job: 'close-night', payload: { date } })
    const stillOpen = line.report()?.state
    line.ctx.clock.turn(morning.at + 1 - line.ctx.clock.now())
    await line.run({ job: 'close-night', payload: { date } })
    const closed = line.report()
    await line.weather()
    await line.probe()
    const after = line.report()

    expect(before?.outages).toMatchObject([{ sinceAt: aNight, endedAt: null, reason: expect.stringContaining('lukket') }])
    expect(before?.actions[0]).toMatchObject({
      who: 'operator',
      what: { da: expect.stringContaining('Unilogin har ikke svaret siden 2026-11-24 02:15; ') },
    })
    expect(overview.alerts).toMatchObject([
      { cause: 'nede', what: { da: expect.stringMatching(/HTTP 503.* 24 ændringer venter/) } },
    ])
    expect(CutoffsDocument.safeParse(toCutoffsDocument(overview)).error).toBeUndefined()
    expect(renderCutoffs(overview).da).toContain('UNILOGIN SVARER IKKE')
    expect(stillOpen).toBe('open')
    expect(closed).toMatchObject({ state: 'closed', complete: false, outages: [{ endedAt: null }] })
    expect(after).toMatchObject({ complete: true, outages: [{ sinceAt: aNight, endedAt: line.ctx.clock.now() }] })
    expect(after?.actions.filter(({ what }) => what.da.includes('svaret'))).toEqual([])
    const lines = [before, closed, after].flatMap((report) => renderNightReport(report as never).da.split('\n'))
    expect([...lines, ...renderCutoffs(overview).da.split('\n')].filter((text) => text.length > 100)).toEqual([])
  })
})
