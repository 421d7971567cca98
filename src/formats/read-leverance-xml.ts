import { isLongerThan, trimBlanks } from '../domain/checks/characters.ts'
import type { DeliveryHeader } from '../domain/delivery-file.ts'
import type { Limits } from '../domain/limits.ts'
import { type RawRecord, type RecordFault, rawFieldNames, slotOf } from '../domain/raw-record.ts'
import { type Position, type UnitKind, unitKinds } from '../domain/unit.ts'
import { FileStop } from './file-stop.ts'
import {
  checksumElement,
  type HeaderElement,
  headerElements,
  optionalHeaderElement,
  type RecordElement,
  recordElements,
  sectionElements,
} from './leverance-elements.ts'
import { parseLeveranceHeader } from './leverance-header.ts'
import { buildLeverancePattern } from './leverance-pattern.ts'
import type { RecordHandler } from './record-handler.ts'
import type { RecordReader } from './record-reader.ts'
import { createXmlNames } from './xml-names.ts'
import { createXmlTokens, type XmlAttribute, type XmlLimits } from './xml-tokens.ts'

/** Where in the document we are. `skip`: inside an element that does not belong where it stands. `sealed`: after kontrolsum. */
type Place =
  | 'start'
  | 'leverance'
  | 'hoved'
  | 'headerField'
  | 'section'
  | 'record'
  | 'adresse'
  | 'field'
  | 'ekstra'
  | 'skip'
  | 'kontrolsum'
  | 'sealed'
  | 'end'

export interface LeveranceOptions {
  /** Off in tests that compare both roads. */
  readonly usePattern?: boolean
}

/** Depth of the deepest element that the pattern reads: leverance, section, record, Adresse, field. */
const patternDepth = 5
const maxEkstraChars = 1_000
const maxEkstraNameChars = 100
const noFaults: readonly RecordFault[] = []
const patterns = {
  daginstitution: buildLeverancePattern('daginstitution'),
  anvisningsenhed: buildLeverancePattern('anvisningsenhed'),
  alternativAdresse: buildLeverancePattern('alternativAdresse'),
}
const ordinals = Object.fromEntries(unitKinds.map((kind) => [kind, toOrdinals(recordElements[kind])])) as Record<
  UnitKind,
  ReadonlyMap<string, number>
>
/** Keys are left out when a unit has none; written empty, they break the schema. */
const keySlots = new Set([slotOf.nummer, slotOf.lokalId, slotOf.overordnetNummer, slotOf.overordnetLokalId])

function toOrdinals(elements: readonly RecordElement[]): ReadonlyMap<string, number> {
  return new Map(elements.map(({ element, inAdresse }, ordinal) => [inAdresse ? `Adresse/${element}` : element, ordinal]))
}

/**
 * Reads leverance XML and holds its structure against leverance-1.xsd: what is wrong above the records stops the file
 * (FIL-12, FIL-13, FIL-22), what is wrong inside one drops that record. One thing is stricter than the schema: the checksum
 * covers all bytes before it, so nothing but `</leverance>` and blanks may follow, no comment either.
 */
export function readLeveranceXml(
  limits: XmlLimits & Pick<Limits, 'columns'>,
  handler: RecordHandler,
  options: LeveranceOptions = {},
): RecordReader {
  const names = createXmlNames()
  const headerValues = new Map<HeaderElement, string>()
  const values: (string | null)[] = rawFieldNames.map(() => null)
  const offsets = new Int32Array(rawFieldNames.length)
  let place: Place = 'start'
  let header: DeliveryHeader | null = null
  let headerField: HeaderElement = 'leverandoer'
  const headerAt = new Map<HeaderElement, Position>()
  let sectionOrdinal = -1
  let skipDepth = 0
  let skipReturn: Place = 'record'
  let faults: RecordFault[] = []
  let lastOrdinal = -1
  let adresseSeen = false
  /** Elements and attributes of the record so far. */
  let parts = 0
  let slot = 0
  let fieldReturn: Place = 'record'
  let text = ''
  let ekstraName = ''
  let ekstra: [string, string][] = []
  let matchedByPattern = false
  let isSealed = false

  const record: RawRecord = {
    kind: 'daginstitution',
    values,
    ekstra: null,
    position: () => tokens.positionAt(tokens.keptIndex()),
    positionOf(of) {
      const start = tokens.keptIndex()
      if (values[of] === null || values[of] === undefined) return tokens.positionAt(start)
      if (!matchedByPattern) return tokens.positionAt(start + (offsets[of] ?? 0))
      const tag = `<${this.labelOf(of)}>`
      return tokens.positionAt(tokens.buffer().indexOf(tag, start) + tag.length)
    },
    labelOf: (of) => recordElements[record.kind].find(({ field }) => slotOf[field] === of)?.element ?? rawFieldNames[of] ?? '',
  }

  const shortcut = (buffer: string, index: number): number => {
    if (place !== 'section' || !names.isPlain() || header?.niveauer.includes(record.kind) !== true) return -1
    const { pattern, slots } = patterns[record.kind]
    pattern.lastIndex = index
    const match = pattern.exec(buffer)
    if (match === null) return -1
    const next = pattern.lastIndex
    if (next - index > limits.recordChars) return -1
    for (let group = 0; group < slots.length; group++) {
      const value = match[group + 1]
      if (value === '' && keySlots.has(slots[group] ?? 0)) return -1
      values[slots[group] ?? 0] = value ?? null
    }
    matchedByPattern = true
    record.ekstra = null
    tokens.keepFrom(buffer.indexOf('<', index))
    handler.record(record, noFaults)
    tokens.release()
    return next
  }

  const startElement = (name: string, attributes: readonly XmlAttribute[], index: number): void => {
    const { local, own } = names.enter(
      name,
      attributes,
      (cause, causeEn) => new FileStop({ code: 'FIL-10', position: tokens.positionAt(index), facts: { cause, causeEn } }),
    )
    parts += 1 + attributes.length
    if (tokens.keptIndex() !== -1 && parts > limits.columns)
      throw tooLong(`${limits.columns} elementer og attributter`, `${limits.columns} elements and attributes`)
    switch (place) {
      case 'start':
        if (local !== 'leverance') throw wrongRoot(name, index)
        if (own.length > 0) throw structure(index, `leverance har en attribut`, 'leverance has an attribute')
        place = 'leverance'
        return
      case 'leverance':
        startSection(local, name, own, index)
        return
      case 'hoved':
        startHeaderField(local, name, own, index)
        return
      case 'headerField':
        throw structure(index, `<${name}> inde i ${headerField}`, `<${name}> inside ${headerField}`)
      case 'section':
        startRecord(local, name, own, index)
        return
      case 'record':
      case 'adresse':
        startField(local, name, own, index)
        return
      case 'field':
      case 'ekstra':
        addFault('POST-05', index, name)
        skip(place)
        return
      case 'kontrolsum':
      case 'sealed':
        throw afterSeal(index, `<${name}>`)
      default:
        skipDepth += 1
    }
  }

  const wrongRoot = (name: string, index: number): FileStop => {
    const shown = name.slice(0, 50)
    if (/^html$/i.test(name)) return new FileStop({ code: 'FIL-02', position: tokens.positionAt(index) })
    return structure(
      index,
      `rodelementet er <${shown}>, ikke leverance i navnerummet urn:dagtilbud-sync:leverance:1`,
      `the root is <${shown}>, not leverance in the namespace urn:dagtilbud-sync:leverance:1`,
    )
  }

  const structure = (index: number, cause: string, causeEn: string): FileStop =>
    new FileStop({ code: 'FIL-12', position: tokens.positionAt(index), facts: { cause, causeEn } })

  const afterSeal = (index: number, seen: string): FileStop =>
    structure(index, `${seen} i eller efter ${checksumElement}`, `${seen} in or after ${checksumElement}`)

  const tooLong = (most: string, mostEn: string): FileStop =>
    new FileStop({
      code: 'FIL-20',
      position: record.position(),
      facts: { cause: `mere end ${most}`, causeEn: `more than ${mostEn}` },
    })

  const startSection = (local: string | null, name: string, own: readonly XmlAttribute[], index: number): void => {
    if (own.length > 0) throw structure(index, `<${name}> har en attribut`, `<${name}> has an attribute`)
    if (header === null) {
      if (local !== 'hoved') throw structure(index, `hoved skal stå før <${name}>`, `hoved must stand before <${name}>`)
      place = 'hoved'
      return
    }
    if (local === checksumElement) {
      // Its checksum counts the bytes before this very spelling.
      if (name !== local)
        throw structure(index, `<${name}> skal skrives uden præfiks`, `<${name}> must be written without a prefix`)
      isSealed = true
      text = ''
      place = 'kontrolsum'
      return
    }
    const ordinal = unitKinds.findIndex((kind) => sectionElements[kind] === local)
    const kind = unitKinds[ordinal]
    if (kind === undefined) throw structure(index, `<${name}> hører ikke til her`, `<${name}> does not belong here`)
    if (ordinal <= sectionOrdinal)
      throw structure(index, `<${name}> står to gange eller uden for rækkefølgen`, `<${name}> stands twice or out of order`)
    sectionOrdinal = ordinal
    record.kind = kind
    values.fill(null)
    place = 'section'
  }

  const startHeaderField = (local: string | null, name: string, own: readonly XmlAttribute[], index: number): void => {
    const expected = headerElements[headerValues.size]
    if (local === null || local !== expected) {
      throw structure(
        index,
        `<${name}> i hoved, hvor ${expected ?? 'intet mere'} ventes`,
        `<${name}> in hoved, where ${expected ?? 'nothing more'} is expected`,
      )
    }
    if (own.length > 0) throw structure(index, `<${name}> har en attribut`, `<${name}> has an attribute`)
    headerField = expected
    text = ''
    place = 'headerField'
  }

  const startRecord = (local: string | null, name: string, own: readonly XmlAttribute[], index: number): void => {
    if (local !== record.kind)
      throw structure(index, `<${name}> i ${sectionElements[record.kind]}`, `<${name}> in ${sectionElements[record.kind]}`)
    if (header !== null && !header.niveauer.includes(record.kind)) {
      throw new FileStop({
        code: 'FIL-22',
        position: tokens.positionAt(index),
        facts: { declared: header.niveauer.join(', '), kind: record.kind },
      })
    }
    tokens.keepFrom(index)
    parts = 0
    values.fill(null)
    offsets.fill(0)
    faults = []
    ekstra = []
    lastOrdinal = -1
    adresseSeen = false
    place = 'record'
    if (own.length > 0) addFault('POST-07', index, name)
  }

  const startField = (local: string | null, name: string, own: readonly XmlAttribute[], index: number): void => {
    if (place === 'record' && local === 'Adresse' && record.kind !== 'daginstitution') {
      const first = recordElements[record.kind].findIndex(({ inAdresse }) => inAdresse)
      if (adresseSeen || first <= lastOrdinal) addFault('POST-06', index, name)
      if (own.length > 0) addFault('POST-07', index, name)
      lastOrdinal = Math.max(lastOrdinal, first - 1)
      adresseSeen = true
      place = 'adresse'
      return
    }
    if (place === 'record' && local === 'ekstra') {
      startEkstra(own, index, name)
      return
    }
    const ordinal = local === null ? undefined : ordinals[record.kind].get(place === 'adresse' ? `Adresse/${local}` : local)
    if (ordinal === undefined) {
      addFault('POST-05', index, name)
      skip(place)
      return
    }
    if (own.length > 0) addFault('POST-07', index, name)
    if (ordinal <= lastOrdinal) addFault('POST-06', index, name)
    lastOrdinal = Math.max(lastOrdinal, ordinal)
    const element = recordElements[record.kind][ordinal]
    slot = element === undefined ? 0 : slotOf[element.field]
    text = ''
    offsets[slot] = -1
    fieldReturn = place
    place = 'field'
  }

  const startEkstra = (own: readonly XmlAttribute[], index: number, name: string): void => {
    const navn = own.find((attribute) => attribute.name === 'navn')
    ekstraName = trimBlanks(navn?.value ?? '').replace(/[ \t\n\r]+/g, ' ')
    if (navn === undefined || own.length > 1 || ekstraName === '' || isLongerThan(ekstraName, maxEkstraNameChars))
      addFault('POST-07', index, name)
    lastOrdinal = recordElements[record.kind].length
    text = ''
    place = 'ekstra'
  }

  const skip = (from: Place): void => {
    skipReturn = from
    skipDepth = 1
    place = 'skip'
  }

  const addFault = (code: string, index: number, name: string, facts: RecordFault['facts'] = {}): void => {
    faults.push({ code, position: tokens.positionAt(index), field: name.slice(0, 100), value: null, facts })
  }

  const onText = (value: string, index: number): void => {
    switch (place) {
      case 'field':
        if (text === '' && offsets[slot] === -1) offsets[slot] = index - tokens.keptIndex()
        text += value
        return
      case 'ekstra':
      case 'kontrolsum':
      case 'headerField':
        if (text === '' && place === 'headerField') headerAt.set(headerField, tokens.positionAt(index))
        text += value
        return
      case 'skip':
        return
      default:
        if (trimBlanks(value) === '') return
        if (place === 'record' || place === 'adresse') {
          addFault('POST-07', index + value.search(/[^ \t\n\r]/), place === 'adresse' ? 'Adresse' : record.kind)
          return
        }
        throw structure(
          index + value.search(/[^ \t\n\r]/),
          'tekst, hvor kun elementer må stå',
          'text where only elements may stand',
        )
    }
  }

  const endElement = (name: string, index: number): void => {
    names.leave()
    switch (place) {
      case 'headerField':
        headerValues.set(headerField, text)
        if (!headerAt.has(headerField)) headerAt.set(headerField, tokens.positionAt(index))
        place = 'hoved'
        return
      case 'hoved':
        endHeader(index)
        return
      case 'field':
        endField(name, index)
        return
      case 'ekstra':
        if (isLongerThan(text, maxEkstraChars)) addFault('POST-08', index, name, { max: maxEkstraChars })
        if (ekstraName !== '') ekstra.push([freeName(ekstraName), text])
        place = 'record'
        return
      case 'adresse':
        place = 'record'
        return
      case 'record':
        endRecord(index)
        return
      case 'section':
        place = 'leverance'
        return
      case 'kontrolsum':
        endChecksum(index)
        return
      case 'skip':
        skipDepth -= 1
        if (skipDepth === 0) place = skipReturn
        return
      default:
        if (header === null) throw structure(index, 'hoved mangler', 'hoved is missing')
        place = 'end'
    }
  }

  const endHeader = (index: number): void => {
    const missing = headerElements[headerValues.size]
    if (missing !== undefined && missing !== optionalHeaderElement)
      throw structure(index, `${missing} mangler i hoved`, `${missing} is missing from hoved`)
    const read = parseLeveranceHeader(headerValues)
    if ('code' in read) {
      const value = headerValues.get(read.element) ?? ''
      throw new FileStop({
        code: read.code,
        position: headerAt.get(read.element) ?? null,
        field: read.element,
        value: value.slice(0, 200),
      })
    }
    header = read
    place = 'leverance'
    handler.header(read)
  }

  const endChecksum = (index: number): void => {
    const hex = trimBlanks(text)
    if (!/^[0-9a-f]{64}$/.test(hex)) {
      const cause = `${checksumElement} er ikke 64 hexcifre med små bogstaver`
      throw structure(index, cause, `${checksumElement} is not 64 hex digits in lower case`)
    }
    place = 'sealed'
    handler.checksum({ place: 'element', hex })
  }

  const endField = (name: string, index: number): void => {
    if (offsets[slot] === -1) offsets[slot] = index - tokens.keptIndex()
    if (trimBlanks(text) === '' && keySlots.has(slot)) {
      addFault('POST-17', index, name)
      values[slot] = null
    } else values[slot] = text
    place = fieldReturn
  }

  /** A second extra value of one name keeps its own place. */
  const freeName = (name: string): string => {
    const taken = ekstra.filter(([other]) => other === name || other.startsWith(`${name}#`)).length
    return taken === 0 ? name : `${name}#${taken + 1}`
  }

  const endRecord = (index: number): void => {
    const { recordChars } = limits
    if (index - tokens.keptIndex() > recordChars) throw tooLong(`${recordChars} tegn`, `${recordChars} characters`)
    matchedByPattern = false
    record.ekstra = ekstra.length === 0 ? null : Object.fromEntries(ekstra)
    handler.record(record, faults)
    tokens.release()
    place = 'section'
  }

  const tokens = createXmlTokens(limits, {
    startElement,
    endElement,
    text: onText,
    aside(index) {
      if (isSealed)
        throw structure(index, `<!-- eller <? i eller efter ${checksumElement}`, `<!-- or <? in or after ${checksumElement}`)
    },
    ...(options.usePattern === false || limits.xmlDepth < patternDepth ? {} : { shortcut }),
  })

  return { write: tokens.write, end: () => tokens.end(), here: tokens.here }
}
