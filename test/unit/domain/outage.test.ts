import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  afterProbe,
  isProbeDue,
  type Outage,
  type OutageRule,
  outageAfter,
  outageText,
  type TargetAnswer,
} from '../../../src/domain/outage.ts'

const rule: OutageRule = { failures: 3, probeDelaysMs: [5_000, 15_000, 60_000] }
const start = Date.parse('2026-11-24T01:00:00Z')
const clear = (sentAt = start): TargetAnswer => ({ sentAt, isClear: true, reason: '' })
const unclear = (sentAt = start, reason = 'HTTP 503'): TargetAnswer => ({ sentAt, isClear: false, reason })
const outageOf = (known: Outage | null, answers: readonly TargetAnswer[], now = start, isProbe = false) =>
  outageAfter(known, answers, { now, isProbe, rule })
const found = outageOf(null, [unclear(), unclear(), unclear()]) as Outage

describe('an outage', () => {
  it('is found when enough calls in a row had no clear answer, since the first of them', () => {
    const suspected = outageOf(null, [clear(), unclear(start + 1, 'ECONNRESET'), unclear(start + 2)], start + 10)

    expect(suspected).toMatchObject({ sinceAt: start + 1, failures: 2, foundAt: null })
    expect(outageOf(suspected, [unclear(start + 3, 'deadline passed')], start + 20)).toEqual({
      sinceAt: start + 1,
      failures: 3,
      reason: 'deadline passed',
      foundAt: start + 20,
      probes: 0,
      nextProbeAt: start + 5_020,
    })
  })

  it('ends with any clear answer, and is never there just after one, however calls are recorded', () => {
    const answers = fc.array(fc.boolean(), { maxLength: 30 })
    fc.assert(
      fc.property(fc.array(answers, { maxLength: 8 }), (batches) => {
        const said = batches.flat()
        const outage = batches.reduce<Outage | null>(
          (known, batch) =>
            outageOf(
              known,
              batch.map((isClear) => (isClear ? clear() : unclear())),
            ),
          null,
        )
        const inARow = said.length - 1 - said.lastIndexOf(true)

        expect(outage?.failures ?? 0).toBe(inARow)
        expect((outage?.foundAt ?? null) !== null).toBe(inARow >= rule.failures)
      }),
    )
  })

  it('is looked at again after a while, each time later, up to the last delay', () => {
    let outage = found
    const pauses = [1, 2, 3, 4].map(() => {
      const now = outage.nextProbeAt
      outage = afterProbe(outage, now, rule, 30_000)
      const ifNeverHeardOf = outage.nextProbeAt - now
      outage = outageOf(outage, [unclear()], now + 100, true) as Outage
      return [ifNeverHeardOf, outage.nextProbeAt - now - 100]
    })

    expect(pauses).toEqual([
      [45_000, 15_000],
      [90_000, 60_000],
      [90_000, 60_000],
      [90_000, 60_000],
    ])
    expect(outage).toMatchObject({ probes: 4, failures: 7, foundAt: found.foundAt, sinceAt: found.sinceAt })
  })

  it('is looked at when its time has come, or was set by a clock that was set back since', () => {
    const at = (now: number) => isProbeDue({ ...found, nextProbeAt: 1_000_000 }, now, rule, 30_000)
    const longest = 30_000 + 60_000

    expect([999_999, 1_000_000, 1_000_000 - longest, 1_000_000 - longest - 1].map(at)).toEqual([false, true, false, true])
  })

  it('is not put off by calls that were under way when it was found', () => {
    expect(outageOf(found, [unclear(), unclear()], start + 4_000)?.nextProbeAt).toBe(found.nextProbeAt)
  })

  it('is told with its beginning, in Copenhagen', () => {
    expect(outageText(found)).toEqual({
      da: 'Unilogin har ikke svaret siden 2026-11-24 02:00',
      en: 'Unilogin has not answered since 2026-11-24 02:00',
    })
  })
})
