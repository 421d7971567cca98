import type { Prefixes } from '../../formats/unilogin/soap-envelope.ts'
import { buildFault, type FaultContent } from '../../formats/unilogin/soap-fault.ts'
import { type AnswerDraft, draftDenial } from './answer-draft.ts'
import type { WeatherKind } from './weather.ts'

/** The answers that come before anything was taken; null for weather that only strikes the way back. */
export function answerByWeather(kind: WeatherKind, prefixes: Prefixes): AnswerDraft | null {
  const fault = (content: FaultContent, httpStatus: number): AnswerDraft => ({
    body: buildFault(content, prefixes),
    isFault: true,
    httpStatus,
    outcome: 'none',
  })
  switch (kind) {
    case 'refused':
    case 'reset':
      return { body: '', isFault: false, outcome: 'none' }
    case 'unavailable': {
      const html = '<!DOCTYPE html><html><head><title>503</title></head><body><h1>Service Unavailable</h1><hr></body></html>\n'
      return { body: '', html, isFault: false, httpStatus: 503, outcome: 'none' }
    }
    case 'receiverFault':
      return fault({ code: 'Receiver', reason: 'Unexpected error', detail: platformDetail }, 500)
    case 'closed':
      return fault({ code: 'Receiver', reason: 'Tjenesten er lukket.' }, 503)
    case 'throttled':
      return {
        body: '',
        html: '<html><body><h1>Too Many Requests</h1></body></html>\n',
        isFault: false,
        httpStatus: 429,
        outcome: 'none',
      }
    case 'certificateRefused':
      return { ...draftDenial('Signatur', prefixes), outcome: 'none' }
    case 'slow':
    case 'lostAfterCommit':
    case 'truncated':
    case 'badSignature':
      return null
  }
}

/** The shape in which an integration platform in front of public services reports an unexpected error; seen in public code. */
const platformDetail =
  '<ServiceFaultDetailer><CorrelationID>00000000-0000-4000-8000-000000000000</CorrelationID><ErrorCode>IPL000001</ErrorCode>' +
  '<ErrorMessage>Unexpected error</ErrorMessage></ServiceFaultDetailer>'
