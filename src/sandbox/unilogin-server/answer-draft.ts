import type { Prefixes } from '../../formats/unilogin/soap-envelope.ts'
import { type AuthentificationType, buildFault, type FaultContent } from '../../formats/unilogin/soap-fault.ts'
import { type RefusalCode, refusalTexts } from './refusal-texts.ts'

/** What goes into the envelope, or `html` in place of one. */
export interface AnswerDraft {
  readonly body: string
  readonly isFault: boolean
  /** Set when the kind of answer decides it. */
  readonly httpStatus?: number
  readonly html?: string
  /** For the log. */
  readonly outcome: string
}

export function draftFault(content: FaultContent, outcome: string, prefixes: Prefixes): AnswerDraft {
  return { body: buildFault(content, prefixes), isFault: true, outcome }
}

export function draftDenial(type: AuthentificationType, prefixes: Prefixes): AnswerDraft {
  return draftFault({ code: 'Sender', reason: denialTexts[type], authentificationType: type }, type, prefixes)
}

const denialTexts: Readonly<Record<AuthentificationType, string>> = {
  Signatur: 'Signatur eller tidsstempel er ikke gyldigt.',
  SignaturMangler: 'Beskeden er ikke signeret.',
  UdbydersytemIdMangler: 'UdbydersystemId mangler.',
  BrugeridEllerPassword: 'Brugerid eller password er forkert.',
  Rettigheder: 'Systemet har ikke rettighed til kaldet.',
}

interface RefusalFacts {
  readonly instnr: string
  readonly felt: string | null
  readonly note?: string
  readonly sidsteSourceDateTime?: string | null
}

export function draftRefusal(
  kode: RefusalCode,
  facts: RefusalFacts,
  prefixes: Prefixes,
  code: 'Sender' | 'Receiver' = 'Sender',
): AnswerDraft {
  const tekst = [refusalTexts[kode], facts.note].filter(Boolean).join(' ')
  const { instnr, felt, sidsteSourceDateTime = null } = facts
  return draftFault({ code, reason: tekst, afvisning: { kode, tekst, instnr, felt, sidsteSourceDateTime } }, kode, prefixes)
}
