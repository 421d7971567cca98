import type { Position } from '../domain/unit.ts'
import { FileStop } from './file-stop.ts'
import { createLineTracker } from './line-tracker.ts'

/** One attribute, its references resolved. */
export interface XmlAttribute {
  readonly name: string
  readonly value: string
}

/** What the tokenizer tells as it goes. Indexes are good for `positionAt` until the handler returns. */
export interface XmlHandler {
  /** `empty`: the element is written `<x/>`; `endElement` follows at once. */
  startElement(name: string, attributes: readonly XmlAttribute[], index: number): void
  endElement(name: string, index: number): void
  /** Character data with references resolved; one run of text may come in several calls. */
  text(value: string, index: number): void
  /** A comment or a processing instruction: no data, but bytes of the file. */
  aside?(index: number): void
  /**
   * Offered at each place where a tag begins: a handler that knows what it wants may read on its own and give the index
   * after it, or -1 for no. It must then have looked for characters that XML does not have.
   */
  shortcut?(buffer: string, index: number): number
}

/** A streaming XML 1.0 reader for documents without a DOCTYPE. */
export interface XmlTokens {
  write(text: string): void
  end(): void
  positionAt(index: number): Position
  here(): Position
  /** Keeps the text from `index` on until released, so that places in it can still be asked for. */
  keepFrom(index: number): void
  release(): void
  /** Index of the text kept, which moves when the front of the buffer is dropped. */
  keptIndex(): number
  readonly buffer: () => string
}

export interface XmlLimits {
  /** Characters from the start of one record, or of one tag or comment, to its end. */
  readonly recordChars: number
  readonly xmlDepth: number
}

/** Characters that no XML document has, as part of an expression's character class. CR is gone when it is used. */
export const notInXml = '\\x00-\\x08\\x0b-\\x1f\\ufffe\\uffff'

const nameStart =
  ':A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}-\\u{200D}\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}'
const nameRest = `${nameStart}\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}-\\u{2040}`
const namePattern = new RegExp(`[${nameStart}][${nameRest}]*`, 'uy')
const plainStartTag = /<([A-Za-z_][A-Za-z0-9_]*)(\/?)>/y
const notAllowed = new RegExp(`[${notInXml}]`)
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const blanks = ' \t\n\r'
/** Ours: no document we read has a tenth of that. Each is compared with all before it, and what they declare is kept. */
const mostAttributes = 100

/**
 * Reads XML 1.0 (fifth edition) piece by piece: well-formedness in full, no DOCTYPE, no entities but the five. Line ends
 * are normalised first. Ends with FileStop FIL-06, FIL-10, FIL-11, FIL-20 or FIL-23.
 *
 * Our own reader and not a package's; docs/architecture.md says why. Tested against the W3C conformance suite, and against
 * xmllint on every broken file we can make.
 */
export function createXmlTokens(limits: XmlLimits, handler: XmlHandler): XmlTokens {
  const lines = createLineTracker()
  const open: string[] = []
  let buffer = ''
  let at = 0
  let kept = -1
  let heldReturn = false
  let started = false
  let rootDone = false
  let hasSectionEnd = false
  /** Up to here the characters are known to be ones that XML has. */
  let checked = 0

  const stop = (code: string, index: number, facts: Record<string, string | number> = {}): FileStop =>
    new FileStop({ code, position: lines.positionAt(buffer, index), facts })
  const malformed = (cause: string, causeEn: string, index: number): FileStop => stop('FIL-10', index, { cause, causeEn })

  const read = (final: boolean): void => {
    while (at < buffer.length) {
      if (open.length > 0 && !hasSectionEnd && handler.shortcut !== undefined && buffer.charCodeAt(at) <= 60) {
        const next = handler.shortcut(buffer, at)
        if (next !== -1) {
          at = next
          checked = next
          continue
        }
      }
      if (buffer.charCodeAt(at) === 60) {
        const end = buffer.indexOf('>', at)
        checkCharacters(end === -1 ? buffer.length : end)
        if (!readMarkup(final)) return
        checkCharacters(at)
        continue
      }
      const tag = buffer.indexOf('<', at)
      // A reference, a `]]>` or an unfinished line may be cut by the end of the piece.
      if (tag === -1 && !final) {
        checkCharacters(buffer.length)
        return
      }
      checkCharacters(tag === -1 ? buffer.length : tag)
      readText(tag === -1 ? buffer.length : tag)
    }
  }

  /** Refuses characters that XML does not have, up to `end`; each stretch is looked at once. */
  const checkCharacters = (end: number): void => {
    if (end <= checked) return
    const bad = notAllowed.exec(buffer.slice(checked, end))
    if (bad !== null) {
      const code = (bad[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
      throw malformed(`tegnet U+${code} er ikke tilladt`, `the character U+${code} is not allowed`, checked + bad.index)
    }
    checked = end
  }

  const readText = (end: number): void => {
    if (open.length === 0) {
      for (let index = at; index < end; index++) {
        if (!blanks.includes(buffer.charAt(index)))
          throw malformed('tekst uden for rodelementet', 'text outside the root element', index)
      }
      started = true
      at = end
      return
    }
    const raw = buffer.slice(at, end)
    const sectionEnd = raw.indexOf(']]>')
    if (sectionEnd !== -1) throw malformed('"]]>" i tekst', '"]]>" in text', at + sectionEnd)
    handler.text(resolve(raw, at), at)
    at = end
  }

  const resolve = (raw: string, index: number): string => {
    if (!raw.includes('&')) return raw
    return raw.replace(/&([^;&\s]*);?/g, (match, name: string, offset: number) => {
      const value = match.endsWith(';') ? referenceOf(name) : undefined
      if (value === undefined)
        throw malformed(
          `"${match.slice(0, 20)}" er ingen kendt reference`,
          `"${match.slice(0, 20)}" is no known reference`,
          index + offset,
        )
      return value
    })
  }

  /** Reads a tag, comment, instruction or CDATA section; false when it is not complete yet. */
  const readMarkup = (final: boolean): boolean => {
    const second = buffer.charCodeAt(at + 1)
    if (second === 47) return readEndTag(final)
    if (second === 33) return readDeclaration(final)
    if (second === 63) return readInstruction(final)
    if (Number.isNaN(second)) return unfinished(final)
    return readStartTag(final)
  }

  const unfinished = (final: boolean): boolean => {
    if (final) throw stop('FIL-06', at, { cause: 'den slutter midt i et element', causeEn: 'it ends inside a tag' })
    return false
  }

  const readDeclaration = (final: boolean): boolean => {
    if (buffer.startsWith('<!--', at)) return readComment(final)
    if (buffer.startsWith('<![CDATA[', at)) return readSection(final)
    if (buffer.startsWith('<!DOCTYPE', at)) throw stop('FIL-11', at)
    const rest = buffer.slice(at, at + 9)
    if (!final && ('<!--'.startsWith(rest) || '<![CDATA['.startsWith(rest) || '<!DOCTYPE'.startsWith(rest))) return false
    if (final && buffer.length - at < 9) return unfinished(true)
    throw malformed('ukendt erklæring efter "<!"', 'unknown declaration after "<!"', at)
  }

  const readComment = (final: boolean): boolean => {
    const dashes = buffer.indexOf('--', at + 4)
    if (dashes === -1 || dashes + 2 >= buffer.length) return unfinished(final)
    if (buffer.charCodeAt(dashes + 2) !== 62) throw malformed('"--" i en kommentar', '"--" in a comment', dashes)
    started = true
    handler.aside?.(at)
    at = dashes + 3
    return true
  }

  const readSection = (final: boolean): boolean => {
    const end = buffer.indexOf(']]>', at)
    if (end === -1) return unfinished(final)
    if (open.length === 0) throw malformed('CDATA uden for rodelementet', 'CDATA outside the root element', at)
    handler.text(buffer.slice(at + 9, end), at + 9)
    at = end + 3
    return true
  }

  const readInstruction = (final: boolean): boolean => {
    const end = buffer.indexOf('?>', at + 2)
    if (end === -1) return unfinished(final)
    const target = matchName(at + 2)
    if (target === '' || target.includes(':')) throw malformed('en instruktion uden navn', 'an instruction without a name', at)
    if (target.toLowerCase() === 'xml') {
      if (started || target !== 'xml' || at !== 0)
        throw malformed('XML-erklæringen står ikke først', 'the XML declaration does not stand first', at)
      checkXmlDeclaration(buffer.slice(at + 5, end))
    } else {
      if (at + 2 + target.length < end && !blanks.includes(buffer.charAt(at + 2 + target.length)))
        throw malformed('ugyldigt navn på en instruktion', 'the name of an instruction is not valid', at)
      handler.aside?.(at)
    }
    started = true
    at = end + 2
    return true
  }

  const checkXmlDeclaration = (content: string): void => {
    const match =
      /^[ \t\n]+version[ \t\n]*=[ \t\n]*(?:"([^"]*)"|'([^']*)')(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(?:"[A-Za-z][A-Za-z0-9._-]*"|'[A-Za-z][A-Za-z0-9._-]*'))?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\n]*$/.exec(
        content,
      )
    if (match === null) throw malformed('XML-erklæringen er ikke gyldig', 'the XML declaration is not valid', 0)
    if (!/^1\.[0-9]+$/.test(match[1] ?? match[2] ?? ''))
      throw malformed('XML-version kendes ikke', 'the XML version is not known', 0)
  }

  const matchName = (index: number): string => {
    namePattern.lastIndex = index
    return namePattern.exec(buffer)?.[0] ?? ''
  }

  const readStartTag = (final: boolean): boolean => {
    const start = at
    if (rootDone) throw malformed('mere end ét rodelement', 'more than one root element', at)
    plainStartTag.lastIndex = at
    const plain = plainStartTag.exec(buffer)
    if (plain !== null) {
      at = plainStartTag.lastIndex
      startElement(plain[1] ?? '', [], plain[2] === '/', start)
      return true
    }
    const name = matchName(at + 1)
    let index = at + 1 + name.length
    if (index >= buffer.length) return unfinished(final)
    if (name === '') throw malformed('"<" følges ikke af et navn', '"<" is not followed by a name', at)
    const attributes: XmlAttribute[] = []
    while (true) {
      const afterBlanks = skipBlanks(index)
      if (afterBlanks >= buffer.length) return unfinished(final)
      const next = buffer.charAt(afterBlanks)
      if (next === '>') {
        at = afterBlanks + 1
        startElement(name, attributes, false, start)
        return true
      }
      if (next === '/') {
        if (afterBlanks + 1 >= buffer.length) return unfinished(final)
        if (buffer.charAt(afterBlanks + 1) !== '>') throw malformed('"/" inde i et element', '"/" inside a tag', afterBlanks)
        at = afterBlanks + 2
        startElement(name, attributes, true, start)
        return true
      }
      if (afterBlanks === index)
        throw malformed('attributter skal adskilles af blanktegn', 'attributes must be separated by blanks', afterBlanks)
      const read = readAttribute(afterBlanks, attributes)
      if (read === -1) return unfinished(final)
      index = read
    }
  }

  /** Index after the attribute; -1 when it is not complete yet. */
  const readAttribute = (index: number, attributes: XmlAttribute[]): number => {
    const name = matchName(index)
    const equals = skipBlanks(index + name.length)
    if (equals >= buffer.length) return -1
    if (name === '') throw malformed('ugyldigt navn på en attribut', 'the name of an attribute is not valid', index)
    if (buffer.charAt(equals) !== '=')
      throw malformed(
        `attributten ${name.slice(0, 50)} har ingen værdi`,
        `the attribute ${name.slice(0, 50)} has no value`,
        index,
      )
    const quoteAt = skipBlanks(equals + 1)
    if (quoteAt >= buffer.length) return -1
    const quote = buffer.charAt(quoteAt)
    if (quote !== '"' && quote !== "'")
      throw malformed('attributværdier skal i anførselstegn', 'attribute values must be quoted', quoteAt)
    const end = buffer.indexOf(quote, quoteAt + 1)
    if (end === -1) {
      const less = buffer.indexOf('<', quoteAt)
      if (less !== -1) throw malformed('"<" i en attributværdi', '"<" in an attribute value', less)
      return -1
    }
    const raw = buffer.slice(quoteAt + 1, end)
    const less = raw.indexOf('<')
    if (less !== -1) throw malformed('"<" i en attributværdi', '"<" in an attribute value', quoteAt + 1 + less)
    if (attributes.some((attribute) => attribute.name === name))
      throw malformed(`attributten ${name.slice(0, 50)} står to gange`, `the attribute ${name.slice(0, 50)} stands twice`, index)
    if (attributes.length === mostAttributes)
      throw stop('FIL-20', index, {
        cause: `mere end ${mostAttributes} attributter i et element`,
        causeEn: `more than ${mostAttributes} attributes in one element`,
      })
    attributes.push({ name, value: resolve(raw.replace(/[\t\n]/g, ' '), quoteAt + 1) })
    return end + 1
  }

  const skipBlanks = (from: number): number => {
    let index = from
    while (index < buffer.length && blanks.includes(buffer.charAt(index))) index++
    return index
  }

  const startElement = (name: string, attributes: readonly XmlAttribute[], empty: boolean, index: number): void => {
    if (open.length >= limits.xmlDepth) throw stop('FIL-23', index, { max: limits.xmlDepth })
    started = true
    open.push(name)
    handler.startElement(name, attributes, index)
    if (empty) endElement(name, index)
  }

  const endElement = (name: string, index: number): void => {
    open.pop()
    if (open.length === 0) rootDone = true
    handler.endElement(name, index)
  }

  const readEndTag = (final: boolean): boolean => {
    const expected = open[open.length - 1]
    if (expected !== undefined && buffer.startsWith(expected, at + 2) && buffer.charCodeAt(at + 2 + expected.length) === 62) {
      const index = at
      at += expected.length + 3
      endElement(expected, index)
      return true
    }
    const name = matchName(at + 2)
    const end = skipBlanks(at + 2 + name.length)
    if (end >= buffer.length) return unfinished(final)
    if (buffer.charAt(end) !== '>') throw malformed('et sluttag er ikke gyldigt', 'an end tag is not valid', at)
    if (name !== expected) {
      const shown = `</${name.slice(0, 50)}>`
      if (expected === undefined) throw malformed(`${shown} uden start`, `${shown} without a start`, at)
      throw malformed(`${shown} lukker <${expected.slice(0, 50)}>`, `${shown} closes <${expected.slice(0, 50)}>`, at)
    }
    const index = at
    at = end + 1
    endElement(name, index)
    return true
  }

  const drop = (): void => {
    const from = kept === -1 ? at : Math.min(kept, at)
    if (from === 0) return
    lines.advance(buffer, from)
    lines.shift(buffer, from)
    buffer = buffer.slice(from)
    at -= from
    checked -= from
    if (kept !== -1) kept -= from
  }

  return {
    write(text) {
      let piece = heldReturn ? `\r${text}` : text
      heldReturn = piece.endsWith('\r')
      if (heldReturn) piece = piece.slice(0, -1)
      if (piece.includes('\r')) piece = piece.replace(/\r\n?/g, '\n')
      drop()
      lines.shift(buffer, 0)
      buffer += piece
      hasSectionEnd = buffer.includes(']]>')
      read(false)
      const pending = buffer.length - (kept === -1 ? at : kept)
      if (pending > limits.recordChars) {
        throw stop('FIL-20', kept === -1 ? at : kept, {
          cause: `mere end ${limits.recordChars} tegn`,
          causeEn: `more than ${limits.recordChars} characters`,
        })
      }
    },
    end() {
      if (heldReturn) {
        lines.shift(buffer, 0)
        buffer += '\n'
      }
      read(true)
      if (!rootDone) {
        const expected = open[open.length - 1]
        if (expected === undefined) throw malformed('der er intet rodelement', 'there is no root element', buffer.length)
        throw stop('FIL-06', buffer.length, {
          cause: `<${expected.slice(0, 50)}> lukkes aldrig`,
          causeEn: `<${expected.slice(0, 50)}> is never closed`,
        })
      }
    },
    positionAt: (index) => lines.positionAt(buffer, index),
    here: () => lines.positionAt(buffer, buffer.length),
    keepFrom(index) {
      lines.advance(buffer, index)
      kept = index
    },
    release() {
      kept = -1
    },
    keptIndex: () => kept,
    buffer: () => buffer,
  }
}

function referenceOf(name: string): string | undefined {
  if (!name.startsWith('#')) return Object.hasOwn(entities, name) ? entities[name] : undefined
  const digits = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name)
  if (digits === null) return undefined
  const code = digits[1] !== undefined ? Number.parseInt(digits[1], 16) : Number.parseInt(digits[2] ?? '', 10)
  const allowed =
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x1_0000 && code <= 0x10_ffff)
  return allowed ? String.fromCodePoint(code) : undefined
}
