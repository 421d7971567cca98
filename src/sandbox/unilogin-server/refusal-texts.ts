/** Every reason for which the feed turns a delta away, with the text it gives. Codes and texts are ours. */
export const refusalTexts = {
  SKEMA_UGYLDIG: 'Dokumentet følger ikke skemaet.',
  FELT_FOR_LANGT: 'Feltet er længere end tilladt, regnet i UTF-8-bytes.',
  FELT_MANGLER: 'Feltet skal være udfyldt.',
  KODE_UKENDT: 'Feltet har en kode, som ikke findes.',
  IKKE_NYERE: 'sourceDateTime er ikke nyere end den senest indlæste.',
  INSTNR_FINDES: 'Institutionsnummeret findes allerede.',
  INSTNR_NEDLAGT: 'Institutionsnummeret er nedlagt og kan ikke bruges igen.',
  INSTNR_UKENDT: 'Institutionsnummeret findes ikke.',
  OVERORDNET_MANGLER: 'Den overordnede enhed findes ikke.',
  OVERORDNET_NEDLAGT: 'Den overordnede enhed er nedlagt.',
  FORKERT_NIVEAU: 'Enheden passer ikke på det niveau.',
  BRUG_FLYT: 'En ændret overordnet enhed meldes som flyt.',
  FLYT_ANDRE_FELTER: 'En flytning må kun ændre den overordnede enhed.',
  FLYT_IKKE_MULIG: 'En daginstitution kan ikke flyttes.',
  FLYT_UDEN_FOR_KOMMUNE: 'En enhed kan kun flyttes inden for samme kommune.',
  HAR_UNDERENHEDER: 'Enheden har åbne underenheder.',
  TRAVL: 'En ændring af samme nummer er i gang. Prøv igen.',
} as const

export type RefusalCode = keyof typeof refusalTexts
