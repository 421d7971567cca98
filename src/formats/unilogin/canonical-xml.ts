import { ExclusiveCanonicalization } from 'xml-crypto'
import type { XmlElement } from './read-xml.ts'

/**
 * The library sorts namespace declarations as a dictionary does (`o` before `SOAP-ENV`); the standard says by code point
 * (Canonical XML 1.0, section 2.2), as xmlsec1 and others do.
 */
class CodePointCanonicalization extends ExclusiveCanonicalization {
  override nsCompare = (a: { readonly prefix: string }, b: { readonly prefix: string }): number =>
    a.prefix < b.prefix ? -1 : a.prefix > b.prefix ? 1 : 0
}

const canonicalization = new CodePointCanonicalization()

/**
 * The bytes of an element that are digested: exclusive canonical XML without comments, as text.
 * @param prefixList Prefixes whose declarations are written out whether they are used or not (InclusiveNamespaces).
 * Source: Exclusive XML Canonicalization 1.0, W3C 2002.
 */
export function canonicalize(element: XmlElement, prefixList: readonly string[] = []): string {
  // With a list the library writes the declarations on the element itself, so it gets a copy.
  const subject = prefixList.length === 0 ? element : element.cloneNode(true)
  return canonicalization.process(subject as unknown as Parameters<typeof canonicalization.process>[0], {
    inclusiveNamespacesPrefixList: [...prefixList],
    ancestorNamespaces: prefixList.flatMap((prefix) => {
      const namespaceURI = element.lookupNamespaceURI(prefix)
      return namespaceURI === null ? [] : [{ prefix, namespaceURI }]
    }),
  })
}
