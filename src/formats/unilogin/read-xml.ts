import { DOMParser, type Element } from '@xmldom/xmldom'
import { byteOrderMark } from '../csv-cell.ts'
import { type ReadResult, read, unreadable } from './read-result.ts'
import { findIllegalCharacter } from './xml-text.ts'

export type XmlElement = Element

const elementNode = 1

/**
 * The root element of an XML document. Stricter than the parser behind it, which lets some malformed text pass:
 * a DOCTYPE, an unescaped ampersand, a stray `]]>` and characters outside XML 1.0 are refused here.
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

/** A document without its comments and CDATA sections. What is not closed goes to the end, and is the parser's to refuse. */
export function markupOf(source: string): string {
  return source.replace(/<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)/g, '')
}

function findLexicalProblem(source: string): string | null {
  if (/<!doctype/i.test(source)) return 'a DOCTYPE is not allowed'
  if (findIllegalCharacter(source) !== null) return 'a character that XML does not allow'
  if (!source.includes('&') && !source.includes(']]>')) return null
  const markup = markupOf(source)
  if (markup.includes(']]>')) return 'a stray ]]>'
  for (const [, reference = ''] of markup.matchAll(/&([^;]{0,12};?)/g)) {
    if (!isLegalReference(reference)) return 'an ampersand that starts no known reference'
  }
  return null
}

function isLegalReference(reference: string): boolean {
  if (/^(amp|lt|gt|quot|apos);$/.test(reference)) return true
  const [, decimal, hexadecimal] = /^#(?:(\d+)|x([0-9a-fA-F]+));$/.exec(reference) ?? []
  const codePoint = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number.parseInt(decimal, 10)
  return codePoint <= 0x10ffff && findIllegalCharacter(String.fromCodePoint(codePoint)) === null
}
