import { type DeltaOperation, deltaOperations } from '../../domain/delta.ts'
import type { InstitutionRecord } from '../../domain/institution-record.ts'
import { buildInstitution, findInstitutionProblem, readInstitution } from './institution-element.ts'
import { namespaces } from './namespaces.ts'
import { type ReadResult, read, unreadable } from './read-result.ts'
import { childElements, childNamed, childText, isNamed, type XmlElement } from './read-xml.ts'
import { escapeAttribute, escapeText } from './xml-text.ts'

/** The feed's one operation. Ours. */
export const deltaOperationName = 'indlaesInstitutionDelta'

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const wallTimePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/

/** What the request says. */
export interface DeltaRequest {
  /** A lower-case UUID. */
  readonly deltaId: string
  readonly operation: DeltaOperation
  readonly source: string
  /** Copenhagen wall time without offset, whole seconds. */
  readonly sourceDateTime: string
  readonly record: InstitutionRecord
}

/** What the answer says; `deltaId` and `sourceDateTime` repeat the request's. */
export interface DeltaAnswer {
  readonly reskode: string
  readonly restekst: string
  readonly deltaId: string
  readonly sourceDateTime: string
}

/** @throws UNILOGIN_TEXT_UNSENDABLE */
export function buildDeltaRequest(delta: DeltaRequest, prefix: string): string {
  const attributes = (['deltaId', 'operation', 'source', 'sourceDateTime'] as const)
    .map((name) => ` ${name}="${escapeAttribute(delta[name], name)}"`)
    .join('')
  const element = `${prefix}:${deltaOperationName}`
  return `<${element}${attributes}>${buildInstitution(delta.record, prefix)}</${element}>`
}

/** Reads the request as strictly as the published schema does. */
export function readDeltaRequest(element: XmlElement): ReadResult<DeltaRequest> {
  if (!isNamed(element, namespaces.feed, deltaOperationName)) return unreadable(`not an ${deltaOperationName}`)
  const deltaId = element.getAttribute('deltaId') ?? ''
  const operation = deltaOperations.find((known) => known === element.getAttribute('operation'))
  const source = element.getAttribute('source') ?? ''
  const sourceDateTime = element.getAttribute('sourceDateTime') ?? ''
  if (!uuidPattern.test(deltaId)) return unreadable('"deltaId" is not a UUID in lower case')
  if (operation === undefined) return unreadable(`"operation" is none of ${deltaOperations.join(', ')}`)
  if (source === '') return unreadable('"source" is missing')
  if (!isWallTime(sourceDateTime)) return unreadable('"sourceDateTime" is not a time without offset in whole seconds')
  const [institution, ...others] = childElements(element)
  if (institution === undefined || others.length > 0 || !isNamed(institution, namespaces.feed, 'institution')) {
    return unreadable('a delta holds exactly one institution')
  }
  const problem = findInstitutionProblem(institution, namespaces.feed)
  if (problem !== null) return unreadable(problem)
  const record = readInstitution(institution, namespaces.feed)
  return record.ok ? read({ deltaId, operation, source, sourceDateTime, record: record.value }) : record
}

export function buildDeltaAnswer(answer: DeltaAnswer, prefix: string): string {
  const element = (name: string, content: string) => `<${prefix}:${name}>${content}</${prefix}:${name}>`
  const svar =
    element('reskode', escapeText(answer.reskode, 'reskode')) + element('restekst', escapeText(answer.restekst, 'restekst'))
  return element(
    `${deltaOperationName}Response`,
    element('svar', svar) +
      element('deltaId', escapeText(answer.deltaId, 'deltaId')) +
      element('sourceDateTime', escapeText(answer.sourceDateTime, 'sourceDateTime')),
  )
}

export function readDeltaAnswer(element: XmlElement): ReadResult<DeltaAnswer> {
  if (!isNamed(element, namespaces.feed, `${deltaOperationName}Response`))
    return unreadable(`not an ${deltaOperationName}Response`)
  const svar = childNamed(element, namespaces.feed, 'svar')
  const reskode = svar === null ? null : childText(svar, namespaces.feed, 'reskode')
  const deltaId = childText(element, namespaces.feed, 'deltaId')
  const sourceDateTime = childText(element, namespaces.feed, 'sourceDateTime')
  if (svar === null || reskode === null || deltaId === null || sourceDateTime === null) {
    return unreadable('the answer lacks reskode, deltaId or sourceDateTime')
  }
  return read({ reskode, restekst: childText(svar, namespaces.feed, 'restekst') ?? '', deltaId, sourceDateTime })
}

function isWallTime(text: string): boolean {
  if (!wallTimePattern.test(text)) return false
  const at = Date.parse(`${text}Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
