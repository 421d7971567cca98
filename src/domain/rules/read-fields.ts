import { countCharacters, isLongerThan, trimBlanks } from '../checks/characters.ts'
import { isCvrNumber } from '../checks/cvr.ts'
import { isDigits } from '../checks/digits.ts'
import { passesPNumberModulus } from '../checks/p-number.ts'
import { institutionsnummerPattern, parseKommuneKode } from '../ids.ts'
import { kommuner } from '../kommuner.ts'
import { postnumre } from '../postnumre.ts'
import { type RawRecord, slotOf } from '../raw-record.ts'
import { type FieldName, fieldsOf, type UnitKind } from '../unit.ts'
import type { Report } from './report.ts'
import type { RuleSet } from './rule-set.ts'

/** Turns the trimmed, non-empty text of a field into its canonical form; reports what is wrong with it on the way. */
type ReadField = (text: string, slot: number, report: Report, rules: RuleSet) => string

/** How one field of one level is read. `missing` is the code of its absence; null when it is optional. */
export interface FieldReader {
  readonly field: FieldName
  readonly slot: number
  readonly missing: 'DTR-01a' | 'LOK-22a' | null
  readonly read: ReadField
}

/** Characters that a person does not see, or that tell of text gone wrong. One test for the common case: none of them. */
const oddCharacters =
  /[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffd]|Ã[^\x00-\x7f]|\p{L}\?\p{L}/u
const controlCharacters = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/
const invisibleCharacters = /[\xad\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/
const dawaIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const husNummerPattern = /^[1-9]\d{0,2}[A-Za-z]?$/
const etagePattern = /^(?:[1-9]\d?|st|kl|k[2-9])$/
const doerPattern = /^(?:[1-9]\d{0,3}|[0-9a-zæøå/-]{1,4})$/
const koordinatPattern = /^\d{1,3}(?:[.,]\d{1,15})?$/
const emailPattern = /^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@.,;<>]{2,}$/
const lokalIdPattern = /^[0-9A-Za-z._:/-]{1,64}$/

/** Box around Denmark, WGS84. Source: public export; the outermost units lie at 54.575-57.734 and 8.115-15.131. */
const box = { geoBredde: [54.5, 57.8], geoLaengde: [8, 15.2] } as const

/**
 * The readers of each level. Mandatory fields and widths of daginstitution and anvisningsenhed are documented (page
 * Datamodel); those of the address group and of alternativAdresse are ours, so they carry LOK codes.
 */
export const fieldReaders: Readonly<Record<UnitKind, readonly FieldReader[]>> = {
  daginstitution: readersOf('daginstitution', {
    navn: 'DTR-01a',
    ejerformKode: 'DTR-01a',
    lovgrundlagKode: 'DTR-01a',
    admKommuneKode: 'DTR-01a',
  }),
  anvisningsenhed: readersOf('anvisningsenhed', {
    navn: 'DTR-01a',
    instType3: 'DTR-01a',
    vejNavn: 'LOK-22a',
    husNummer: 'LOK-22a',
    postNummer: 'LOK-22a',
    kommuneKode: 'LOK-22a',
    pNummer: 'DTR-01a',
  }),
  alternativAdresse: readersOf('alternativAdresse', {
    navn: 'LOK-22a',
    vejNavn: 'LOK-22a',
    husNummer: 'LOK-22a',
    postNummer: 'LOK-22a',
    kommuneKode: 'LOK-22a',
  }),
}

function readersOf(kind: UnitKind, missing: Partial<Record<FieldName, 'DTR-01a' | 'LOK-22a'>>): readonly FieldReader[] {
  const documented = kind !== 'alternativAdresse'
  const byField: Record<FieldName, ReadField> = {
    navn: textReader(132, documented ? 'DTR-01b' : 'LOK-22b'),
    ejerformKode: readEjerform,
    lovgrundlagKode: readLovgrundlag,
    admKommuneKode: readKommune,
    instType3: readInstType,
    vejNavn: textReader(40, 'LOK-22b'),
    husNummer: readHusNummer,
    etage: shapeReader(etagePattern, 'LOK-22c', '1-99, st, kl, k2-k9', '1-99, st, kl, k2-k9'),
    doer: shapeReader(
      doerPattern,
      'LOK-22c',
      '1-9999, eller højst fire tegn: små bogstaver, cifre, / og -',
      '1-9999, or at most four of: small letters, digits, / and -',
    ),
    postNummer: readPostNummer,
    byNavn: textReader(40, 'LOK-22b'),
    supplerendeBynavn: textReader(40, 'LOK-22b'),
    kommuneKode: readKommune,
    geoBredde: coordinateReader('geoBredde'),
    geoLaengde: coordinateReader('geoLaengde'),
    dawaId: readDawaId,
    email: readEmail,
    telefonNummer: readTelefon,
    cvrNummer: cvrReader(documented ? 'DTR-01c' : 'LOK-22c'),
    pNummer: pNumberReader(documented ? 'DTR-01c' : 'LOK-22c'),
  }
  return fieldsOf[kind].map((field) => ({ field, slot: slotOf[field], missing: missing[field] ?? null, read: byField[field] }))
}

function textReader(max: number, tooLong: string): ReadField {
  return (text, slot, report) => {
    if (isLongerThan(text, max)) report(tooLong, slot, { max, length: countCharacters(text) })
    return oddCharacters.test(text) ? readOddText(text, slot, report) : text
  }
}

/** Names each kind of odd character once; only line breaks and tabs are changed, into a blank. */
function readOddText(text: string, slot: number, report: Report): string {
  if (controlCharacters.test(text)) report('POST-14', slot)
  if (/Ã[^\x00-\x7f]/.test(text)) report('POST-15', slot)
  if (text.includes('\ufffd')) report('POST-16', slot)
  if (/\p{L}\?\p{L}/u.test(text)) report('LOK-33', slot)
  const invisible = invisibleCharacters.exec(text)?.[0]
  if (invisible !== undefined) {
    report('LOK-27', slot, { character: `U+${invisible.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}` })
  }
  if (!/[\t\n\r]/.test(text)) return text
  report('LOK-29', slot)
  return text.replace(/[\t\n\r]+/g, ' ')
}

function shapeReader(pattern: RegExp, code: string, expected: string, expectedEn: string): ReadField {
  return (text, slot, report) => {
    if (!pattern.test(text)) report(code, slot, { expected, expectedEn })
    return text
  }
}

const codeShape = { expected: 'en kode af cifre', expectedEn: 'a code of digits' }

function readEjerform(text: string, slot: number, report: Report, rules: RuleSet): string {
  if (rules.ejerformKoder.has(text)) return text
  if (!isDigits(text, 1, 9)) report('DTR-01c', slot, codeShape)
  else report('DTR-02a', slot, { allowed: [...rules.ejerformKoder].join(', ') })
  return text
}

function readInstType(text: string, slot: number, report: Report, rules: RuleSet): string {
  if (rules.instTypeKoder.has(text)) return text
  if (!isDigits(text, 1, 9)) report('DTR-01c', slot, codeShape)
  else report('DTR-02a', slot, { allowed: [...rules.instTypeKoder].join(', ') })
  return text
}

function readLovgrundlag(text: string, slot: number, report: Report, rules: RuleSet): string {
  const key = rules.lovgrundlagOf.get(text)
  if (key !== undefined) return key
  if (!isDigits(text, 1, 9)) report('DTR-01c', slot, codeShape)
  else report('DTR-02b', slot)
  return text
}

function readKommune(text: string, slot: number, report: Report): string {
  if (kommuner.has(text)) return text
  const code = parseKommuneKode(text)
  if (code !== null) return code
  const documented = slot === slotOf.admKommuneKode
  if (isDigits(text, 3) || (isDigits(text, 4) && text.startsWith('0'))) report('DTR-02c', slot)
  else {
    report(documented ? 'DTR-01c' : 'LOK-22c', slot, { expected: 'tre cifre, fx 101', expectedEn: 'three digits, e.g. 101' })
  }
  return text
}

function readHusNummer(text: string, slot: number, report: Report): string {
  if (!husNummerPattern.test(text)) {
    report('LOK-22c', slot, { expected: '1-999 og højst ét bogstav', expectedEn: '1-999 and at most one letter' })
    return text
  }
  const last = text.charCodeAt(text.length - 1)
  if (last < 97) return text
  report('LOK-13', slot)
  return text.toUpperCase()
}

function readPostNummer(text: string, slot: number, report: Report): string {
  let code = text
  if (isDigits(text, 3)) {
    code = `0${text}`
    report('LOK-24', slot, { restored: code })
  }
  if (!isDigits(code, 4)) report('LOK-22c', slot, { expected: 'fire cifre', expectedEn: 'four digits' })
  else if (!postnumre.has(code)) report('LOK-10a', slot)
  return code
}

/** A decimal comma becomes a point. */
function coordinateReader(field: 'geoBredde' | 'geoLaengde'): ReadField {
  const [low, high] = box[field]
  return (text, slot, report) => {
    if (!koordinatPattern.test(text)) {
      report('LOK-22c', slot, {
        expected: 'et decimaltal i grader, fx 55.676',
        expectedEn: 'a decimal number of degrees, e.g. 55.676',
      })
      return text
    }
    const point = text.includes(',') ? text.replace(',', '.') : text
    const degrees = Number(point)
    if (degrees < low || degrees > high) report('LOK-11', slot)
    return point
  }
}

/** Any version of UUID: real address ids of the old form fail a strict RFC 4122 check. Stored in lower case. */
function readDawaId(text: string, slot: number, report: Report): string {
  if (dawaIdPattern.test(text)) return text
  const lower = text.toLowerCase()
  if (!dawaIdPattern.test(lower)) {
    report('LOK-22c', slot, { expected: '8-4-4-4-12 hexadecimale tegn', expectedEn: '8-4-4-4-12 hexadecimal characters' })
  }
  return lower
}

const readEmailText = textReader(132, 'DTR-01b')

function readEmail(text: string, slot: number, report: Report, rules: RuleSet): string {
  const value = readEmailText(text, slot, report, rules)
  if (!emailPattern.test(value)) report('LOK-09', slot)
  return value
}

const readTelefonText = textReader(20, 'DTR-01b')

function readTelefon(text: string, slot: number, report: Report, rules: RuleSet): string {
  if (isDigits(text, 8)) return text
  report('LOK-08', slot)
  return readTelefonText(text, slot, report, rules)
}

function cvrReader(wrongForm: string): ReadField {
  return (text, slot, report) => {
    const code = restoreZeros(text, 8, slot, report)
    if (!isDigits(code, 8)) report(wrongForm, slot, { expected: 'otte cifre', expectedEn: 'eight digits' })
    else if (!isCvrNumber(code)) report('LOK-01', slot)
    return code
  }
}

function pNumberReader(wrongForm: string): ReadField {
  return (text, slot, report) => {
    const code = restoreZeros(text, 10, slot, report)
    if (!isDigits(code, 10)) {
      report(wrongForm, slot, { expected: 'ti cifre', expectedEn: 'ten digits' })
      return code
    }
    if (!code.startsWith('10')) report('LOK-02', slot)
    if (!passesPNumberModulus(code)) report('LOK-03', slot)
    return code
  }
}

/** Puts back at most two leading zeros: more missing digits are a fault, not a spreadsheet's doing. */
function restoreZeros(text: string, width: number, slot: number, report: Report): string {
  if (text.length === width || !isDigits(text, width - 2, width - 1)) return text
  const restored = text.padStart(width, '0')
  report('LOK-24', slot, { restored })
  return restored
}

/** Reads an institution number; null when it is absent or has the wrong form. */
export function readNummer(raw: RawRecord, slot: number, report: Report): string | null {
  const text = trimBlanks(raw.values[slot] ?? '')
  if (text === '') return null
  if (!institutionsnummerPattern.test(text)) {
    report('DTR-01c', slot, { expected: 'et stort bogstav og fem cifre', expectedEn: 'a capital letter and five digits' })
    return null
  }
  if (text.charCodeAt(0) !== 71) report('LOK-18', slot)
  return text
}

/** Reads a supplier's own key; null when it is absent or has the wrong form. */
export function readLokalId(raw: RawRecord, slot: number, report: Report): string | null {
  const text = trimBlanks(raw.values[slot] ?? '')
  if (text === '') return null
  if (lokalIdPattern.test(text)) return text
  report('LOK-22c', slot, {
    expected: 'højst 64 tegn: bogstaver a-z, cifre, punktum, bindestreg, understreg, kolon og skråstreg',
    expectedEn: 'at most 64 characters: letters a-z, digits, full stop, dash, underscore, colon and slash',
  })
  return null
}

/** Reads aktivitetsstatus without regard to case; null when it is neither of the two we know. */
export function readStatus(value: string | null, report: Report): 'aktiv' | 'nedlagt' | null {
  if (value === 'aktiv' || value === 'Aktiv') return 'aktiv'
  const text = value === null ? '' : trimBlanks(value)
  const lower = text.toLowerCase()
  if (lower === 'aktiv' || lower === 'nedlagt') return lower
  if (text === '') report('LOK-22a', slotOf.status)
  else report('LOK-31', slotOf.status, { allowed: 'aktiv, nedlagt' })
  return null
}
