import { afterCall, type CallLimits, type CallWindow, type EndedCall, openWindow } from '../../domain/call-window.ts'

/** A call that may be made now; `end` must be called once, when it has ended. */
export interface Turn {
  end(verdict: EndedCall['verdict']): void
}

export interface TurnLimits extends CallLimits {
  /** Calls begun in a second at the most; no such limit when not given. */
  readonly callsPerSecond?: number | undefined
}

/**
 * Lets calls through, first come first served: as many at a time as the window of this process allows, and no more in a
 * second than the setting does. Gives a way to wait for a turn; null when the caller stops before it comes.
 */
export function takeTurns(limits: TurnLimits): (signal: AbortSignal | undefined) => Promise<Turn | null> {
  const waiting = new Set<(turn: Turn) => void>()
  const gapMs = limits.callsPerSecond === undefined ? 0 : 1_000 / limits.callsPerSecond
  let window: CallWindow = openWindow(limits)
  let underWay = 0
  let nextAtMs = 0
  let timer: NodeJS.Timeout | undefined

  return (signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve(null)
      const stop = () => {
        waiting.delete(start)
        resolve(null)
      }
      const start = (turn: Turn) => {
        signal?.removeEventListener('abort', stop)
        resolve(turn)
      }
      signal?.addEventListener('abort', stop, { once: true })
      waiting.add(start)
      letThrough()
    })

  function letThrough(): void {
    for (const start of waiting) {
      if (underWay >= Math.floor(window.size)) return
      const nowMs = performance.now()
      if (nowMs < nextAtMs) {
        clearTimeout(timer)
        timer = setTimeout(letThrough, nextAtMs - nowMs)
        return
      }
      nextAtMs = nowMs + gapMs
      underWay += 1
      waiting.delete(start)
      start(beginAt(nowMs))
    }
  }

  function beginAt(startedAtMs: number): Turn {
    return {
      end: (verdict) => {
        underWay -= 1
        window = afterCall(window, { startedAtMs, endedAtMs: performance.now(), verdict }, limits)
        letThrough()
      },
    }
  }
}
