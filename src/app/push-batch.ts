import { SyncError } from '../domain/errors.ts'
import type { JobPayloads, StepResult } from '../ports/jobs.ts'
import type { Exchange } from '../ports/unilogin-target.ts'
import type { PushItem } from './claim-deliveries.ts'
import { compareReadBack } from './confirm-batch.ts'
import type { EdgeContext } from './context.ts'
import { getDocument, putDocument, trusted } from './documents.ts'

/** What became of one delta of a batch; kept as the proof of what was sent and answered. */
export interface PushResult extends Omit<Exchange, 'outcome'> {
  readonly deltaId: string
  readonly attempt: number
  readonly outcome:
    | Exchange['outcome']
    /** An earlier attempt was found at the target. */
    | { readonly kind: 'readBack'; readonly text: string }
    /** Given back as it was. */
    | { readonly kind: 'notTried' }
}

/** A batch hands over what it has after so long, and gives the rest back: answers are soon recorded, however slow the target is. */
const longestMs = 5_000

/**
 * Sends a batch, one delta after another. A delta with an unclear earlier attempt is read back first: when the target
 * holds it, it is done; when it does not, it goes again with the same sourceDateTime, so that two loads cannot happen; when
 * the look-up fails, it stays unclear. After a call without a clear answer the rest is given back untried: the register
 * sees more than this batch, and decides whether the target is down.
 */
export async function pushBatch(ctx: EdgeContext, payload: JobPayloads['push'], signal: AbortSignal): Promise<StepResult> {
  const items = await getDocument(ctx.files, payload.batchSha256, trusted<readonly PushItem[]>())
  const stopAt = ctx.clock.now() + longestMs
  const results: PushResult[] = []
  let goesOn = true
  for (const item of items) {
    signal.throwIfAborted()
    const result: PushResult = goesOn ? await pushOne(ctx, item, signal) : notTried(ctx, item)
    goesOn &&= isClear(result.outcome) && ctx.clock.now() < stopAt
    results.push(result)
  }
  const { sha256: exchangesSha256 } = await putDocument(ctx.files, results)
  return {
    outcome: 'pushed',
    next: [{ job: 'record-delivery', payload: { batchId: payload.batchId, exchangesSha256 } }],
    facts: { deltas: items.length, accepted: results.filter((result) => result.outcome.kind === 'accepted').length },
  }
}

/** Whether the target has said where it stands. */
export function isClear({ kind }: PushResult['outcome']): boolean {
  return kind === 'accepted' || kind === 'refused' || kind === 'authFault' || kind === 'readBack'
}

async function pushOne(ctx: EdgeContext, item: PushItem, signal: AbortSignal): Promise<PushResult> {
  const { deltaId, attempt } = item
  if (item.readBackFirst && ctx.settings.unilogin.readBack !== 'ingen') {
    const found = await lookAtTarget(ctx, item, signal)
    if (found === 'there')
      return { ...empty(ctx), deltaId, attempt, outcome: { kind: 'readBack', text: 'the target holds the record' } }
    if (found !== 'not there') return { ...empty(ctx), deltaId, attempt, outcome: { kind: 'ambiguous', reason: found.reason } }
  }
  const { nummer: _nummer, readBackFirst: _first, attempt: _attempt, ...delta } = item
  const exchange = await ctx.target.push({ ...delta, source: ctx.settings.unilogin.source }, signal)
  return { ...exchange, deltaId, attempt }
}

/** Whether the target holds what an earlier, unanswered attempt sent. When that cannot be learned, nothing is sent blindly. */
async function lookAtTarget(
  ctx: EdgeContext,
  item: PushItem,
  signal: AbortSignal,
): Promise<'there' | 'not there' | { readonly reason: string }> {
  try {
    const held = (await ctx.target.readBack([item.nummer], signal)).get(item.nummer) ?? null
    const expected = { nummer: item.nummer, record: item.operation === 'nedlaeg' ? null : item.record }
    return compareReadBack(expected, held).verdict === 'equal' ? 'there' : 'not there'
  } catch (error) {
    ctx.log.warn({ deltaId: item.deltaId, error }, 'read-back before a retry failed')
    return {
      reason: `not sent again, as the look-up before it failed: ${error instanceof SyncError ? error.code : 'unexpected error'}`,
    }
  }
}

function notTried(ctx: EdgeContext, { deltaId, attempt }: PushItem): PushResult {
  return { ...empty(ctx), deltaId, attempt, outcome: { kind: 'notTried' } }
}

/** Of a delta for which no message was sent. */
function empty(ctx: EdgeContext): Omit<Exchange, 'outcome'> {
  const now = ctx.clock.now()
  return { messageId: `look-up.${now}`, sentAt: now, answeredAt: now, request: '', reply: '', httpStatus: null }
}
