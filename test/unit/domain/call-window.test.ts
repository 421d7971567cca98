import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { afterCall, type CallLimits, type CallWindow, type EndedCall, openWindow } from '../../../src/domain/call-window.ts'

const limits: CallLimits = { parallel: 8, slowFactor: 3 }
const aCall = (startedAtMs: number, tookMs: number, verdict: EndedCall['verdict'] = 'answered'): EndedCall => ({
  startedAtMs,
  endedAtMs: startedAtMs + tookMs,
  verdict,
})
/** Calls one after another under a window. */
const windowAfter = (window: CallWindow, calls: readonly EndedCall[], own = limits) =>
  calls.reduce((known, call) => afterCall(known, call, own), window)
const quick = (count: number, from = 0) => Array.from({ length: count }, (_, i) => aCall(from + i * 100, 100))

const verdict = fc.constantFrom('answered' as const, 'overloaded' as const, 'other' as const)
const calls = fc.array(fc.tuple(fc.integer({ min: 0, max: 50_000 }), fc.integer({ min: 0, max: 30_000 }), verdict), {
  maxLength: 100,
})

describe('a window of calls', () => {
  it('is whole at first, and never above the setting nor below one, whatever the calls come to', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), calls, (parallel, ended) => {
        let window = openWindow({ ...limits, parallel })
        expect(window.size).toBe(parallel)
        for (const [startedAtMs, tookMs, said] of ended) {
          window = afterCall(window, aCall(startedAtMs, tookMs, said), { ...limits, parallel })
          expect(window.size).toBeGreaterThanOrEqual(1)
          expect(window.size).toBeLessThanOrEqual(parallel)
        }
      }),
    )
  })

  it('falls by a call that finds the target overloaded, and rises by any other that is not slow', () => {
    fc.assert(
      fc.property(calls, (ended) => {
        let window = openWindow(limits)
        for (const [startedAtMs, tookMs, said] of ended) {
          const next = afterCall(window, aCall(startedAtMs, tookMs, said), limits)
          const isJudged = startedAtMs >= window.shrunkAtMs
          if (!isJudged) expect(next).toBe(window)
          else if (said === 'overloaded') expect(next.size).toBe(Math.max(1, window.size / 2))
          else if (next.shrunkAtMs === window.shrunkAtMs) expect(next.size).toBeGreaterThanOrEqual(window.size)
          window = next
        }
      }),
    )
  })

  it('is halved once, however many of the calls under way find the target overloaded', () => {
    const together = Array.from({ length: 8 }, (_, i) => aCall(i, 200 + i, 'overloaded'))

    expect(windowAfter(openWindow(limits), together).size).toBe(4)
    expect(windowAfter(openWindow(limits), [...together, aCall(300, 10, 'overloaded')]).size).toBe(2)
  })

  it('grows by one in each round of calls that went well', () => {
    const { size } = windowAfter({ ...openWindow(limits), size: 2 }, quick(2))

    expect(size).toBeGreaterThan(2.8)
    expect(size).toBeLessThanOrEqual(3)
  })

  it('is halved when calls have come to take several times the best, but not for a stall that strikes some of them', () => {
    const used = windowAfter(openWindow(limits), quick(50))
    const slow = Array.from({ length: 20 }, (_, i) => aCall(10_000 + i, 500))
    const stalled = Array.from({ length: 20 }, (_, i) => aCall(10_000 + i, i % 7 === 0 ? 100 : 2_000))

    expect(windowAfter(used, stalled).size).toBe(8)
    expect(windowAfter(used, slow).size).toBeLessThan(5)
  })

  it('takes no target that answers at once for slow', () => {
    const used = windowAfter(
      openWindow(limits),
      Array.from({ length: 50 }, (_, i) => aCall(i, 1)),
    )

    expect(
      windowAfter(
        used,
        Array.from({ length: 50 }, (_, i) => aCall(1_000 + i, 100)),
      ).size,
    ).toBe(8)
  })

  it('is whole again after a while when the target has become slower for good', () => {
    let window = windowAfter(openWindow(limits), quick(50))
    const sizes = Array.from({ length: 200 }, (_, i) => {
      window = afterCall(window, aCall(10_000 + i * 500, 500), limits)
      return window.size
    })

    expect(Math.min(...sizes)).toBe(1)
    expect(sizes.at(-1)).toBe(8)
  })
})

/** A target that answers so many calls side by side in `baseMs`; more of them wait for each other, or are turned away. */
interface Target {
  readonly capacity: number
  readonly baseMs: number
  readonly excess: 'waits' | 'turned away'
}

/** Sends for a while from some senders, each under its own window; gives each one's share of calls, and how busy the target was. */
function simulate(target: Target, senders: readonly CallLimits[], rounds = 150) {
  const states = senders.map((own) => ({ own, window: openWindow(own), done: 0, refused: 0 }))
  let underWay: { readonly sender: number; readonly call: EndedCall }[] = []
  let busyMs = 0
  let nowMs = 0
  while (nowMs < rounds * target.baseMs) {
    for (const [sender, { window }] of states.entries()) {
      let own = underWay.filter((one) => one.sender === sender).length
      for (; own < Math.floor(window.size); own += 1) {
        const isFull = underWay.length >= target.capacity
        const isTurnedAway = isFull && target.excess === 'turned away'
        const tookMs = isTurnedAway ? 5 : target.baseMs * Math.max(1, (underWay.length + 1) / target.capacity)
        underWay.push({ sender, call: aCall(nowMs, tookMs, isTurnedAway ? 'overloaded' : 'answered') })
      }
    }
    underWay.sort((a, b) => a.call.endedAtMs - b.call.endedAtMs)
    const [first, ...rest] = underWay
    if (first === undefined) break
    const passedMs = first.call.endedAtMs - nowMs
    busyMs += passedMs * Math.min(1, underWay.length / target.capacity)
    nowMs = first.call.endedAtMs
    underWay = rest
    const state = states[first.sender] as (typeof states)[number]
    state.window = afterCall(state.window, first.call, state.own)
    if (first.call.verdict === 'overloaded') state.refused += 1
    else state.done += 1
  }
  return { busy: busyMs / nowMs, senders: states }
}

describe('senders that each keep a window', () => {
  const targets = fc.record({
    capacity: fc.integer({ min: 1, max: 8 }),
    baseMs: fc.integer({ min: 60, max: 1_000 }),
    excess: fc.constantFrom('waits' as const, 'turned away' as const),
  })

  it('keep the target busy, and turn down when it cannot take what the setting allows', () => {
    fc.assert(
      fc.property(targets, (target) => {
        const { busy, senders } = simulate(target, [{ ...limits, parallel: 64 }])

        expect(busy).toBeGreaterThan(0.6)
        expect(senders[0]?.window.size).toBeLessThan(6 * target.capacity + 12)
      }),
      { numRuns: 12 },
    )
  })

  it('come to an even share without knowing of each other', () => {
    const target: Target = { capacity: 12, baseMs: 100, excess: 'turned away' }
    const { senders } = simulate(target, [
      { ...limits, parallel: 64 },
      { ...limits, parallel: 64 },
    ])
    const [one, other] = senders.map(({ done }) => done) as [number, number]

    expect(Math.max(one, other) / Math.min(one, other)).toBeLessThan(1.5)
  })
})
