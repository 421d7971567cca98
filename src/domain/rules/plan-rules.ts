import { type Rule, toRule } from './rule.ts'

const politikker = 'viden.stil.dk, DATIREG, Politikker'

/** Rules that need the register beside the file: they are applied when the file is planned. */
export const planRules: readonly Rule[] = (
  [
    {
      code: 'DTR-07b',
      level: 'record',
      seen: {
        da: 'Den overordnede enhed {parent} findes ikke åben i registret.',
        en: 'The parent unit {parent} is not open in the register.',
      },
      change: {
        da: 'Opret den overordnede enhed først, eller ret henvisningen.',
        en: 'Create the parent unit first, or correct the reference.',
      },
      source: politikker,
      evidens: 'dokumenteret',
    },
    {
      code: 'DTR-09',
      level: 'record',
      seen: {
        da: 'Enheden eller dens nye overordnede hører til kommune {kommune}; der flyttes kun inden for kommunen.',
        en: 'The unit or its new parent belongs to municipality {kommune}; moves stay inside the municipality.',
      },
      change: {
        da: 'Nedlæg enheden i den ene kommune og opret den i den anden.',
        en: 'Close the unit in one municipality and open it in the other.',
      },
      source: politikker,
      evidens: 'dokumenteret',
    },
    {
      code: 'DTR-10',
      level: 'record',
      seen: { da: 'Nummeret er nedlagt og bruges aldrig igen.', en: 'The number is closed and is never used again.' },
      change: {
        da: 'Send enheden uden nummer; så får den et nyt.',
        en: 'Send the unit without a number; it then gets a new one.',
      },
      source: politikker,
      evidens: 'dokumenteret',
    },
    {
      code: 'REG-01',
      level: 'record',
      seen: { da: 'Registret har ingen enhed med dette nummer.', en: 'The register has no unit of this number.' },
      change: {
        da: 'Brug nummeret fra kvitteringen, eller send enheden uden nummer, hvis den er ny.',
        en: 'Use the number from the receipt, or send the unit without one when it is new.',
      },
      source: 'egen regel',
      evidens: 'egen',
    },
    {
      code: 'REG-02',
      level: 'record',
      seen: { da: 'Nummeret tilhører en enhed på niveauet {niveau}.', en: 'The number belongs to a unit of level {niveau}.' },
      change: { da: 'Ret nummeret eller niveauet.', en: 'Correct the number or the level.' },
      source: 'egen regel',
      evidens: 'egen',
    },
    {
      code: 'REG-03',
      level: 'record',
      seen: {
        da: 'Enheden har ejerform {ejerform} i registret, som dette system ikke må ændre.',
        en: 'The unit has ejerform {ejerform} in the register, which this system may not change.',
      },
      change: { da: 'Tag enheden ud af filen.', en: 'Take the unit out of the file.' },
      source: 'egen regel',
      evidens: 'egen',
    },
    {
      code: 'REG-04',
      level: 'record',
      seen: {
        da: 'Enheden har intet institutionsnummer; i grunddata følger nummeret med filen.',
        en: 'The unit has no institution number; in a baseline the number comes with the file.',
      },
      change: {
        da: 'Send enheden i en leverance; så får den et nummer.',
        en: 'Send the unit in a delivery; then it gets a number.',
      },
      source: 'egen regel',
      evidens: 'egen',
    },
  ] as const
).map(toRule)
