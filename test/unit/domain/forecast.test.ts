import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ComingFile, type ForecastInput, makeForecast } from '../../../src/domain/forecast.ts'
import { scoreForecasts } from '../../../src/domain/forecast-score.ts'
import { simulateNights } from '../../kit/simulate-nights.ts'

const minuteMs = 60_000
const cutoffAt = Date.parse('2026-11-24T05:00:00Z')

/** A step that does so much a minute, as sure as it gets. */
const pace = (perMinute: number) => ({ shape: 25, rate: 25 / perMinute })
const aFile = (parts: Partial<ComingFile> = {}): ComingFile => ({
  supplierId: 'nord',
  arrival: null,
  meanDeltas: 10,
  varianceDeltas: 10,
  ...parts,
})
const comingAt = (minutesBefore: number, share = 0.98) => ({
  medianAt: cutoffAt - minutesBefore * minuteMs,
  spreadMs: 5 * minuteMs,
  share,
})
const supplier = (supplierId: string, parts: Partial<ForecastInput['deltas'][number]> = {}) => ({
  supplierId,
  acknowledged: 0,
  open: 0,
  stuck: 0,
  ...parts,
})
const anInput = (minutesLeft: number, parts: Partial<ForecastInput> = {}): ForecastInput => ({
  now: cutoffAt - minutesLeft * minuteMs,
  cutoffAt,
  leadMs: minuteMs,
  deltas: [],
  files: [],
  prepare: pace(4),
  push: pace(20),
  downMs: 0,
  ...parts,
})

describe('a forecast', () => {
  it('is near certain, and never quite, when there is far more time than work', () => {
    const forecast = makeForecast(anInput(120, { deltas: [supplier('nord', { acknowledged: 30, open: 100 })] }))

    expect(forecast).toMatchObject({ total: 130, acknowledged: 30, expected: 130, risk: null })
    expect(forecast.probability).toBeGreaterThan(0.99)
    expect(forecast.probability).toBeLessThan(1)
  })

  it('counts what gets through when there is far too little time', () => {
    const { expected, probability, risk } = makeForecast(anInput(10, { deltas: [supplier('nord', { open: 1000 })] }))

    expect(probability).toBeLessThan(0.01)
    expect(probability).toBeGreaterThan(0)
    expect(expected).toBeGreaterThan(150)
    expect(expected).toBeLessThan(250)
    expect(risk).toMatchObject({ cause: 'afsendelse', supplierId: null })
  })

  it('is undecided when time and work are about even', () => {
    const { probability } = makeForecast(anInput(50, { deltas: [supplier('nord', { open: 1000 })] }))

    expect(probability).toBeGreaterThan(0.3)
    expect(probability).toBeLessThan(0.7)
  })

  it.each([
    ['a file that mostly comes too late', { files: [aFile({ arrival: comingAt(0) })] }, 'fil', 'nord'],
    ['a file that nobody looks for any more', { files: [aFile({ arrival: comingAt(60, 0) })] }, 'fil', 'nord'],
    ['refused changes', { deltas: [supplier('syd', { open: 5, stuck: 1 })] }, 'afvist', 'syd'],
    ['more files than can be read', { files: Array.from({ length: 200 }, () => aFile()) }, 'indlaesning', null],
    ['more changes than can be sent', { files: [aFile({ meanDeltas: 5000, varianceDeltas: 5000 })] }, 'afsendelse', null],
  ] as const)('names the risk: %s', (_case, parts, cause, supplierId) => {
    const { risk, probability } = makeForecast(anInput(30, parts))

    expect(risk).toMatchObject({ cause, supplierId })
    expect(probability).toBeLessThan(0.5)
  })

  it('expects an outage to last about as long again as it has lasted', () => {
    const chanceAfter = (minutes: number) =>
      makeForecast(anInput(60, { deltas: [supplier('nord', { open: 20 })], downMs: minutes * minuteMs })).probability
    const { risk } = makeForecast(anInput(60, { deltas: [supplier('nord', { open: 20 })], downMs: 120 * minuteMs }))

    expect(chanceAfter(1)).toBeGreaterThan(0.95)
    expect(chanceAfter(60)).toBeGreaterThan(0.4)
    expect(chanceAfter(60)).toBeLessThan(0.6)
    expect(risk).toMatchObject({ cause: 'nede', supplierId: null })
  })

  it('blames only the supplier that is late', () => {
    const deltas = [supplier('nord', { open: 10 }), supplier('syd', { open: 10 })]
    const files = [aFile({ supplierId: 'nord', arrival: comingAt(-30) })]
    const { suppliers } = makeForecast(anInput(60, { deltas, files }))

    expect(suppliers.map(({ supplierId }) => supplierId)).toEqual(['nord', 'syd'])
    expect(suppliers[0]?.probability).toBeLessThan(0.1)
    expect(suppliers[1]?.probability).toBeGreaterThan(0.99)
  })

  it('says when work must start at the latest, earlier the more there is', () => {
    const starts = [100, 400].map((open) => makeForecast(anInput(120, { deltas: [supplier('nord', { open })] })).latestStartAt)
    const minutesBefore = starts.map((at) => (cutoffAt - (at ?? 0)) / minuteMs)

    // 5 and 20 minutes of work at the mean pace, and some more for the tenth worst.
    expect(minutesBefore[0]).toBeGreaterThan(5)
    expect(minutesBefore[0]).toBeLessThan(9)
    expect(minutesBefore[1]).toBeGreaterThan(20)
    expect(minutesBefore[1]).toBeLessThan(34)
  })

  it('needs no start when all is acknowledged', () => {
    expect(makeForecast(anInput(60, { deltas: [supplier('nord', { acknowledged: 7 })] }))).toMatchObject({
      total: 7,
      expected: 7,
      latestStartAt: null,
    })
  })

  it('is the same for the same input', () => {
    const input = anInput(60, { deltas: [supplier('nord', { open: 500 })], files: [aFile({ arrival: comingAt(20) })] })

    expect(makeForecast(input)).toEqual(makeForecast(input))
  })

  it('is a number for whatever is known, within its bounds', () => {
    const aPace = fc.record({
      shape: fc.double({ min: 0.5, max: 25, noNaN: true }),
      rate: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
    })
    const arrival = fc.option(
      fc.record({
        medianAt: fc.integer({ min: cutoffAt - 600 * minuteMs, max: cutoffAt + 600 * minuteMs }),
        spreadMs: fc.integer({ min: minuteMs, max: 300 * minuteMs }),
        share: fc.double({ min: 0, max: 0.999, noNaN: true }),
      }),
    )
    const names = fc.constantFrom('nord', 'syd')
    const some = fc.integer({ min: 0, max: 5_000 })
    const file = fc.record({ supplierId: names, arrival, meanDeltas: fc.nat(500), varianceDeltas: fc.nat(1_000_000) })
    const due = fc.record({ supplierId: names, acknowledged: some, open: some, stuck: fc.nat(3) })
    const known = fc.record({
      prepare: aPace,
      push: aPace,
      files: fc.array(file, { maxLength: 6 }),
      deltas: fc.array(due, { maxLength: 3 }),
    })

    fc.assert(
      fc.property(known, fc.integer({ min: 1, max: 600 }), (parts, minutesLeft) => {
        const forecast = makeForecast(anInput(minutesLeft, parts))
        const { total, acknowledged, expected, probability, latestStartAt } = forecast

        expect([total, expected, probability, latestStartAt ?? 0].every(Number.isFinite)).toBe(true)
        expect(probability > 0 && probability < 1).toBe(true)
        expect(acknowledged <= expected + 0.2 && expected <= total + 0.2).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('grows with time and shrinks with work', () => {
    const chance = (minutes: number, open: number) =>
      makeForecast(anInput(minutes, { deltas: [supplier('nord', { open })] })).probability

    const byTime = [20, 40, 50, 60, 90].map((minutes) => chance(minutes, 1000))
    const byWork = [200, 800, 1000, 1200, 3000].map((open) => chance(50, open))

    expect(byTime).toEqual([...byTime].sort((a, b) => a - b))
    expect(byWork).toEqual([...byWork].sort((a, b) => b - a))
  })
})

describe('the score of forecasts', () => {
  it('is 0 for those that knew, and the base rate’s for those that always say it', () => {
    const outcomes = [true, true, true, false]
    const knew = scoreForecasts(outcomes.map((met) => ({ probability: Number(met), met, weight: 1 })))
    const dull = scoreForecasts(outcomes.map((met) => ({ probability: 0.75, met, weight: 1 })))

    expect(knew).toMatchObject({ brier: 0, baseRate: 0.75, baseBrier: 0.1875 })
    expect(dull?.brier).toBe(0.1875)
    expect(dull?.calibration).toEqual([{ from: 0.6, to: 0.8, weight: 4, said: 0.75, came: 0.75 }])
  })

  it('lets the forecasts of one cutoff share its weight', () => {
    const often = Array.from({ length: 4 }, () => ({ probability: 1, met: true, weight: 0.25 }))

    expect(scoreForecasts([...often, { probability: 1, met: false, weight: 1 }])).toMatchObject({ brier: 0.5, baseRate: 0.5 })
  })

  it('has every chance in one bin, the ends included', () => {
    const all = [0, 0.05, 0.2, 0.5, 0.8, 0.95, 1].map((probability) => ({ probability, met: true, weight: 1 }))

    expect(scoreForecasts(all)?.calibration.reduce((sum, bin) => sum + bin.weight, 0)).toBe(7)
  })

  it('is none without forecasts', () => {
    expect(scoreForecasts([])).toBeNull()
  })
})

/** Made-up countries that are lived in: three on the build server, one at a desk. */
const seeds = process.env['CI'] === undefined ? [2] : [1, 2, 3]
const scoredNights = 20

describe('on simulated nights', () => {
  const forecasts = seeds.flatMap((seed) => simulateNights({ seed, nights: scoredNights + 10, everyMinutes: 60 }))
  const score = scoreForecasts(forecasts)

  it('forecasts are better than the base rate, and mean what they say (npm run bench:forecast shows more)', () => {
    const said = forecasts.reduce((sum, { probability, weight }) => sum + probability * weight, 0)
    const came = forecasts.reduce((sum, { met, weight }) => sum + Number(met) * weight, 0)

    expect(forecasts.length).toBeGreaterThan(seeds.length * 50)
    expect(score?.baseRate).toBeGreaterThan(0.2)
    expect(score?.baseRate).toBeLessThan(0.9)
    expect(score?.brier).toBeLessThan((score?.baseBrier ?? 0) * 0.85)
    expect(Math.abs(said - came) / (seeds.length * scoredNights)).toBeLessThan(0.1)
  })

  it('a chance above 80 % mostly comes true, one below 20 % mostly does not', () => {
    const shareOf = (is: (probability: number) => boolean) => {
      const own = forecasts.filter(({ probability }) => is(probability))
      return (
        own.reduce((sum, { met, weight }) => sum + Number(met) * weight, 0) / own.reduce((sum, { weight }) => sum + weight, 0)
      )
    }

    expect(shareOf((probability) => probability > 0.8)).toBeGreaterThan(0.75)
    expect(shareOf((probability) => probability < 0.2)).toBeLessThan(0.25)
  })
})
