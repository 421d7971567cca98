import { canonicalJson } from '../domain/ids.ts'
import { type Break, shown } from '../domain/verify-break.ts'
import { readDeltaRequest } from '../formats/unilogin/institution-delta.ts'
import { readEnvelope } from '../formats/unilogin/soap-envelope.ts'
import type { JobPayloads } from '../ports/jobs.ts'
import type { OutboxDelta } from '../ports/register/outbox.ts'
import type { CallOutcome, Exchange } from '../ports/unilogin-target.ts'
import { expectedOf } from './claim-deliveries.ts'
import { compareReadBack, type ReadBackResult } from './confirm-batch.ts'
import type { RegisterContext } from './context.ts'
import { getDocument, trusted } from './documents.ts'
import { requestValidation } from './intake-files.ts'
import type { PushResult } from './push-batch.ts'
import type { PastStep, Witness } from './replay-ledger.ts'
import { validateFile } from './validate-file.ts'

/** What a kept reply says, read anew. */
export type RereadAnswer = (
  exchange: Omit<Exchange, 'outcome'>,
  delta: { readonly deltaId: string; readonly sourceDateTime: string },
) => CallOutcome

/** Outcomes by which the target is said to have taken a stand; the rest claim nothing. */
const claims: ReadonlySet<string> = new Set(['accepted', 'refused', 'authFault'])

/**
 * Examines what edge steps handed to the register: a file is validated again from its bytes; a request must say exactly the
 * delta and its time, and the reply what was recorded of it; a read-back must be equal to what the delta said.
 */
export function createWitness(reread: RereadAnswer): Witness {
  const lastTimes = new Map<string, SentTime>()
  return async (ctx, step) => {
    switch (step.name) {
      case 'record-validation':
        return witnessValidation(ctx, step, step.input as JobPayloads['record-validation'])
      case 'record-delivery':
        return witnessDelivery(ctx, step, step.input as JobPayloads['record-delivery'], { reread, lastTimes })
      case 'record-confirmation':
        return witnessReadBack(ctx, step, step.input as JobPayloads['record-confirmation'])
      default:
        return []
    }
  }
}

async function witnessValidation(
  ctx: RegisterContext,
  step: PastStep,
  { fileId, resultSha256 }: JobPayloads['record-validation'],
): Promise<Break[]> {
  const file = ctx.register.read((tx) => tx.files.find(fileId))
  if (file === null) return []
  const { payload } = await requestValidation(ctx, file)
  const { next } = await validateFile(ctx, payload as JobPayloads['validate'])
  const [own = ''] = next.map((request) => (request.payload as JobPayloads['record-validation']).resultSha256)
  if (own === resultSha256) return []
  const [expected, seen] = await Promise.all([own, resultSha256].map((sha) => getDocument(ctx.files, sha, trusted<object>())))
  return differences(step, `fil ${fileId}`, expected as Facts, seen as Facts).slice(0, 1)
}

interface SentTime {
  readonly deltaId: string
  readonly sourceDateTime: string
}

async function witnessDelivery(
  ctx: RegisterContext,
  step: PastStep,
  { batchId, exchangesSha256 }: JobPayloads['record-delivery'],
  { reread, lastTimes }: { readonly reread: RereadAnswer; readonly lastTimes: Map<string, SentTime> },
): Promise<Break[]> {
  const results = await getDocument(ctx.files, exchangesSha256, trusted<readonly PushResult[]>())
  const deltas = new Map(ctx.register.read((tx) => tx.outbox.ofBatch(batchId)).map((delta) => [delta.deltaId, delta]))
  return results.flatMap((result) => {
    const delta = deltas.get(result.deltaId)
    return delta === undefined
      ? []
      : [...checkRequest(ctx, step, delta, result, lastTimes), ...checkReply(step, delta, result, reread)]
  })
}

/** The request must be the delta: its number, operation, record and time, under our name, and later than the one before. */
function checkRequest(
  ctx: RegisterContext,
  step: PastStep,
  delta: OutboxDelta,
  { request }: PushResult,
  lastTimes: Map<string, SentTime>,
): Break[] {
  if (request === '') return []
  const { deltaId, operation, record, nummer } = delta
  const sourceDateTime = delta.sourceDateTime ?? ''
  const before = lastTimes.get(nummer)
  lastTimes.set(nummer, { deltaId, sourceDateTime })
  const grows = before === undefined || before.deltaId === deltaId || before.sourceDateTime < sourceDateTime
  if (!grows) return [differs(step, deltaId, 'sourceDateTime', `senere end ${before.sourceDateTime}`, sourceDateTime)]
  const envelope = readEnvelope(request)
  const body = envelope.ok && envelope.value.body !== null ? readDeltaRequest(envelope.value.body) : null
  if (body === null || !body.ok) return [differs(step, deltaId, 'request', 'en ændring, der kan læses', body?.problem ?? null)]
  const { source } = ctx.settings.unilogin
  return differences(step, deltaId, { deltaId, operation, record, source, sourceDateTime }, { ...body.value })
}

/** What was recorded of a reply must be what it says; that an answer is unclear claims nothing. */
function checkReply(step: PastStep, { deltaId, sourceDateTime }: OutboxDelta, result: PushResult, reread: RereadAnswer): Break[] {
  if (!claims.has(result.outcome.kind)) return []
  const { outcome, ...exchange } = result
  const said = reread(exchange, { deltaId, sourceDateTime: sourceDateTime ?? '' })
  return differences(step, deltaId, { ...said }, { ...outcome })
}

async function witnessReadBack(
  ctx: RegisterContext,
  step: PastStep,
  { batchId, resultSha256 }: JobPayloads['record-confirmation'],
): Promise<Break[]> {
  const results = await getDocument(ctx.files, resultSha256, trusted<readonly ReadBackResult[]>())
  const expected = new Map(ctx.register.read((tx) => expectedOf(tx, batchId)).map((item) => [item.nummer, item]))
  return results.flatMap((result) => {
    const item = expected.get(result.nummer)
    return item === undefined ? [] : differences(step, result.nummer, { ...compareReadBack(item, result.seen) }, { ...result })
  })
}

type Facts = Readonly<Record<string, unknown>>

function differences(step: PastStep, key: string, expected: Facts, seen: Facts): Break[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(seen)])].flatMap((name) => {
    const [wanted, told] = [expected[name] ?? null, seen[name] ?? null]
    return canonicalJson(wanted) === canonicalJson(told) ? [] : [differs(step, key, name, wanted, told)]
  })
}

function differs({ seq }: PastStep, key: string, column: string, expected: unknown, seen: unknown): Break {
  return { part: 'exchange', place: `nr. ${seq}`, key, column, expected: shown(expected), seen: shown(seen) }
}
