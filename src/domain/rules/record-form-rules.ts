import { type Rule, toRule } from './rule.ts'

const format = 'docs/formats.md (vores format)'
const schema = 'config/schemas/leverance-1.xsd'

/** Rules about the form of one record, before its values are looked at. Ours throughout. */
export const recordFormRules: readonly Rule[] = (
  [
    {
      code: 'POST-01',
      level: 'record',
      seen: {
        da: 'Linjen har {cells} felter; overskriften har {columns}.',
        en: 'The line has {cells} fields; the header has {columns}.',
      },
      change: {
        da: 'Se efter et semikolon for meget eller for lidt. Sæt tekst med semikolon i anførselstegn.',
        en: 'Look for one semicolon too many or too few. Quote text that holds a semicolon.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'POST-02',
      level: 'record',
      seen: {
        da: 'Der står tekst efter det afsluttende anførselstegn.',
        en: 'There is text after the closing quote.',
      },
      change: {
        da: 'Skriv et anførselstegn inde i et felt to gange, og sæt hele feltet i anførselstegn.',
        en: 'Write a quote inside a field twice, and quote the whole field.',
      },
      source: 'RFC 4180',
      evidens: 'dokumenteret',
    },
    {
      code: 'POST-03',
      level: 'record',
      seen: {
        da: 'dagtilbudsType er "{value}"; den skal være daginstitution, anvisningsenhed eller alternativAdresse.',
        en: 'dagtilbudsType is "{value}"; it must be daginstitution, anvisningsenhed or alternativAdresse.',
      },
      change: { da: 'Ret dagtilbudsType.', en: 'Correct dagtilbudsType.' },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'POST-04',
      level: 'record',
      seen: {
        da: 'Posten er af arten {kind}, men {field} har også en værdi.',
        en: 'The record is of the kind {kind}, but {field} has a value too.',
      },
      change: {
        da: 'Lad kolonnen stå tom, eller ret dagtilbudsType.',
        en: 'Leave the column empty, or correct dagtilbudsType.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'POST-05',
      level: 'record',
      seen: {
        da: 'Elementet {field} hører ikke til her.',
        en: 'The element {field} does not belong here.',
      },
      change: {
        da: 'Ret navnet, eller flyt værdien til <ekstra navn="…">.',
        en: 'Correct the name, or move the value to <ekstra navn="…">.',
      },
      source: schema,
      evidens: 'egen',
      skema: true,
    },
    {
      code: 'POST-06',
      level: 'record',
      seen: {
        da: 'Elementet {field} står to gange eller uden for rækkefølgen.',
        en: 'The element {field} stands twice or out of order.',
      },
      change: {
        da: 'Skriv hvert element én gang, i skemaets rækkefølge.',
        en: 'Write each element once, in the order of the schema.',
      },
      source: schema,
      evidens: 'egen',
      skema: true,
    },
    {
      code: 'POST-07',
      level: 'record',
      seen: {
        da: 'Elementet {field} har en attribut eller tekst, som skemaet ikke har.',
        en: 'The element {field} has an attribute or text that the schema does not have.',
      },
      change: {
        da: 'Skriv værdier som tekst i deres eget element, uden attributter.',
        en: 'Write values as text in their own element, without attributes.',
      },
      source: schema,
      evidens: 'egen',
      skema: true,
    },
    {
      code: 'POST-08',
      level: 'record',
      seen: {
        da: 'Elementet {field} er længere end {max} tegn, som er grænsen for et felt.',
        en: 'The element {field} is longer than {max} characters, the limit of one field.',
      },
      change: { da: 'Forkort værdien.', en: 'Shorten the value.' },
      source: 'config: limits (vores grænse)',
      evidens: 'egen',
      skema: true,
    },
    {
      code: 'POST-09',
      level: 'note',
      seen: { da: 'En tom linje med kun semikoloner er sprunget over.', en: 'An empty line of semicolons was skipped.' },
      change: { da: 'Fjern linjen; ofte kommer den fra et regneark.', en: 'Remove the line; it often comes from a spreadsheet.' },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'POST-10',
      level: 'record',
      seen: {
        da: 'Posten har hverken nummer eller lokalId.',
        en: 'The record has neither a number nor a lokalId.',
      },
      change: {
        da: 'Skriv nummeret, når enheden har et. Ellers jeres egen faste nøgle i lokalId.',
        en: 'Write the number if the unit has one. Otherwise your own lasting key in lokalId.',
      },
      source: schema,
      evidens: 'egen',
      skema: true,
    },
    {
      code: 'POST-11',
      level: 'record',
      seen: {
        da: 'Nøglen {key} står allerede på linje {firstLine}, med andre værdier. Ingen af de to poster bruges.',
        en: 'The key {key} already stands on line {firstLine}, with other values. Neither of the two records is used.',
      },
      change: {
        da: 'Send netop én post pr. enhed.',
        en: 'Send exactly one record per unit.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'POST-12',
      level: 'record',
      seen: {
        da: 'Posten er ord for ord den samme som på linje {firstLine}. Den første bruges.',
        en: 'The record is word for word the same as on line {firstLine}. The first is used.',
      },
      change: { da: 'Send hver post én gang.', en: 'Send each record once.' },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'POST-13',
      level: 'record',
      seen: {
        da: 'Posten ovenover ({parent}, linje {parentLine}) er afvist, så denne kan ikke oprettes.',
        en: 'The record above it ({parent}, line {parentLine}) was dropped, so this one cannot be created.',
      },
      change: { da: 'Ret den overordnede post.', en: 'Correct the parent record.' },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'POST-14',
      level: 'record',
      seen: {
        da: 'Feltet {field} har et kontroltegn, der ikke hører hjemme i tekst.',
        en: 'The field {field} holds a control character that has no place in text.',
      },
      change: { da: 'Fjern tegnet; ofte er det kopieret ind.', en: 'Remove the character; it was often pasted in.' },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'POST-15',
      level: 'record',
      seen: {
        da: 'Feltet {field} ser ud til at være kodet til UTF-8 to gange ("Ã¦" for "æ").',
        en: 'The field {field} seems to be encoded to UTF-8 twice ("Ã¦" for "æ").',
      },
      change: {
        da: 'Ret udtrækket, så teksten kun omkodes én gang.',
        en: 'Correct the extract so that text is encoded only once.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'POST-16',
      level: 'record',
      seen: {
        da: 'Feltet {field} har et erstatningstegn (U+FFFD): bogstaver er gået tabt, før filen blev skrevet.',
        en: 'The field {field} holds a replacement character (U+FFFD): letters were lost before the file was written.',
      },
      change: {
        da: 'Ret udtrækket, så det læser kilden med kildens eget tegnsæt.',
        en: 'Correct the extract so that it reads its source in the encoding of the source.',
      },
      source: format,
      evidens: 'egen',
    },
    {
      code: 'POST-17',
      level: 'warning',
      seen: {
        da: 'Elementet {field} er tomt; det er læst, som om det ikke var der.',
        en: 'The element {field} is empty; it was read as if it were not there.',
      },
      change: { da: 'Udelad elementet, når der ikke er en værdi.', en: 'Leave the element out when there is no value.' },
      source: schema,
      evidens: 'egen',
      skema: true,
    },
  ] satisfies readonly Parameters<typeof toRule>[0][]
).map(toRule)
