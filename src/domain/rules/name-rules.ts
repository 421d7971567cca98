import { countCharacters, isLongerThan } from '../checks/characters.ts'
import { slotOf } from '../raw-record.ts'
import type { Report } from './report.ts'

const administrative = /venteliste|sprogvurdering/i
const otherAlphabets = /[\u0370-\u052f\u1c80-\u1c8f\u1f00-\u1fff]/
/** Letters of two alphabets side by side: words of one are fine, a word of both only looks like what it says. */
const mixedWord = /\p{Script=Latin}[\p{Script=Greek}\p{Script=Cyrillic}]|[\p{Script=Greek}\p{Script=Cyrillic}]\p{Script=Latin}/u
const ages = /(?<![\d])(\d{1,2})\s*[-–]\s*(\d{1,2})\s*år/i

/** Ages that an institution type is for, by the labels of the code table. */
const agesOfType: Readonly<Record<string, readonly [number, number]>> = {
  '6010': [0, 2],
  '6011': [3, 5],
  '6012': [0, 5],
  '6014': [2, 5],
}

/** The notes about a name; none of them changes it. Numbers behind them: public export, 2026-03. */
export function checkName(navn: string, instType3: string | undefined, report: Report): void {
  if (isLongerThan(navn, 100)) report('LOK-17', slotOf.navn, { length: countCharacters(navn) })
  if (navn.includes('  ')) report('LOK-28', slotOf.navn)
  if (isAllCapitals(navn)) report('LOK-30', slotOf.navn)
  if (otherAlphabets.test(navn) && mixedWord.test(navn)) report('LOK-34', slotOf.navn)
  if (administrative.test(navn)) report('LOK-19', slotOf.navn)
  const range = instType3 === undefined ? undefined : agesOfType[instType3]
  if (range !== undefined && navn.includes('år')) checkAges(navn, range, instType3 ?? '', report)
}

/** True for a name of at least six letters without a lower-case one; shorter ones are often abbreviations. */
function isAllCapitals(navn: string): boolean {
  const second = navn.charCodeAt(1)
  if (second >= 97 && second <= 122) return false
  return navn.length >= 6 && navn === navn.toUpperCase() && navn.replace(/\P{L}/gu, '').length >= 6
}

/** A year more or less is how people speak; two years is another type. */
function checkAges(navn: string, [low, high]: readonly [number, number], instType3: string, report: Report): void {
  const match = ages.exec(navn)
  if (match === null) return
  const from = Number(match[1])
  const to = Number(match[2])
  if (Math.abs(from - low) >= 2 || Math.abs(to - high) >= 2) {
    report('LOK-14', slotOf.navn, { ages: `${from}-${to}`, instType3 })
  }
}
