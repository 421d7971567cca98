import { instnrPattern } from './institution-element.ts'
import { namespaces } from './namespaces.ts'
import { type ReadResult, read, unreadable } from './read-result.ts'
import { childElements, isNamed, type XmlElement } from './read-xml.ts'

/** Lists the institution numbers for which our system has an approved data agreement. Source: public clients and WSDLs of the BPI services. */
export const agreementsOperationName = 'hentDataAftaler'

/** The request is empty; sources differ on whether it stands in the shared `bpi` namespace or in the service's own. */
export function buildAgreementsRequest(prefix: string): string {
  return `<${prefix}:${agreementsOperationName}/>`
}

export function isAgreementsRequest(element: XmlElement): boolean {
  return [namespaces.bpi, namespaces.wsaImport].some((namespace) => isNamed(element, namespace, agreementsOperationName))
}

export function buildAgreementsAnswer(numbers: readonly string[], prefix: string): string {
  const listed = numbers.map((number) => `<${prefix}:regnr>${number}</${prefix}:regnr>`).join('')
  return `<${prefix}:${agreementsOperationName}Response>${listed}</${prefix}:${agreementsOperationName}Response>`
}

/** The numbers, sorted; in the namespace that was asked in, or in `bpi`. One unreadable number makes the whole unreadable: less than all would look like agreements lost. */
export function readAgreementsAnswer(element: XmlElement): ReadResult<readonly string[]> {
  const known = [namespaces.bpi, namespaces.wsaImport].some((namespace) =>
    isNamed(element, namespace, `${agreementsOperationName}Response`),
  )
  if (!known) return unreadable(`not a ${agreementsOperationName}Response`)
  const numbers = new Set<string>()
  for (const child of childElements(element)) {
    const number = (child.textContent ?? '').trim()
    if (child.localName !== 'regnr' || !instnrPattern.test(number)) return unreadable('an entry that is no institution number')
    numbers.add(number)
  }
  return read([...numbers].sort())
}
