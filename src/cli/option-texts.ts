/* What the options that many commands have do. */

export const asJson = { da: 'skriv det som JSON', en: 'print it as JSON' }
export const byWhom = { da: 'hvem der beslutter', en: 'who decides' }
export const why = { da: 'hvorfor', en: 'why' }
export const asOfDate = {
  da: 'som det var da; en dato er dens midnat i København',
  en: 'how it was then; a date is its midnight in Copenhagen',
}
export const knownAtTime = { da: 'hvad registret vidste da', en: 'what the register held then' }
export const aNumber = { da: 'et institutionsnummer', en: 'an institution number' }
export const aDelivery = {
  da: 'leverance-XML eller CSV, som den er eller som .zip eller .gz',
  en: 'leverance XML or CSV, plain or as .zip or .gz',
}
