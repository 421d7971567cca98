import { describe, expect, test } from 'vitest'
import { jobs } from '../../jobs/index.ts'
import { showUnit } from '../../src/app/show-unit.ts'
import { renderUnit } from '../../src/cli/render-unit.ts'
import type { NewDelta } from '../../src/domain/link-deltas.ts'
import { newest } from '../../src/domain/moment.ts'
import type { JobRequest, StepResult } from '../../src/ports/jobs.ts'
import { aDelta, aFailure, aNight, aVersion, someSettings } from '../kit/builders.ts'
import { openPushLine, type PushLine } from '../kit/push-line.ts'
import { useRegisters } from '../kit/register-of.ts'
import {
  alternativAdresse,
  anvisningsenhed,
  daginstitution,
  type TestUnilogin,
  useUnilogins,
} from '../kit/start-test-unilogin.ts'

const date = '2026-11-24'
const anHour = 3_600_000
const openRegister = useRegisters()
const startUnilogin = useUnilogins()

const renamed = { ...anvisningsenhed, instnavn: 'Ærtebjerg, nyt navn' }
const [first, second, opening] = ['1', '2', '3'].map((n) => `00000000-0000-4000-8000-00000000000${n}`) as [string, string, string]
/** A rename, another after it, and an opening. */
const deltas: readonly NewDelta[] = [
  aDelta(first, 'G10001', { record: renamed }),
  aDelta(second, 'G10001', { record: { ...renamed, telefonnr: '12345678' }, needs: [first] }),
  aDelta(opening, 'G10002', { operation: 'opret', record: alternativAdresse }),
]

interface Line extends PushLine {
  readonly unilogin: TestUnilogin
}

/** The push side, with a sandbox where no new number has an agreement. */
async function openLine(settings: Readonly<Record<string, unknown>> = { agreements: 'kraeves' }): Promise<Line> {
  const register = await openRegister(['G10001', 'G10002'].map((nummer) => aVersion(nummer)))
  const unilogin = await startUnilogin(register.clock)
  await unilogin.side('PUT', '/agreements', { newNumbers: 'withhold' })
  const institutions = [daginstitution, anvisningsenhed]
  return { ...(await openPushLine({ register, unilogin, institutions, deltas, settings })), unilogin }
}

const dispatch: JobRequest = { job: 'dispatch', payload: { wave: 'test' } }
const ask: JobRequest = { job: 'agreements', payload: { round: 'test' } }
const approve = (line: Line, ...instnr: string[]) =>
  line.unilogin.side('PUT', '/agreements', { set: [{ instnr, status: 'GODKENDT' }] })
const withdraw = (line: Line, ...instnr: string[]) =>
  line.unilogin.side('PUT', '/agreements', { set: [{ instnr, status: 'SLETTET' }] })
const asksOf = ({ next }: StepResult) => next.filter(({ job }) => job === 'agreements').length

describe('a change of a number without a data agreement', () => {
  test('waits, lets the night end as complete, says who must act, and goes by itself once approved', async () => {
    const line = await openLine()

    await line.run(dispatch)
    const held = line.states()
    await line.run({ job: 'close-night', payload: { date } })
    const unlooked = line.report()
    await line.run(ask)
    const closed = line.report()

    expect(held).toEqual({ [first]: 'waiting', [second]: 'waiting', [opening]: 'acknowledged' })
    // Nobody has looked since it began to wait whether the agreement is there: it is not the end yet.
    expect(unlooked).toMatchObject({ state: 'open', openWork: { deltas: 1 } })
    expect(closed).toMatchObject({
      state: 'closed',
      complete: true,
      agreements: {
        waiting: 2,
        missing: [{ kommuneKode: '159', numbers: ['G10001'], since: date }],
        checkedAt: aNight,
        suspect: false,
      },
      actions: expect.arrayContaining([
        expect.objectContaining({
          who: 'kommune',
          what: expect.objectContaining({ en: expect.stringContaining('G10001') }),
          subject: 'kommune 159',
        }),
      ]),
    })

    await approve(line, 'G10001')
    line.ctx.clock.turn(anHour)
    for (const request of (await line.sweep()).next) await line.run(request)

    expect(line.states()).toEqual({ [first]: 'acknowledged', [second]: 'acknowledged', [opening]: 'acknowledged' })
    expect(line.report()).toMatchObject({ complete: true, agreements: { waiting: 0, missing: [] } })
    expect(line.report()?.actions.filter(({ who }) => who === 'kommune')).toEqual([])
    expect(line.ctx.register.read((tx) => tx.files.find('f-1')?.state)).toBe('delivered')
    expect((await line.calls()).map(({ operation, verb, outcome }) => [verb ?? operation, outcome])).toEqual([
      ['opret', 'OK'],
      ['hentDataAftaler', 'OK'],
      ['hentDataAftaler', 'OK'],
      ['opdater', 'OK'],
      ['opdater', 'OK'],
    ])
  })

  test('goes at once when the agreement was there before', async () => {
    const line = await openLine()
    await approve(line, 'G10001')

    await line.run(ask)
    await line.run(dispatch)

    expect(new Set(Object.values(line.states()))).toEqual(new Set(['acknowledged']))
    expect(line.ctx.register.read((tx) => tx.agreements.find('G10001'))).toEqual({
      nummer: 'G10001',
      state: 'godkendt',
      approvedAt: aNight,
      changedAt: aNight,
    })
  })

  test('goes when agreements are no longer asked for', async () => {
    const line = await openLine()
    await line.run(dispatch)
    const settings = someSettings({ unilogin: { baseUrl: line.unilogin.url, source: 'Prøve', agreements: 'ingen' } })

    const { next } = await jobs.dispatch.run({ ...line.ctx, settings } as never, { wave: 'x' }, new AbortController().signal)
    for (const request of next) await line.run(request)

    expect(line.states()[first]).toBe('acknowledged')
  })

  test('goes on when an earlier attempt of it is unclear: the target may have it already', async () => {
    const line = await openLine()
    line.ctx.register.write((tx) => tx.outbox.update(first, { state: 'unknown', replyCode: 'ambiguous', attempts: 1 }))

    await line.run(dispatch)

    expect(line.states()[first]).toBe('acknowledged')
    expect(line.states()[second]).toBe('waiting')
  })

  test('is never asked about, and never waits, where agreements are not required', async () => {
    const line = await openLine({})

    await line.run(dispatch)

    expect(asksOf(await line.sweep())).toBe(0)
    expect(new Set(Object.values(line.states()))).toEqual(new Set(['acknowledged']))
  })
})

describe('what is shown of a unit', () => {
  test('is the agreement of its number, as it was known at the moment that is asked about', async () => {
    const ctx = await openRegister(['G10001', 'G10002'].map((nummer) => aVersion(nummer)))
    const shown = (nummer: string, knownAt = newest) => {
      const unit = showUnit(ctx, nummer, { at: newest, knownAt }, false)
      return [unit?.agreement?.state ?? null, /aftale .*/.exec(unit === null ? '' : renderUnit(unit).da)?.[0].replace(/ +/g, ' ')]
    }
    expect(shown('G10001')).toEqual([null, 'aftale ukendt: listen over dataaftaler er aldrig hentet'])

    const check = { approved: 1, lapsed: 0, suspect: false, listSha256: 'a' }
    ctx.register.write((tx) => {
      tx.agreements.note(['G10001'], 'godkendt', aNight + anHour)
      tx.agreements.note(['G10001'], 'bortfaldet', aNight + 2 * anHour)
      tx.agreements.addCheck({ ...check, at: aNight + 2 * anHour, listed: 0 })
    })

    expect(shown('G10001', aNight)).toEqual([null, 'aftale ingen på listen, sidst hentet 2026-11-24 04:15'])
    expect(shown('G10001', aNight + anHour)).toEqual(['godkendt', 'aftale godkendt 2026-11-24 03:15'])
    expect(shown('G10001')).toEqual(['bortfaldet', 'aftale bortfaldet 2026-11-24 04:15'])
    expect(shown('G10002')[1]).toBe('aftale ingen på listen, sidst hentet 2026-11-24 04:15')
  })
})

describe('the list of agreements', () => {
  test('is fetched when a night opens', async () => {
    const line = await openLine()

    const { next } = await jobs['open-night'].run(
      line.ctx as never,
      { date, trigger: 'operator', start: 'x', filesUntilAt: null },
      new AbortController().signal,
    )

    expect(next.map(({ job }) => job)).toContain('agreements')
  })

  test('is fetched again only while something waits, at its pace, and not past a failed job', async () => {
    const line = await openLine()
    await line.run(dispatch)
    const atOnce = asksOf(await line.sweep())
    await line.run(ask)
    const tooSoon = asksOf(await line.sweep())
    line.ctx.clock.turn(anHour)
    const later = asksOf(await line.sweep())
    const failure = aFailure('agreements.x', { queue: 'confirm', job: 'agreements', code: 'UNILOGIN_ACCESS_REFUSED' })
    line.ctx.register.write((tx) => tx.failures.put(failure))
    const afterFailure = asksOf(await line.sweep())

    expect([atOnce, tooSoon, later, afterFailure]).toEqual([1, 0, 1, 0])
  })

  test('that has lost an agreement stops its number, and a suspect one changes nothing and is shown', async () => {
    const line = await openLine({ agreements: 'kraeves', agreementsLostRatio: 0.5 })
    line.ctx.register.write((tx) => tx.agreements.note(['G10000', 'G10001'], 'godkendt', aNight))
    await approve(line, 'G10000')
    await line.run(ask)
    const one = line.ctx.register.read((tx) => tx.agreements.approved())
    await withdraw(line, 'G10000')
    await line.run(ask)
    await line.run(dispatch)

    expect(one).toEqual(['G10000'])
    expect(line.ctx.register.read((tx) => tx.agreements.approved())).toEqual(['G10000'])
    expect(line.ctx.register.read((tx) => tx.agreements.find('G10001')?.state)).toBe('bortfaldet')
    expect(line.states()[first]).toBe('waiting')
    expect(line.report()?.agreements.suspect).toBe(true)
    expect(line.report()?.actions).toContainEqual(
      expect.objectContaining({ who: 'operator', subject: 'unilogin.agreementsLostRatio' }),
    )
  })
})
