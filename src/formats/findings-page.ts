import type { Rule } from '../domain/rules/rule.ts'
import { ruleSetVersion, ruleTable } from '../domain/rules/rule-table.ts'
import { levelWords } from '../domain/words.ts'

/** Headings of docs/findings.md, by the letters a code begins with. */
const parts: readonly (readonly [prefix: string, heading: string, intro: string])[] = [
  [
    'FIL',
    'Filen',
    'Vores eget format; ingen af disse regler er STILs. På niveauet "filen afvist" stopper læsningen, og filen har netop den ene årsag.',
  ],
  ['POST', 'Postens form', 'Vores eget format. Én fejl skjuler aldrig en anden: alle fund i en post meldes.'],
  ['DTR', 'Registrets regler', 'Dokumenteret af registrets ejer, hvor feltet evidens siger det.'],
  ['LOK', 'Lokale regler', 'Vores egne: udledt af loven eller af offentlige data, eller valgt. Aldrig STILs.'],
  ['REG', 'Filen mod registret', 'Vores egne; de anvendes, når filen planlægges.'],
]

/** Writes docs/findings.md from the rule table. */
export function buildFindingsPage(): string {
  const sections = parts.map(([prefix, heading, intro]) => {
    const rules = [...ruleTable.values()].filter(({ code }) => code.startsWith(`${prefix}-`))
    return `## ${heading}\n\n${intro}\n\n${rules.map(toEntry).join('\n')}`
  })
  return `${head}\n${sections.join('\n')}`
}

const head = `# Fund (findings)

<!-- Skrevet af "npm run docs:findings" ud fra src/domain/rules; ret dér. -->

Regelsæt ${ruleSetVersion}. Alt, hvad modtagelsen kan finde i en leverandørs fil: kode, niveau, hvad der blev set, hvad der
skal rettes, hvor reglen kommer fra, og hvordan vi ved det. Every finding of the intake: code, level, what was seen, what to
change, where the rule comes from, and how we know.

| niveau | betyder | means |
|---|---|---|
| file | hele filen afvises; registret er uændret | the whole file is refused; the register is unchanged |
| record | posten bruges ikke; enheden regnes ikke for fjernet | the record is not used; its unit does not count as missing |
| hold | posten læses, men ændrer intet, før et menneske har set på den | the record is read, but changes nothing before a person has looked |
| warning | posten bruges | the record is used |
| note | posten bruges; til orientering | the record is used; for information |

**Evidens.** *dokumenteret*: en myndighed eller standard siger det offentligt. *set i data*: set i registrets offentlige eksport.
*egen*: vores regel eller tolkning. *ukendt*: ikke kendt. **xsd**: skemaet leverance-1.xsd afviser det samme.

Ikke kontrolleret her, fordi det kræver opslag: adresse mod DAR (DTR-03), P-nummer aktivt i CVR (DTR-04), navn og adresse mod CVR
(LOK-20), brugere kun på enheder med CVR/P-nummer (DTR-12). Bevidst aldrig en fejl, for registret kontrollerer det ikke: delt
P-nummer, branche, dubletter, CVR der ikke er kommunens.
`

function toEntry(rule: Rule): string {
  const marks = [`evidens: ${rule.evidens}`, ...(rule.skema ? ['xsd'] : [])].join(', ')
  return `### ${rule.code}

**${levelWords[rule.level].da}** (${rule.level}; ${marks}). ${show(rule.seen.da)} ${show(rule.change.da)}

${show(rule.seen.en)} ${show(rule.change.en)}

Kilde: ${rule.source}
`
}

/** Placeholders as code, and no tag of ours taken for HTML. */
function show(text: string): string {
  return text.replace(/</g, '&lt;').replace(/\{(\w+)\}/g, '`$1`')
}
