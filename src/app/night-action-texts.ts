import { type BilingualText, inBoth, same } from '../domain/bilingual-text.ts'
import type { GuardSlice } from '../domain/change-plan.ts'
import type { DriftKind } from '../domain/drift.ts'
import { type Outage, outageText } from '../domain/outage.ts'
import { qualityChecks } from '../domain/quality.ts'

/* What a person is asked to do after a night, in words. */

export function decideText(slice: GuardSlice, count: number, of: number): BilingualText {
  return {
    da: `afgør tilbageholdte ændringer (${slice}, ${count} af ${of})`,
    en: `decide held changes (${slice}, ${count} of ${of})`,
  }
}

/** Numbers in a sentence: the first few, and how many more. */
function listed(numbers: readonly string[]): BilingualText {
  const [shown, more] = [numbers.slice(0, 5).join(', '), numbers.length - 5]
  return more > 0 ? { da: `${shown} og ${more} mere`, en: `${shown} and ${more} more` } : same(shown)
}

export function agreementsText(numbers: readonly string[]): BilingualText {
  const { da, en } = listed(numbers)
  return {
    da: `godkend dataaftale i Unilogin Tilslutning for ${da}; ændringerne sendes af sig selv bagefter`,
    en: `approve the data agreement in Unilogin Tilslutning for ${en}; the changes go by themselves afterwards`,
  }
}

export const suspectText: BilingualText = {
  da: 'listen over dataaftaler mangler for mange på én gang og blev ikke brugt; spørg STIL, før grænsen hæves',
  en: 'the list of data agreements lacks too many at once and was not used; ask STIL before you raise the limit',
}

export const suspectLookText: BilingualText = {
  da: 'for mange enheder mangler i Unilogin på én gang til at det kan passe; intet blev noteret: se på opslaget eller listen',
  en: 'too many units are gone from Unilogin at once for it to be true; nothing was noted: look at the look-up or the list',
}

export function driftActionText(kind: DriftKind, numbers: readonly string[]): BilingualText {
  const { titel, goer } = qualityChecks[kind]
  return inBoth((say) => `${say(titel)}: ${say(listed(numbers))}; ${say(goer)}`)
}

export function outageWaitsText(outage: Pick<Outage, 'sinceAt'>): BilingualText {
  const { da, en } = outageText(outage)
  return { da: `${da}; ændringerne venter på den`, en: `${en}; the changes wait for it` }
}

export function sendAgainText(code: string): BilingualText {
  return { da: `ret og send filen igen (${code})`, en: `correct the file and send it again (${code})` }
}

export function unreadText(problem: string): BilingualText {
  return {
    da: `leverandørens server kunne ikke læses (${problem})`,
    en: `the supplier's server could not be read (${problem})`,
  }
}

export function missingText(kommuner: readonly string[]): BilingualText {
  const codes = kommuner.join(', ')
  return { da: `fil mangler for kommune ${codes}`, en: `file is missing for municipality ${codes}` }
}

export function notTakenText(answer: string): BilingualText {
  return { da: `Unilogin tog ikke imod ændringen (${answer})`, en: `Unilogin did not take the change (${answer})` }
}

export function unfinishedText(count: number): BilingualText {
  return {
    da: `${count} ændringer er ikke nået frem og prøves igen næste nat`,
    en: `${count} changes have not arrived and are tried again next night`,
  }
}
