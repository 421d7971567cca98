import type { EndedCall } from '../../ports/metrics.ts'
import type { UniloginTarget } from '../../ports/unilogin-target.ts'

/** The same target; every call of it is told of when it has ended. */
export function timeTarget(target: UniloginTarget, onEnd: (call: EndedCall) => void): UniloginTarget {
  const timed = async <T>(
    operation: EndedCall['operation'],
    call: () => Promise<T>,
    isAnswer: (result: T) => boolean = () => true,
  ): Promise<T> => {
    const start = performance.now()
    let result: EndedCall['result'] = 'failed'
    try {
      const value = await call()
      if (isAnswer(value)) result = 'answered'
      return value
    } finally {
      onEnd({ target: 'unilogin', operation, result, ms: performance.now() - start })
    }
  }
  return {
    push: (delta, signal) =>
      timed(
        'push',
        () => target.push(delta, signal),
        ({ outcome }) => outcome.kind === 'accepted' || outcome.kind === 'refused',
      ),
    readBack: (numbers, signal) => timed('readBack', () => target.readBack(numbers, signal)),
    agreements: (signal) => timed('agreements', () => target.agreements(signal)),
    hello: (signal) => timed('hello', () => target.hello(signal)),
    close: () => target.close(),
  }
}
