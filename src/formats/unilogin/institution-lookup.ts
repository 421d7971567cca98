import type { InstitutionRecord } from '../../domain/institution-record.ts'
import { buildInstitution, readInstitution } from './institution-element.ts'
import { namespaces } from './namespaces.ts'
import { type ReadResult, read, unreadable } from './read-result.ts'
import { childElements, isNamed, type XmlElement } from './read-xml.ts'
import { escapeText } from './xml-text.ts'

/** Looks several institutions up by number. Source: public clients of wsiINST v6. */
export const lookupOperationName = 'hentInstitutioner'

/** @throws UNILOGIN_TEXT_UNSENDABLE */
export function buildLookupRequest(numbers: readonly string[], prefix: string): string {
  const wanted = numbers.map((number) => `<${prefix}:instnr>${escapeText(number, 'instnr')}</${prefix}:instnr>`).join('')
  return `<${prefix}:${lookupOperationName}>${wanted}</${prefix}:${lookupOperationName}>`
}

export function readLookupRequest(element: XmlElement): ReadResult<readonly string[]> {
  if (!isNamed(element, namespaces.wsiInst, lookupOperationName)) return unreadable(`not a ${lookupOperationName}`)
  const children = childElements(element)
  if (children.length === 0 || children.some((child) => !isNamed(child, namespaces.wsiInst, 'instnr'))) {
    return unreadable(`a ${lookupOperationName} holds one or more instnr and nothing else`)
  }
  return read(children.map((child) => (child.textContent ?? '').trim()))
}

/** An institution the target does not know is simply not in the answer. */
export function buildLookupAnswer(records: readonly InstitutionRecord[], prefix: string): string {
  const institutions = records.map((record) => buildInstitution(record, prefix)).join('')
  return `<${prefix}:${lookupOperationName}Response>${institutions}</${prefix}:${lookupOperationName}Response>`
}

export function readLookupAnswer(element: XmlElement): ReadResult<readonly InstitutionRecord[]> {
  if (!isNamed(element, namespaces.wsiInst, `${lookupOperationName}Response`))
    return unreadable(`not a ${lookupOperationName}Response`)
  const records: InstitutionRecord[] = []
  for (const child of childElements(element)) {
    if (!isNamed(child, namespaces.wsiInst, 'institution'))
      return unreadable(`an element "${child.localName}" among the institutions`)
    const record = readInstitution(child, namespaces.wsiInst)
    if (!record.ok) return record
    records.push(record.value)
  }
  return read(records)
}
