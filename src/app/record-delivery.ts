import { mayPass } from '../domain/auth-fault.ts'
import type { Outage } from '../domain/outage.ts'
import type { JobPayloads, StepAbout, StepResult } from '../ports/jobs.ts'
import type { OutboxDelta } from '../ports/register/outbox.ts'
import type { RegisterTx } from '../ports/register.ts'
import { claimConfirmations, claimDeliveries } from './claim-deliveries.ts'
import type { RegisterContext } from './context.ts'
import { requestClaimed } from './dispatch-deliveries.ts'
import { getDocument, trusted } from './documents.ts'
import { finishFiles } from './finish-files.ts'
import { noteAnswers } from './note-answers.ts'
import type { PushResult } from './push-batch.ts'

/** Refusal code for a sourceDateTime that is not newer. Ours, for the feed's own contract; see docs/unilogin.md. */
const notNewer = 'IKKE_NYERE'

/**
 * Records what the target answered, one transaction for the whole batch: acknowledged deltas let their dependants go,
 * unclear ones wait for their next try, refused ones for a person; what was not tried is as it was. Then claims what may go
 * next.
 */
export async function recordDelivery(ctx: RegisterContext, payload: JobPayloads['record-delivery']): Promise<StepResult> {
  const { batchId, exchangesSha256 } = payload
  const results = await getDocument(ctx.files, exchangesSha256, trusted<readonly PushResult[]>())
  const done = ctx.register.write((tx) => {
    const open = new Map(
      tx.outbox
        .ofBatch(batchId)
        .filter((delta) => delta.state === 'sent')
        .map((delta) => [delta.deltaId, delta]),
    )
    const own = results.filter((result) => open.has(result.deltaId))
    const tried = own.filter(({ outcome }) => outcome.kind !== 'notTried')
    tx.outbox.addAttempts(tried.map((result) => toAttempt(result, exchangesSha256)))
    const outage = noteAnswers(ctx, tx, [...open.values()], tried)
    const acknowledged: string[] = []
    const about: StepAbout[] = []
    const counts: Record<string, number> = {}
    for (const result of own) {
      const delta = open.get(result.deltaId) as OutboxDelta
      const verdict = recordOne(ctx, tx, delta, result, outage)
      about.push(...aboutOf(delta, result))
      counts[verdict] = (counts[verdict] ?? 0) + 1
      if (verdict === 'acknowledged') acknowledged.push(result.deltaId)
    }
    tx.outbox.release(acknowledged)
    if (own.length > 0)
      tx.ledger.append({ at: ctx.clock.now(), type: 'delivery', subject: batchId, facts: { exchangesSha256, ...counts } })
    const finished = finishFiles(ctx, tx, [...open.values()])
    return { counts, about, finished, pushes: claimDeliveries(ctx, tx), confirmations: claimConfirmations(ctx, tx) }
  })
  return {
    outcome: 'recorded',
    next: [...(await requestClaimed(ctx, done)), ...done.finished],
    facts: done.counts,
    about: done.about,
  }
}

/** The change, and the call that sent it. */
function aboutOf({ fileId, deltaId }: OutboxDelta, { sentAt: from, answeredAt: until, outcome }: PushResult): StepAbout[] {
  return [
    { fileId, deltaId, call: { job: 'push', from, until, outcome: outcome.kind } },
    { fileId, deltaId },
  ]
}

function recordOne(ctx: RegisterContext, tx: RegisterTx, delta: OutboxDelta, result: PushResult, outage: Outage | null): string {
  const now = ctx.clock.now()
  const { outcome } = result
  const { source, attempts, retryDelaysMs } = ctx.settings.unilogin
  const clock = tx.outbox.clock(delta.nummer, source)
  const acknowledge = (replyCode: string, replyText: string) => {
    tx.outbox.update(delta.deltaId, { state: 'acknowledged', acknowledgedAt: now, batchId: null, replyCode, replyText })
    tx.outbox.setClock(delta.nummer, source, { ...clock, lastAccepted: delta.sourceDateTime })
    return 'acknowledged'
  }
  const putOff = (what: 'notSent' | 'ambiguous', replyText: string) => {
    const delay = retryDelaysMs[Math.min(delta.attempts, retryDelaysMs.length) - 1] ?? 0
    // A target that is down costs no tries: it is the outage that the delta waits for.
    const wait = outage === null ? { notBeforeAt: now + delay } : untried(delta)
    // A delta whose earlier attempt was unclear stays unclear, whatever this attempt says.
    const unclear = what === 'ambiguous' || delta.replyCode === 'ambiguous'
    tx.outbox.update(delta.deltaId, {
      state: unclear ? 'unknown' : 'ready',
      batchId: null,
      ...wait,
      replyCode: unclear ? 'ambiguous' : 'notSent',
      replyText,
    })
    return what
  }
  switch (outcome.kind) {
    case 'accepted':
      return acknowledge(outcome.code, outcome.text)
    case 'readBack':
      return acknowledge('readBack', outcome.text)
    case 'refused': {
      const { lastSourceDateTime: last } = outcome
      if (outcome.code === notNewer && last !== null && last === delta.sourceDateTime)
        return acknowledge(outcome.code, outcome.text)
      const isFirst = delta.attempts < 2 && delta.replyCode !== 'ambiguous'
      if (outcome.code === notNewer && last !== null && last > (delta.sourceDateTime ?? '') && isFirst) {
        // Someone else uses our source name, or our register was restored: raise our clock and stamp once more.
        tx.outbox.setClock(delta.nummer, source, { ...clock, remoteSeen: last })
        tx.outbox.update(delta.deltaId, {
          state: 'ready',
          sourceDateTime: null,
          batchId: null,
          replyCode: outcome.code,
          replyText: outcome.text,
        })
        return 'restamped'
      }
      return refuse(tx, delta, outcome.code, outcome.text)
    }
    case 'authFault':
      if (mayPass(outcome.type) && delta.attempts < attempts) return putOff('notSent', outcome.text)
      return refuse(tx, delta, outcome.type, outcome.text)
    case 'notSent':
    case 'ambiguous':
      return putOff(outcome.kind, outcome.reason)
    case 'notTried':
      tx.outbox.update(delta.deltaId, {
        state: delta.replyCode === 'ambiguous' ? 'unknown' : 'ready',
        batchId: null,
        ...untried(delta),
      })
      return outcome.kind
  }
}

/** The tries of a delta as they were before the last claim. */
function untried({ attempts }: OutboxDelta): Pick<OutboxDelta, 'attempts' | 'notBeforeAt'> {
  return { attempts: attempts - 1, notBeforeAt: null }
}

function refuse(tx: RegisterTx, delta: OutboxDelta, replyCode: string, replyText: string): string {
  tx.outbox.update(delta.deltaId, { state: 'refused', batchId: null, replyCode, replyText })
  return 'refused'
}

function toAttempt(result: PushResult, exchangesSha256: string) {
  const { deltaId, attempt, messageId, sentAt, answeredAt, outcome } = result
  const code = 'code' in outcome ? outcome.code : 'type' in outcome ? outcome.type : null
  return { deltaId, attempt, messageId, sentAt, answeredAt, outcome: outcome.kind, code, exchangesSha256 }
}
