import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Turn, type TurnLimits, takeTurns } from '../../src/adapters/unilogin/take-turns.ts'

const limits: TurnLimits = { parallel: 2, slowFactor: 3 }

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

/** Callers that wait for a turn, with the order in which they got it. */
function callers(own: TurnLimits) {
  const nextTurn = takeTurns(own)
  const turns: (Turn | null)[] = []
  const order: string[] = []
  return {
    order,
    turns,
    call: async (name: string, signal?: AbortSignal) => {
      const turn = await nextTurn(signal)
      turns.push(turn)
      order.push(turn === null ? `${name} stopped` : name)
    },
  }
}
/** Lets what has been settled be noticed. */
const settle = () => vi.advanceTimersByTimeAsync(0)

describe('calls', () => {
  it('go in the order in which they came, as many at a time as the window allows', async () => {
    const { call, order, turns } = callers(limits)
    for (const name of ['a', 'b', 'c', 'd']) void call(name)
    await settle()
    const atFirst = [...order]

    turns[0]?.end('answered')
    await settle()

    expect(atFirst).toEqual(['a', 'b'])
    expect(order).toEqual(['a', 'b', 'c'])
  })

  it('are fewer at a time once the target is overloaded, and more again when it is well', async () => {
    const { call, order, turns } = callers({ ...limits, parallel: 4 })
    for (const name of 'abcdefghijkl') void call(name)
    await settle()
    await vi.advanceTimersByTimeAsync(10)
    for (const turn of turns.slice(0, 4)) turn?.end('overloaded')
    await settle()
    const whenOverloaded = order.length - 4

    for (const turn of turns.slice(4)) turn?.end('answered')
    await settle()
    for (const turn of turns.slice(6)) turn?.end('answered')
    await settle()
    const whenWell = order.length - 8

    expect(whenOverloaded).toBe(2)
    expect(whenWell).toBe(3)
  })

  it('leave a gap between them when a second may hold so many only', async () => {
    const { call, order } = callers({ ...limits, parallel: 64, callsPerSecond: 10 })
    for (const name of 'abcdefghijklmnopqrst') void call(name)

    await vi.advanceTimersByTimeAsync(950)

    expect(order.length).toBe(10)
  })

  it('of a caller that stops give their place to the next, and none is held for ever', async () => {
    const { call, order, turns } = callers(limits)
    const stop = new AbortController()
    void call('a')
    void call('b')
    void call('c', stop.signal)
    void call('d')
    await settle()

    stop.abort()
    turns[1]?.end('other')
    await settle()
    await call('e', AbortSignal.abort())

    expect(order).toEqual(['a', 'b', 'c stopped', 'd', 'e stopped'])
  })
})
