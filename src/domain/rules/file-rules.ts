import { type Rule, toRule } from './rule.ts'

const format = 'docs/formats.md (vores format)'
const limit = 'config: limits (vores grænse)'

/** Rules about the file as a whole. Ours throughout: the register's owner publishes no file format for this road. */
export const fileRules: readonly Rule[] = (
  [
    {
      code: 'FIL-01',
      level: 'file',
      seen: { da: 'Filen er tom.', en: 'The file is empty.' },
      change: {
        da: 'Send filen igen med indhold. En tom fil betyder aldrig, at alt skal nedlægges.',
        en: 'Send the file again with content. An empty file never means that everything is to be closed.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-02',
      level: 'file',
      seen: {
        da: 'Filen er en HTML-side, ikke data.',
        en: 'The file is an HTML page, not data.',
      },
      change: {
        da: 'Et system har gemt en fejlside eller loginside som fil. Hent eller dan filen igen.',
        en: 'A system has saved an error page or login page as a file. Fetch or make the file again.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-03',
      level: 'file',
      seen: {
        da: 'Filen er hverken leverance-XML eller CSV: {cause}.',
        en: 'The file is neither leverance XML nor CSV: {causeEn}.',
      },
      change: {
        da: 'Send leverance-XML eller CSV som beskrevet i docs/formats.md, eventuelt pakket som .zip eller .gz.',
        en: 'Send leverance XML or CSV as described in docs/formats.md, packed as .zip or .gz if you like.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-04',
      level: 'file',
      seen: {
        da: 'Tegnsættet kan ikke læses: {cause}.',
        en: 'The character encoding cannot be read: {causeEn}.',
      },
      change: {
        da: 'Send filen som UTF-8. Windows-1252 kan bruges, når hele filen er det.',
        en: 'Send the file as UTF-8. Windows-1252 works when the whole file is in it.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-05',
      level: 'file',
      seen: {
        da: 'Navnet på en CSV-fil skal sige kommune, art og løbenummer; "{value}" gør det ikke.',
        en: 'The name of a CSV file must say municipality, kind and running number; "{value}" does not.',
      },
      change: {
        da: 'Kald filen <kommunekode>_<fuld|delta>_<løbenummer>.csv, fx 101_fuld_000042.csv; _n<antal>, _g<ååååmmdd> og _k<16 hexcifre> kan følge efter.',
        en: 'Name the file <kommunekode>_<fuld|delta>_<running number>.csv, e.g. 101_fuld_000042.csv; _n<count>, _g<yyyymmdd> and _k<16 hex digits> may follow.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-06',
      level: 'file',
      seen: { da: 'Filen er afkortet: {cause}.', en: 'The file is cut off: {causeEn}.' },
      change: {
        da: 'Send hele filen igen. Skriv den under et midlertidigt navn og omdøb den, når den er færdig.',
        en: 'Send the whole file again. Write it under a temporary name and rename it when it is complete.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-07',
      level: 'file',
      seen: {
        da: 'Filen lover {promised} poster, men der er {read}.',
        en: 'The file promises {promised} records, but there are {read}.',
      },
      change: {
        da: 'Dan filen igen, så antallet i hovedet (eller i filnavnet) passer med posterne.',
        en: 'Make the file again so that the count in the header (or in the file name) fits the records.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-08',
      level: 'file',
      seen: {
        da: 'Kolonner mangler i overskriften: {missing}.',
        en: 'Columns are missing from the header line: {missing}.',
      },
      change: {
        da: 'Tag kolonnerne med, også når de er tomme. En manglende kolonne må aldrig læses som tomme værdier.',
        en: 'Include the columns, even when they are empty. A missing column must never be read as empty values.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-09',
      level: 'file',
      seen: {
        da: 'Første linje er ikke en overskrift, vi kender: {cause}.',
        en: 'The first line is not a header we know: {causeEn}.',
      },
      change: {
        da: 'Begynd filen med kolonnenavnene, adskilt af semikolon, hvert navn én gang.',
        en: 'Begin the file with the column names, separated by semicolons, each name once.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-10',
      level: 'file',
      seen: {
        da: 'XML er ikke velformet: {cause}.',
        en: 'The XML is not well-formed: {causeEn}.',
      },
      change: {
        da: 'Dan filen med et XML-bibliotek, og tjek den med "dagtilbud validate" eller xmllint, før den sendes.',
        en: 'Make the file with an XML library, and check it with "dagtilbud validate" or xmllint before you send it.',
      },
      source: 'XML 1.0 (W3C), 5. udgave',
      evidens: 'dokumenteret',
      skema: true,
    },
    {
      code: 'FIL-11',
      level: 'file',
      seen: {
        da: 'Filen har en DOCTYPE. Dokumenttyper og entiteter tages ikke imod.',
        en: 'The file has a DOCTYPE. Document types and entities are not accepted.',
      },
      change: { da: 'Fjern DOCTYPE-erklæringen.', en: 'Remove the DOCTYPE declaration.' },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-12',
      level: 'file',
      seen: {
        da: 'Filens opbygning følger ikke leverance-1.xsd: {cause}.',
        en: 'The structure of the file does not follow leverance-1.xsd: {causeEn}.',
      },
      change: {
        da: 'Følg skemaet config/schemas/leverance-1.xsd: hoved først, derefter afsnittene i rækkefølge.',
        en: 'Follow the schema config/schemas/leverance-1.xsd: hoved first, then the sections in order.',
      },
      source: 'config/schemas/leverance-1.xsd',
      evidens: 'egen',
      skema: true,
    },
    {
      code: 'FIL-13',
      level: 'file',
      seen: {
        da: 'Hovedets felt {field} har en værdi, der ikke kan bruges: "{value}".',
        en: 'The header field {field} has a value that cannot be used: "{value}".',
      },
      change: {
        da: 'Ret værdien, så den følger leverance-1.xsd.',
        en: 'Correct the value so that it follows leverance-1.xsd.',
      },
      source: 'config/schemas/leverance-1.xsd',
      evidens: 'egen',
      skema: true,
    },
    {
      code: 'FIL-14',
      level: 'file',
      seen: {
        da: 'Filen er større end grænsen på {max} bytes.',
        en: 'The file is larger than the limit of {max} bytes.',
      },
      change: {
        da: 'Send én kommune pr. fil, eller aftal en højere grænse med driften.',
        en: 'Send one municipality per file, or agree on a higher limit with operations.',
      },
      source: limit,
      evidens: 'egen',
    },
    {
      code: 'FIL-15',
      level: 'file',
      seen: {
        da: 'Den pakkede fil folder sig ud til mere end grænsen: {cause}.',
        en: 'The packed file expands beyond the limit: {causeEn}.',
      },
      change: {
        da: 'Send filen upakket, eller aftal en højere grænse med driften.',
        en: 'Send the file unpacked, or agree on a higher limit with operations.',
      },
      source: limit,
      evidens: 'egen',
    },
    {
      code: 'FIL-16',
      level: 'file',
      seen: {
        da: 'En zip-fil skal have netop én leverance: {cause}.',
        en: 'A zip file must hold exactly one delivery: {causeEn}.',
      },
      change: { da: 'Pak én fil, én gang, i hver zip-fil.', en: 'Pack one file, once, in each zip file.' },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-17',
      level: 'file',
      seen: {
        da: 'Et navn i zip-filen kan ikke bruges: {cause}.',
        en: 'A name in the zip file cannot be used: {causeEn}.',
      },
      change: {
        da: 'Pak filen uden sti, uden kodeord, uden links og med et almindeligt navn.',
        en: 'Pack the file without a path, a password or links, and under an ordinary name.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-18',
      level: 'file',
      seen: {
        da: 'Den pakkede fil er beskadiget: {cause}.',
        en: 'The packed file is damaged: {cause}.',
      },
      change: { da: 'Pak og send filen igen.', en: 'Pack and send the file again.' },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-19',
      level: 'file',
      seen: { da: 'Filen har flere end {max} poster.', en: 'The file has more than {max} records.' },
      change: {
        da: 'Send én kommune pr. fil, eller aftal en højere grænse med driften.',
        en: 'Send one municipality per file, or agree on a higher limit with operations.',
      },
      source: limit,
      evidens: 'egen',
    },
    {
      code: 'FIL-20',
      level: 'file',
      seen: {
        da: 'En post er for lang ({cause}). Ofte er det et anførselstegn eller et element, der ikke lukkes.',
        en: 'A record is too long ({causeEn}). Often a quote or an element is not closed.',
      },
      change: {
        da: 'Se efter ved den nævnte linje, og ret den post, der begynder der.',
        en: 'Look at the line named, and correct the record that begins there.',
      },
      source: limit,
      evidens: 'egen',
    },
    {
      code: 'FIL-21',
      level: 'file',
      seen: {
        da: 'Flere end {max} poster har fejl. Filen afvises samlet.',
        en: 'More than {max} records have errors. The file is refused as a whole.',
      },
      change: {
        da: 'Fejlen er sandsynligvis den samme i alle poster: ret den, og send filen igen.',
        en: 'The fault is probably the same in all records: correct it and send the file again.',
      },
      source: limit,
      evidens: 'egen',
    },
    {
      code: 'FIL-22',
      level: 'file',
      seen: {
        da: 'Filen siger, at den handler om {declared}, men har en post af arten {kind}.',
        en: 'The file says that it is about {declared}, but has a record of the kind {kind}.',
      },
      change: {
        da: 'Nævn alle niveauer, som filen har, i hovedet, eller tag posterne ud.',
        en: 'Name all levels that the file has in its header, or take the records out.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-23',
      level: 'file',
      seen: {
        da: 'Elementer ligger mere end {max} lag inde i hinanden.',
        en: 'Elements are nested more than {max} deep.',
      },
      change: {
        da: 'Følg skemaet config/schemas/leverance-1.xsd.',
        en: 'Follow the schema config/schemas/leverance-1.xsd.',
      },
      source: limit,
      evidens: 'egen',
    },
    {
      code: 'FIL-24',
      level: 'file',
      seen: {
        da: 'Filens bytes passer ikke med kontrolsummen i {place}: {expected} ventet, {actual} fundet. Intet af filen er brugt.',
        en: 'The bytes of the file do not fit the checksum in {placeEn}: expected {expected}, found {actual}. Nothing of it was used.',
      },
      change: {
        da: 'Filen er ændret eller afkortet, efter at kontrolsummen blev dannet. Dan kontrolsummen som det sidste, og send filen igen, med sidefilen hvis der er en.',
        en: 'The file was changed or cut off after the checksum was made. Make the checksum last and send the file again, with its side file if there is one.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-25',
      level: 'file',
      seen: {
        da: 'Løbenummer {number} er ældre end {previous}, som allerede er modtaget.',
        en: 'Running number {number} is older than {previous}, which was already received.',
      },
      change: {
        da: 'Send en ny fil med et højere løbenummer. En gammel fil må ikke rulle registret tilbage.',
        en: 'Send a new file with a higher running number. An old file must not roll the register back.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-26',
      level: 'file',
      seen: {
        da: 'Løbenummer {number} er brugt før, til en fil med andet indhold.',
        en: 'Running number {number} was used before, for a file with other content.',
      },
      change: {
        da: 'Giv hver ny fil sit eget, højere løbenummer.',
        en: 'Give each new file a higher running number of its own.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-27',
      level: 'file',
      seen: {
        da: 'Kommunekoden "{value}" i hovedet er ingen kommune.',
        en: 'The municipality code "{value}" in the header is no municipality.',
      },
      change: {
        da: 'Skriv en af de 98 kommunekoder med tre cifre.',
        en: 'Write one of the 98 municipality codes of three digits.',
      },
      source: 'Danmarks Statistik, kommunekoder',
      evidens: 'dokumenteret',
    },
    {
      code: 'FIL-28',
      level: 'file',
      seen: {
        da: 'En fuld fil kan ikke gælde fra {value}, som kommer efter {date}: hvad der mangler til den tid, kan ingen vide endnu.',
        en: 'A full file cannot hold from {value}, which comes after {date}: what will be missing by then nobody can know yet.',
      },
      change: {
        da: 'Send de kommende ændringer som delta med datoen, eller send den fulde fil på dagen.',
        en: 'Send the coming changes as a delta with the date, or send the full file on the day.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-29',
      level: 'file',
      seen: {
        da: 'Datoen {value}, som filen gælder fra, ligger mere end {max} dage fra {date}.',
        en: 'The date {value}, from which the file is to hold, lies more than {max} days from {date}.',
      },
      change: {
        da: 'Se efter, om årstallet er rigtigt. Ellers aftal en højere grænse med driften.',
        en: 'See whether the year is right. Otherwise agree on a higher limit with operations.',
      },
      source: limit,
      evidens: 'egen',
    },
    {
      code: 'FIL-30',
      level: 'warning',
      seen: {
        da: 'Løbenummer {number} følger ikke efter {previous}: {missing} leverancer mangler.',
        en: 'Running number {number} does not follow {previous}: {missing} deliveries are missing.',
      },
      change: {
        da: 'Undersøg, om en fil er gået tabt. En delta-fil, der mangler, kan kun erstattes af en fuld.',
        en: 'Find out whether a file was lost. A missing delta file can only be replaced by a full one.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-31',
      level: 'warning',
      seen: {
        da: 'Filen er ikke UTF-8; den er læst som Windows-1252, fordi alle dens bytes er lovlige der.',
        en: 'The file is not UTF-8; it was read as Windows-1252, where all its bytes are lawful.',
      },
      change: { da: 'Send filen som UTF-8.', en: 'Send the file as UTF-8.' },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-32',
      level: 'warning',
      seen: {
        da: 'Kolonner, vi ikke kender, er gemt ved siden af posten og bruges ikke: {columns}.',
        en: 'Columns we do not know are kept beside the record and not used: {columns}.',
      },
      change: {
        da: 'Se efter, om et navn er stavet forkert. Ellers skal intet ændres.',
        en: 'See whether a name is misspelled. Otherwise nothing needs changing.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-33',
      level: 'note',
      seen: {
        da: 'En fuld CSV-fil uden antal i navnet: hvis den blev kortet af ved et linjeskift, kan det ikke ses.',
        en: 'A full CSV file without a count in its name: had it been cut at a line end, nobody could tell.',
      },
      change: {
        da: 'Sæt antallet af poster i navnet, fx 101_fuld_000042_n57.csv, eller giv filen en kontrolsum.',
        en: 'Put the number of records in the name, e.g. 101_fuld_000042_n57.csv, or give the file a checksum.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-34',
      level: 'note',
      seen: {
        da: 'Filen nævner slet ikke {fields}; de felter røres ikke.',
        en: 'The file does not mention {fields} at all; those fields are left alone.',
      },
      change: {
        da: 'Tag felterne med, om så tomme, hvis de skal kunne ændres.',
        en: 'Include the fields, be it empty, if they are to be changeable.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-35',
      level: 'note',
      seen: {
        da: 'Filen har ingen kontrolsum: et bogstav, der blev ændret på vejen, kunne ikke ses.',
        en: 'The file has no checksum: a letter that was changed on the way could not be seen.',
      },
      change: {
        da: 'Skriv <kontrolsum> sidst i XML-filen, sæt _k<16 hexcifre> sidst i CSV-filens navn, eller send en .sha256-fil med. docs/formats.md viser hvordan.',
        en: 'Write <kontrolsum> last in the XML file, put _k<16 hex digits> last in the name of the CSV file, or send a .sha256 file along. docs/formats.md shows how.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-36',
      level: 'note',
      seen: {
        da: '{count} poster er sagt på ny i en senere fil for samme dato og ændrer ikke noget her.',
        en: '{count} records were told anew by a later file for the same date and change nothing here.',
      },
      change: { da: 'Intet skal ændres.', en: 'Nothing needs changing.' },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'FIL-37',
      level: 'file',
      seen: {
        da: 'Filen kunne ikke behandles hos os, og et menneske har taget den ud.',
        en: 'We could not process the file, and a person took it out.',
      },
      change: {
        da: 'Dan filen på ny, og send den med et nyt løbenummer. Årsagen kan ligge hos os; spørg, hvis det sker igen.',
        en: 'Make the file anew and send it with a new running number. The cause may be ours; ask if it happens again.',
      },
      source: 'dagtilbud jobs dismiss (vores egen)',
      evidens: 'egen',
    },
  ] satisfies readonly Parameters<typeof toRule>[0][]
).map(toRule)
