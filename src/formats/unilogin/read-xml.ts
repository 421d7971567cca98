import { DOMParser, type Element } from '@xmldom/xmldom'
import { byteOrderMark } from '../csv-cell.ts'
import { FileStop } from '../file-stop.ts'
import { createXmlTokens } from '../xml-tokens.ts'
import { type ReadResult, read, unreadable } from './read-result.ts'
import { findIllegalCharacter } from './xml-text.ts'

export type XmlElement = Element

const elementNode = 1
/** Ours: a signed message of the services goes to 9. Deeper ones would cost the parser a square of their size, and the digest its stack. */
const deepest = 50

/**
 * The root element of an XML document. The parser that builds it lets malformed text pass and has no bounds, so the text
 * goes through our own reader first: no DOCTYPE, no unescaped ampersand, nothing outside XML 1.0, nothing too deep.
 */
export function readXml(text: string): ReadResult<XmlElement> {
  const source = text.startsWith(byteOrderMark) ? text.slice(byteOrderMark.length) : text
  const problem = findLexicalProblem(source)
  if (problem !== null) return unreadable(problem)
  try {
    const root = new DOMParser({ onError: stopAtProblem, normalizeLineEndings, locator: false }).parseFromString(
      source,
      'text/xml',
    ).documentElement
    return root === null ? unreadable('no root element') : read(root)
  } catch {
    // The parser's own message quotes the document, which may hold personal data.
    return unreadable('not well-formed XML')
  }
}

/** True for an element of that namespace and local name, whatever prefix it was written with. */
export function isNamed(element: XmlElement, namespace: string, localName: string): boolean {
  return element.localName === localName && element.namespaceURI === namespace
}

export function childElements(parent: XmlElement): XmlElement[] {
  const children: XmlElement[] = []
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) {
    if (node.nodeType === elementNode) children.push(node as XmlElement)
  }
  return children
}

/** The first child element of that name, or null. */
export function childNamed(parent: XmlElement, namespace: string, localName: string): XmlElement | null {
  return childElements(parent).find((child) => isNamed(child, namespace, localName)) ?? null
}

/** The text below the first child of that name, or null when there is no such child. */
export function childText(parent: XmlElement, namespace: string, localName: string): string | null {
  return childNamed(parent, namespace, localName)?.textContent ?? null
}

/** Stops at warnings too, as malformed attributes are no more than that to the parser. U+FFFD is odd, but legal. */
function stopAtProblem(level: 'warning' | 'error' | 'fatalError', message: string): void {
  if (level === 'warning' && message.startsWith('Unicode replacement character')) return
  throw new Error(message)
}

/** As XML 1.0 says (section 2.11). The parser's own goes by XML 1.1 and would turn U+0085, U+2028 and U+2029 into line feeds. */
function normalizeLineEndings(text: string): string {
  return text.replace(/\r\n?/g, '\n')
}

const ignoreAll = { startElement: () => undefined, endElement: () => undefined, text: () => undefined }
/** What a stop means here. Its own words quote the document, which may hold personal data. */
const stopTexts: Readonly<Record<string, string>> = {
  'FIL-11': 'a DOCTYPE is not allowed',
  'FIL-20': 'an element with too many attributes',
  'FIL-23': `elements more than ${deepest} deep`,
}

function findLexicalProblem(source: string): string | null {
  if (findIllegalCharacter(source) !== null) return 'a character that XML does not allow'
  const tokens = createXmlTokens({ recordChars: source.length, xmlDepth: deepest }, ignoreAll)
  try {
    tokens.write(source)
    tokens.end()
    return null
  } catch (error) {
    if (!(error instanceof FileStop)) throw error
    return stopTexts[error.stop.code] ?? 'not well-formed XML'
  }
}
