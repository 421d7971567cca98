import { type Rule, toRule } from './rule.ts'

const own = 'lokal regel (vores)'
const reading = 'vores tolkning af loven'
const data = 'lokal regel; tal fra registrets offentlige eksport 2026-03'

/** Our own rules: derived from the law or from public data, or simply chosen. Never the register's owner's. */
export const localRules: readonly Rule[] = (
  [
    {
      code: 'DTR-06',
      level: 'hold',
      seen: {
        da: 'Ejerform {ejerform}, lovgrundlag {lovgrundlag} og institutionstype {instType3} hører ikke sammen (vores tolkning af loven).',
        en: 'Ejerform {ejerform}, lovgrundlag {lovgrundlag} and institution type {instType3} do not go together (our reading of the law).',
      },
      change: {
        da: 'Ret en af de tre koder. Er kombinationen rigtig, kan driften frigive posten.',
        en: 'Correct one of the three codes. If the combination is right, operations can release the record.',
      },
      source: `krydsvalidering findes (services v2.0, dokumenteret); matricen er ${reading}`,
      evidens: 'egen',
    },
    {
      code: 'LOK-01',
      level: 'record',
      seen: {
        da: 'CVR-nummeret "{value}" består ikke modulus 11 (lokal regel).',
        en: 'The CVR number "{value}" fails modulus 11 (local rule).',
      },
      change: { da: 'Ret nummeret; slå det op på virk.dk.', en: 'Correct the number; look it up at virk.dk.' },
      source: `${data}; Erhvervsstyrelsen, modulus 11`,
      evidens: 'egen',
    },
    {
      code: 'LOK-02',
      level: 'warning',
      seen: {
        da: 'P-nummeret begynder ikke med 10 (lokal regel).',
        en: 'The P number does not begin with 10 (local rule).',
      },
      change: { da: 'Se efter, om det er et P-nummer.', en: 'See whether it is a P number.' },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-03',
      level: 'note',
      seen: {
        da: 'P-nummeret består ikke modulus 11. Det gør mange rigtige numre heller ikke.',
        en: 'The P number fails modulus 11. So do many right ones.',
      },
      change: { da: 'Se efter for en tastefejl.', en: 'Look for a typing error.' },
      source: `${data}; Erhvervsstyrelsen, modulus 11`,
      evidens: 'egen',
    },
    {
      code: 'LOK-04',
      level: 'warning',
      seen: {
        da: 'En kommunal enhed har CVR {value}, som ikke er {kommune} Kommunes (lokal regel).',
        en: 'A kommunal unit has CVR {value}, which is not that of {kommune} Kommune (local rule).',
      },
      change: { da: 'Se efter, om ejerform og CVR passer sammen.', en: 'See whether ejerform and CVR go together.' },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-05',
      level: 'warning',
      seen: {
        da: 'En selvejende eller privat enhed har {kommune} Kommunes CVR-nummer (lokal regel).',
        en: 'A selvejende or privat unit has the CVR number of {kommune} Kommune (local rule).',
      },
      change: { da: 'Se efter, om ejerform og CVR passer sammen.', en: 'See whether ejerform and CVR go together.' },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-06',
      level: 'note',
      seen: {
        da: 'P-nummeret deles med enheden på linje {firstLine}. Det er lovligt.',
        en: 'The P number is shared with the unit on line {firstLine}. That is lawful.',
      },
      change: { da: 'Intet, hvis enhederne deler produktionsenhed.', en: 'Nothing, if the units share a production unit.' },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-07',
      level: 'warning',
      seen: {
        da: 'Enheden ligner den på linje {firstLine}: {basis} (lokal regel; registret afviser det ikke).',
        en: 'The unit looks like the one on line {firstLine}: {basisEn} (local rule; the register does not refuse it).',
      },
      change: { da: 'Se efter, om den samme enhed er med to gange.', en: 'See whether the same unit is there twice.' },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-08',
      level: 'note',
      seen: {
        da: 'Telefonnummeret er ikke otte cifre (lokal regel).',
        en: 'The phone number is not eight digits (local rule).',
      },
      change: {
        da: 'Skriv ét dansk nummer på otte cifre, eller lad feltet være tomt.',
        en: 'Write one Danish number of eight digits, or leave the field empty.',
      },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-09',
      level: 'warning',
      seen: {
        da: 'E-mail har ikke form som en adresse (lokal regel).',
        en: 'The e-mail does not have the form of an address (local rule).',
      },
      change: { da: 'Ret adressen; ofte er slutningen kortet af.', en: 'Correct the address; often its end is cut off.' },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-10a',
      level: 'warning',
      seen: {
        da: 'Postnummer {value} bruges ikke af nogen enhed, vi kender (lokal regel).',
        en: 'Postal code {value} is not used by any unit we know (local rule).',
      },
      change: { da: 'Se efter for en tastefejl.', en: 'Look for a typing error.' },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-10b',
      level: 'note',
      seen: {
        da: 'Postnummer {value} er ikke set i kommune {kommune} (lokal regel).',
        en: 'Postal code {value} has not been seen in municipality {kommune} (local rule).',
      },
      change: {
        da: 'Se efter, om postnummer og kommune passer sammen.',
        en: 'See whether postal code and municipality go together.',
      },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-11',
      level: 'warning',
      seen: {
        da: 'Koordinaten {value} ligger uden for Danmark (lokal regel).',
        en: 'The coordinate {value} lies outside Denmark (local rule).',
      },
      change: {
        da: 'Bredde er 54,5-57,8 og længde 8,0-15,2. Ofte er de byttet om.',
        en: 'Latitude is 54.5-57.8 and longitude 8.0-15.2. Often they are swapped.',
      },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-12',
      level: 'warning',
      seen: {
        da: 'Bynavn eller koordinater mangler; det plejer at betyde, at adressen ikke blev genkendt (lokal regel).',
        en: 'Town name or coordinates are missing; that tends to mean that the address was not recognised (local rule).',
      },
      change: { da: 'Se efter, om adressen findes i DAR.', en: 'See whether the address is in DAR.' },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-13',
      level: 'note',
      seen: {
        da: 'Husnummerets bogstav er skrevet med lille; det gemmes som stort (lokal regel).',
        en: 'The letter of the house number is in lower case; it is stored in upper case (local rule).',
      },
      change: { da: 'Intet.', en: 'Nothing.' },
      source: 'DAWA, husnummerets form; lokal regel',
      evidens: 'egen',
    },
    {
      code: 'LOK-14',
      level: 'note',
      seen: {
        da: 'Navnet nævner {ages} år, men institutionstypen er {instType3} (lokal regel).',
        en: 'The name mentions ages {ages}, but the institution type is {instType3} (local rule).',
      },
      change: { da: 'Se efter, om typen passer.', en: 'See whether the type fits.' },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-15',
      level: 'note',
      seen: {
        da: 'Enheden ligger i kommune {value}, men hører under {kommune}. Det er lovligt.',
        en: 'The unit lies in municipality {value} but belongs to {kommune}. That is lawful.',
      },
      change: { da: 'Intet, hvis det er meningen.', en: 'Nothing, if it is meant.' },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-16',
      level: 'note',
      seen: {
        da: 'Kommunen har ingen dagplejeenhed i filen (lokal regel; mindst ét område ventes).',
        en: 'The municipality has no dagpleje unit in the file (local rule; at least one area is expected).',
      },
      change: {
        da: 'Tag dagplejens områder med, hvis kommunen har dagpleje.',
        en: 'Include the dagpleje areas if the municipality has dagpleje.',
      },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-17',
      level: 'warning',
      seen: {
        da: 'Navnet har {length} tegn; så lange navne er tegn på en ødelagt fil (lokal regel).',
        en: 'The name has {length} characters; names that long are a sign of a broken file (local rule).',
      },
      change: { da: 'Se efter, om felter er løbet sammen.', en: 'See whether fields have run together.' },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-18',
      level: 'warning',
      seen: {
        da: 'Nummeret {value} begynder ikke med G (lokal regel).',
        en: 'The number {value} does not begin with G (local rule).',
      },
      change: { da: 'Se efter, om det er et nummer fra registret.', en: 'See whether it is a number of the register.' },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-19',
      level: 'note',
      seen: {
        da: 'Navnet tyder på en administrativ enhed, ikke et dagtilbud (lokal regel).',
        en: 'The name suggests an administrative unit, not a dagtilbud (local rule).',
      },
      change: { da: 'Se efter, om enheden hører til i registret.', en: 'See whether the unit belongs in the register.' },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-22a',
      level: 'record',
      seen: {
        da: 'Feltet {field} skal udfyldes (lokal regel) og mangler.',
        en: 'The field {field} must be filled in (local rule) and is missing.',
      },
      change: { da: 'Udfyld feltet.', en: 'Fill in the field.' },
      source: own,
      evidens: 'egen',
      skema: true,
    },
    {
      code: 'LOK-22b',
      level: 'record',
      seen: {
        da: 'Feltet {field} har {length} tegn; højst {max} er plads til (lokal regel).',
        en: 'The field {field} has {length} characters; there is room for {max} (local rule).',
      },
      change: { da: 'Forkort værdien.', en: 'Shorten the value.' },
      source: own,
      evidens: 'egen',
      skema: true,
    },
    {
      code: 'LOK-22c',
      level: 'record',
      seen: {
        da: 'Feltet {field} har ikke den rette form: {expected} (lokal regel).',
        en: 'The field {field} does not have the right form: {expectedEn} (local rule).',
      },
      change: { da: 'Ret værdien "{value}".', en: 'Correct the value "{value}".' },
      source: own,
      evidens: 'egen',
      skema: true,
    },
    {
      code: 'LOK-23',
      level: 'record',
      seen: {
        da: 'Posten hører under kommune {value}, men filen er kommune {kommune}s (lokal regel: én fil, én kommune).',
        en: 'The record belongs to municipality {value}, but the file is that of {kommune} (local rule: one file, one municipality).',
      },
      change: { da: 'Send posten i den anden kommunes fil.', en: "Send the record in the other municipality's file." },
      source: own,
      evidens: 'egen',
    },
    {
      code: 'LOK-24',
      level: 'warning',
      seen: {
        da: 'Foranstillede nuller manglede i {field}; "{value}" er læst som "{restored}" (lokal regel).',
        en: 'Leading zeros were missing from {field}; "{value}" was read as "{restored}" (local rule).',
      },
      change: { da: 'Gem koder som tekst; et regneark fjerner nuller.', en: 'Keep codes as text; a spreadsheet removes zeros.' },
      source: own,
      evidens: 'egen',
      skema: true,
    },
    {
      code: 'LOK-25',
      level: 'warning',
      seen: {
        da: 'Koden og teksten i {field} siger hver sit: kode {code}, tekst "{value}" (lokal regel). Koden er brugt.',
        en: 'Code and text of {field} disagree: code {code}, text "{value}" (local rule). The code was used.',
      },
      change: { da: 'Se efter, om kolonner er forskudt.', en: 'See whether columns have shifted.' },
      source: own,
      evidens: 'egen',
    },
    {
      code: 'LOK-26',
      level: 'warning',
      seen: {
        da: 'Enhedens {field} "{value}" er en anden end daginstitutionens "{parentValue}" (lokal regel). Daginstitutionens gælder.',
        en: 'The {field} "{value}" of the unit differs from its daginstitution\'s "{parentValue}" (local rule). The latter counts.',
      },
      change: { da: 'Ret den af de to, der er forkert.', en: 'Correct whichever of the two is wrong.' },
      source: own,
      evidens: 'egen',
    },
    {
      code: 'LOK-27',
      level: 'warning',
      seen: {
        da: 'Feltet {field} har et usynligt tegn ({character}) (lokal regel).',
        en: 'The field {field} holds an invisible character ({character}) (local rule).',
      },
      change: {
        da: 'Fjern tegnet; det forstyrrer sammenligning og søgning.',
        en: 'Remove the character; it disturbs comparison and search.',
      },
      source: own,
      evidens: 'egen',
    },
    {
      code: 'LOK-28',
      level: 'note',
      seen: { da: 'Navnet har flere blanktegn i træk (lokal regel).', en: 'The name has several blanks in a row (local rule).' },
      change: { da: 'Fjern det ene.', en: 'Remove one of them.' },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-29',
      level: 'warning',
      seen: {
        da: 'Feltet {field} har et linjeskift eller tabulator, som er læst som et blanktegn (lokal regel).',
        en: 'The field {field} holds a line break or tab, which was read as a blank (local rule).',
      },
      change: { da: 'Skriv værdien på én linje.', en: 'Write the value on one line.' },
      source: own,
      evidens: 'egen',
    },
    {
      code: 'LOK-30',
      level: 'note',
      seen: { da: 'Navnet er skrevet med store bogstaver (lokal regel).', en: 'The name is all capitals (local rule).' },
      change: { da: 'Skriv navnet, som det skal vises for forældre.', en: 'Write the name as parents should see it.' },
      source: data,
      evidens: 'egen',
    },
    {
      code: 'LOK-31',
      level: 'record',
      seen: {
        da: 'Status "{value}" kendes ikke (lokal regel: {allowed}). Posten bruges ikke, for vi ved ikke, hvad den beder om.',
        en: 'The status "{value}" is not known (local rule: {allowed}). The record is not used, for we do not know what it asks for.',
      },
      change: { da: 'Skriv aktiv eller nedlagt.', en: 'Write aktiv or nedlagt.' },
      source: data,
      evidens: 'egen',
      skema: true,
    },
    {
      code: 'LOK-32',
      level: 'warning',
      seen: {
        da: 'Enheden ligner {other} i registret: {basis} (lokal regel; registret afviser det ikke).',
        en: 'The unit looks like {other} in the register: {basisEn} (local rule; the register does not refuse it).',
      },
      change: {
        da: 'Er det den samme enhed, skal den sendes med sit nummer {other}, ikke oprettes igen.',
        en: 'If it is the same unit, send it under its number {other} instead of creating it again.',
      },
      source: own,
      evidens: 'egen',
    },
    {
      code: 'LOK-33',
      level: 'hold',
      seen: {
        da: 'Feltet {field} har et spørgsmålstegn midt i et ord: et bogstav kan være gået tabt (lokal regel).',
        en: 'The field {field} has a question mark inside a word: a letter may have been lost (local rule).',
      },
      change: {
        da: 'Ret teksten. Er den rigtig, kan driften frigive posten.',
        en: 'Correct the text. If it is right, operations can release the record.',
      },
      source: own,
      evidens: 'egen',
    },
    {
      code: 'LOK-34',
      level: 'warning',
      seen: {
        da: 'Feltet {field} blander alfabeter i et ord: et bogstav, der ligner et latinsk, er græsk eller kyrillisk (lokal regel).',
        en: 'The field {field} mixes alphabets in a word: a letter that looks Latin is Greek or Cyrillic (local rule).',
      },
      change: {
        da: 'Skriv navnet forfra på et dansk tastatur; ellers kan det ikke findes ved søgning.',
        en: 'Type the name anew on a Danish keyboard; otherwise no search finds it.',
      },
      source: own,
      evidens: 'egen',
    },
  ] satisfies readonly Parameters<typeof toRule>[0][]
).map(toRule)
