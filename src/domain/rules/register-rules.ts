import { type Rule, toRule } from './rule.ts'

const datamodel = 'viden.stil.dk, DATIREG, Datamodel'
const navngivning = 'viden.stil.dk, DATIREG, Navngivning af institutioner'
const politikker = 'viden.stil.dk, DATIREG, Politikker'

/** Rules that the register's owner documents. */
export const registerRules: readonly Rule[] = (
  [
    {
      code: 'DTR-01a',
      level: 'record',
      seen: { da: 'Feltet {field} er obligatorisk og mangler.', en: 'The field {field} is mandatory and missing.' },
      change: { da: 'Udfyld feltet.', en: 'Fill in the field.' },
      source: datamodel,
      evidens: 'dokumenteret',
      skema: true,
    },
    {
      code: 'DTR-01b',
      level: 'record',
      seen: {
        da: 'Feltet {field} har {length} tegn; højst {max} er tilladt.',
        en: 'The field {field} has {length} characters; at most {max} are allowed.',
      },
      change: { da: 'Forkort værdien.', en: 'Shorten the value.' },
      source: datamodel,
      evidens: 'dokumenteret',
      skema: true,
    },
    {
      code: 'DTR-01c',
      level: 'record',
      seen: {
        da: 'Feltet {field} har ikke den rette form: {expected}.',
        en: 'The field {field} does not have the right form: {expectedEn}.',
      },
      change: { da: 'Ret værdien "{value}".', en: 'Correct the value "{value}".' },
      source: datamodel,
      evidens: 'dokumenteret',
      skema: true,
    },
    {
      code: 'DTR-02a',
      level: 'record',
      seen: {
        da: 'Koden "{value}" i {field} findes ikke i kodetabellen.',
        en: 'The code "{value}" in {field} is not in the code table.',
      },
      change: { da: 'Brug en af koderne {allowed}.', en: 'Use one of the codes {allowed}.' },
      source: navngivning,
      evidens: 'dokumenteret',
    },
    {
      code: 'DTR-02b',
      level: 'record',
      seen: {
        da: '{field} "{value}": ukendt kode, kodetabel mangler. Det er ikke sagt, at koden er ugyldig.',
        en: '{field} "{value}": unknown code, the code table lacks it. That does not make the code invalid.',
      },
      change: {
        da: 'Skal koden bruges, lægger driften den i indstillingen kodetabeller.lovgrundlag.',
        en: 'If the code is to be used, operations add it to the setting kodetabeller.lovgrundlag.',
      },
      source: navngivning,
      evidens: 'dokumenteret',
    },
    {
      code: 'DTR-02c',
      level: 'record',
      seen: {
        da: '{field} "{value}" er ingen kommune.',
        en: '{field} "{value}" is no municipality.',
      },
      change: {
        da: 'Skriv en af de 98 kommunekoder med tre cifre. 411 Christiansø er ingen kommune.',
        en: 'Write one of the 98 municipality codes of three digits. 411 Christiansø is no municipality.',
      },
      source: `${navngivning}; Danmarks Statistik`,
      evidens: 'dokumenteret',
    },
    {
      code: 'DTR-05',
      level: 'warning',
      seen: {
        da: 'Daginstitutionen har ingen anvisningsenhed i filen.',
        en: 'The daginstitution has no anvisningsenhed in the file.',
      },
      change: {
        da: 'Send mindst én anvisningsenhed, eller nedlæg daginstitutionen. Fristen er natten ud (vores valg).',
        en: 'Send at least one anvisningsenhed, or close the daginstitution. The grace lasts the night (our choice).',
      },
      source: navngivning,
      evidens: 'dokumenteret',
    },
    {
      code: 'DTR-07',
      level: 'record',
      seen: {
        da: 'Den overordnede enhed {parent} står ikke tidligere i filen.',
        en: 'The parent unit {parent} does not stand earlier in the file.',
      },
      change: {
        da: 'Send daginstitutioner før anvisningsenheder, og anvisningsenheder før alternative adresser.',
        en: 'Send daginstitutioner before anvisningsenheder, and those before alternative adresser.',
      },
      source: politikker,
      evidens: 'dokumenteret',
    },
    {
      code: 'DTR-08',
      level: 'warning',
      seen: {
        da: 'Enheden er aktiv, men {parent} ovenover (linje {parentLine}) nedlægges i samme fil.',
        en: 'The unit is active, but {parent} above it (line {parentLine}) is closed in the same file.',
      },
      change: {
        da: 'Nedlæg eller flyt enheden først. Der nedlægges aldrig i kaskade.',
        en: 'Close or move the unit first. Closing never cascades.',
      },
      source: politikker,
      evidens: 'dokumenteret',
    },
    {
      code: 'DTR-11a',
      level: 'file',
      seen: {
        da: 'Kommune {kommune} har ikke valgt dette system til at opdatere registret.',
        en: 'Municipality {kommune} has not chosen this system to update the register.',
      },
      change: {
        da: 'Kommunen skal vælge systemet, før dets filer kan bruges. Intet er ændret.',
        en: 'The municipality must choose the system before its files can be used. Nothing was changed.',
      },
      source: 'viden.stil.dk, DATIREG, forside version 15',
      evidens: 'dokumenteret',
    },
    {
      code: 'DTR-11b',
      level: 'record',
      seen: {
        da: 'Systemet må ikke ændre enheder med ejerform {value}.',
        en: 'The system may not change units of ejerform {value}.',
      },
      change: {
        da: 'Private dagtilbud vedligeholdes af deres ejer. Tag enheden ud af filen.',
        en: 'Private dagtilbud are kept up to date by their owner. Take the unit out of the file.',
      },
      source: politikker,
      evidens: 'dokumenteret',
    },
  ] satisfies readonly Parameters<typeof toRule>[0][]
).map(toRule)
