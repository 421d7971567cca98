import { type InstitutionRecord, type InstitutionRecordField, institutionRecordFields } from '../../domain/institution-record.ts'
import { type ReadResult, read, unreadable } from './read-result.ts'
import { childElements, type XmlElement } from './read-xml.ts'
import { escapeText } from './xml-text.ts'

/** Six capitals or digits. Source: an institution number is six letters and digits in the import format; the capitals are ours. */
export const instnrPattern = /^[A-Z0-9]{6}$/

/** `institution` with its filled fields in their fixed order; an empty field is left out. @throws UNILOGIN_TEXT_UNSENDABLE */
export function buildInstitution(record: InstitutionRecord, prefix: string): string {
  let fields = ''
  for (const name of institutionRecordFields) {
    const value = record[name]
    if (value !== undefined && value !== '') fields += `<${prefix}:${name}>${escapeText(value, name)}</${prefix}:${name}>`
  }
  return `<${prefix}:institution>${fields}</${prefix}:institution>`
}

/**
 * Reads an `institution` whatever else it carries: elements we do not know are passed over, an empty one is an absent one,
 * and one that stands twice makes the whole unreadable.
 */
export function readInstitution(element: XmlElement, namespace: string): ReadResult<InstitutionRecord> {
  const record: Partial<Record<InstitutionRecordField, string>> = {}
  for (const child of childElements(element)) {
    const name = fieldName(child, namespace)
    if (name === undefined) continue
    if (record[name] !== undefined) return unreadable(`"${name}" stands twice`)
    const value = child.textContent ?? ''
    if (value !== '') record[name] = value
  }
  const { instnr } = record
  if (instnr === undefined || !instnrPattern.test(instnr)) return unreadable('"instnr" is not six capitals or digits')
  return read({ ...record, instnr })
}

/** Where an `institution` breaks the published schema: an unknown element, a wrong order, an empty field. Null when it does not. */
export function findInstitutionProblem(element: XmlElement, namespace: string): string | null {
  let next = 0
  for (const child of childElements(element)) {
    const name = fieldName(child, namespace)
    if (name === undefined) return `an element "${child.localName}" that an institution does not have`
    const position = institutionRecordFields.indexOf(name)
    if (position < next) return `"${name}" stands twice or out of order`
    next = position + 1
    if (childElements(child).length > 0) return `"${name}" holds elements, not text`
    if (!child.textContent) return `"${name}" is empty; an empty field is left out`
  }
  return null
}

function fieldName(element: XmlElement, namespace: string): InstitutionRecordField | undefined {
  if (element.namespaceURI !== namespace) return undefined
  return institutionRecordFields.find((name) => name === element.localName)
}
