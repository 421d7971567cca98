import type { InstitutionRecord } from '../../domain/institution-record.ts'
import { agreementsOperationName, buildAgreementsAnswer } from '../../formats/unilogin/data-agreements.ts'
import { buildHelloAnswer } from '../../formats/unilogin/hello-world.ts'
import { buildDeltaAnswer, type DeltaRequest } from '../../formats/unilogin/institution-delta.ts'
import { buildLookupAnswer } from '../../formats/unilogin/institution-lookup.ts'
import type { ReadResult } from '../../formats/unilogin/read-result.ts'
import type { Prefixes } from '../../formats/unilogin/soap-envelope.ts'
import { type AnswerDraft, draftDenial, draftFault, draftRefusal } from './answer-draft.ts'
import { decideDelta, type KnownInstitution } from './decide-delta.ts'
import type { SoapRequest } from './read-request.ts'
import type { SandboxSystem } from './sandbox-settings.ts'
import { seededDraw } from './seeded-draw.ts'
import type { SoapDesk } from './soap-desk.ts'

/** Does what an admitted system asks for, and drafts the answer; runs inside the call's transaction. */
export function answerOperation(desk: SoapDesk, system: SandboxSystem, request: SoapRequest, prefixes: Prefixes): AnswerDraft {
  if (request.delta !== null) return answerDelta(desk, system, request.delta, prefixes)
  if (request.lookup !== null) return answerLookup(desk, request.lookup, prefixes)
  if (request.operation === agreementsOperationName) return answerAgreements(desk, system, prefixes)
  return { body: buildHelloAnswer(system.id, prefixes.bpi), isFault: false, outcome: 'OK' }
}

function answerDelta(desk: SoapDesk, system: SandboxSystem, delta: ReadResult<DeltaRequest>, prefixes: Prefixes): AnswerDraft {
  if (!delta.ok) return draftRefusal('SKEMA_UGYLDIG', { instnr: '-', felt: null, note: delta.problem }, prefixes)
  const { record, source, sourceDateTime, deltaId } = delta.value
  const { instnr } = record
  const { institutions, clock } = desk.state
  if (desk.busy.has(instnr)) return draftRefusal('TRAVL', { instnr, felt: null }, prefixes, 'Receiver')
  const lastSourceDateTime = institutions.lastSourceDateTime(instnr, source)
  const decision = decideDelta(delta.value, {
    present: institutions.find(instnr),
    parent: record.hovedinstitutionsnr === undefined ? null : institutions.find(record.hovedinstitutionsnr),
    openChildren: institutions.countOpenChildren(instnr),
    lastSourceDateTime,
    mayFeed: (admkommunenr) => system.kommuner.length === 0 || system.kommuner.includes(admkommunenr),
  })
  if (decision.kind === 'denied') return draftDenial('Rettigheder', prefixes)
  if (decision.kind === 'refused') {
    const { kode, felt } = decision
    if (kode !== 'IKKE_NYERE') return draftRefusal(kode, { instnr, felt }, prefixes)
    const note = `Sendt: ${sourceDateTime}. Senest indlæst: ${lastSourceDateTime}.`
    return draftRefusal(kode, { instnr, felt, note, sidsteSourceDateTime: lastSourceDateTime }, prefixes)
  }
  institutions.moveClock(instnr, source, sourceDateTime)
  if (decision.next !== null) institutions.save(decision.next, clock.now())
  if (delta.value.operation === 'opret') desk.state.agreements.open(system.id, instnr)
  const restekst = decision.reskode === 'OK' ? 'Ændringen er indlæst.' : 'Institutionen var uændret.'
  const body = buildDeltaAnswer({ reskode: decision.reskode, restekst, deltaId, sourceDateTime }, prefixes.service)
  return { body, isFault: false, outcome: decision.reskode }
}

function answerAgreements(desk: SoapDesk, system: SandboxSystem, prefixes: Prefixes): AnswerDraft {
  const numbers = desk.state.agreements.approved(system.id, desk.state.clock.now() - desk.settings.lagMs)
  return { body: buildAgreementsAnswer(numbers, prefixes.bpi), isFault: false, outcome: 'OK' }
}

function answerLookup(desk: SoapDesk, lookup: ReadResult<readonly string[]>, prefixes: Prefixes): AnswerDraft {
  if (!lookup.ok) return draftFault({ code: 'Sender', reason: lookup.problem }, 'SKEMA_UGYLDIG', prefixes)
  const takenBy = desk.state.clock.now() - desk.settings.lagMs
  const records = [...new Set(lookup.value)].flatMap((instnr) => {
    const institution = desk.state.institutions.findVisible(instnr, takenBy)
    return institution === null ? [] : shownRecord(desk, institution)
  })
  return { body: buildLookupAnswer(records, prefixes.service), isFault: false, outcome: 'OK' }
}

function shownRecord(desk: SoapDesk, { record, closed }: KnownInstitution): readonly InstitutionRecord[] {
  if (closed && desk.settings.closedInLookup === 'absent') return []
  if (seededDraw(desk.seed, 'kommunenr', record.instnr) >= desk.settings.omitKommunenrShare) return [record]
  const { kommunenr: _kommunenr, kommune: _kommune, ...rest } = record
  return [rest]
}
