import type { BilingualText } from './bilingual-text.ts'
import type { UnitFields } from './unit.ts'

/** An institution as a list from Unilogin has it. */
export interface UniloginRow {
  readonly instnr: string
  readonly instnavn: string
  /** Street and house number on one line; '' when the list has none. */
  readonly adresse: string
  readonly postnr: string
  /** Three digits; null when the list does not say. */
  readonly kommunenr: string | null
}

/** A unit of the register that could be the same place, and why we think so. */
export interface Match {
  readonly nummer: string
  readonly navn: string
  /** 0-100. Ours: 50 for the name, 30 for the address, 20 for the postal code. */
  readonly score: number
  readonly grunde: readonly BilingualText[]
}

/** Below this a likeness is chance. */
const leastScore = 50
const mostMatches = 3

/** The units that look most like an institution of Unilogin, best first; at most three. A proposal: a person decides. */
export function proposeMatches(
  row: UniloginRow,
  units: Iterable<{ readonly nummer: string; readonly fields: UnitFields }>,
): readonly Match[] {
  const matches: Match[] = []
  for (const { nummer, fields } of units) {
    const match = score(row, nummer, fields)
    if (match.score >= leastScore) matches.push(match)
  }
  return matches.sort((a, b) => b.score - a.score || (a.nummer < b.nummer ? -1 : 1)).slice(0, mostMatches)
}

function score(row: UniloginRow, nummer: string, fields: UnitFields): Match {
  const grunde: BilingualText[] = []
  const alike = likeness(row.instnavn, fields.navn ?? '')
  if (alike > 0.3) grunde.push(alikeText(alike))
  let points = Math.round(alike * 50)
  const street = plain(fields.vejNavn ?? '')
  const line = plain(row.adresse)
  if (street !== '' && isAddress(line, street + plain(fields.husNummer ?? ''))) {
    points += 30
    grunde.push({ da: 'samme vej og husnummer', en: 'same street and house number' })
  } else if (street !== '' && line.startsWith(street)) {
    points += 15
    grunde.push({ da: 'samme vej', en: 'same street' })
  }
  if (row.postnr !== '' && row.postnr === fields.postNummer) {
    points += 20
    grunde.push({ da: 'samme postnummer', en: 'same postal code' })
  }
  return { nummer, navn: fields.navn ?? '', score: points, grunde }
}

function alikeText(alike: number): BilingualText {
  if (alike === 1) return { da: 'samme navn', en: 'same name' }
  const percent = Math.round(alike * 100)
  return { da: `navnet ligner ${percent} %`, en: `name alike by ${percent} %` }
}

/** A floor or door may follow, but no further digit of the house number. */
function isAddress(line: string, streetAndNumber: string): boolean {
  return line.startsWith(streetAndNumber) && !/^\d/.test(line.slice(streetAndNumber.length))
}

/** How much two names have in common, 0-1: Dice's coefficient over pairs of letters. */
function likeness(one: string, other: string): number {
  const [a, b] = [plain(one), plain(other)]
  if (a === b) return a === '' ? 0 : 1
  const pairs = new Map<string, number>()
  for (let i = 0; i + 1 < a.length; i++) pairs.set(a.slice(i, i + 2), (pairs.get(a.slice(i, i + 2)) ?? 0) + 1)
  let shared = 0
  for (let i = 0; i + 1 < b.length; i++) {
    const left = pairs.get(b.slice(i, i + 2)) ?? 0
    if (left === 0) continue
    pairs.set(b.slice(i, i + 2), left - 1)
    shared += 1
  }
  const total = a.length + b.length - 2
  return total <= 0 ? 0 : (2 * shared) / total
}

/** Letters and digits only, small. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
}
