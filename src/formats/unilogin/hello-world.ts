import { namespaces } from './namespaces.ts'
import { type ReadResult, read, unreadable } from './read-result.ts'
import { isNamed, type XmlElement } from './read-xml.ts'
import { escapeText } from './xml-text.ts'

/** The ping, in the shared `bpi` namespace; sent in a service's own namespace it is known to fail. Source: public client code. */
export const helloOperationName = 'helloWorldWithCertificate'

export function buildHelloRequest(bpiPrefix: string): string {
  return `<${bpiPrefix}:${helloOperationName}/>`
}

export function isHelloRequest(element: XmlElement): boolean {
  return isNamed(element, namespaces.bpi, helloOperationName)
}

/** `Hello <udbydersystemId>!` as the schema's comment says; the element around the text is our guess. */
export function buildHelloAnswer(udbydersystemId: string, bpiPrefix: string): string {
  const text = escapeText(`Hello ${udbydersystemId}!`, 'UdbydersystemId')
  return `<${bpiPrefix}:${helloOperationName}Response><${bpiPrefix}:response>${text}</${bpiPrefix}:response></${bpiPrefix}:${helloOperationName}Response>`
}

/** The greeting, wherever in the answer its text stands. */
export function readHelloAnswer(element: XmlElement): ReadResult<string> {
  if (!isNamed(element, namespaces.bpi, `${helloOperationName}Response`)) return unreadable(`not a ${helloOperationName}Response`)
  return read((element.textContent ?? '').trim())
}
