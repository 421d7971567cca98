/** What is left of a window that was too large. Ours, as in TCP. */
const shrinkTo = 0.5
/** Calls that are judged together: even the fastest of them must be slow, so that a moment's stall, ours or the target's, is none. Ours. */
const roundCalls = 8
/** Below this, in ms, no target is slow: so much comes of two busy machines. Ours. */
const leastBestMs = 50

/**
 * How many calls may be under way at a target, and what that is judged by. It follows TCP (AIMD): it grows by one for each
 * round of calls that went well, and is halved at once when the target says that it has too much to do, or becomes slow.
 * Senders that follow the rule on their own come to share what the target can take, so each process has a window of its own.
 */
export interface CallWindow {
  /** Calls that may be under way, at least 1; its whole part counts. */
  readonly size: number
  /** What a call takes when the target has little to do; null before the first. */
  readonly bestMs: number | null
  /** Calls of this round so far, and what the fastest of them took. */
  readonly calls: number
  readonly fastestMs: number
  /** Calls that began before this were under the larger window, and are not judged again. */
  readonly shrunkAtMs: number
}

/** A call that has ended; times of one clock that only goes forward. */
export interface EndedCall {
  readonly startedAtMs: number
  readonly endedAtMs: number
  /** overloaded: the target said so, or did not answer. answered: judged by what it took. other: of another kind, not to be compared. */
  readonly verdict: 'overloaded' | 'answered' | 'other'
}

export interface CallLimits {
  /** Calls under way at the most. */
  readonly parallel: number
  /** A target is slow when calls take so many times its best. */
  readonly slowFactor: number
}

const newRound = { calls: 0, fastestMs: Number.POSITIVE_INFINITY } as const

/** A window that trusts the setting until the target says otherwise. */
export function openWindow({ parallel }: CallLimits): CallWindow {
  return { size: parallel, bestMs: null, ...newRound, shrunkAtMs: Number.NEGATIVE_INFINITY }
}

/** The window after a call. */
export function afterCall(window: CallWindow, call: EndedCall, { parallel, slowFactor }: CallLimits): CallWindow {
  if (call.startedAtMs < window.shrunkAtMs) return window
  const tookMs = call.verdict === 'answered' ? call.endedAtMs - call.startedAtMs : null
  const bestMs = tookMs === null ? window.bestMs : Math.min(window.bestMs ?? tookMs, tookMs)
  const fastestMs = Math.min(window.fastestMs, tookMs ?? Number.POSITIVE_INFINITY)
  const calls = window.calls + (tookMs === null ? 0 : 1)
  const slowMs = slowFactor * Math.max(bestMs ?? 0, leastBestMs)
  const isRound = calls >= roundCalls
  const isSlow = isRound && fastestMs > slowMs
  if (call.verdict === 'overloaded' || isSlow) {
    // Slow for one call at a time is not our doing: what it takes now is its best.
    const isItself = isSlow && window.size === 1
    const size = Math.max(1, window.size * shrinkTo)
    return { size, bestMs: isItself ? fastestMs : bestMs, ...newRound, shrunkAtMs: call.endedAtMs }
  }
  const size = (tookMs ?? 0) > slowMs ? window.size : Math.min(parallel, window.size + 1 / window.size)
  return { ...window, size, bestMs, ...(isRound ? newRound : { calls, fastestMs }) }
}
