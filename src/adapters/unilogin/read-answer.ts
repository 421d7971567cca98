import { SyncError } from '../../domain/errors.ts'
import type { MessageSecurity } from '../../formats/unilogin/message-security.ts'
import type { ReadResult } from '../../formats/unilogin/read-result.ts'
import type { XmlElement } from '../../formats/unilogin/read-xml.ts'
import { readEnvelope, type SoapMessage } from '../../formats/unilogin/soap-envelope.ts'
import { readFault, type SoapFault } from '../../formats/unilogin/soap-fault.ts'
import type { CallOutcome } from '../../ports/unilogin-target.ts'
import type { WireResult } from './post-soap.ts'

/** A call that did not bring the answer we asked for; `cause` when it brought one that must not be believed. */
export type FailedOutcome = Exclude<CallOutcome, { kind: 'accepted' }> & { readonly cause?: SyncError }
export type Reading<T> = { readonly kind: 'read'; readonly value: T } | FailedOutcome

/**
 * Turns what the wire brought into a value or an outcome. A fault is read at any HTTP status, as both 400 and 500 are in
 * use; only a 2xx with the expected element, for our own message and under a valid proof, counts as read.
 */
export function readAnswer<T>(
  wire: WireResult,
  messageId: string,
  security: MessageSecurity,
  readBody: (body: XmlElement) => ReadResult<T>,
): Reading<T> {
  if (wire.kind === 'notSent') return { kind: 'notSent', reason: wire.reason }
  if (wire.kind === 'lost') return ambiguous(wire.reason)
  const status = `HTTP ${wire.httpStatus}`
  const envelope = readEnvelope(wire.text)
  if (!envelope.ok) return ambiguous(`${status}, ${envelope.problem}`)
  const { body, relatesTo } = envelope.value
  if (relatesTo !== null && relatesTo !== messageId) return ambiguous(`${status}, the answer belongs to another message`)
  if (body === null) return ambiguous(`${status}, the answer is empty`)

  const fault = readFault(body)
  const outcome = fault === null ? null : toOutcome(fault, status)
  if (outcome?.kind === 'ambiguous') return outcome
  const doubt = findDoubt(security, envelope.value)
  // A server that rejects our proof may not be able to give its own; to be kept out changes nothing on either side.
  if (doubt !== null && !(outcome?.kind === 'authFault' && doubt.code === 'UNILOGIN_SIGNATURE_MISSING'))
    return { ...ambiguous(`${status}, ${doubt.code}: ${doubt.message}`), cause: doubt }
  if (outcome !== null) return outcome

  if (wire.httpStatus < 200 || wire.httpStatus > 299) return ambiguous(`${status} without a fault`)
  if (relatesTo === null) return ambiguous(`${status}, the answer does not say which message it answers`)
  const content = readBody(body)
  return content.ok ? { kind: 'read', value: content.value } : ambiguous(`${status}, ${content.problem}`)
}

/** Why the message must not be believed, or null. */
function findDoubt(security: MessageSecurity, message: SoapMessage): SyncError | null {
  try {
    security.verify(message)
    return null
  } catch (error) {
    if (error instanceof SyncError) return error
    throw error
  }
}

/** The target's own word that it took nothing is a refusal; any other fault leaves it open. */
function toOutcome(fault: SoapFault, status: string): FailedOutcome {
  if (fault.authentificationType !== null) return { kind: 'authFault', type: fault.authentificationType, text: fault.reason }
  if (fault.code === 'Sender' && fault.afvisning !== null) {
    const { kode, tekst, sidsteSourceDateTime } = fault.afvisning
    return { kind: 'refused', code: kode, text: tekst, lastSourceDateTime: sidsteSourceDateTime }
  }
  return ambiguous(`${status}, soap:${fault.code} ${fault.afvisning?.kode ?? fault.reason}`.trimEnd())
}

function ambiguous(reason: string): FailedOutcome {
  return { kind: 'ambiguous', reason }
}
