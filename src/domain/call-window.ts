/** What is left of a window that was too large. Ours, as in TCP. */
const shrinkTo = 0.5
/** Share of each call in the mean of what calls take now: nine slow ones in a row, or so, make it slow. Ours. */
const usualShare = 1 / 8
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
  /** What calls take now: a moving mean, taken up anew when the window is halved. */
  readonly usualMs: number | null
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

/** A window that trusts the setting until the target says otherwise. */
export function openWindow({ parallel }: CallLimits): CallWindow {
  return { size: parallel, bestMs: null, usualMs: null, shrunkAtMs: Number.NEGATIVE_INFINITY }
}

/** The window after a call. */
export function afterCall(window: CallWindow, call: EndedCall, { parallel, slowFactor }: CallLimits): CallWindow {
  if (call.startedAtMs < window.shrunkAtMs) return window
  const tookMs = call.endedAtMs - call.startedAtMs
  const isMeasure = call.verdict === 'answered'
  const bestMs = isMeasure ? Math.min(window.bestMs ?? tookMs, tookMs) : window.bestMs
  const usualMs = isMeasure ? (window.usualMs ?? tookMs) * (1 - usualShare) + tookMs * usualShare : window.usualMs
  const slowMs = slowFactor * Math.max(bestMs ?? 0, leastBestMs)
  const isSlow = (usualMs ?? 0) > slowMs
  if (call.verdict === 'overloaded' || isSlow) {
    // Slow for one call at a time is not our doing: what it takes now is its best.
    const best = isSlow && window.size === 1 ? usualMs : bestMs
    return { size: Math.max(1, window.size * shrinkTo), bestMs: best, usualMs: best, shrunkAtMs: call.endedAtMs }
  }
  const size = isMeasure && tookMs > slowMs ? window.size : Math.min(parallel, window.size + 1 / window.size)
  return { ...window, size, bestMs, usualMs }
}
