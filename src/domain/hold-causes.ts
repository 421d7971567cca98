import type { BilingualText } from './bilingual-text.ts'
import type { HoldCause, SliceVerdict } from './change-plan.ts'

type Text = (verdict: SliceVerdict) => BilingualText

const texts: Readonly<Record<HoldCause, Text>> = {
  'over-limit': ({ count, of, allowed }) => ({
    da: `${count} af ${of} enheder på én gang er flere end de ${allowed}, der må ændres uden en persons godkendelse`,
    en: `${count} of ${of} units at once is more than the ${allowed} that may change without a person's approval`,
  }),
  'closes-all': ({ of }) => ({
    da: `alle ${of} enheder, som leverandøren har i kommunen, ville blive nedlagt på én gang`,
    en: `all ${of} units that the supplier has in the municipality would be closed at once`,
  }),
  'rows-without-key': () => ({
    da: 'filen har afviste rækker uden et nummer, vi kender, så vi kan ikke vide, hvilke enheder der mangler',
    en: 'the file has rejected rows without a number we know, so we cannot know which units are missing',
  }),
  rule: ({ count }) => ({
    da: `${count} ændringer bryder en regel, som en person skal se på først; se fundene`,
    en: `${count} changes break a rule that a person must look at first; see the findings`,
  }),
  'depends-on-hold': ({ count }) => ({
    da: `${count} enheder har stadig åbne underenheder og nedlægges ikke før dem`,
    en: `${count} units still have open units below them and are not closed before those`,
  }),
}

/** Why a kind of change waits, in words for the supplier and the operator. */
export function causeText(verdict: SliceVerdict): BilingualText {
  return texts[verdict.cause ?? 'over-limit'](verdict)
}
