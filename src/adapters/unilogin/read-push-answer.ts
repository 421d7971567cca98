import { type DeltaAnswer, readDeltaAnswer } from '../../formats/unilogin/institution-delta.ts'
import { headerOnly } from '../../formats/unilogin/message-security.ts'
import { type ReadResult, unreadable } from '../../formats/unilogin/read-result.ts'
import type { XmlElement } from '../../formats/unilogin/read-xml.ts'
import type { CallOutcome, Exchange, InstitutionDelta } from '../../ports/unilogin-target.ts'
import { type Reading, readAnswer } from './read-answer.ts'

/** Result codes by which the feed says that the delta is in. Ours. */
const acceptedCodes: readonly string[] = ['OK', 'UAENDRET']

type AnsweredDelta = Pick<InstitutionDelta, 'deltaId' | 'sourceDateTime'>

/** Reads the answer to a delta: one that speaks of another delta, or in a code we do not know, is none. */
export function readOwnAnswer(answer: XmlElement, delta: AnsweredDelta): ReadResult<DeltaAnswer> {
  const result = readDeltaAnswer(answer)
  if (!result.ok) return result
  if (result.value.deltaId !== delta.deltaId || result.value.sourceDateTime !== delta.sourceDateTime) {
    return unreadable('the answer is about another delta')
  }
  return acceptedCodes.includes(result.value.reskode) ? result : unreadable('a result code we do not know')
}

export function toPushOutcome(reading: Reading<DeltaAnswer>): CallOutcome {
  if (reading.kind !== 'read') {
    const { cause: _cause, ...outcome } = reading
    return outcome
  }
  return { kind: 'accepted', code: reading.value.reskode, text: reading.value.restekst }
}

/**
 * What a kept reply says, read anew. Its signature is not judged again: the certificate it was under and the five minutes it
 * was good for are past.
 */
export function rereadAnswer({ reply, httpStatus, messageId }: Omit<Exchange, 'outcome'>, delta: AnsweredDelta): CallOutcome {
  if (httpStatus === null) return { kind: 'ambiguous', reason: 'no answer is kept' }
  const wire = { kind: 'answered', httpStatus, text: reply } as const
  return toPushOutcome(readAnswer(wire, messageId, headerOnly, (answer) => readOwnAnswer(answer, delta)))
}
